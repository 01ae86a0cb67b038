"""To whom: count an audience, keep a list of openids, freeze the audience when a campaign starts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from campaigns.models import Audience, Broadcast, Campaign, ListedOpenid, Recipient
from followers.models import Follower
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# WeChat takes 2 to 10,000 openids in one call of mass/send.
LARGEST_CALL = 10_000
SMALLEST_CALL = 2
OPENID = re.compile(r"^[A-Za-z0-9_-]{20,64}$")
BATCH = 5_000
# Values in one IN (...): SQLite before 3.32 takes 999 parameters.
LOOKUP = 900


class EmptyAudience(OperatorError):
    code = "empty_audience"
    message = _("Nobody would receive this campaign.")
    fix = _("Sync the followers, or choose another audience.")


class AudienceOfOne(OperatorError):
    code = "audience_of_one"
    message = _("Only one follower is on the list; WeChat sends to lists of two or more.")
    fix = _("Add at least one more follower to the list.")


class TagMissing(OperatorError):
    code = "tag_missing"
    message = _("The campaign goes to a tag, but no tag is chosen.")
    fix = _("Choose the tag and save.")


class TagVanished(OperatorError):
    code = "tag_vanished"
    message = _("The tag “%(tag)s” no longer exists at WeChat.")
    fix = _("Choose another tag. Nothing was sent: a missing tag never means everybody.")


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a pasted or uploaded list holds, before anybody is looked up."""

    openids: list[str]
    repeated: int
    malformed: list[str]


@dataclass(frozen=True, slots=True)
class ListReport:
    """What became of a campaign's list: `listed` = `following` + `left` + `unknown`."""

    listed: int
    following: int
    left: int
    unknown: int


def followers(campaign: Campaign) -> QuerySet[Follower]:
    """This will be the followers whom the campaign means now. Raises TagMissing, TagVanished.

    Every branch names its audience; what is not understood raises instead of meaning everybody.
    """
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
    raise EmptyAudience


def count(campaign: Campaign) -> int:
    """This will be the head count of the audience now. Raises TagMissing, TagVanished."""
    return followers(campaign).count()


def check(campaign: Campaign) -> int:
    """This will be the head count of an audience that WeChat would accept; raises what is wrong with it otherwise."""
    heads = count(campaign)
    if not heads:
        raise EmptyAudience(fields={"audience": "empty"})
    if campaign.audience == Audience.LIST and heads < SMALLEST_CALL:
        raise AudienceOfOne(fields={"audience": "one"})
    return heads


def calls(campaign: Campaign, heads: int) -> int:
    """This will be how many calls of WeChat it takes to reach `heads` followers."""
    return max(1, -(-heads // LARGEST_CALL)) if campaign.audience == Audience.LIST else 1


def count_openids(account: OfficialAccount, openids: list[str]) -> int:
    """This will be how many of `openids` follow `account`: the head count of a list that is not stored yet."""
    following = Follower.objects.filter(account=account, subscribed=True)
    parts = (openids[start : start + LOOKUP] for start in range(0, len(openids), LOOKUP))
    return sum(following.filter(openid__in=part).count() for part in parts)


def parse_list(text: str) -> ParsedList:
    """This will read openids that stand one to a line or cell: pasted, CSV, TSV; order kept, repetitions dropped."""
    words = [word for word in re.split(r"[\s,;，；、\"']+", text.lstrip("\ufeff")) if word and word.lower() != "openid"]
    openids = dict.fromkeys(word for word in words if OPENID.match(word))
    malformed = [word for word in words if not OPENID.match(word)]
    return ParsedList(list(openids), len(words) - len(malformed) - len(openids), malformed)


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
