"""A campaign of two articles that was sent, and the mornings after it."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Callable

import pytest
from PIL import Image

from campaigns import drafts, library, services, statistics
from campaigns.models import Broadcast, Campaign, MsgType, StatisticsDay
from campaigns.states import BroadcastStatus
from tests.campaigns.conftest import Mirror, attempt, start
from tests.conftest import APPID
from tests.simulator_control import SHANGHAI, Control
from wxcore.models import OfficialAccount
from wxcore.wechat import transport

TITLES = ("双十二会员日", "到店指南")
CURRENT = tuple(f"/datacube/getarticle{name}" for name in ("read", "share", "totaldetail"))
OLDER = tuple(f"/datacube/getarticle{name}" for name in ("summary", "total"))

Morning = Callable[..., dt.datetime]


@pytest.fixture(autouse=True)
def _retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats as often as ever, without the pauses."""
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def sent(campaign: Campaign, mirror: Mirror, wechat_account: OfficialAccount, control: Control) -> Broadcast:
    """The finished broadcast of two articles to 900 followers."""
    mirror(900)
    target = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(target, "JPEG")
    cover = library.store_bytes(wechat_account, target.getvalue(), name="封面.jpg").asset
    articles = [{"title": title, "author": "", "body": f"<p>{title}</p>", "cover": cover.pk} for title in TITLES]
    campaign.msgtype, campaign.draft = MsgType.MPNEWS, drafts.create(wechat_account, None, articles)
    campaign.save()
    attempt(start(campaign))
    (job,) = control.jobs(APPID)
    at = dt.datetime.fromtimestamp(control.delivered(job["msg_id"])["finished"], SHANGHAI)
    campaign.broadcasts.update(status=BroadcastStatus.FINISHED, finished_at=at, sent_count=job["sent"] or 900)
    services.settle(campaign, now=at)
    campaign.refresh_from_db()
    return campaign.broadcasts.get()


@pytest.fixture
def morning(control: Control) -> Morning:
    """`morning(3)` is 09:00 in Shanghai three days from now, at WeChat as well."""

    def morning(days: int = 1, hour: float = 9) -> dt.datetime:
        return control.advance_to(hour, days=days)

    return morning


def fetch(now: dt.datetime) -> list[bool]:
    """This will do what the task does at that time."""
    statistics.plan(now=now)
    due = StatisticsDay.objects.filter(due_at__lte=now).select_related("account").order_by("-day")
    return [statistics.fetch(row, now=now) for row in due]


def sent_on(broadcast: Broadcast) -> dt.date:
    return broadcast.submitted_at.astimezone(SHANGHAI).date()


def calls(control: Control) -> dict[str, int]:
    """How often each call of the statistics was made, without those whose token had expired on the way."""
    made = [call for call in control.calls()["recent"] if "42001" not in call["answer"]]
    return Counter(call["path"].rpartition("/")[2] for call in made if call["path"].startswith("/datacube/"))
