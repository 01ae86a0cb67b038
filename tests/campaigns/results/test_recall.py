"""What was sent is taken back at WeChat: whole or one article, once, whatever happens on the way."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import recalling, tasks
from campaigns.models import Broadcast, Campaign, CampaignEvent, MsgType, Recall, Verb
from campaigns.recalling import CALLS_A_DAY, NoSuchArticle, NothingToRecall, OnlyArticlesAndVideos
from campaigns.states import BroadcastStatus, NotAllowedNow, RecallStatus, Status
from tests.campaigns.conftest import Mirror
from tests.campaigns.results.conftest import MakeBroadcast
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.clock import next_quota_day
from wxcore.models import OfficialAccount
from wxcore.wechat.broadcasts import ArticleMessage

pytestmark = pytest.mark.django_db

DELETE = "/cgi-bin/message/mass/delete"
Sent = Callable[..., Broadcast]


@pytest.fixture
def sent(
    article_campaign: Campaign, wechat_account: OfficialAccount, mirror: Mirror, control: Control, add: MakeBroadcast
) -> Sent:
    """`sent()`: another broadcast of the campaign, two articles, that WeChat has really delivered."""
    mirror(3)

    def make(status: str = "finished") -> Broadcast:
        media_id = control.draft(APPID, {"title": "双十二"}, {"title": "新品"})
        with accounts.connect(wechat_account) as wechat:
            message = ArticleMessage(media_id)
            job = wechat.broadcasts.send(control.openids(APPID), message, clientmsgid=uuid.uuid4().hex)
        control.delivered(job.msg_id)
        return add(status, 3, msg_id=job.msg_id, sent_count=3 if status == "finished" else None)

    return make


@pytest.fixture
def broadcast(sent: Sent) -> Broadcast:
    return sent()


def recall(campaign: Campaign, article: int = 0) -> list[Recall]:
    return recalling.recall(campaign, article=article, now=timezone.now())


def tick() -> None:
    """This will do what is due, and what would become due by waiting."""
    Recall.objects.filter(status=RecallStatus.PENDING).update(due_at=timezone.now())
    tasks.tick()


def pages(control: Control) -> list[bool]:
    """Whether each article of the first message can still be read."""
    (message, *_) = control.received(control.openids(APPID)[0])
    read = (control._session.get(article["url"], timeout=10).text for article in message["articles"])
    return ["已被发布者删除" not in text for text in read]


def calls(control: Control) -> int:
    return control.calls()["counts"].get(DELETE, 0)


def status(campaign: Campaign) -> str:
    return Campaign.objects.get(pk=campaign.pk).status


def test_the_whole_message_is_taken_back(broadcast: Broadcast, control: Control) -> None:
    (row,) = recall(broadcast.campaign)
    assert (row.status, calls(control)) == (RecallStatus.PENDING, 0)

    tasks.tick()

    row.refresh_from_db()
    assert (row.status, row.due_at, row.error_code) == (RecallStatus.DONE, None, "")
    assert row.finished_at is not None
    assert pages(control) == [False, False]
    assert status(broadcast.campaign) == Status.RECALLED


def test_one_article_is_taken_back_and_the_other_stays(broadcast: Broadcast, control: Control) -> None:
    recall(broadcast.campaign, 2)
    tasks.tick()

    assert pages(control) == [True, False]
    assert status(broadcast.campaign) == Status.FINISHED


def test_a_message_of_which_every_article_is_gone_is_gone(broadcast: Broadcast) -> None:
    for number in (1, 2):
        recall(broadcast.campaign, number)
        tasks.tick()

    assert status(broadcast.campaign) == Status.RECALLED


def test_every_broadcast_is_taken_back(sent: Sent, control: Control) -> None:
    campaign = sent().campaign
    for _ in range(2):
        sent()

    recall(campaign)
    tasks.tick()

    assert (calls(control), status(campaign)) == (3, Status.RECALLED)
    assert {job["state"] for job in control.jobs(APPID)} == {"deleted"}


def test_it_is_written_into_the_history(broadcast: Broadcast) -> None:
    recall(broadcast.campaign, 2)
    recall(broadcast.campaign)
    tasks.tick()

    events = CampaignEvent.objects.filter(campaign=broadcast.campaign).order_by("pk")
    assert [(event.verb, event.note) for event in events] == [
        (Verb.RECALLING, "2: 新品"),
        (Verb.RECALLING, ""),
        (Verb.RECALLED, ""),
    ]


# Once


def test_pressed_twice_it_is_called_once(broadcast: Broadcast, control: Control) -> None:
    recall(broadcast.campaign)
    with pytest.raises(NothingToRecall):
        recall(broadcast.campaign)
    tick()
    tick()

    assert (calls(control), Recall.objects.count()) == (1, 1)


def test_a_recalled_campaign_is_not_recalled_again(broadcast: Broadcast) -> None:
    recall(broadcast.campaign)
    tasks.tick()

    with pytest.raises(NotAllowedNow):
        recall(broadcast.campaign)


def test_an_article_of_what_is_taken_back_whole_is_not_asked_for(broadcast: Broadcast) -> None:
    recall(broadcast.campaign)
    with pytest.raises(NothingToRecall):
        recall(broadcast.campaign, 1)


@pytest.mark.django_db(transaction=True)
def test_one_of_several_workers_makes_the_call(broadcast: Broadcast, control: Control) -> None:
    (row,) = recall(broadcast.campaign)

    def run(_: int) -> bool:
        try:
            return recalling.run(
                Recall.objects.select_related("broadcast", "campaign").get(pk=row.pk), now=timezone.now()
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = sorted(pool.map(run, range(4)))

    assert made == [False, False, False, True]
    assert calls(control) == 1


# What goes wrong


@pytest.mark.parametrize(
    "fault", [{"drop": "after"}, {"status": 502, "when": "after"}, {"html": "<html>", "when": "after"}]
)
def test_an_answer_that_is_lost_is_asked_for_again(
    broadcast: Broadcast, control: Control, fault: dict[str, str]
) -> None:
    control.fault(DELETE, **fault)
    (row,) = recall(broadcast.campaign)

    tick()
    row.refresh_from_db()
    assert (row.status, row.uncertain) == (RecallStatus.PENDING, True)
    tick()

    row.refresh_from_db()
    assert (row.status, row.uncertain) == (RecallStatus.DONE, False)
    assert status(broadcast.campaign) == Status.RECALLED


def test_what_was_deleted_in_the_console_counts_as_taken_back(
    broadcast: Broadcast, wechat_account: OfficialAccount
) -> None:
    with accounts.connect(wechat_account) as wechat:
        wechat.broadcasts.delete(broadcast.msg_id)

    recall(broadcast.campaign)
    tasks.tick()

    assert status(broadcast.campaign) == Status.RECALLED


@pytest.mark.parametrize(("code", "words"), [(40059, "msg_id"), (40060, "序号"), (40065, "不允许删除")])
def test_a_refusal_is_explained(broadcast: Broadcast, control: Control, code: int, words: str) -> None:
    control.fault(DELETE, errcode=code)
    (row,) = recall(broadcast.campaign)

    tasks.tick()

    row.refresh_from_db()
    assert (row.status, row.due_at) == (RecallStatus.FAILED, None)
    assert words in row.error_message
    assert status(broadcast.campaign) == Status.FINISHED


def test_what_failed_is_tried_again_when_somebody_asks(broadcast: Broadcast, control: Control) -> None:
    control.fault(DELETE, errcode=40065)
    recall(broadcast.campaign)
    tasks.tick()

    (row,) = recall(broadcast.campaign)
    assert (row.status, row.error_code) == (RecallStatus.PENDING, "")
    tasks.tick()

    assert (Recall.objects.get().status, status(broadcast.campaign)) == (RecallStatus.DONE, Status.RECALLED)


def test_trouble_is_sat_out_and_then_given_up(broadcast: Broadcast, control: Control) -> None:
    control.fault(DELETE, errcode=-1, times=100)
    (row,) = recall(broadcast.campaign)

    for _ in range(recalling.ATTEMPTS + 1):
        tick()

    row.refresh_from_db()
    assert row.status in (RecallStatus.FAILED, RecallStatus.UNKNOWN)
    assert calls(control) == recalling.ATTEMPTS + 1


def test_silence_to_the_end_is_unknown_and_never_failed(broadcast: Broadcast, control: Control) -> None:
    control.fault(DELETE, drop="before", times=100)
    (row,) = recall(broadcast.campaign)

    for _ in range(recalling.ATTEMPTS + 1):
        tick()

    row.refresh_from_db()
    assert (row.status, row.error_code) == (RecallStatus.UNKNOWN, "recall_unknown")
    control.clear_faults()
    recall(broadcast.campaign)
    tasks.tick()
    assert status(broadcast.campaign) == Status.RECALLED


def test_a_worker_that_died_leaves_a_lease_that_runs_out(broadcast: Broadcast, control: Control) -> None:
    (row,) = recall(broadcast.campaign)
    in_an_hour = timezone.now() + dt.timedelta(hours=1)
    Recall.objects.update(due_at=in_an_hour, attempts=1, uncertain=True, tried_at=timezone.now())

    tasks.tick()
    assert calls(control) == 0
    tick()

    row.refresh_from_db()
    assert (row.status, calls(control)) == (RecallStatus.DONE, 1)


def test_after_ten_calls_the_rest_waits_for_the_next_day(sent: Sent, control: Control, now: dt.datetime) -> None:
    campaign = sent().campaign
    for _ in range(CALLS_A_DAY + 1):
        sent()
    assert recalling.extent(campaign, now=timezone.now()).days == 2

    recall(campaign)
    tasks.tick()

    left = Recall.objects.filter(status=RecallStatus.PENDING)
    assert (Recall.objects.filter(status=RecallStatus.DONE).count(), left.count()) == (CALLS_A_DAY, 2)
    # The one that was refused stands for all: no further call is made.
    assert calls(control) == CALLS_A_DAY + 1
    for row in left:
        assert row.due_at == next_quota_day(now)
        assert row.error_message
    assert status(campaign) == Status.FINISHED

    control.advance(24 * 3600)
    tick()
    assert status(campaign) == Status.RECALLED


def test_what_wechat_has_not_finished_is_taken_back_afterwards(sent: Sent, control: Control) -> None:
    waiting = sent("submitted")
    Campaign.objects.update(status=Status.CANCELLED)

    recall(waiting.campaign)
    tasks.tick()
    assert (calls(control), status(waiting.campaign)) == (0, Status.CANCELLED)
    Broadcast.objects.update(status=BroadcastStatus.FINISHED)
    tick()

    assert (calls(control), status(waiting.campaign)) == (1, Status.RECALLED)


def test_what_a_person_recorded_as_sent_stays(broadcast: Broadcast, add: MakeBroadcast) -> None:
    add("finished", 3, msg_id=None)

    recall(broadcast.campaign)
    tasks.tick()

    assert status(broadcast.campaign) == Status.FINISHED
    with pytest.raises(NothingToRecall):
        recall(broadcast.campaign)


# What cannot be


@pytest.mark.parametrize("kind", [MsgType.TEXT, MsgType.IMAGE, MsgType.VOICE, MsgType.WXCARD])
def test_only_articles_and_videos_are_taken_back(campaign: Campaign, add: MakeBroadcast, kind: str) -> None:
    add("finished", 3)
    Campaign.objects.update(msgtype=kind)
    campaign.refresh_from_db()

    with pytest.raises(OnlyArticlesAndVideos):
        recall(campaign)


@pytest.mark.parametrize("state", [state for state in Status if state not in (Status.FINISHED, Status.CANCELLED)])
def test_only_what_has_ended_is_taken_back(article_campaign: Campaign, add: MakeBroadcast, state: str) -> None:
    add("finished", 3)
    Campaign.objects.update(status=state)
    article_campaign.refresh_from_db()

    with pytest.raises(NotAllowedNow):
        recall(article_campaign)
    assert not Recall.objects.exists()


@pytest.mark.parametrize("article", [-1, 3, 100])
def test_only_articles_that_there_are(article_campaign: Campaign, add: MakeBroadcast, article: int) -> None:
    add("finished", 3)
    with pytest.raises(NoSuchArticle):
        recall(article_campaign, article)


def test_a_video_has_no_articles(campaign: Campaign, add: MakeBroadcast) -> None:
    add("finished", 3)
    Campaign.objects.update(msgtype=MsgType.MPVIDEO)
    campaign.refresh_from_db()

    with pytest.raises(NoSuchArticle):
        recall(campaign, 1)
    assert len(recall(campaign)) == 1


def test_what_was_refused_has_nothing_to_take_back(article_campaign: Campaign, add: MakeBroadcast) -> None:
    add("failed", 3)
    add("cancelled", 3)
    with pytest.raises(NothingToRecall):
        recall(article_campaign)
