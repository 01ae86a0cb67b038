"""The verbs of a segment: save, duplicate, delete, head_count, sentence, keep_list; and who uses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count as numbers

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followers import conditions
from followers.conditions import Definition, Scope
from followers.models import Follower, ListedFollower, OpenidList, Segment
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount

BATCH = 5_000
SAMPLE = 10
LONGEST_NAME = 100
SHOWN = 5
# An uploaded list whose segment was never saved is dropped after this.
FORGOTTEN = dt.timedelta(days=1)


class SegmentInUse(Conflict):
    code = "segment_in_use"
    message = gettext_lazy("“%(segment)s” is the audience of %(campaigns)s.")
    fix = gettext_lazy("Give them another audience first, or cancel them.")


class NameTaken(Conflict):
    code = "segment_name_taken"
    message = gettext_lazy("There is a segment of the name “%(name)s” already.")
    fix = gettext_lazy("Choose another name.")


class EmptyList(OperatorError):
    code = "empty_list"
    message = gettext_lazy("There is no OpenID in this file.")
    fix = gettext_lazy("Upload a table with a column “OpenID”, or a text with one OpenID per line.")


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Whom a definition means now; the sample is some of them, in no order."""

    number: int
    sample: list[Follower]


@dataclass(frozen=True, slots=True)
class Use:
    """Something whose audience the segment is. `kind` is that of a badge; `breaks`: it needs the segment still."""

    name: str
    url: str
    status: str
    kind: str
    breaks: bool


_users: list[Callable[[Segment], Iterable[Use]]] = []


def register_user(find: Callable[[Segment], Iterable[Use]]) -> None:
    """This will make known another kind of thing that uses segments."""
    _users.append(find)


def uses(segment: Segment) -> list[Use]:
    """This will be everything that uses the segment, what would break first."""
    found = [use for find in _users for use in find(segment)]
    return sorted(found, key=lambda use: not use.breaks)


def save(segment: Segment, *, now: dt.datetime) -> None:
    """This will write a new or changed segment, its conditions checked and in their normal form.

    Raises NameTaken, and what is wrong with the conditions.
    """
    definition = conditions.read(segment.conditions)
    definition.check(Scope(segment.account, now))
    segment.conditions = definition.stored()
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError:
        raise NameTaken(name=segment.name, fields={"name": "taken"}) from None


def duplicate(segment: Segment, *, by: AbstractBaseUser | None, now: dt.datetime) -> Segment:
    """This will be a new segment with the same conditions, under a name of its own."""
    taken = set(Segment.objects.filter(account=segment.account).values_list("name", flat=True))
    first = _("%(name)s (copy)") % {"name": segment.name[:80]}
    names = (first if number == 1 else f"{first} {number}" for number in numbers(1))
    copy = Segment(
        account=segment.account,
        name=next(name for name in names if name not in taken)[:LONGEST_NAME],
        description=segment.description,
        conditions=segment.conditions,
        created_by=by,
    )
    save(copy, now=now)
    return copy


def delete(segment: Segment) -> None:
    """This will delete a segment. Raises SegmentInUse while something would break without it."""
    with transaction.atomic():
        Segment.objects.select_for_update().filter(pk=segment.pk).first()
        for problem in problems_of_deleting(segment, uses(segment)):
            raise problem
        segment.delete()


def problems_of_deleting(segment: Segment, uses: list[Use]) -> list[OperatorError]:
    """This will be why the segment cannot be deleted, if something would break without it."""
    breaking = [use.name for use in uses if use.breaks]
    if not breaking:
        return []
    shown = _(", ").join(f"“{name}”" for name in breaking[:SHOWN]) + ("…" if len(breaking) > SHOWN else "")
    return [SegmentInUse(segment=segment.name, campaigns=shown)]


def head_count(definition: Definition, scope: Scope) -> HeadCount:
    """This will count whom the definition means, and name some of them. Raises what is missing of its parts."""
    found = conditions.followers(definition, scope)
    # Without an order: sorting all who are meant would cost more than counting them.
    return HeadCount(found.count(), list(found.order_by().prefetch_related("tags")[:SAMPLE]))


def sentence(segment: Segment, scope: Scope) -> str:
    """This will be the segment's conditions in words, or why they cannot be read any more."""
    try:
        return conditions.read(segment.conditions).sentence(scope)
    except OperatorError as error:
        return str(error.message)


def keep_list(
    account: OfficialAccount, openids: list[str], *, name: str, by: AbstractBaseUser | None, now: dt.datetime
) -> OpenidList:
    """This will store an uploaded list, for a condition to name. Raises EmptyList."""
    if not openids:
        raise EmptyList(fields={"file": "empty"})
    with transaction.atomic():
        _drop_forgotten_lists(account, now)
        kept = OpenidList.objects.create(
            account=account, name=name.replace("\0", "")[-LONGEST_NAME:], size=len(openids), created_by=by
        )
        ListedFollower.objects.bulk_create(
            (ListedFollower(list=kept, openid=openid) for openid in openids), batch_size=BATCH
        )
    return kept


def _drop_forgotten_lists(account: OfficialAccount, now: dt.datetime) -> None:
    used = {
        item.get("list")
        for segment in Segment.objects.filter(account=account).only("conditions")
        for group in segment.groups
        for item in group
    }
    OpenidList.objects.filter(account=account, created_at__lt=now - FORGOTTEN).exclude(pk__in=used - {None}).delete()
