"""The stream: who hears what, how it begins, and how it is refused."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbacks.models import Conversation
from campaigns.models import Broadcast, Campaign
from followers.models import Sync
from tests.people import logged_in, member
from wxcore import apitokens, live
from wxcore.models import OfficialAccount

STREAM = "/api/v1/stream/"


@pytest.fixture(autouse=True)
def _hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that looks often."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.05)


def wait(true: Any) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def events(answer: Any) -> list[tuple[str, dict[str, Any], str]]:
    """This will be what a stream that has ended said: name, data, id."""
    text = b"".join(answer.streaming_content).decode()
    answer.close()
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in lines:
            found.append((lines["event"], json.loads(lines["data"]), lines["id"]))
    return found


def heard(client: Client, **query: Any) -> list[tuple[str, dict[str, Any], str]]:
    return events(client.get(STREAM, query))


def sending(account: OfficialAccount, name: str = "新品") -> Campaign:
    campaign = Campaign.objects.create(
        account=account, name=name, text="x", status="sending", started_at=timezone.now(), scheduled_at=timezone.now()
    )
    for position, status in enumerate(("finished", "submitted", "pending", "pending"), 1):
        sent = 90 if status == "finished" else None
        Broadcast.objects.create(
            account=account, campaign=campaign, position=position, status=status, recipient_count=100, sent_count=sent
        )
    return campaign


@pytest.fixture
def account(transactional_db: None) -> OfficialAccount:
    return OfficialAccount.objects.create(name="号", slug="test", appid="wx0123456789abcdef", secret="s", token="ttt")


@pytest.fixture
def operator(account: OfficialAccount) -> Client:
    return logged_in(member(account, "operator"))


def test_it_begins_with_what_is_under_way(operator: Client, account: OfficialAccount) -> None:
    campaign = sending(account)
    sync = Sync.objects.create(account=account, status="running", total=200, fetched=50, due_at=timezone.now())
    Conversation.objects.create(account=account, openid="o1", waiting_since=timezone.now())

    told = heard(operator)

    by_name = {name: data for name, data, _id in told}
    assert by_name["campaign"]["id"] == campaign.pk
    assert by_name["campaign"]["percent"] == 38  # one of four has ended, one is accepted
    assert (by_name["campaign"]["sent"], by_name["campaign"]["recipients"]) == (90, 400)
    assert (by_name["sync"]["id"], by_name["sync"]["percent"]) == (sync.pk, 25)
    assert by_name["conversation"]["waiting"] == 1
    assert by_name["attention"]["id"] == "conversation_waiting"
    assert told[-1][0] == "ready"
    assert told[-1][1] == {"resumed": False}


def test_it_is_said_what_it_is(operator: Client) -> None:
    answer = operator.get(STREAM, headers={"accept": "text/event-stream"})
    events(answer)

    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["X-Accel-Buffering"] == "no"


def test_topics_are_chosen(operator: Client, account: OfficialAccount) -> None:
    sending(account)

    assert {name for name, _data, _id in heard(operator, topics="syncs,conversations")} == {"conversation", "ready"}


def test_a_topic_that_there_is_not_is_refused(operator: Client) -> None:
    answer = operator.get(STREAM, {"topics": "campaigns,<b>"})

    assert answer.status_code == 400
    assert "<b>" in answer.json()["fields"]["topics"][0]
    assert live.hub.places == 0


def test_another_account_s_user_hears_nothing_of_it(account: OfficialAccount) -> None:
    sending(account, "秘密")
    Conversation.objects.create(account=account, openid="o1", waiting_since=timezone.now())
    other = OfficialAccount.objects.create(name="别", slug="other", appid="wxother000000001", secret="s", token="ttt")
    stranger = logged_in(member(other, "administrator"))

    told = heard(stranger)

    assert "秘密" not in str(told)
    assert {data.get("account") for _name, data, _id in told} <= {other.pk, None}
    assert stranger.get(STREAM, {"account": account.pk}).status_code == 400


def test_a_right_that_is_missing_on_one_account_counts_there(account: OfficialAccount) -> None:
    Conversation.objects.create(account=account, openid="o1", waiting_since=timezone.now())
    analyst = logged_in(member(account, "analyst"))

    assert {name for name, _data, _id in heard(analyst)} == {"ready"}


def test_one_account_may_be_chosen(account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别", slug="other", appid="wxother000000001", secret="s", token="ttt")
    mine, theirs = sending(account), sending(other)
    boss = logged_in(User.objects.create_superuser("boss"))

    both = {data["id"] for name, data, _id in heard(boss, topics="campaigns") if name == "campaign"}
    one = {data["id"] for name, data, _id in heard(boss, topics="campaigns", account=other.pk) if name == "campaign"}

    assert (both, one) == ({mine.pk, theirs.pk}, {theirs.pk})


def test_nobody_listens_without_a_login(account: OfficialAccount) -> None:
    assert Client().get(STREAM).status_code in (401, 403)


def test_a_token_hears_what_it_is_for(account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别", slug="other", appid="wxother000000001", secret="s", token="ttt")
    mine, _theirs = sending(account), sending(other)
    boss = User.objects.create_superuser("boss")
    options = {"name": "wall", "now": timezone.now(), "accounts": [account]}
    _reader, may_read = apitokens.issue(boss, scopes=["read"], **options)
    _writer, may_write = apitokens.issue(boss, scopes=["write"], **options)

    told = events(Client().get(STREAM, {"topics": "campaigns"}, headers={"Authorization": f"Token {may_read}"}))

    assert [data["id"] for name, data, _id in told if name == "campaign"] == [mine.pk]
    refused = Client().get(STREAM, headers={"Authorization": f"Token {may_write}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert live.hub.places == 0


def test_who_comes_back_hears_what_they_missed_and_no_more(operator: Client, account: OfficialAccount) -> None:
    campaign, other = sending(account), sending(account, "另一个")
    last = heard(operator, topics="campaigns")[-1][2]
    with held():
        Campaign.objects.filter(pk=campaign.pk).update(status="finished", finished_at=timezone.now())
        wait(lambda: live.hub._number > int(last.split("-")[1]))

        told = events(operator.get(STREAM, {"topics": "campaigns"}, headers={"Last-Event-ID": last}))

    assert [(name, data.get("id")) for name, data, _id in told] == [("campaign", campaign.pk), ("ready", None)]
    assert told[0][1]["status"] == "finished"
    assert told[0][1]["percent"] == 100
    assert told[1][1] == {"resumed": True}
    assert other.pk not in {data.get("id") for _name, data, _id in told}


@pytest.mark.parametrize("last", ["", "x", "abc-", "00000000-3", "-1", "9" * 400, "a-٣"])
def test_who_comes_from_another_process_hears_everything(operator: Client, account: OfficialAccount, last: str) -> None:
    sending(account)

    told = events(
        operator.get(STREAM, {"topics": "campaigns"}, headers={"Last-Event-ID": last.encode().decode("latin-1")})
    )

    assert [name for name, _data, _id in told] == ["campaign", "ready"]
    assert told[-1][1] == {"resumed": False}


def test_who_polls_is_told_the_same(operator: Client, account: OfficialAccount) -> None:
    sending(account)
    chosen = {"topics": "campaigns,conversations"}

    def told() -> list[Any]:
        found = operator.get(f"{STREAM}state/", chosen).json()["events"]
        return sorted((event["event"], event["data"]["id"], event["data"].get("percent")) for event in found)

    alone = told()
    streamed = [(name, data["id"], data.get("percent")) for name, data, _id in heard(operator, **chosen)[:-1]]

    assert alone == sorted(streamed) == told()
    assert [name for name, _id, _percent in alone] == ["campaign", "conversation"]


def test_who_polls_hears_nothing_of_other_accounts(account: OfficialAccount) -> None:
    sending(account, "秘密")
    other = OfficialAccount.objects.create(name="别", slug="other", appid="wxother000000001", secret="s", token="ttt")
    stranger = logged_in(member(other, "administrator"))

    assert "秘密" not in stranger.get(f"{STREAM}state/").content.decode()


def test_a_quarter_of_the_threads_may_listen(operator: Client, settings: Any) -> None:
    settings.WEB_THREADS = 8
    streams = [operator.get(STREAM) for _ in range(2)]

    refused = operator.get(STREAM)

    assert refused.status_code == 503
    assert refused.json()["code"] == "streams_busy"
    assert int(refused.headers["Retry-After"]) > 0
    streams.pop().close()
    assert events(operator.get(STREAM))
    streams.pop().close()
    assert live.hub.places == 0


def test_a_place_is_given_back_once(operator: Client) -> None:
    """Never iterated, closed twice: as when the peer is gone before the first byte."""
    answer = operator.get(STREAM)
    answer.close()
    answer.close()

    assert live.hub.places == 0


def test_the_reader_ends_when_nobody_listens(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LINGER_SECONDS", 0.1)
    events(operator.get(STREAM))

    wait(lambda: live.hub._thread is None)

    assert events(operator.get(STREAM))[-1][0] == "ready"


def test_the_reader_asks_the_same_however_many_there_are(account: OfficialAccount) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            for source in live._sources:
                list(source.read({}))
        return len(captured)

    sending(account)
    first = asked()
    for number in range(6):
        other = OfficialAccount.objects.create(
            name=f"{number}", slug=f"n{number}", appid=f"wxn{number:013d}", secret="s", token="ttt"
        )
        sending(other)
        Sync.objects.create(account=other, status="running", due_at=timezone.now())

    assert asked() == first


class held:  # noqa: N801 - reads as a verb
    """Somebody else listens meanwhile, so that the reader goes on."""

    def __enter__(self) -> None:
        assert live.hub.take_place()

    def __exit__(self, *_: object) -> None:
        live.hub.leave()
