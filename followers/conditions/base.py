"""What every condition can do, and the table of their kinds."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from django.db.models import Q, QuerySet

from followers.conditions.controls import Control
from followers.conditions.reading import Fields
from followers.models import OpenidList, Tag
from wxcore.models import OfficialAccount


@dataclass
class Scope:
    """Whose followers, and when: conditions are relative to both."""

    account: OfficialAccount
    now: dt.datetime

    @cached_property
    def tags(self) -> dict[int, Tag]:
        """The account's tags by primary key; WeChat allows a hundred."""
        return {tag.pk: tag for tag in Tag.objects.filter(account=self.account)}

    @cached_property
    def lists(self) -> dict[int, OpenidList]:
        """The account's uploaded lists by primary key, newest first."""
        return {found.pk: found for found in OpenidList.objects.filter(account=self.account).order_by("-pk")}

    @cached_property
    def remembered(self) -> dict[str, Any]:
        """What conditions of other apps have looked up once."""
        return {}


class Condition(ABC):
    """One condition: a frozen dataclass. Its columns must be those of Follower, or subqueries of it."""

    kind: ClassVar[str]
    label: ClassVar[str]
    rank: ClassVar[int]  # its place in the menu
    hint: ClassVar[str] = ""
    of_account: ClassVar[bool] = False  # whether what it names belongs to one account
    looks_elsewhere: ClassVar[bool] = False  # whether its SQL reads another table

    @classmethod
    @abstractmethod
    def read(cls, given: Fields) -> Self:
        """This will be the condition that the JSON says. Raises InvalidConditions."""

    @abstractmethod
    def where(self, scope: Scope) -> Q:
        """This will be the condition as SQL, true for everybody who is meant; it joins nothing, so nobody is twice."""

    def ids(self, scope: Scope) -> QuerySet[Any] | None:
        """This will be the followers' primary keys where another table lists them; they may be of anybody."""
        return None

    @abstractmethod
    def describe(self, scope: Scope) -> str:
        """This will be the condition in words, in the reader's language; it goes on from "followers who"."""

    def check(self, scope: Scope) -> None:  # noqa: B027 - most refer to nothing that could be missing
        """This will raise an OperatorError when something that the condition names is not there any more."""

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        """This will be the inputs with which a person says the condition."""
        return []

    def stored(self) -> dict[str, Any]:
        """This will be the condition as JSON; the same condition is always the same JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return {"kind": self.kind} | {name: _plain(value) for name, value in values.items() if value not in (None, ())}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value


Kind = TypeVar("Kind", bound=type[Condition])

KINDS: dict[str, type[Condition]] = {}


def register(condition: Kind) -> Kind:
    """This will make a kind of condition known under its name."""
    KINDS[condition.kind] = condition
    return condition
