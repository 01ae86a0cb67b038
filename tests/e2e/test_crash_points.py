"""`kill -9` of a worker before each change of the database's state, each request to WeChat and each answer.

Each round has an account of its own: a worker sends its campaign and kills itself at one step, others go on.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaigns.models import Campaign
from tests import services
from tests.e2e import crashes
from tests.e2e.ledger import assert_everybody_once, has_ended
from tests.e2e.world import ForkedWorkers, World
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount

# A broker serves one test at a time; without services there is none.
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e" if services.WANTED else "crashes")]


def crash_at_each_step(
    world: World, forked: ForkedWorkers, make: Callable[[OfficialAccount], Campaign]
) -> tuple[set[str], list[Campaign]]:
    """This will send a campaign for each step that it takes, with a worker that dies there; the steps, the campaigns.

    The first campaign is sent without a crash.
    """
    died: list[str] = []
    campaigns: list[Campaign] = []
    for each in crashes.rounds(forked, died):
        campaign = make(world.account(followers=20))
        campaigns.append(campaign)
        each.start()
        world.send(campaign)
        wait_for(lambda: not forked.alive() or has_ended(campaign), 60, pause=0.05)  # noqa: B023 - called at once
        if each.has_died():
            world.let_leases_run_out()
            forked.start()
        assert_everybody_once(world.control, campaign, world.openids(campaign.account), fault=each.step)
    return crashes.names(died), campaigns


def test_a_campaign_in_two_calls(world: World, forked: ForkedWorkers) -> None:
    steps, campaigns = crash_at_each_step(world, forked, world.to_list)

    assert {campaign.broadcasts.count() for campaign in campaigns} == {2}
    assert {"COMMIT", "request /message/mass/send", "answer /message/mass/send"} <= steps


@pytest.mark.skipif(not services.WANTED, reason="SQLite has e2e/test_kill_9_content.py, and this takes minutes")
def test_an_article_with_its_pictures(world: World, forked: ForkedWorkers, control: Control) -> None:
    steps, campaigns = crash_at_each_step(world, forked, world.article)

    assert {"request /material/add_material", "answer /draft/add", "answer /message/mass/sendall"} <= steps
    for campaign in campaigns:
        appid = campaign.account.appid
        assert control.drafts(appid) == []
        assert len([item for item in control.all_media(appid) if item["permanent"]]) == 1
