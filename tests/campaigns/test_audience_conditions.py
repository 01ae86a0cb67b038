"""Several tags, or a segment, as an audience: whom it means, and that nothing missing ever widens it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from campaigns import audience, services
from campaigns.conditions import CampaignGone
from campaigns.models import Audience, Broadcast, Campaign, Recipient
from campaigns.states import BroadcastStatus, Status
from followers import conditions, segments
from followers.conditions import Scope, TagUnknown, TagVanished
from followers.models import Follower, Segment, Tag
from tests.campaigns.conftest import Mirror, attempt, start
from tests.simulator_control import Control
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


@pytest.fixture
def north(account: OfficialAccount) -> Tag:
    return Tag.objects.create(account=account, tag_id=128, name="北方")


@pytest.fixture
def to_tags(campaign: Campaign, make_followers: MakeFollowers, tag: Tag, north: Tag) -> Campaign:
    """To those who wear `tag` and not `north`: three. Two more wear `tag` alone or both with `north`."""
    make_followers(3, tag=tag)
    make_followers(2, tag=north)
    campaign.audience, campaign.conditions = Audience.TAGS, {"all": [tag.pk], "none": [north.pk]}
    campaign.save()
    return campaign


@pytest.fixture
def to_segment(campaign: Campaign, make_followers: MakeFollowers) -> Campaign:
    """To the women, who are three of five."""
    make_followers(3, sex=2)
    make_followers(2)
    women = {"groups": [[{"kind": "sex", "values": ["female"]}]]}
    campaign.segment = Segment.objects.create(account=campaign.account, name="女性", conditions=women)
    campaign.audience = Audience.SEGMENT
    campaign.save()
    return campaign


def recipients() -> set[int]:
    return set(Recipient.objects.values_list("follower", flat=True))


def test_several_tags_are_frozen(to_tags: Campaign, tag: Tag) -> None:
    (broadcast,) = audience.freeze(to_tags)

    assert broadcast.recipient_count == 3
    assert recipients() == set(Follower.objects.filter(taggings__tag=tag).values_list("pk", flat=True))


def test_a_segment_is_frozen(to_segment: Campaign) -> None:
    (broadcast,) = audience.freeze(to_segment)

    assert broadcast.recipient_count == 3
    assert recipients() == set(Follower.objects.filter(sex=2).values_list("pk", flat=True))


def test_several_groups_reach_nobody_twice(to_segment: Campaign, tag: Tag, make_followers: MakeFollowers) -> None:
    make_followers(2, tag=tag, sex=2)
    groups = [[{"kind": "sex", "values": ["female"]}], [{"kind": "tags", "any": [tag.pk]}]]
    Segment.objects.update(conditions={"groups": groups})
    to_segment.segment.refresh_from_db()

    (broadcast,) = audience.freeze(to_segment)

    assert broadcast.recipient_count == Recipient.objects.count() == len(recipients()) == 5


def test_many_are_dealt_out_to_several_calls(to_segment: Campaign, make_followers: MakeFollowers) -> None:
    make_followers(10_000, sex=2)

    broadcasts = audience.freeze(to_segment)

    assert [broadcast.recipient_count for broadcast in broadcasts] == [5_002, 5_001]


@pytest.mark.parametrize("which", [0, 1])
def test_a_vanished_tag_stops_the_send_also_where_it_excludes(to_tags: Campaign, which: int) -> None:
    Tag.objects.filter(tag_id=127 + which).update(vanished_at=timezone.now())

    with pytest.raises(TagVanished):
        audience.freeze(to_tags)

    assert not Recipient.objects.exists()


def test_a_tag_of_another_account_stops_the_send(to_tags: Campaign, other_account: OfficialAccount) -> None:
    Tag.objects.filter(tag_id=128).update(account=other_account)

    with pytest.raises(TagUnknown):
        audience.check(to_tags)


@pytest.mark.parametrize("conditions", [{}, {"all": []}, {"everybody": True}, {"none": [], "all": []}])
def test_no_tag_is_never_everybody(to_tags: Campaign, conditions: dict[str, Any]) -> None:
    to_tags.conditions = conditions

    with pytest.raises(OperatorError):
        audience.check(to_tags)


def test_a_segment_that_is_gone_is_never_everybody(to_segment: Campaign) -> None:
    to_segment.segment.delete()
    to_segment.refresh_from_db()

    with pytest.raises(audience.SegmentMissing):
        audience.check(to_segment)


def test_a_segment_of_another_account_stops_the_send(to_segment: Campaign, other_account: OfficialAccount) -> None:
    Segment.objects.update(account=other_account)
    to_segment.segment.refresh_from_db()

    with pytest.raises(audience.SegmentOfAnotherAccount):
        audience.check(to_segment)


@pytest.mark.parametrize("broken", [{}, {"groups": []}, {"groups": [[]]}, {"groups": [[{"kind": "gone"}]]}, []])
def test_a_segment_whose_conditions_cannot_be_read_stops_the_send(to_segment: Campaign, broken: Any) -> None:
    Segment.objects.update(conditions=broken)
    to_segment.segment.refresh_from_db()

    with pytest.raises(OperatorError):
        audience.check(to_segment)


def test_one_follower_alone_is_refused(to_segment: Campaign) -> None:
    alone = Follower.objects.filter(sex=2).latest("pk")
    Follower.objects.exclude(pk=alone.pk).update(sex=1)

    with pytest.raises(audience.AudienceOfOne):
        audience.check(to_segment)


def test_an_edited_segment_changes_what_was_approved(to_segment: Campaign) -> None:
    before = services.fingerprint(to_segment)
    segment = to_segment.segment
    segment.conditions = {"groups": [[{"kind": "sex", "values": ["female", "male"]}]]}
    segments.save(segment, now=timezone.now())

    assert services.fingerprint(Campaign.objects.get(pk=to_segment.pk)) != before


def test_an_edited_segment_voids_the_approval_of_what_is_scheduled(to_segment: Campaign, now: dt.datetime) -> None:
    services.schedule(to_segment, at=now, by=None)
    Segment.objects.update(conditions={"groups": [[{"kind": "sex", "values": ["female", "unknown"]}]]})

    services.start(Campaign.objects.get(pk=to_segment.pk), now=now)

    assert Campaign.objects.get().status in (Status.DRAFT, Status.APPROVED)
    assert not Broadcast.objects.exists()


def test_other_tags_change_what_was_approved(to_tags: Campaign) -> None:
    before = services.fingerprint(to_tags)
    to_tags.conditions = {"all": to_tags.conditions["all"]}

    assert services.fingerprint(to_tags) != before


@pytest.mark.parametrize("kind", ["to_tags", "to_segment"])
def test_a_duplicate_has_the_same_audience(request: pytest.FixtureRequest, kind: str) -> None:
    campaign = request.getfixturevalue(kind)

    copy = services.duplicate(campaign, name="又", by=None)

    assert audience.count(copy) == 3
    assert (copy.conditions, copy.segment) == (campaign.conditions, campaign.segment)


def test_a_segment_is_not_deleted_from_under_a_campaign(to_segment: Campaign) -> None:
    with pytest.raises(segments.SegmentInUse) as raised:
        segments.delete(to_segment.segment)

    assert "新品" in str(raised.value)


def test_a_segment_is_deleted_once_its_campaigns_have_ended(to_segment: Campaign) -> None:
    Campaign.objects.update(status=Status.FINISHED)

    segments.delete(to_segment.segment)

    assert Campaign.objects.get().segment is None


class TestReceived:
    """Who received another campaign."""

    @pytest.fixture
    def addressed(self, campaign: Campaign, make_followers: MakeFollowers) -> Broadcast:
        """The broadcast of the campaign to the first two of four followers."""
        followers = make_followers(4)
        broadcast = Broadcast.objects.create(account=campaign.account, campaign=campaign, position=1)
        Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=one) for one in followers[:2])
        return broadcast

    def found(self, campaign: Campaign, mode: str) -> int:
        given = {"groups": [[{"kind": "received", "mode": mode, "campaign": campaign.pk}]]}
        return conditions.followers(conditions.read(given), Scope(campaign.account, timezone.now())).count()

    @pytest.mark.parametrize(
        ("status", "received", "not_received"),
        [
            (BroadcastStatus.FINISHED, 2, 2),
            (BroadcastStatus.SUBMITTED, 2, 2),
            (BroadcastStatus.PENDING, 0, 2),
            (BroadcastStatus.UNKNOWN, 0, 2),
            (BroadcastStatus.FAILED, 0, 4),
            (BroadcastStatus.CANCELLED, 0, 4),
        ],
    )
    def test_it_counts_what_is_certain(
        self, addressed: Broadcast, status: BroadcastStatus, received: int, not_received: int
    ) -> None:
        Broadcast.objects.update(status=status)

        assert self.found(addressed.campaign, "received") == received
        assert self.found(addressed.campaign, "not_received") == not_received

    @pytest.mark.parametrize("mode", ["received", "not_received"])
    def test_a_campaign_that_is_gone_is_refused(self, addressed: Broadcast, mode: str) -> None:
        campaign = addressed.campaign
        pk = campaign.pk
        campaign.delete()
        campaign.pk = pk

        with pytest.raises(CampaignGone):
            self.found(campaign, mode)

    def test_a_campaign_of_another_account_is_refused(
        self, addressed: Broadcast, other_account: OfficialAccount
    ) -> None:
        campaign = addressed.campaign
        Campaign.objects.update(account=other_account)

        with pytest.raises(CampaignGone):
            self.found(campaign, "received")


def test_who_had_four_this_month_has_no_quota_left(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    four, three, last_month, never = make_followers(4)
    now = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)
    february = dt.datetime(2026, 2, 28, 15, 59, 59, tzinfo=dt.UTC)  # its last second in Shanghai
    had = [
        *((four, now, BroadcastStatus.FINISHED) for _ in range(4)),
        *((three, now, BroadcastStatus.FINISHED) for _ in range(3)),
        (three, now, BroadcastStatus.FAILED),
        *((last_month, february, BroadcastStatus.FINISHED) for _ in range(4)),
    ]
    for number, (follower, at, status) in enumerate(had):
        other = Campaign.objects.create(account=account, name=str(number), text="x")
        broadcast = Broadcast.objects.create(
            account=account, campaign=other, position=1, status=status, first_attempt_at=at
        )
        Recipient.objects.create(broadcast=broadcast, follower=follower)
    definition = conditions.read({"groups": [[{"kind": "quota"}]]})

    found = conditions.followers(definition, Scope(account, now))

    assert set(found) == {three, last_month, never}


@pytest.mark.django_db(transaction=True)
def test_a_segment_gets_it_and_nobody_else(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(40, tags=[{"name": "VIP", "share": 0.5}, {"name": "北方", "share": 0.3}])
    vip, north = Tag.objects.get(name="VIP"), Tag.objects.get(name="北方")
    given = {"groups": [[{"kind": "tags", "all": [vip.pk], "none": [north.pk]}]]}
    campaign.segment = Segment.objects.create(account=campaign.account, name="VIP", conditions=given)
    campaign.audience = Audience.SEGMENT
    campaign.save()

    broadcast = attempt(start(campaign))

    meant = Follower.objects.filter(taggings__tag=vip).exclude(taggings__tag=north).values_list("openid", flat=True)
    assert set(control.recipients(broadcast.msg_id)) == set(meant)
    assert len(meant) > 5
