"""The live stream over real HTTP: what happens arrives, who is gone makes place, and the server stops at once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests
from django.utils import timezone

from campaigns.models import Broadcast, Campaign
from tests.e2e.world import PASSWORD, World
from tests.simulator_control import wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.fixture
def variables() -> dict[str, str]:
    return {"WEB_THREADS": "8"}


@pytest.fixture
def session(world: World) -> requests.Session:
    session = requests.Session()
    form = f"{world.fleet.site}/admin/login/"
    session.get(form, timeout=10)
    data = {"username": "boss", "password": PASSWORD, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    session.post(form, data=data, headers={"Referer": form}, timeout=10)
    return session


def listen(world: World, session: requests.Session, last: str = "", **query: Any) -> requests.Response:
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
    url = f"{world.fleet.site}/api/v1/stream/"
    return session.get(url, params=query, headers=headers, stream=True, timeout=20)


def events(answer: requests.Response) -> Iterator[tuple[str, dict[str, Any], str]]:
    block: dict[str, str] = {}
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            block[name] = value
        elif "data" in block:
            yield block["event"], json.loads(block["data"]), block["id"]
            block = {}


def sending(world: World) -> Campaign:
    account = world.account(2)
    campaign = world.campaign(account, status="sending", started_at=timezone.now(), scheduled_at=timezone.now())
    Broadcast.objects.create(account=account, campaign=campaign, position=1, status="submitted", recipient_count=100)
    return campaign


def test_what_happens_is_heard_within_moments(world: World, session: requests.Session) -> None:
    campaign = sending(world)
    with closing(listen(world, session, topics="campaigns")) as answer:
        told = events(answer)
        assert next(told)[1]["percent"] == 50
        assert next(told)[0] == "ready"

        began = time.monotonic()
        Broadcast.objects.update(status="finished", sent_count=98, error_count=2)
        Campaign.objects.update(status="finished", finished_at=timezone.now())
        name, data, _id = next(told)
        if data["status"] == "sending":  # the reader looked between the two
            name, data, _id = next(told)

    assert time.monotonic() - began < 5
    assert (name, data["id"], data["status"], data["percent"]) == ("campaign", campaign.pk, "finished", 100)
    assert (data["sent"], data["error"]) == (98, 2)


def test_who_comes_back_hears_what_they_missed(world: World, session: requests.Session) -> None:
    campaign = sending(world)
    with closing(listen(world, session, topics="campaigns")) as answer:
        last = [next(told) for told in [events(answer)] for _ in range(2)][-1][2]
    Campaign.objects.update(status="paused")

    def again() -> list[Any]:
        with closing(listen(world, session, last, topics="campaigns")) as answer:
            if answer.status_code == 503:  # the server has not noticed yet that the last one hung up
                return [("busy", {}, "")]
            told = events(answer)
            found = [next(told)]
            while found[-1][0] != "ready":
                found.append(next(told))
        return found

    found = wait_for(lambda: (told := again())[0][0] == "campaign" and told, 30, pause=0.3)
    assert found[0][1]["id"] == campaign.pk
    assert found[0][1]["status"] == "paused"
    assert found[-1][1] == {"resumed": True}


def test_who_hung_up_makes_place(world: World, session: requests.Session) -> None:
    """Two of eight threads may listen; the others go on working meanwhile, and no thread is left over."""
    first = [listen(world, session) for _ in range(2)]
    assert [answer.status_code for answer in first] == [200, 200]
    told = [events(answer) for answer in first]  # kept: a generator that is forgotten hangs up
    assert [next(each)[0] for each in told] == ["ready", "ready"]
    refused = listen(world, session)
    assert (refused.status_code, refused.json()["code"]) == (503, "streams_busy")
    assert int(refused.headers["Retry-After"]) > 0
    state = session.get(f"{world.fleet.site}/api/v1/stream/state/", timeout=5)
    assert state.status_code == 200
    threads = world.fleet.web_threads()

    for answer in first:
        answer.close()
    for _turn in range(6):
        answer = wait_for(lambda: (one := listen(world, session)).status_code == 200 and one, 30, pause=0.1)
        next(events(answer))
        answer.close()

    assert world.fleet.web_threads() <= threads + 1


def test_the_server_stops_at_once(world: World, session: requests.Session) -> None:
    answer = listen(world, session)
    told = events(answer)
    assert next(told)[0] == "ready"

    began = time.monotonic()
    world.fleet.terminate_web()

    assert time.monotonic() - began < 10
    assert list(told) == []
