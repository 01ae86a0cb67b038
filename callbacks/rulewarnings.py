"""What a person should know of their reply rules: one that is broken, words that an earlier rule answers first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callbacks import matching, replying, shadows
from callbacks.models import ReplyRule
from callbacks.shadows import Shadow

SHOWN_WORDS = 6


class Code(StrEnum):
    """Stable words for programs."""

    BROKEN = "broken"
    NEVER_ANSWERS = "never_answers"
    WORDS_TAKEN = "words_taken"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning. `words` are answered by the rule `by`, which comes before; None when the rule itself is broken."""

    code: Code
    cause: Shadow | matching.BadPattern

    @property
    def message(self) -> str:
        """In the language that is active."""
        return _shadowed(self.cause) if isinstance(self.cause, Shadow) else str(self.cause.message)

    @property
    def words(self) -> tuple[str, ...]:
        return self.cause.words if isinstance(self.cause, Shadow) else ()

    @property
    def by(self) -> int | None:
        return self.cause.by.pk if isinstance(self.cause, Shadow) else None


def of(rules: Iterable[ReplyRule]) -> dict[int, list[Warned]]:
    """This will be the warnings of these rules, and perhaps of others, by primary key. One query, however many they
    are and of however many accounts: what silences a rule may stand on another page."""
    rows = ReplyRule.objects.filter(account__in={rule.account_id for rule in rules}).order_by("position", "pk")
    known = defaultdict(list)
    for row in rows:
        known[row.account_id].append(replying.compiled(row))
    found: dict[int, list[Warned]] = defaultdict(list)
    for own in known.values():
        for rule in own:
            if rule.broken is not None:
                found[rule.row.pk].append(Warned(Code.BROKEN, rule.broken))
        for pk, cast in shadows.find(tuple(own)).items():
            found[pk] += [Warned(Code.NEVER_ANSWERS if one.is_whole else Code.WORDS_TAKEN, one) for one in cast]
    return found


def _shadowed(found: Shadow) -> str:
    if found.is_whole and not found.words:
        return _("Never answers: “%(rule)s” comes before it.") % {"rule": found.by.name}
    given = ", ".join(f"“{word}”" for word in found.words[:SHOWN_WORDS])
    if found.is_whole:
        return _("Never answers to %(words)s: “%(rule)s” comes before it.") % {"words": given, "rule": found.by.name}
    return ngettext(
        "%(words)s is answered by “%(rule)s”, which comes before it.",
        "%(words)s are answered by “%(rule)s”, which comes before it.",
        len(found.words),
    ) % {"words": given, "rule": found.by.name}
