"""Every list of the admin as a file: the rows that its filters leave, the columns that it shows."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.db.models import Model, QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wxcore.spreadsheets import Table, spoken
from wxcore.xlsx import Cell

# In characters, for what is no number.
WIDTH = 24


def table(admin: Any, rows: QuerySet[Any], columns: Sequence[str]) -> Table:
    """This will be the rows as the list shows them, but for what only helps to handle it."""
    headings = [(_capital(label_for_field(column, admin.model, admin)), WIDTH) for column in columns]

    def cells(row: Model) -> list[Cell]:
        return [_cell(admin, row, column) for column in columns]

    return Table(str(admin.opts.verbose_name_plural), headings, spoken(rows.order_by("-pk"), cells))


def _cell(admin: Any, row: Model, column: str) -> Cell:
    field, _attribute, value = lookup_field(column, row, admin)
    if field is not None and field.choices:
        value = getattr(row, f"get_{field.name}_display")()
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | dt.datetime):
        return value
    text = html.unescape(strip_tags(str(value).replace("<", " <"))) if isinstance(value, SafeString) else str(value)
    words = " ".join(text.split())
    return None if words == "-" else words


def _capital(label: object) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
