"""docs/callbacks.md and the code name the same events, classes and handlers."""

from __future__ import annotations

import re

from django.conf import settings

from callbacks import words
from callbacks.erasing import OF_THE_ACCOUNT
from callbacks.handlers import HANDLERS
from wxcore.wechat import messages
from wxcore.wechat.messages import EVENT_KINDS, MESSAGE_KINDS

PAGE = (settings.BASE_DIR / "docs" / "callbacks.md").read_text()
ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| `(\w+)` \| (.+) \|$", re.MULTILINE)
KINDS = [*MESSAGE_KINDS.values(), *EVENT_KINDS.values()]


def test_every_kind_is_in_the_table_under_its_class() -> None:
    table = [(name, row[1]) for row in ROW.findall(PAGE) for name in re.findall(r"`(\w+)`", row[0])]

    assert sorted(table) == sorted((kind.name, kind.push.__name__) for kind in KINDS)


def test_every_kind_has_a_name_for_people() -> None:
    assert set(words.MESSAGES) == set(MESSAGE_KINDS)
    assert set(words.EVENTS) == set(EVENT_KINDS)


def test_every_class_has_a_handler() -> None:
    assert set(HANDLERS) == {kind.push for kind in KINDS}


def test_the_instructions_name_what_there_is() -> None:
    names = ("while_here", "_subject", "OF_THE_ACCOUNT", "BY_EVENT", "LINES", "EVENTS", "deeds", "received_between")
    for name in names:
        sources = re.findall(r"`((?:callbacks|wxcore)/[\w/]+(?:\.py)?)`", PAGE)
        assert f"`{name}`" in PAGE
        assert any(name in _text(source) for source in sources), name


def test_the_account_s_own_events_are_known() -> None:
    assert set(OF_THE_ACCOUNT) <= set(EVENT_KINDS)
    assert messages.MassSendJobFinish in {EVENT_KINDS[event].push for event in OF_THE_ACCOUNT}


def _text(source: str) -> str:
    path = settings.BASE_DIR / source
    files = sorted(path.glob("*.py")) if path.is_dir() else [path]
    return "".join(file.read_text() for file in files)
