"""PostgreSQL or Redis go away in the middle: what was asked for is sent once, as soon as they are back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests import services
from tests.e2e.ledger import assert_everybody_once
from tests.e2e.proxy import Proxy
from tests.e2e.world import World
from tests.simulator_control import Control, wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.skipif(not services.WANTED, reason="without services there is nothing to lose"),
]

SENDALL = "/cgi-bin/message/mass/sendall"
CAMPAIGNS = 8
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def wire() -> Iterator[Proxy]:
    parts = urlsplit(os.environ["CELERY_BROKER_URL"])
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 6379)
    yield proxy
    proxy.cut()


@pytest.fixture
def variables(request: pytest.FixtureRequest) -> dict[str, str]:
    if "wire" not in request.fixturenames:
        return {}
    parts = urlsplit(os.environ["CELERY_BROKER_URL"])
    login = f"{parts.netloc.rpartition('@')[0]}@" if parts.username or parts.password else ""
    address = f"redis://{login}127.0.0.1:{request.getfixturevalue('wire').port}{parts.path}"
    return {"CELERY_BROKER_URL": address, "CACHE_URL": "locmem://"}


def test_the_broker_is_gone_for_a_while(world: World, control: Control, wire: Proxy) -> None:
    first, second, third = (world.campaign(world.account(followers=7)) for _ in range(3))
    world.fleet.start_workers()
    world.send(first)
    assert_everybody_once(control, first, world.openids(first.account))

    world.send(second)
    wire.cut()
    began = time.monotonic()
    world.send(third)
    assert time.monotonic() - began < 10, "a person waits for a broker that is gone"
    wire.mend()

    for campaign in (second, third):
        assert_everybody_once(control, campaign, world.openids(campaign.account), seconds=120)


def test_every_connection_to_the_database_is_cut_again_and_again(world: World, control: Control) -> None:
    campaigns = [world.campaign(world.account(followers=5)) for _ in range(CAMPAIGNS)]
    control.fault(SENDALL, delay=0.4, when="after", times=CAMPAIGNS)
    for campaign in campaigns:
        world.send(campaign)
    world.fleet.start_workers()
    wait_for(control.jobs, 60)

    for _ in range(12):
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
        time.sleep(0.3)

    for campaign in campaigns:
        assert_everybody_once(control, campaign, world.openids(campaign.account), seconds=120)
