"""Tables for Excel, WPS and Numbers, written while they are downloaded: CSV and XLSX of any size in constant memory."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import make_naive
from django.utils.translation import get_language, override

from wxcore import xlsx
from wxcore.xlsx import CHUNK, NOT_XML, Cell

# With these a cell of a CSV file begins a formula; the wide ones are what a Chinese keyboard types.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# Rows that are fetched at a time.
ROWS = 2_000
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f"*/:<>?\\|]+')


class Format(StrEnum):
    """In which form a table is downloaded."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """What is downloaded. `name` becomes the file's and the sheet's; `columns` are headings and widths in characters.

    `rows` are read once, and are as long as the columns. Times are aware, and shown in the zone of the site.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def download(table: Table, form: Format) -> StreamingHttpResponse:
    """This will be the answer with which a browser saves the table."""
    if form is Format.XLSX:
        content, kind = xlsx.stream(table.name, table.columns, table.rows), xlsx.KIND
    else:
        content, kind = as_csv(table), "text/csv; charset=utf-8"
    answer = StreamingHttpResponse(content, content_type=kind)
    name = f"{_NOT_IN_FILE_NAMES.sub(' ', table.name).strip()}.{form}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    # Personal data: not for the caches between us and the browser.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def spoken(rows: QuerySet[Any], row: Callable[[Any], Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """This will be the cells of each row. They are read after the view has ended, when the thread may speak another
    language than the reader."""
    language = get_language()

    def read() -> Iterator[Sequence[Cell]]:
        for one in rows.iterator(ROWS):
            with override(language):
                cells = row(one)
            yield cells

    return read()


def as_csv(table: Table) -> Iterator[bytes]:
    """This will be the table as CSV: UTF-8 with the mark without which Excel takes it for GBK; no cell is a formula."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([heading for heading, _width in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if text.tell() >= CHUNK:
            yield _take(text)
    yield _take(text)


def _csv_cell(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return make_naive(cell).isoformat(" ", "seconds")
    if isinstance(cell, str):
        plain = NOT_XML.sub("", cell)
        return f"'{plain}" if plain.lstrip(" ").startswith(FORMULA) else plain
    return cell


def _take(text: io.StringIO) -> bytes:
    chunk = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return chunk
