"""To whom: count an audience, keep a list of openids, freeze the audience when a campaign starts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, F, Max, OuterRef, QuerySet, Window
from django.db.models.functions import Cast, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Audience, Broadcast, Campaign, ListedOpenid, Recipient
from campaigns.models.split import PRIME
from followers import conditions
from followers.conditions import Definition, Fields, Scope, Tags, TagVanished
from followers.models import Follower
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# Whom WeChat finds by itself (mass/sendall); everybody else is named in calls of mass/send.
BY_WECHAT = (Audience.ALL, Audience.TAG)
BY_CONDITIONS = (Audience.TAGS, Audience.SEGMENT)
# WeChat takes 2 to 10,000 openids in one call of mass/send.
LARGEST_CALL = 10_000
SMALLEST_CALL = 2
BATCH = 5_000
# Values in one IN (...): SQLite before 3.32 takes 999 parameters.
LOOKUP = 900


class EmptyAudience(OperatorError):
    code = "empty_audience"
    message = _("Nobody would receive this campaign.")
    fix = _("Sync the followers, or choose another audience.")


class AudienceOfOne(OperatorError):
    code = "audience_of_one"
    message = _("Only one follower would receive it; WeChat sends to two or more.")
    fix = _("Choose an audience with at least one more follower.")


class TagMissing(OperatorError):
    code = "tag_missing"
    message = _("The campaign goes to a tag, but no tag is chosen.")
    fix = _("Choose the tag and save.")


class SegmentMissing(OperatorError):
    code = "segment_missing"
    message = _("The campaign goes to a segment, but there is none.")
    fix = _("Choose the segment and save. A missing segment never means everybody.")


class SegmentOfAnotherAccount(OperatorError):
    code = "segment_of_another_account"
    message = _("The segment “%(segment)s” belongs to another official account.")
    fix = _("Choose a segment of the account that sends.")


@dataclass(frozen=True, slots=True)
class ListReport:
    """What became of a campaign's list: `listed` = `following` + `left` + `unknown`."""

    listed: int
    following: int
    left: int
    unknown: int


def followers(campaign: Campaign) -> QuerySet[Follower]:
    """This will be the followers whom the campaign means now. Raises TagMissing, TagVanished, SegmentMissing,
    SegmentOfAnotherAccount, and what is wrong with the conditions.

    Every branch names its audience; what is not understood raises instead of meaning everybody.
    """
    meant = _meant(campaign)
    return meant if campaign.split is None else _drawn(meant, campaign)


def _drawn(meant: QuerySet[Follower], campaign: Campaign) -> QuerySet[Follower]:
    """Those whom the A/B test draws for this variant."""
    mixed = (Cast(F("id"), BigIntegerField()) % PRIME * campaign.split.factor + campaign.split.offset) % PRIME
    # Squared twice: keys that follow each other would fall into a pattern otherwise.
    for _round in range(2):
        mixed = (mixed * mixed + campaign.split.offset) % PRIME
    return meant.alias(drawn=mixed % 100).filter(drawn__gte=campaign.share_from, drawn__lt=campaign.share_to)


def _meant(campaign: Campaign) -> QuerySet[Follower]:
    following = Follower.objects.filter(account=campaign.account_id, subscribed=True)
    if campaign.audience == Audience.ALL:
        return following
    if campaign.audience == Audience.TAG:
        if campaign.tag is None:
            raise TagMissing(fields={"tag": "missing"})
        if campaign.tag.vanished_at is not None:
            raise TagVanished(tag=campaign.tag.name, fields={"tag": "vanished"})
        # A join, and no DISTINCT: a follower wears a tag once.
        return following.filter(taggings__tag=campaign.tag)
    if campaign.audience == Audience.LIST:
        return following.filter(Exists(ListedOpenid.objects.filter(campaign=campaign, openid=OuterRef("openid"))))
    if campaign.audience in BY_CONDITIONS:
        return conditions.followers(definition(campaign), scope(campaign))
    raise EmptyAudience


def is_everybody(campaign: Campaign) -> bool:
    """This will be True where the message goes to every follower, which people are asked about once more."""
    return campaign.audience == Audience.ALL and campaign.split_id is None


def by_wechat(campaign: Campaign) -> bool:
    """This will be True where WeChat finds the followers by itself (mass/sendall); else they are named to it."""
    return campaign.audience in BY_WECHAT and campaign.split_id is None


def definition(campaign: Campaign) -> Definition:
    """This will be the conditions of an audience BY_CONDITIONS. Raises what `followers` raises of them."""
    if campaign.audience == Audience.TAGS:
        if not any(campaign.conditions.values()):
            raise TagMissing(fields={"conditions": "missing"})
        given = Fields(campaign.conditions, "conditions")
        tags = Tags.read(given)
        given.end()
        return Definition(((tags,),))
    if campaign.segment is None:
        raise SegmentMissing(fields={"segment": "missing"})
    if campaign.segment.account_id != campaign.account_id:
        raise SegmentOfAnotherAccount(segment=campaign.segment.name, fields={"segment": "account"})
    return conditions.read(campaign.segment.conditions)


def normal_tags(account: OfficialAccount, given: dict[str, list[int]]) -> dict[str, list[int]]:
    """This will be the conditions of an audience by several tags, checked, as a campaign keeps them.

    Raises TagMissing, TagVanished, and what is wrong with the conditions.
    """
    found = definition(Campaign(account=account, audience=Audience.TAGS, conditions=given))
    found.check(Scope(account, timezone.now()))
    return {mode: ids for mode, ids in found.groups[0][0].stored().items() if mode != "kind"}


def scope(campaign: Campaign) -> Scope:
    """This will be the moment that "within the last 30 days" is counted from: the start, or now."""
    return Scope(campaign.account, campaign.started_at or timezone.now())


def mark(campaign: Campaign) -> str:
    """This will be the audience's definition as text: another one means other people. Head counts are not in it."""
    listed = campaign.listed_openids.aggregate(number=Count("pk"), last=Max("pk"))
    segment = campaign.segment
    said = [campaign.audience, campaign.tag_id, campaign.conditions, segment and [segment.pk, segment.conditions]]
    part = [campaign.split_id, campaign.share_from, campaign.share_to]
    return json.dumps([campaign.account_id, *said, part, listed["number"], listed["last"]], sort_keys=True)


def count(campaign: Campaign) -> int:
    """This will be the head count of the audience now. Raises what `followers` raises."""
    return followers(campaign).count()


def check(campaign: Campaign) -> int:
    """This will be the head count of an audience that WeChat would accept; raises what is wrong with it otherwise."""
    heads = count(campaign)
    if not heads:
        raise EmptyAudience(fields={"audience": "empty"})
    if not by_wechat(campaign) and heads < SMALLEST_CALL:
        raise AudienceOfOne(fields={"audience": "one"})
    return heads


def calls(campaign: Campaign, heads: int) -> int:
    """This will be how many calls of WeChat it takes to reach `heads` followers."""
    return 1 if by_wechat(campaign) else max(1, -(-heads // LARGEST_CALL))


def count_openids(account: OfficialAccount, openids: list[str]) -> int:
    """This will be how many of `openids` follow `account`: the head count of a list that is not stored yet."""
    following = Follower.objects.filter(account=account, subscribed=True)
    parts = (openids[start : start + LOOKUP] for start in range(0, len(openids), LOOKUP))
    return sum(following.filter(openid__in=part).count() for part in parts)


def replace_list(campaign: Campaign, openids: list[str]) -> None:
    """This will make `openids` the campaign's list. The caller holds a transaction."""
    ListedOpenid.objects.filter(campaign=campaign).delete()
    ListedOpenid.objects.bulk_create(
        (ListedOpenid(campaign=campaign, openid=openid) for openid in openids), batch_size=BATCH, ignore_conflicts=True
    )


def report(campaign: Campaign) -> ListReport:
    """This will say how many of the campaign's list follow, have left, or were never seen."""
    listed = ListedOpenid.objects.filter(campaign=campaign)
    known = Follower.objects.filter(account=campaign.account_id, openid=OuterRef("openid"))
    total = listed.count()
    following = listed.filter(Exists(known.filter(subscribed=True))).count()
    left = listed.filter(Exists(known.filter(subscribed=False))).count()
    return ListReport(total, following, left, total - following - left)


def unknown_openids(campaign: Campaign, limit: int) -> list[str]:
    """This will be the first `limit` openids of the list that do not follow."""
    following = Follower.objects.filter(account=campaign.account_id, openid=OuterRef("openid"), subscribed=True)
    return list(
        ListedOpenid.objects.filter(~Exists(following), campaign=campaign)
        .order_by("pk")
        .values_list("openid", flat=True)[:limit]
    )


def freeze(campaign: Campaign) -> list[Broadcast]:
    """This will write the campaign's broadcasts and their recipients, in two statements whatever the size.

    The caller holds the transaction that starts the campaign. Raises what `check` raises.
    """
    needed = calls(campaign, check(campaign))
    while True:
        broadcasts = Broadcast.objects.bulk_create(
            Broadcast(account_id=campaign.account_id, campaign=campaign, position=position, due_at=campaign.started_at)
            for position in range(1, needed + 1)
        )
        written = _write_recipients(campaign, needed)
        if calls(campaign, written) <= needed:
            break
        # Somebody followed between counting and writing (PostgreSQL lets that be seen), and a call would overflow.
        needed = calls(campaign, written)
        campaign.broadcasts.all().delete()
    # Dealt out like cards, so that the calls differ by one at most and none is left with a single openid.
    for index, broadcast in enumerate(broadcasts):
        broadcast.recipient_count = written // needed + (index < written % needed)
    Broadcast.objects.bulk_update(broadcasts, ["recipient_count"])
    return broadcasts


def _write_recipients(campaign: Campaign, calls: int) -> int:
    numbered = followers(campaign).annotate(row=Window(RowNumber(), order_by=F("id").asc())).values("id", "row")
    audience, params = numbered.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Recipient._meta.db_table} (broadcast_id, follower_id) "  # noqa: S608 - no value is pasted in
            "SELECT broadcast.id, audience.id "
            f"FROM ({audience}) audience JOIN {Broadcast._meta.db_table} broadcast "
            "ON broadcast.campaign_id = %s AND broadcast.position = (audience.row - 1) %% %s + 1",
            [*params, campaign.pk, calls],
        )
        return cursor.rowcount
