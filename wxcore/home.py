"""The start page: what needs attention, what is going on, and what to do next. Each app pins its own panels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from wxcore import rights
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
    is_done: Callable[[rights.Person], bool]


_steps: list[Step] = []


def add_step(step: Step) -> None:
    _steps.append(step)
    _steps.sort(key=lambda added: added.order)


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """This will add the panels, and the first steps as long as one of them is left that the person may do."""
    if not rights.is_unlimited(request.user) and not rights.accounts_of(request.user).exists():
        return context | {"panels": [], "whom_to_ask": _maker_of(request.user)}
    steps = [
        {"step": step, "done": step.is_done(request.user), "allowed": request.user.has_perm(step.permission)}
        for step in _steps
    ]
    following = next((entry for entry in steps if not entry["done"]), None)
    if following is not None and any(entry["allowed"] for entry in steps if not entry["done"]):
        following["is_next"] = True
        context["first_steps"] = steps
    return context | {"panels": BOARD.show(request)}


def _maker_of(user: rights.Person) -> str:
    """Who made the login is the person to ask for more; empty if that is not on record."""
    made = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk), action_flag=ADDITION
    )
    entry = made.select_related("user").first()
    return (entry.user.get_full_name() or entry.user.get_username()) if entry else ""
