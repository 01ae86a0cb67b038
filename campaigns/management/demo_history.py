"""What the demo account sent last week: really sent, to the simulator, by the code that sends everything else.

Then it is moved into the past on both sides, so that its statistics are there on the first day.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import requests
from django.db.models import F
from django.utils import timezone

from campaigns import drafts, library, sending, services, statistics
from campaigns.management.demo_content import COVER, HEADING, PARAGRAPH, PHOTO, PICTURE, picture
from campaigns.models import Broadcast, Campaign, CampaignEvent, Draft, MediaAsset, MsgType, StatisticsDay
from campaigns.states import BroadcastStatus
from followers import growth, sync
from followers import services as follower_services
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

AGO = dt.timedelta(days=5)
PATIENCE_SECONDS = 60.0
NAME = "秋冬新品图文"
ARTICLES = (
    ("秋冬新品到店", "#009473", "羊毛、灯芯绒、绗缝，三个系列本周上架。"),
    ("三步学会叠穿", "#d63031", "薄衬衫打底，针织居中，外套收口。"),
    ("到店试穿有礼", "#0984e3", "试穿任意新品，可领取限量帆布袋一只。"),
)
FIRST_PICTURE = 7  # others than those of the campaigns that wait
# What is written by the clock of this moment; the rest is told when it happened.
MOMENTS: tuple[tuple[type[Any], str, tuple[str, ...]], ...] = (
    (Campaign, "pk", ("created_at",)),
    (CampaignEvent, "campaign", ("at",)),
    (Broadcast, "campaign", ("first_attempt_at", "submitted_at")),
    (Draft, "campaigns", ("created_at", "updated_at")),
)


def create(account: OfficialAccount, *, simulator: str) -> Campaign:
    """This will be a finished campaign of three articles to everybody. Followers are mirrored for it first.

    Should the simulator be too slow, the campaign is left to the worker like any other.
    """
    sync.run(follower_services.request_sync(account, now=timezone.now()), now=timezone.now())
    growth.count(account, now=timezone.now())
    growth.fetch(account, now=timezone.now())
    campaign = Campaign.objects.create(account=account, name=NAME, msgtype=MsgType.MPNEWS, draft=_draft(account))
    then = timezone.now() - AGO
    # Nobody listens yet: the result is read below.
    _ask(simulator, "pushes", {"lose": 1, "appid": account.appid})
    services.send(campaign, by=None, now=then)
    services.start(campaign, now=then)
    broadcast = _submit(campaign)
    report = broadcast and _report(simulator, broadcast)
    if not report:
        return campaign
    services.record_result(account, report, now=then + dt.timedelta(seconds=3))
    _ask(simulator, f"jobs/{broadcast.msg_id}/backdate", {"days": AGO.days})
    for model, path, names in MOMENTS:
        model.objects.filter(**{path: campaign.pk}).update(**{name: F(name) - AGO for name in names})
    _fetch_statistics(account)
    return campaign


def _submit(campaign: Campaign) -> Broadcast | None:
    """This will do what the tick does until WeChat has taken the broadcast."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        broadcast = campaign.broadcasts.select_related("account", "campaign").get()
        if broadcast.status == BroadcastStatus.SUBMITTED:
            return broadcast
        if not sending.submit(broadcast, now=timezone.now()):
            time.sleep(0.2)
    return None


def _report(simulator: str, broadcast: Broadcast) -> messages.MassSendJobFinish | None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        log = _ask(simulator, f"pushes?appid={broadcast.account.appid}&limit=1")["pushes"]
        report = messages.parse(log[0]["body"].encode()) if log else None
        if isinstance(report, messages.MassSendJobFinish) and report.msg_id == broadcast.msg_id:
            return report
        time.sleep(0.2)
    return None


def _fetch_statistics(account: OfficialAccount) -> None:
    now = timezone.now()
    statistics.plan(now=now)
    for row in StatisticsDay.objects.filter(account=account, due_at__lte=now).order_by("-day"):
        statistics.fetch(row, now=now)


def _draft(account: OfficialAccount) -> Draft:
    articles = []
    for number, (title, colour, text) in enumerate(ARTICLES, FIRST_PICTURE):
        photo = _store(account, f"新品配图{number - FIRST_PICTURE + 1}.jpg", PICTURE, number + len(ARTICLES))
        body = HEADING.format(colour=colour, text=title) + PARAGRAPH.format(text=text)
        articles.append(
            {
                "title": title,
                "author": account.name,
                "digest": text,
                "body": body + PHOTO.format(url=photo.file_url, text=title),
                "cover": _store(account, f"新品封面{number - FIRST_PICTURE + 1}.jpg", COVER, number).pk,
            }
        )
    return drafts.create(account, None, articles)


def _store(account: OfficialAccount, name: str, size: tuple[int, int], number: int) -> MediaAsset:
    return library.store_bytes(account, picture(size, number), name=name, by=None).asset


def _ask(simulator: str, path: str, body: dict[str, Any] | None = None) -> Any:
    method = "GET" if body is None else "POST"
    answer = requests.request(method, f"{simulator}/_sim/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()
