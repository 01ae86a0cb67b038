"""A burst of pushes while things break: every one is stored once, and processed once when the worker is back."""

from __future__ import annotations

import socket
from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.db import connection

from callbacks.models import Callback, Message, ReplyRule
from callbacks.models.conversation import Direction
from callbacks.states import OPEN
from tests import services
from tests.e2e.burst import Burst, text
from tests.e2e.test_lost_services import OTHERS
from tests.e2e.world import World
from tests.simulator_control import wait_for
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

PUSHES = 2000
FOLLOWERS = 50


@pytest.fixture
def account(world: World) -> OfficialAccount:
    account = world.account(followers=0)
    ReplyRule.objects.create(account=account, name="hours", match="contains", words="几点", text="九点")
    return account


def pushes(count: int) -> list[bytes]:
    return [text(number, f"oBurst{number % FOLLOWERS}") for number in range(1, count + 1)]


def stored() -> int:
    return Callback.objects.count()


def assert_all_once(answers: list[bytes], count: int) -> None:
    assert len(answers) == count
    assert all(answer == b"success" or answer.startswith(b"<xml>") for answer in answers)
    keys = Callback.objects.values_list("dedup_key", flat=True)
    assert Counter(keys) == Counter(f"message|{number}" for number in range(1, count + 1))


def assert_processed_once(world: World, count: int) -> None:
    world.fleet.start_workers()
    wait_for(lambda: not Callback.objects.filter(status__in=OPEN).exists(), 600, pause=0.5)
    assert set(Callback.objects.values_list("status", flat=True)) == {"processed"}
    assert Message.objects.filter(direction=Direction.IN).count() == count


def test_the_web_server_is_killed_twice_while_no_worker_runs(world: World, account: OfficialAccount) -> None:
    burst = Burst(world.fleet.site, account)
    burst.post(pushes(PUSHES))

    for part in (0.2, 0.6):
        wait_for(lambda part=part: stored() >= PUSHES * part, 200)
        world.fleet.kill_web()
        world.fleet.start_web()

    assert_all_once(burst.wait(), PUSHES)
    assert_processed_once(world, PUSHES)


@pytest.mark.skipif(not services.WANTED, reason="SQLite has no connections to cut")
def test_every_connection_to_the_database_is_cut_again_and_again(world: World, account: OfficialAccount) -> None:
    burst = Burst(world.fleet.site, account)
    burst.post(pushes(PUSHES))

    for part in (0.1, 0.3, 0.5, 0.7):
        wait_for(lambda part=part: stored() >= PUSHES * part, 200)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)

    assert_all_once(burst.wait(), PUSHES)
    assert_processed_once(world, PUSHES)


def test_three_deliveries_at_once_are_one_row_and_one_reply(world: World, account: OfficialAccount) -> None:
    for body in pushes(20):
        burst = Burst(world.fleet.site, account)
        burst.post([body] * 3)

        answers = sorted(burst.wait())

        assert answers[0].startswith(b"<xml>")
        assert answers[1:] == [b"success"] * 2
    assert stored() == 20


def test_who_hangs_up_or_never_ends_leaves_no_trace(world: World, account: OfficialAccount) -> None:
    host = urlsplit(world.fleet.site)
    length, chunked = b"Content-Length: 10485760\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
    for head, body in (
        (b"Content-Length: 500\r\n\r\n", b"<xml>"),
        (length, b"x" * 100_000),
        (chunked, b"fffff\r\n" + b"x" * 100_000),
        (chunked, b"zz\r\n"),
        (b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"x"),
    ):
        with socket.create_connection((host.hostname or "", host.port or 0), timeout=5) as open_connection:
            line = f"POST {account.callback_path}?a=b HTTP/1.1\r\nHost: {host.netloc}\r\n".encode()
            open_connection.sendall(line + head + body)

    assert_all_once([Burst(world.fleet.site, account).deliver(text(1, "oBurst"))], 1)
    assert "Traceback" not in world.fleet.log("web")
