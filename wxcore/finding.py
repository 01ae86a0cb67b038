"""What the search over everything finds: each app says in its `findable.py` what of it, and by which words.

The admin's Ctrl+K and the API ask the same sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from wxcore import rights

# Of each kind: whoever sees as many knows to type more.
MOST = 5
LONGEST_TEXT = 100
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that can be found. `match(rows, text, accounts)` leaves those that fit, by an index where they are many;
    `accounts` are those whose rows the person may see."""

    order: int
    model: type[Model]
    icon: str
    match: Callable[[QuerySet[Any], str, list[int]], QuerySet[Any]]
    title: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class Found:
    """A row that fits; `url` is its page of the admin."""

    source: Source
    row: Any

    @property
    def kind(self) -> str:
        """A stable word for programs, such as `campaign`."""
        return str(self.source.model._meta.model_name)

    @property
    def kind_label(self) -> str:
        return str(self.source.model._meta.verbose_name)

    @property
    def id(self) -> int:
        return int(self.row.pk)

    @property
    def account(self) -> int | None:
        return rights.account_id_of(self.row)

    @property
    def title(self) -> str:
        return Truncator(self.source.title(self.row)).chars(LONGEST_TITLE)

    @property
    def url(self) -> str:
        meta = self.source.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.row.pk])


_sources: list[Source] = []


def register(*sources: Source) -> None:
    _sources.extend(sources)
    _sources.sort(key=lambda source: source.order)


def by_name(*fields: str) -> Callable[[QuerySet[Any], str, list[int]], QuerySet[Any]]:
    """This will match a part of any of `fields`, for tables that people fill by hand."""

    def match(rows: QuerySet[Any], text: str, accounts: list[int]) -> QuerySet[Any]:
        return rows.filter(reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields))).order_by("-pk")

    return match


def found(user: rights.Person, text: str) -> Iterator[Found]:
    """This will be the first rows of each kind that fit, of those that somebody may see. One query a kind."""
    everywhere = list(rights.accounts_of(user).values_list("pk", flat=True)) if rights.is_unlimited(user) else None
    for source in _sources:
        meta = source.model._meta
        needed = [f"{meta.app_label}.{verb}_{meta.model_name}" for verb in ("view", "change")]
        if not any(user.has_perm(permission) for permission in needed):
            continue
        accounts = rights.account_ids(user, *needed) if everywhere is None else everywhere
        rows = rights.scoped(source.model._default_manager.all(), user, *needed)
        for row in source.match(rows, text, accounts)[:MOST]:
            yield Found(source, row)
