"""Whether somebody is on an uploaded list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followers.conditions.base import Condition, Scope, register
from followers.conditions.controls import Control, Option
from followers.conditions.errors import ListGone
from followers.conditions.reading import Fields
from followers.models import ListedFollower


@register
@dataclass(frozen=True, slots=True)
class Listed(Condition):
    """Is `in` the list or `not_in` it. Lists never change, so the number of one stands for its lines."""

    kind = "list"
    rank = 70
    label = gettext_lazy("OpenID list")
    of_account = looks_elsewhere = True
    mode: str
    list: int

    @classmethod
    def read(cls, given: Fields) -> Self:
        return cls(given.choice("mode", ("in", "not_in")), given.id("list"))

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        modes = [Option("in", _("is on the list")), Option("not_in", _("is not on the list"))]
        lists = [Option(found.pk, f"{found.name} · {found.size:,}") for found in scope.lists.values()]
        return [Control("mode", "choice", options=modes), Control("list", "list", options=lists)]

    def check(self, scope: Scope) -> None:
        if self.list not in scope.lists:
            raise ListGone(fields={"conditions": "list"})

    def where(self, scope: Scope) -> Q:
        listed = Exists(ListedFollower.objects.filter(list=self.list, openid=OuterRef("openid")))
        return Q(listed) if self.mode == "in" else ~Q(listed)

    def describe(self, scope: Scope) -> str:
        found = scope.lists.get(self.list)
        words = _("are on the list “%(name)s”") if self.mode == "in" else _("are not on the list “%(name)s”")
        return words % {"name": found.name if found else "?"}
