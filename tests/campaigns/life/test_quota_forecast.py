"""Before a send: who will receive it, who has had their four, what the planned campaigns will miss. Against plain
Python, and against the simulator."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import audience, quota, services
from campaigns.models import Audience, Broadcast, Campaign, Recipient
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from tests.campaigns.conftest import Mirror, attempt, start
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.clock import SHANGHAI
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

AT = dt.datetime(2027, 3, 10, 9, tzinfo=SHANGHAI)
# Just before, the first and last moment, just after: of March in Shanghai.
MOMENTS = [
    dt.datetime(2027, 2, 28, 23, 59, 59, tzinfo=SHANGHAI),
    dt.datetime(2027, 3, 1, tzinfo=SHANGHAI),
    dt.datetime(2027, 3, 31, 23, 59, 59, tzinfo=SHANGHAI),
    dt.datetime(2027, 4, 1, tzinfo=SHANGHAI),
]
PEOPLE = 5
MakeFollowers = Callable[..., list[Follower]]
some = st.sets(st.integers(0, PEOPLE - 1), min_size=2)


@dataclass
class World:
    """What was sent, to whom and when; what is planned; whom the campaign means."""

    sent: list[tuple[BroadcastStatus, int, set[int]]] = field(default_factory=list)
    planned: list[tuple[int, set[int]]] = field(default_factory=list)
    meant: set[int] = field(default_factory=set)


worlds = st.builds(
    World,
    sent=st.lists(st.tuples(st.sampled_from(BroadcastStatus), st.integers(0, 3), some), max_size=9),
    planned=st.lists(st.tuples(st.integers(0, 3), some), max_size=4),
    meant=some,
)


def build(world: World, account: OfficialAccount, people: list[Follower]) -> Campaign:
    def to(name: str, numbers: set[int], **fields: object) -> Campaign:
        made = Campaign.objects.create(account=account, name=name, text="x", audience=Audience.LIST, **fields)
        audience.replace_list(made, [people[number].openid for number in numbers])
        return made

    for status, when, numbers in world.sent:
        campaign = to("sent", numbers, status=Status.FINISHED)
        broadcast = Broadcast.objects.create(
            account=account, campaign=campaign, position=1, status=status, first_attempt_at=MOMENTS[when]
        )
        Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=people[one]) for one in numbers)
    for when, numbers in world.planned:
        to("planned", numbers, status=Status.SCHEDULED, scheduled_at=MOMENTS[when])
    return to("this", world.meant)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_it_is_what_plain_python_says(account: OfficialAccount, make_followers: MakeFollowers, world: World) -> None:
    with transaction.atomic():
        campaign = build(world, account, make_followers(PEOPLE))
        found = quota.forecast(campaign, at=AT)
        transaction.set_rollback(True)

    in_march = (1, 2)
    taken = [numbers for status, when, numbers in world.sent if status in quota.TAKEN and when in in_march]
    planned = [numbers for when, numbers in world.planned if when in in_march]
    had = Counter(one for numbers in taken for one in numbers)
    left = Counter(max(0, 4 - had[one] - 1) if had[one] < 4 else 0 for one in world.meant)
    # Who has no place left for one of the planned campaigns after this one.
    total = had + Counter(one for numbers in planned for one in numbers)
    short = sum(total[one] + 1 > 4 for one in world.meant) if planned else 0
    assert found.heads == len(world.meant)
    assert found.used_up == sum(had[one] >= 4 for one in world.meant)
    assert found.will_receive == found.heads - found.used_up
    assert found.left_after == tuple(left[number] for number in range(4))
    assert sorted(other.heads for other in found.planned) == sorted(map(len, planned))
    assert found.short == short


def test_what_has_started_and_not_gone_out_counts(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    people = make_followers(PEOPLE)
    sent = [(BroadcastStatus.FINISHED, 1, {0, 1})] * 3 + [(BroadcastStatus.PENDING, 1, {0, 2})]
    campaign = build(World(sent=sent, meant={0, 1, 2}), account, people)
    waiting = Broadcast.objects.filter(status=BroadcastStatus.PENDING)
    waiting.update(first_attempt_at=None, due_at=AT)
    Campaign.objects.filter(broadcasts__in=waiting).update(status=Status.SENDING, finished_at=None)

    found = quota.forecast(campaign, at=AT)

    assert (found.used_up, found.left_after) == (1, (2, 0, 1, 0))


def test_a_planned_campaign_whose_tag_is_gone_addresses_nobody(
    account: OfficialAccount, make_followers: MakeFollowers, tag: Tag
) -> None:
    campaign = build(World(planned=[(1, {0, 1})], meant={0, 1}), account, make_followers(PEOPLE))
    Campaign.objects.filter(name="planned").update(audience=Audience.TAG, tag=tag)
    Tag.objects.update(vanished_at=AT)

    (planned,) = quota.forecast(campaign, at=AT).planned

    assert planned.heads == 0


def test_a_subscription_account_counts_no_followers(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    make_followers(3)
    account.kind = Kind.SUBSCRIPTION
    account.save()
    campaign = Campaign.objects.create(account=account, name="x", text="x", audience=Audience.ALL)

    found = quota.forecast(campaign, at=AT)

    assert (found.heads, found.used_up, found.left_after, found.jobs) == (3, 0, None, quota.Jobs(1, 0, 0))


@pytest.mark.parametrize(
    ("made", "needed", "days"), [(0, 1, 1), (99, 1, 1), (100, 1, 2), (50, 50, 1), (50, 51, 2), (0, 250, 3)]
)
def test_the_days_it_takes(made: int, needed: int, days: int) -> None:
    assert quota.Calls(100, made, needed).days == days


def test_the_cost_does_not_grow_with_what_was_sent_or_is_planned(
    account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    people, used = make_followers(PEOPLE), []
    for number in (1, 30):
        world = World(sent=[(BroadcastStatus.FINISHED, 1, {0, 1})] * number, planned=[(1, {0, 1})] * number)
        world.meant = {0, 1, 2}
        campaign = build(world, account, people)
        with CaptureQueriesContext(connection) as captured:
            quota.forecast(campaign, at=AT)
        used.append(len(captured))

    assert used[0] == used[1] <= 10


def test_very_many_planned_campaigns_are_no_fault(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    campaign = build(World(meant={0, 1}), account, make_followers(PEOPLE))
    plan = {"audience": Audience.ALL, "status": Status.SCHEDULED, "scheduled_at": AT}
    Campaign.objects.bulk_create(Campaign(account=account, name="x", text="x", **plan) for _ in range(600))

    found = quota.forecast(campaign, at=AT)

    assert (len(found.planned), found.short) == (quota.MOST_PLANNED, 2)


# WeChat agrees


def test_after_the_send_wechat_has_reached_as_many_as_was_said(
    campaign: Campaign, mirror: Mirror, control: Control
) -> None:
    mirror(12)
    everybody = list(Follower.objects.order_by("pk").values_list("openid", flat=True))
    for group in (everybody[:5], everybody[:5], everybody[:5], everybody[:7]):
        earlier = Campaign.objects.create(
            account=campaign.account,
            name="早",
            text=f"早 {len(group)} {Campaign.objects.count()}",
            audience=Audience.LIST,
        )
        audience.replace_list(earlier, group)
        control.delivered(attempt(start(earlier)).msg_id)

    said = quota.forecast(campaign, at=timezone.now())
    broadcast = attempt(start(campaign))

    job = control.delivered(broadcast.msg_id)
    assert (said.heads, said.used_up, said.will_receive) == (12, 5, 7)
    assert (job["total"], job["sent"]) == (said.heads, said.will_receive)
    assert quota.forecast(campaign, at=timezone.now()).left_after == (5, 2, 5, 0)


def test_when_the_month_to_everybody_is_used_up_wechat_says_the_same(
    campaign: Campaign, mirror: Mirror, control: Control
) -> None:
    mirror(3)
    for number in range(4):
        one = Campaign.objects.create(account=campaign.account, name="每周", text=f"第 {number} 周")
        control.delivered(attempt(start(one)).msg_id)

    with pytest.raises(quota.JobsToAllUsedUp):
        services.send(campaign, by=None, now=timezone.now())

    # Past our own ledger WeChat refuses with the code that ours names.
    Campaign.objects.filter(pk=campaign.pk).update(status=Status.SENDING, started_at=timezone.now())
    campaign.refresh_from_db()
    audience.freeze(campaign)
    refused = attempt(campaign.broadcasts.get())
    assert (refused.status, refused.error_code) == (BroadcastStatus.FAILED, "wechat_quota_used_up")
    assert str(quota.JobsToAllUsedUp.wechat_code) in refused.error_message


def test_the_second_job_of_a_subscription_accounts_day(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(3)
    control.account(APPID, kind="subscription")
    campaign.account.kind = Kind.SUBSCRIPTION
    campaign.account.save()
    second = services.duplicate(campaign, name="第二个", by=None)
    control.delivered(attempt(start(campaign)).msg_id)

    with pytest.raises(quota.JobsUsedUp):
        services.send(second, by=None, now=timezone.now())

    Campaign.objects.filter(pk=second.pk).update(status=Status.SENDING, started_at=timezone.now(), text="第二个")
    second.refresh_from_db()
    audience.freeze(second)
    assert "45028" in attempt(second.broadcasts.get()).error_message
