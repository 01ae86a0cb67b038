"""How a person enters a condition: what a form shows for each of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Option(NamedTuple):
    """One choice. What is `gone` can be seen where it was chosen, and not be chosen anew."""

    value: str | int
    label: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One input. `type`: chips (several options), ids (the same, of numbers), words (free text, several),
    choice (one option), pick (one number), number, day, list (an uploaded list)."""

    name: str
    type: str
    label: str = ""
    after: str = ""
    options: Sequence[Option] = ()
    value: str | int = ""
