"""From JSON to values, key by key. What nobody asked for is an error: a misspelt key must not widen an audience."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from followers.conditions.errors import InvalidConditions

MOST = 100  # values in one condition
LONGEST = 64  # letters, as long as the longest column that they are compared with
LARGEST = 2**63 - 1  # a primary key


class Fields:
    """One JSON object. Every method raises InvalidConditions; `end` must come last."""

    def __init__(self, given: Any, where: str) -> None:
        self.where = where
        if not isinstance(given, dict):
            raise InvalidConditions(where, _("an object is expected"))
        self._given, self._asked = given, {"kind"}

    def choice(self, name: str, choices: Collection[str]) -> str:
        """This will be one of `choices`."""
        value = self._get(name)
        if not isinstance(value, str) or value not in choices:
            raise self._wrong(name, _("one of %(choices)s is expected"), choices=", ".join(sorted(choices)))
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        """This will be a whole number from `low` to `high`."""
        value = self._get(name)
        if not _is_whole(value) or not low <= value <= high:
            raise self._wrong(name, _("a number from %(low)d to %(high)d is expected"), low=low, high=high)
        return value

    def id(self, name: str) -> int:
        """This will be a primary key."""
        value = self._get(name)
        if not _is_id(value):
            raise self._wrong(name, _("something must be chosen"))
        return value

    def ids(self, name: str) -> tuple[int, ...]:
        """This will be primary keys, each once; () if the key is absent."""
        return tuple(dict.fromkeys(self._list(name, _is_id, _("a list of ids is expected"))))

    def words(self, name: str, choices: Collection[str] | None = None) -> tuple[str, ...]:
        """This will be one word or more, each once, trimmed; of `choices` where given."""

        def fits(word: Any) -> bool:
            return isinstance(word, str) and 0 < len(word.strip()) <= LONGEST and "\0" not in word

        words = [word.strip() for word in self._list(name, fits, _("a list of words is expected"))]
        if not words:
            raise self._wrong(name, _("choose at least one"))
        for word in words:
            if choices is not None and word not in choices:
                raise self._wrong(name, _("“%(word)s” is none of the choices"), word=word)
        return tuple(dict.fromkeys(words))

    def day(self, name: str) -> dt.date | None:
        """This will be a day written as 2026-03-01, None if the key is absent or empty."""
        value = self._get(name)
        if value in (None, ""):
            return None
        try:
            day = dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self._wrong(name, _("a day like 2026-03-01 is expected")) from None
        if not 2000 <= day.year <= 2999:  # far from the ends of what a database can hold
            raise self._wrong(name, _("a day like 2026-03-01 is expected"))
        return day

    def end(self) -> None:
        """This will refuse keys that nobody asked for."""
        for name in self._given:
            if name not in self._asked:
                raise self._wrong(str(name)[:LONGEST], _("this key is not known"))

    def wrong(self, problem: str) -> InvalidConditions:
        """This will be the error that blames the whole object."""
        return InvalidConditions(self.where, problem)

    def _get(self, name: str) -> Any:
        self._asked.add(name)
        return self._given.get(name)

    def _list(self, name: str, fits: Any, problem: str) -> Iterable[Any]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(map(fits, value)):
            raise self._wrong(name, problem)
        if len(value) > MOST:
            raise self._wrong(name, _("at most %(most)d are possible"), most=MOST)
        return value

    def _wrong(self, name: str, problem: str, **params: object) -> InvalidConditions:
        return InvalidConditions(f"{self.where}.{name}", problem, **params)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Any) -> bool:
    return _is_whole(value) and 0 < value <= LARGEST
