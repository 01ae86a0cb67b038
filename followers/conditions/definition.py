"""A whole definition: groups of conditions. Who meets all of one group is meant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import repeat
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followers.conditions.base import KINDS, Condition, Scope
from followers.conditions.errors import EmptyDefinition, InvalidConditions
from followers.conditions.reading import Fields
from followers.models import Follower

MOST_GROUPS = 10
MOST_CONDITIONS = 20


@dataclass(frozen=True, slots=True)
class Definition:
    """Made by `read` only, which sees to it that neither it nor a group is empty."""

    groups: tuple[tuple[Condition, ...], ...]

    def check(self, scope: Scope) -> None:
        """This will raise what is missing of that which the conditions name."""
        for group in self.groups:
            for condition in group:
                condition.check(scope)

    def select(self, following: QuerySet[Follower], scope: Scope) -> QuerySet[Follower]:
        """This will be those of `following` whom the definition means."""
        groups = [reduce(and_, (condition.where(scope) for condition in group)) for group in self.groups]
        if not groups or not all(groups):
            # An empty filter would be everybody.
            raise EmptyDefinition
        if len(groups) == 1 or not any(condition.looks_elsewhere for group in self.groups for condition in group):
            return following.filter(reduce(or_, groups))
        # PostgreSQL looks into another table once, unless an OR forbids that: then once for every follower.
        first, *others = map(self._ids, self.groups, groups, repeat(scope))
        return following.filter(pk__in=first.union(*others))

    def _ids(self, group: tuple[Condition, ...], where: Q, scope: Scope) -> QuerySet[Any]:
        """Straight from the other table where that is all there is to it: half the work."""
        found = group[0].ids(scope) if len(group) == 1 else None
        return Follower.objects.filter(where, account=scope.account).values("pk") if found is None else found

    def describe(self, scope: Scope) -> list[list[str]]:
        """This will be the conditions in words, group by group."""
        return [[condition.describe(scope) for condition in group] for group in self.groups]

    def sentence(self, scope: Scope) -> str:
        """This will be the whole definition as one sentence."""
        groups = (_(" and ").join(group) for group in self.describe(scope))
        return _("Followers who %(conditions)s") % {"conditions": _("; or ").join(groups)}

    def stored(self) -> dict[str, Any]:
        """This will be the definition as JSON; the same definition is always the same JSON."""
        return {"groups": [[condition.stored() for condition in group] for group in self.groups]}


def read(given: Any) -> Definition:
    """This will be the definition that the JSON says. Raises InvalidConditions, EmptyDefinition."""
    if given in (None, {}, [], ""):
        raise EmptyDefinition
    if not isinstance(given, dict) or set(given) != {"groups"} or not isinstance(given["groups"], list):
        raise InvalidConditions("", gettext_lazy('an object with the one key "groups" is expected'))
    if len(given["groups"]) > MOST_GROUPS:
        raise InvalidConditions("groups", gettext_lazy("at most %(most)d are possible"), most=MOST_GROUPS)
    groups = tuple(_group(group, f"groups[{at}]") for at, group in enumerate(given["groups"]))
    if not groups:
        raise EmptyDefinition
    return Definition(groups)


def followers(definition: Definition, scope: Scope) -> QuerySet[Follower]:
    """This will be whom the definition means now. Raises what `check` raises."""
    definition.check(scope)
    return definition.select(Follower.objects.filter(account=scope.account, subscribed=True), scope)


def _group(given: Any, where: str) -> tuple[Condition, ...]:
    if not isinstance(given, list):
        raise InvalidConditions(where, gettext_lazy("a list of conditions is expected"))
    if not given:
        raise EmptyDefinition(where)
    if len(given) > MOST_CONDITIONS:
        raise InvalidConditions(where, gettext_lazy("at most %(most)d are possible"), most=MOST_CONDITIONS)
    return tuple(_condition(item, f"{where}[{at}]") for at, item in enumerate(given))


def _condition(given: Any, where: str) -> Condition:
    fields = Fields(given, where)
    kind = fields.choice("kind", KINDS)
    condition = KINDS[kind].read(fields)
    fields.end()
    return condition
