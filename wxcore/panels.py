"""Boards that an app owns and other apps pin panels to, so that a page can show what its app must not import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and where its context comes from; `read` answers None when there is nothing to show."""

    order: int
    template: str
    permission: str
    read: Callable[..., Mapping[str, Any] | None]


class Board:
    """The panels of one page."""

    def __init__(self) -> None:
        self._panels: list[Panel] = []

    def pin(self, panel: Panel) -> None:
        self._panels.append(panel)
        self._panels.sort(key=lambda pinned: pinned.order)

    def show(self, request: HttpRequest, *subject: Any) -> list[dict[str, Any]]:
        """This will be `{"template", "data"}` of every panel that the person may see and that has something to show."""
        shown = []
        for panel in self._panels:
            if request.user.has_perm(panel.permission, *subject[:1]):
                data = panel.read(request, *subject)
                if data is not None:
                    shown.append({"template": panel.template, "data": data})
        return shown
