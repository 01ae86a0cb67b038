"""Which tags somebody wears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from followers.conditions.base import Condition, Scope, register
from followers.conditions.controls import Control, Option
from followers.conditions.errors import TagUnknown, TagVanished
from followers.conditions.reading import Fields
from followers.models import Tagging


@register
@dataclass(frozen=True, slots=True)
class Tags(Condition):
    """Wears `all` of these, at least one of `any`, and none of `none`: primary keys of tags."""

    kind = "tags"
    rank = 10
    label = gettext_lazy("Tags")
    of_account = looks_elsewhere = True
    all: tuple[int, ...] = ()
    any: tuple[int, ...] = ()
    none: tuple[int, ...] = ()

    @classmethod
    def read(cls, given: Fields) -> Self:
        found = cls(given.ids("all"), given.ids("any"), given.ids("none"))
        if not (found.all or found.any or found.none):
            raise given.wrong(gettext_lazy("choose at least one tag"))
        return found

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        options = [Option(tag.pk, tag.name, tag.vanished_at is not None) for tag in scope.tags.values()]
        return [
            Control("all", "ids", _("have all of"), options=options),
            Control("any", "ids", _("have at least one of"), options=options),
            Control("none", "ids", _("have none of"), options=options),
        ]

    def check(self, scope: Scope) -> None:
        for pk in (*self.all, *self.any, *self.none):
            tag = scope.tags.get(pk)
            if tag is None:
                raise TagUnknown(account=scope.account.name, fields={"conditions": "tag"})
            # One that nobody should wear counts as well: without it more people would get the message.
            if tag.vanished_at is not None:
                raise TagVanished(tag=tag.name, fields={"conditions": "tag"})

    def where(self, scope: Scope) -> Q:
        found = Q()
        for pk in self.all:
            found &= Q(_wears(tag=pk))
        if self.any:
            found &= Q(_wears(tag__in=self.any))
        if self.none:
            found &= ~Q(_wears(tag__in=self.none))
        return found

    def ids(self, scope: Scope) -> QuerySet[Tagging] | None:
        wanted = self.any or self.all
        if self.none or (self.any and self.all) or len(self.all) > 1:
            return None
        return Tagging.objects.filter(tag__in=wanted).values("follower")

    def describe(self, scope: Scope) -> str:
        parts = []
        if self.all:
            words = _("have the tag %(tags)s") if len(self.all) == 1 else _("have all of the tags %(tags)s")
            parts.append(words % {"tags": _names(self.all, scope)})
        if self.any:
            words = _("have the tag %(tags)s") if len(self.any) == 1 else _("have at least one of the tags %(tags)s")
            parts.append(words % {"tags": _names(self.any, scope)})
        if self.none:
            words = _("do not have the tag %(tags)s") if len(self.none) == 1 else _("have none of the tags %(tags)s")
            parts.append(words % {"tags": _names(self.none, scope)})
        return _(", ").join(parts)


def _wears(**tag: Any) -> Exists:
    return Exists(Tagging.objects.filter(follower=OuterRef("pk"), **tag))


def _names(tags: tuple[int, ...], scope: Scope) -> str:
    return _(", ").join(f"“{scope.tags[pk].name if pk in scope.tags else '?'}”" for pk in tags)
