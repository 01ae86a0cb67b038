"""Rows of figures: what was measured, what it was held against, and whether the bound holds."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import django


@dataclass(frozen=True, slots=True)
class Figure:
    """An absolute figure: for the reader, never judged."""

    value: float
    unit: str

    def __str__(self) -> str:
        digits = 0 if self.value >= 1000 else 1 if self.value >= 10 else 2
        return f"{self.value:,.{digits}f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """Ours beside what it is held against. `result` is a ratio or, unless `unit` is "×", a difference in that unit."""

    name: str
    ours: Figure
    theirs: Figure
    result: float
    bound: float
    at_least: bool = False
    unit: str = "×"

    @property
    def holds(self) -> bool:
        return self.result >= self.bound if self.at_least else self.result <= self.bound

    def cells(self) -> tuple[str, ...]:
        """This will be the row as text, in the order of HEADINGS."""
        result, bound = (f"{value:.2f} ×" if self.unit == "×" else f"{value:.1f} {self.unit}" for value in self._values)
        sign = "≥" if self.at_least else "≤"
        return self.name, str(self.ours), str(self.theirs), result, f"{sign} {bound}", "OK" if self.holds else "OVER"

    @property
    def _values(self) -> tuple[float, float]:
        return self.result, self.bound


HEADINGS = ("what", "ours", "held against", "result", "bound", "")


def cost(
    name: str, ours: Sequence[float], theirs: Sequence[float], *, figure: Callable[[float], Figure], bound: float
) -> Row:
    """This will hold the time that ours takes to at most `bound` times that of theirs.

    Turn by turn, and the median counts: what disturbs the machine for a while disturbs a turn, not the comparison.
    `figure` shows the median time to the reader.
    """
    result = median(our / their for our, their in zip(ours, theirs, strict=True))
    return Row(name, figure(median(ours)), figure(median(theirs)), result, bound)


def speed(
    name: str, ours: Sequence[float], theirs: Sequence[float], *, figure: Callable[[float], Figure], bound: float
) -> Row:
    """This will hold the speed of ours to at least `bound` times that of theirs. It takes times, as `cost` does."""
    result = median(their / our for our, their in zip(ours, theirs, strict=True))
    return Row(name, figure(median(ours)), figure(median(theirs)), result, bound, at_least=True)


def difference(name: str, ours: Figure, theirs: Figure, *, bound: float) -> Row:
    """This will be the row of a difference, ours less theirs, in the unit of both."""
    return Row(name, ours, theirs, ours.value - theirs.value, bound, unit=ours.unit)


def within(
    name: str, ours: Sequence[float], theirs: Sequence[float], *, figure: Callable[[float], Figure], bound: float
) -> Row:
    """This will hold ours itself to `bound`, in the unit of `figure`; theirs is shown beside it."""
    shown = figure(median(ours))
    return Row(name, shown, figure(median(theirs)), shown.value, bound, unit=shown.unit)


def table(rows: Sequence[Row]) -> str:
    """This will be the rows as lines of text, in columns."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    return "\n".join(_line(line, widths) for line in cells)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    name, *figures, verdict = cells
    aligned = [figure.rjust(width) for figure, width in zip(figures, widths[1:-1], strict=True)]
    return "  ".join([name.ljust(widths[0]), *aligned, verdict]).rstrip()


def write(rows: Sequence[Row], path: Path, *, quick: bool) -> None:
    """This will write the rows and the machine as JSON."""
    machine = {
        "cpus": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    found = {"machine": machine, "quick": quick, "rows": [asdict(row) | {"holds": row.holds} for row in rows]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
