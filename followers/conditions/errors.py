"""What can be wrong with conditions. None of it ever means "everybody"."""

from __future__ import annotations

import re

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError


class InvalidConditions(OperatorError):
    """`fields["conditions"]` is where: `groups[0][1].days`."""

    code = "invalid_conditions"
    message = _("The conditions are not understood at %(where)s: %(problem)s")
    fix = _("Correct this condition, or remove it.")

    def __init__(self, where: str, problem: str, **params: object) -> None:
        # Filled in when it is shown: the reader's language is not known before.
        self.where = where
        self.problem = filled = lazy(lambda: str(problem) % params, str)() if params else problem
        super().__init__(where=where or "conditions", problem=filled, fields={"conditions": where or "conditions"})

    def place(self) -> tuple[int, int] | None:
        """This will be the group and the condition at fault, counted from 0; None if it is about more than one."""
        found = re.match(r"groups\[(\d+)\]\[(\d+)\]", self.where)
        return (int(found[1]), int(found[2])) if found else None


class EmptyDefinition(OperatorError):
    code = "empty_conditions"
    message = _("There is no condition.")
    fix = _("Add at least one condition: having none never means everybody.")

    def __init__(self, where: str = "") -> None:
        super().__init__(fields={"conditions": where or "empty"})


class TagVanished(OperatorError):
    code = "tag_vanished"
    message = _("The tag “%(tag)s” no longer exists at WeChat.")
    fix = _("Choose another tag. Nothing was sent: a missing tag never means everybody.")


class TagUnknown(OperatorError):
    code = "tag_unknown"
    message = _("A tag of the conditions is not a tag of “%(account)s”.")
    fix = _("Remove it from the conditions, or choose a tag of this official account.")


class ListGone(OperatorError):
    code = "list_gone"
    message = _("The list of OpenIDs is no longer there, or belongs to another official account.")
    fix = _("Upload the list again.")
