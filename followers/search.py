"""What the search box of the followers finds, at a cost that does not grow with the table."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from followers.models import Follower

LIMIT = 200
# The highest letter that an openid may have, in every collation; repeated, it is behind all that begins alike.
AFTER_OPENID = "z" * 64
AFTER_REMARK = "\U0010ffff"


def find(term: str, accounts: Sequence[int]) -> list[int]:
    """This will be the ids of at most LIMIT followers of `accounts` whose openid, and LIMIT whose remark, begins so.

    No order: a short beginning fits a million openids, and sorting them would be the cost that the limit saves.
    """
    return _ids(accounts, by_openid(term)) + _ids(accounts, by_remark(term))


def by_openid(term: str) -> Q:
    """A range instead of LIKE: SQLite's LIKE ignores case and with it the index, which begins with the account."""
    return Q(openid__gte=term, openid__lt=term + AFTER_OPENID)


def by_remark(term: str) -> Q:
    return ~Q(remark="") & Q(remark__gte=term, remark__lt=term + AFTER_REMARK)


def _ids(accounts: Sequence[int], condition: Q) -> list[int]:
    rows: QuerySet[Follower] = Follower.objects.filter(condition, account__in=accounts).order_by()
    return list(rows.values_list("pk", flat=True)[:LIMIT])
