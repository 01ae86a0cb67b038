"""Which followers are meant: conditions as JSON, as objects, as SQL and in words.

JSON: `{"groups": [[condition, ...], ...]}`. A follower is meant who meets every condition of any group. A condition is
`{"kind": ..., ...}`; each kind is one class. Other apps add theirs with `register`.
"""

from followers.conditions import attributes, lists, times  # noqa: F401 - each registers its kinds
from followers.conditions.base import KINDS, Condition, Scope, register
from followers.conditions.controls import Control, Option
from followers.conditions.definition import Definition, followers, read
from followers.conditions.errors import EmptyDefinition, InvalidConditions, ListGone, TagUnknown, TagVanished
from followers.conditions.reading import Fields
from followers.conditions.tags import Tags

__all__ = [
    "KINDS",
    "Condition",
    "Control",
    "Definition",
    "EmptyDefinition",
    "Fields",
    "InvalidConditions",
    "ListGone",
    "Option",
    "Scope",
    "TagUnknown",
    "TagVanished",
    "Tags",
    "followers",
    "read",
    "register",
]
