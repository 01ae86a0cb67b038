"""The report of a week: sections that each app fills, in words and numbers that a page, a mail and a text can show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from wxcore import rights
from wxcore.models import OfficialAccount
from wxcore.weekly.weeks import Week

Number = int | float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the week, and that of the week before. None is what nobody knows, and not 0.

    `unit` is "" for a count, "%" for a share of 1, "min" for minutes. `less_is_better` turns the colour of a change.
    """

    label: Any
    value: Number
    before: Number = None
    unit: str = ""
    less_is_better: bool = False

    @property
    def shown(self) -> str:
        return show(self.value, self.unit)

    @property
    def shown_before(self) -> str:
        return show(self.before, self.unit)

    @property
    def change(self) -> str:
        """With its sign; empty where there is nothing to compare."""
        if self.value is None or self.before is None:
            return ""
        difference = self.value - self.before
        if self.unit == "%":
            return f"{difference * 100:+.1f} pp" if round(difference, 3) else "±0"
        sign = "+" if difference > 0 else "−"
        return f"{sign}{show(abs(difference), self.unit)}" if difference else "±0"

    @property
    def trend(self) -> str:
        """good, bad or even."""
        if self.value is None or self.before is None or self.value == self.before:
            return "even"
        return "good" if (self.value > self.before) != self.less_is_better else "bad"


def show(value: Number, unit: str = "") -> str:
    """This will be a number as people read it."""
    if value is None:
        return "–"
    if unit == "%":
        return f"{value * 100:.1f}%"
    if unit == "min":
        return minutes(int(value))
    return f"{value:,}"


def minutes(number: int) -> str:
    """This will be a length of time in its two largest units."""
    hours, rest = divmod(number, 60)
    if not number:
        return _("under 1 min")
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}


@dataclass(frozen=True, slots=True)
class Cell:
    """`url` makes it a link; a number stands at the right."""

    text: str
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`headings` begin with that of the words; the others are of numbers."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """The rows, each cell with its heading: on a phone they stand beside each other."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Line:
    """Something to do something about."""

    level: str
    text: str
    fix: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`empty` is said where there is nothing to tell. `name` is a stable word for programs, that of its `register`."""

    title: str
    figures: Sequence[Figure] = ()
    table: Table | None = None
    lines: Sequence[Line] = ()
    empty: str = ""
    note: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    account: OfficialAccount
    week: Week
    sections: list[Section] = field(default_factory=list)


Fill = Callable[[OfficialAccount, Week, Any], Section | None]
_sections: list[tuple[int, str, str, Fill]] = []


def register(order: int, name: str, permission: str, fill: Fill) -> None:
    """This will add a section, for those who have `permission` on the account; `fill` may answer None."""
    _sections.append((order, name, permission, fill))
    _sections.sort(key=lambda section: section[0])


def build(account: OfficialAccount, week: Week, reader: rights.Person) -> Report:
    """This will be the report as somebody may see it, in the language that is active."""
    report = Report(account, week)
    for _order, name, permission, fill in _sections:
        if reader.has_perm(permission, account):
            section = fill(account, week, reader)
            if section is not None:
                report.sections.append(replace(section, name=name))
    return report
