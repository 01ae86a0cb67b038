"""Eight doors at once, four of the API and four of the admin, press "send" for the same campaign."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from campaigns.models import Broadcast, Campaign, CampaignEvent, Verb
from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import PASSWORD, World
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

DOORS = 8
FOLLOWERS = 12
INPUT = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Door:
    """Somebody who is logged in, with the page of confirmation before them."""

    def __init__(self, world: World, campaign: Campaign, *, is_api: bool) -> None:
        self._session = requests.Session()
        # What was kept alive might be closed by the server in the moment in which everybody presses.
        self._session.headers["Connection"] = "close"
        site = world.fleet.site
        form = f"{site}/admin/login/"
        self._session.get(form, timeout=30)
        given = {"username": world.user.username, "password": PASSWORD, "csrfmiddlewaretoken": self._csrf()}
        self._session.post(form, data=given, headers={"Referer": form}, timeout=30).raise_for_status()
        self._url = f"{site}/admin/campaigns/campaign/{campaign.pk}/send/"
        shown = self._session.get(self._url, timeout=30)
        shown.raise_for_status()
        heads = {"heads": FOLLOWERS}
        self._body: dict[str, Any] = {"data": dict(INPUT.findall(shown.text)) | heads}
        if is_api:
            self._url, self._body = f"{site}/api/v1/campaigns/{campaign.pk}/send/", {"json": heads}

    def send(self, gate: Barrier) -> None:
        """This will press the button together with the others."""
        headers = {"X-CSRFToken": self._csrf(), "Referer": self._url}
        gate.wait(30)
        answer = self._session.post(self._url, headers=headers, timeout=30, allow_redirects=False, **self._body)
        assert answer.status_code in (200, 302, 409), answer.text

    def _csrf(self) -> str:
        return self._session.cookies.get("csrftoken", "")


def test_eight_doors_at_once_send_one_message(world: World, control: Control) -> None:
    account = world.account(followers=FOLLOWERS)
    campaign = world.campaign(account)
    doors = [Door(world, campaign, is_api=number % 2 == 0) for number in range(DOORS)]
    world.fleet.start_workers()
    gate = Barrier(DOORS)

    with ThreadPoolExecutor(DOORS) as pool:
        list(pool.map(lambda door: door.send(gate), doors))

    assert_everybody_once(control, campaign, world.openids(account))
    assert CampaignEvent.objects.filter(campaign=campaign, verb=Verb.SCHEDULED).count() == 1
    assert Broadcast.objects.get().attempts == 1
