"""A menu as WeChat tells it: how it becomes buttons of ours, and what is different between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from callbacks import buttons as menu_buttons
from callbacks.buttons import Button, Kind, Path

# Types that only the console has, whose content is a media_id.
MATERIAL = ("img", "photo", "voice", "news")


@dataclass(frozen=True, slots=True)
class Note:
    """What could not be taken over as it is, at `path`: a person must finish it. `text` is in the reader's language."""

    path: Path
    text: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One place of two menus; None where a menu has no button."""

    path: Path
    before: Button | None
    after: Button | None

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def adopt(
    live: Sequence[Button], *, assets: Mapping[str, int], publications: Mapping[str, int]
) -> tuple[list[Button], list[Note]]:
    """This will be a menu of WeChat's as ours, with what has to be finished by hand.

    `assets` and `publications` say which media_id and which article_id are ours. A button of the console that sends a
    text becomes one that a reply rule answers.
    """
    notes: list[Note] = []

    def taken(path: Path, button: Button) -> Button:
        if button.get("sub_button"):
            below = [taken((*path, index), leaf) for index, leaf in enumerate(button["sub_button"])]
            return {"name": button.get("name", ""), "sub_button": below}
        ours = {"name": button.get("name", "")} | _action(path, button, notes)
        if ours.get("media_id") in assets:
            ours["asset"] = assets[ours.pop("media_id")]
        if ours.get("article_id") in publications:
            ours["publication"] = publications[ours.pop("article_id")]
        return ours

    return [taken((index,), button) for index, button in enumerate(live)], notes


def _action(path: Path, button: Button, notes: list[Note]) -> Button:
    kind, value = button.get("type", ""), button.get("value", "")
    if kind in menu_buttons.FIELDS:
        fields = {name: button[name] for name in menu_buttons.FIELDS[kind] if button.get(name)}
        if kind == Kind.VIEW and value:
            fields.setdefault("url", value)
        return {"type": kind, **fields}
    if kind in MATERIAL and value:
        return {"type": Kind.MEDIA.value, "media_id": value}
    if kind == "video" and menu_buttons.domain(value):
        notes.append(Note(path, _("The video of the console is a web page now; better choose the file.")))
        return {"type": Kind.VIEW.value, "url": value}
    key = f"menu-{menu_buttons.place(path)}"
    if kind == "text":
        words = {"key": key, "text": value}
        notes.append(Note(path, _("Make a reply rule for the key “%(key)s” that answers: %(text)s") % words))
    else:
        words = {"key": key, "type": kind or "–"}
        notes.append(Note(path, _("The type “%(type)s” is not known; it became the key “%(key)s”.") % words))
    return {"type": Kind.CLICK.value, "key": key}


def differences(before: Sequence[Button], after: Sequence[Button]) -> list[Line]:
    """This will be two menus side by side, place by place, the equal places too."""
    lines = []
    for top in range(max(len(before), len(after))):
        left, right = _at(before, top), _at(after, top)
        lines.append(Line((top,), _alone(left), _alone(right)))
        below = [(one or {}).get("sub_button") or [] for one in (left, right)]
        for sub in range(max(map(len, below))):
            lines.append(Line((top, sub), _at(below[0], sub), _at(below[1], sub)))
    return lines


def _at(buttons: Sequence[Button], index: int) -> Button | None:
    return buttons[index] if index < len(buttons) else None


def _alone(button: Button | None) -> Button | None:
    """Without what is below it, which has lines of its own."""
    return button and {name: value for name, value in button.items() if name != "sub_button"}
