"""Mass calls follow each other below WeChat's pace, whatever workers there are, and 100 a day."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from campaigns import pace, services, tasks
from campaigns.models import Broadcast, Campaign, MassCalls
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.conftest import SEND, calls
from tests.campaigns.life.conftest import CALLS, at_once, statuses
from tests.simulator_control import Control
from wxcore.clock import SHANGHAI
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 12, tzinfo=SHANGHAI)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
ALLOWED = 60  # by WeChat, in any minute

MakeBroadcasts = Callable[[int], list[Broadcast]]


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.MASS_CALLS_PER_MINUTE = 58.0


@pytest.fixture
def waiting(campaign: Campaign) -> MakeBroadcasts:
    """`waiting(5)` are the broadcasts of a campaign that has just started, at noon."""
    campaign.account.mass_calls_a_day = 1000
    campaign.account.save()

    def make(number: int) -> list[Broadcast]:
        return Broadcast.objects.bulk_create(
            Broadcast(account=campaign.account, campaign=campaign, position=position, due_at=NOON)
            for position in range(1, number + 1)
        )

    return make


def work(look: dt.datetime) -> list[dt.datetime]:
    """This will call WeChat for whatever may be called, as a worker does that looks at `look`; when it did."""
    made = []
    open_ = Broadcast.objects.filter(status=BroadcastStatus.PENDING, due_at__lte=look).order_by("due_at", "pk")
    for broadcast in open_.select_related("account", "campaign"):
        if pace.take_slot(broadcast, look):
            Broadcast.objects.filter(pk=broadcast.pk).update(
                status=BroadcastStatus.SUBMITTED, slot_at=None, first_attempt_at=look
            )
            pace.count(broadcast, look)
            made.append(look)
    return made


def most_in_a_minute(moments: list[dt.datetime]) -> int:
    return max(sum(first <= moment < first + MINUTE for moment in moments) for first in moments)


def test_workers_that_look_every_second_use_95_percent(waiting: MakeBroadcasts) -> None:
    waiting(150)
    late = random.Random(4711)

    made = [moment for tick in range(175) for moment in work(NOON + tick * SECOND + late.random() / 50 * SECOND)]

    assert len(made) == 150
    assert most_in_a_minute(made) <= ALLOWED
    used = (len(made) - 1) / ((made[-1] - made[0]) / MINUTE * ALLOWED)
    assert 0.95 <= used <= 1


@pytest.mark.parametrize("seed", range(4))
def test_workers_that_are_late_or_stop_for_a_while_never_exceed_the_minute(waiting: MakeBroadcasts, seed: int) -> None:
    waiting(130)
    chance, look, made = random.Random(seed), NOON, []

    while len(made) < 130:
        made += work(look)
        look += chance.choice([0.2, 0.5, 1, 1, 1.5, 3, 20, 70]) * SECOND

    assert most_in_a_minute(made) <= ALLOWED


def test_after_a_stop_it_goes_on_at_once(waiting: MakeBroadcasts) -> None:
    waiting(100)
    work(NOON)

    assert len(work(NOON + 30 * SECOND)) == 28


def test_a_place_is_kept_until_it_has_come(waiting: MakeBroadcasts) -> None:
    _, second = waiting(2)
    work(NOON)
    second.refresh_from_db()

    assert not pace.take_slot(second, NOON)
    assert pace.take_slot(second, second.slot_at)


def test_a_place_is_not_given_twice(waiting: MakeBroadcasts) -> None:
    waiting(40)
    work(NOON)

    slots = list(Broadcast.objects.filter(slot_at__isnull=False).values_list("slot_at", flat=True))
    assert len(slots) == len(set(slots)) == 39


def test_a_worker_that_saw_the_broadcast_before_it_had_a_place_takes_no_second_one(waiting: MakeBroadcasts) -> None:
    _, second = waiting(2)
    work(NOON)
    before = MassCalls.objects.get().next_at

    assert not pace.take_slot(second, NOON)

    assert MassCalls.objects.get().next_at == before


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_share_no_place(waiting: MakeBroadcasts) -> None:
    broadcasts = waiting(8)

    def take(broadcast: Broadcast) -> Callable[[], bool]:
        return lambda: pace.take_slot(Broadcast.objects.get(pk=broadcast.pk), NOON)

    taken = at_once(*[take(broadcast) for broadcast in broadcasts for _ in range(2)])

    slots = sorted(Broadcast.objects.values_list("slot_at", flat=True))
    assert [(slot - NOON) / pace.step() for slot in slots] == pytest.approx(range(8), abs=0.001)
    assert taken.count(True) in (1, 2)  # whose place is now; the second worker loses the claim
    assert MassCalls.objects.get().next_at == NOON + 8 * pace.step()


@pytest.mark.parametrize("stop", [services.pause, lambda campaign: services.cancel(campaign, now=NOON)])
def test_the_places_of_a_stopped_campaign_are_free_for_the_next(
    waiting: MakeBroadcasts, campaign: Campaign, stop: Callable[[Campaign], None]
) -> None:
    waiting(100)
    Campaign.objects.update(status=Status.SENDING)
    work(NOON)
    campaign.refresh_from_db()

    stop(campaign)

    assert MassCalls.objects.get().next_at == NOON + pace.step()


def test_the_places_behind_another_campaign_are_kept_in_their_order(
    waiting: MakeBroadcasts, campaign: Campaign
) -> None:
    waiting(10)
    work(NOON)
    urgent = Campaign.objects.create(account=campaign.account, name="急", text="急", status=Status.SENDING)
    Broadcast.objects.create(account=campaign.account, campaign=urgent, position=1, due_at=NOON)
    work(NOON)

    pace.give_back(campaign)

    assert Broadcast.objects.get(campaign=urgent).slot_at == NOON + 10 * pace.step()
    assert MassCalls.objects.get().next_at == NOON + 11 * pace.step()


def test_when_wechat_says_too_fast_everybody_waits(waiting: MakeBroadcasts, account: OfficialAccount) -> None:
    waiting(10)
    work(NOON)
    until = NOON + 30 * SECOND

    pace.slow_down(account, until=until)

    assert work(NOON + 29 * SECOND) == []
    assert work(until) == [until]


def test_accounts_do_not_wait_for_each_other(waiting: MakeBroadcasts, other_account: OfficialAccount) -> None:
    waiting(50)
    work(NOON)
    elsewhere = Campaign.objects.create(account=other_account, name="别", text="别", status=Status.SENDING)
    Broadcast.objects.create(account=other_account, campaign=elsewhere, position=1, due_at=NOON)

    assert work(NOON) == [NOON]


# The day


def made_on(account: OfficialAccount, moment: dt.datetime) -> tuple[int, int]:
    return pace.made_today(account, moment)


def test_a_day_begins_at_midnight_in_shanghai(waiting: MakeBroadcasts, account: OfficialAccount) -> None:
    waiting(3)
    Broadcast.objects.update(due_at=NOON)
    before, after = NOON + dt.timedelta(hours=11, minutes=59, seconds=59), NOON + dt.timedelta(hours=12, seconds=1)

    assert len(work(before)) == 1  # the second has its place after midnight
    assert made_on(account, before) == (1, 0)
    assert len(work(after)) == 1

    assert (made_on(account, before), made_on(account, after)) == ((0, 0), (1, 0))


def test_more_than_the_days_calls_are_not_made_though_they_had_their_places(
    waiting: MakeBroadcasts, account: OfficialAccount
) -> None:
    waiting(5)
    work(NOON)
    account.mass_calls_a_day = 2
    account.save()
    work(NOON + pace.step())

    with pytest.raises(pace.DayUsedUp):
        work(NOON + 2 * pace.step())

    assert made_on(account, NOON) == (2, 0)


def test_the_rest_of_a_used_up_day_waits_until_tomorrow_at_that_hour(
    several: Campaign, control: Control, settings: Any
) -> None:
    settings.MASS_CALLS_PER_MINUTE = 60_000.0
    several.account.mass_calls_a_day = 4
    several.account.save()

    for _ in range(CALLS + 2):
        tasks.tick()

    several.refresh_from_db()
    assert statuses(several) == ["submitted"] * 4 + ["pending"] * 2
    assert (several.status, several.error_code) == (Status.PAUSED, "waits_for_quota")
    today, then = timezone.now().astimezone(SHANGHAI), several.resume_at.astimezone(SHANGHAI)
    assert then.date() == today.date() + dt.timedelta(days=1)
    assert calls(control) == 4


def test_on_the_next_day_it_goes_on(several: Campaign, control: Control, settings: Any) -> None:
    settings.MASS_CALLS_PER_MINUTE = 60_000.0
    several.account.mass_calls_a_day = 4
    several.account.save()
    for _ in range(CALLS):
        tasks.tick()
    MassCalls.objects.update(day=timezone.now().astimezone(SHANGHAI).date() - dt.timedelta(days=1))
    Campaign.objects.update(resume_at=timezone.now())

    for _ in range(4):
        tasks.tick()

    assert set(statuses(several)) == {BroadcastStatus.SUBMITTED}


def test_wechats_own_word_about_the_day_counts(several: Campaign, control: Control, settings: Any) -> None:
    settings.MASS_CALLS_PER_MINUTE = 60_000.0
    control.fault(SEND, errcode=45009, skip=2)

    for _ in range(CALLS):
        tasks.tick()

    assert statuses(several) == ["submitted"] * 2 + ["pending"] * 4
    assert Campaign.objects.get().status == Status.PAUSED


@pytest.mark.django_db(transaction=True)
def test_many_workers_make_each_call_once(several: Campaign, control: Control, settings: Any) -> None:
    settings.MASS_CALLS_PER_MINUTE = 600.0

    def worker() -> None:
        while Broadcast.objects.exclude(status=BroadcastStatus.SUBMITTED).exists():
            tasks.tick()

    at_once(worker, worker, worker)

    assert len(control.jobs()) == calls(control) == CALLS
