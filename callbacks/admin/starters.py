"""Rules to begin with, for who has none yet: what nearly every account answers by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from callbacks.models import Match, ReplyKind, Trigger
from wxcore.models import OfficialAccount


@dataclass(frozen=True, slots=True)
class Starter:
    """A rule that the form is filled with. Nothing is saved before somebody has read it."""

    icon: str
    title: Any
    why: Any
    fields: dict[str, Any]


STARTERS = {
    "welcome": Starter(
        "person_add",
        _("Greet new followers"),
        _("The first thing that they read, within a second."),
        {"trigger": Trigger.SUBSCRIBE, "kind": ReplyKind.TEXT, "name": _("Words of welcome"),
         "text": _("Welcome! Tell us what you are looking for: write “hours”, “address” or “help”.")},
    ),
    "keyword": Starter(
        "chat",
        _("Answer a common question"),
        _("Opening hours, address, prices: answered day and night."),
        {"trigger": Trigger.KEYWORD, "match": Match.CONTAINS, "kind": ReplyKind.TEXT, "name": _("Opening hours"),
         "words": _("hours\nopen"), "text": _("We are open from 9:00 to 18:00, Monday to Friday.")},
    ),
    "human": Starter(
        "support_agent",
        _("Hand over to a person"),
        _("Who writes “help” is passed on to your customer service in WeChat."),
        {"trigger": Trigger.KEYWORD, "match": Match.CONTAINS, "kind": ReplyKind.TRANSFER,
         "name": _("Customer service"), "words": _("help\nstaff")},
    ),
    "night": Starter(
        "bedtime",
        _("Say when you are back"),
        _("At night, to whatever no other rule answers."),
        {"trigger": Trigger.DEFAULT, "kind": ReplyKind.TEXT, "name": _("At night"), "from_time": "22:00",
         "until_time": "09:00", "text": _("We have read your message and answer from 9:00 on.")},
    ),
}  # fmt: skip


def addresses(add: str, account: OfficialAccount | None) -> list[dict[str, Any]]:
    """This will be the starters with the addresses of their filled forms."""
    return [
        {"starter": one, "url": f"{add}?{urlencode({'starter': name, **({'account': account.pk} if account else {})})}"}
        for name, one in STARTERS.items()
    ]


def initial(name: str) -> dict[str, Any]:
    """This will be what a form begins with, nothing for an unknown name."""
    found = STARTERS.get(name)
    return {field: str(value) for field, value in found.fields.items()} if found else {}
