"""The start page: what needs attention, what is going on, and what to do next. Each app pins its own panels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from wxcore.panels import Board

BOARD = Board()


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps with the product: the start page leads through them until all are done."""

    order: int
    title: str
    text: str
    url_name: str
    permission: str
    is_done: Callable[[], bool]


_steps: list[Step] = []


def add_step(step: Step) -> None:
    _steps.append(step)
    _steps.sort(key=lambda added: added.order)


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """This will add the panels, and the first steps as long as one of them is not done."""
    steps = [
        {"step": step, "done": step.is_done(), "allowed": request.user.has_perm(step.permission)} for step in _steps
    ]
    following = next((entry for entry in steps if not entry["done"]), None)
    if following is not None:
        following["is_next"] = True
        context["first_steps"] = steps
    return context | {"panels": BOARD.show(request)}
