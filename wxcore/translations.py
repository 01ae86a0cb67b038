"""What our code marks for translation, held against the Chinese catalog: what is missing, what nobody uses.

Django's own `makemessages` needs GNU gettext and would also ask for the strings of installed packages; this reads
Python by its syntax tree and templates through Django's `templatize`, and needs polib (a development dependency).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("wxcore", "followers", "campaigns", "callbacks")
CATALOG = Path("zh_Hans", "LC_MESSAGES", "django.po")
# Beside it stands an English one, for what installed packages say in words that are not ours.

# The comment `#. unfold` names the installed package that an entry stands in for.
VENDORED = {"django", "unfold", "django_celery_beat", "django_filters", "rest_framework", "drf_spectacular"}

# For each function of django.utils.translation: which of (context, text, plural) its arguments are.
SIGNATURES = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
SIGNATURES |= {f"{name}_lazy": parts for name, parts in SIGNATURES.items()} | {"gettext_noop": ("text",)}

_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALL = re.compile(rf"\b(?:_|n?p?gettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})*(?:\s*,\s*count)?\s*\)")


class Message(NamedTuple):
    """What identifies an entry of a catalog."""

    text: str
    plural: str = ""
    context: str | None = None


class Comparison(NamedTuple):
    """Messages without an entry, with the files that mark them, and entries of ours that no file marks."""

    missing: dict[Message, list[str]]
    obsolete: list[Message]


def catalog_path() -> Path:
    """This will be the Chinese catalog's source file; the compiled one stands beside it."""
    return Path(settings.LOCALE_PATHS[0]) / CATALOG


def load() -> polib.POFile:
    """This will read the Chinese catalog. Raises OSError when it is not there or cannot be read."""
    return polib.pofile(str(catalog_path()))


def compile_catalog() -> Path:
    """This will write the compiled catalogs that Django reads, and return the path of the Chinese one."""
    for source in catalog_path().parents[2].glob("*/LC_MESSAGES/django.po"):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
    return catalog_path().with_suffix(".mo")


def is_vendored(entry: polib.POEntry) -> bool:
    """Whether the entry translates a string of an installed package and not one of ours."""
    return entry.comment in VENDORED


def key(entry: polib.POEntry) -> Message:
    """This will be the message that the entry translates."""
    return Message(text=entry.msgid, plural=entry.msgid_plural, context=entry.msgctxt)


def marked_in_python(source: str) -> Iterator[Message]:
    """This will yield the literal messages that Python source marks, under whatever name it imports the marker."""
    tree = ast.parse(source)
    names = _imported_markers(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            marker = names.get(node.func.id, "")
        else:
            marker = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        message = _message(node, SIGNATURES.get(marker, ()))
        if message:
            yield message


def marked_in_template(source: str) -> Iterator[Message]:
    """This will yield the messages that a template's translation tags and filters mark."""
    header = f"from django.utils.translation import gettext as _, {', '.join(SIGNATURES)}\n"
    calls = _TEMPLATE_CALL.findall(templatize(source))
    return marked_in_python(header + "\n".join(calls).replace(",count)", ",0)"))


def marked() -> dict[Message, list[str]]:
    """This will be every message that our code and templates mark, with the files that mark it."""
    root = Path(settings.BASE_DIR)
    found: dict[Message, list[str]] = {}
    python = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    templates = [path for path in sorted((root / "templates").rglob("*")) if path.suffix in {".html", ".txt"}]
    for path in python + templates:
        source = path.read_text(encoding="utf-8")
        messages = marked_in_python(source) if path.suffix == ".py" else marked_in_template(source)
        for message in messages:
            places = found.setdefault(message, [])
            if (place := str(path.relative_to(root))) not in places:
                places.append(place)
    return found


def compare() -> Comparison:
    """This will hold what is marked against the catalog, in both directions."""
    entries = {key(entry): entry for entry in load()}
    # Django finds the singular of a plural entry too, and a catalog cannot hold both.
    known = set(entries) | {message._replace(plural="") for message in entries}
    used = marked()
    return Comparison(
        missing={message: places for message, places in used.items() if message not in known},
        obsolete=[message for message, entry in entries.items() if message not in used and not is_vendored(entry)],
    )


def _imported_markers(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }


def _message(call: ast.Call, parts: tuple[str, ...]) -> Message | None:
    literals = [arg.value for arg in call.args[: len(parts)] if isinstance(arg, ast.Constant)]
    if not parts or len(literals) < len(parts):
        return None
    return Message(**dict(zip(parts, literals, strict=True)))
