"""Lists of openids as people have them: pasted, or a file that a spreadsheet saved."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from wxcore.errors import OperatorError

OPENID = re.compile(r"^[A-Za-z0-9_-]{20,64}$")
# A million openids of 28 letters, each on its own line.
LARGEST_FILE = 32 * 1024 * 1024
# The same million as a spreadsheet, unpacked. The archive itself says how large it is; no more than that is unpacked.
LARGEST_UNPACKED = 160 * 1024 * 1024
MOST_PARTS = 1_000  # files in a spreadsheet's archive
MOST_COLUMNS = 50  # a cell far to the right would make every row as wide
SPREADSHEET = b"PK\x03\x04"  # .xlsx is a zip file
HEADING = "openid"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What a damaged or hostile file makes openpyxl raise; it has no error of its own for most of it.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, EOFError, NotImplementedError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, RuntimeError, OSError),
)


class FileTooLarge(OperatorError):
    code = "file_too_large"
    message = _("The file is larger than %(limit)d MB.")
    fix = _("Send to a tag instead, or split the list into several campaigns.")


class NotText(OperatorError):
    code = "not_text"
    message = _("This file is neither text nor a spreadsheet.")
    fix = _("In the spreadsheet choose “Save as” and the type XLSX or CSV, then upload that file.")


class BrokenSpreadsheet(OperatorError):
    code = "broken_spreadsheet"
    message = _("The spreadsheet cannot be read.")
    fix = _("Open it, choose “Save as” and the type CSV, then upload that file.")


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a pasted or uploaded list holds, before anybody is looked up."""

    openids: list[str]
    repeated: int
    malformed: list[str]


def parse(text: str) -> ParsedList:
    """This will read openids that stand one to a line or cell: pasted, CSV, TSV; order kept, repetitions dropped."""
    words = [word for word in re.split(r"[\s,;，；、\"']+", text.lstrip("\ufeff")) if word and word.lower() != HEADING]
    openids = dict.fromkeys(word for word in words if OPENID.match(word))
    malformed = [word for word in words if not OPENID.match(word)]
    return ParsedList(list(openids), len(words) - len(malformed) - len(openids), malformed)


def read(upload: UploadedFile) -> str:
    """This will be the text of an uploaded TXT, CSV or XLSX file, whichever program wrote it.

    Of a table it is the column under the heading "OpenID". Raises FileTooLarge, NotText, BrokenSpreadsheet.
    """
    if (upload.size or 0) > LARGEST_FILE:
        raise FileTooLarge(limit=LARGEST_FILE // 1024 // 1024)
    data: bytes = upload.read()
    if data.startswith(SPREADSHEET):
        return _of_spreadsheet(data)
    return _of_text(_decode(data))


def _decode(data: bytes) -> str:
    if data.startswith(UTF16):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise NotText
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel in China writes as plain "CSV".
        return data.decode("gb18030", "replace")


def _of_text(text: str) -> str:
    heading = text.partition("\n")[0]
    delimiter = next((sign for sign in "\t;," if sign in heading), ",")
    position = _position(next(csv.reader([heading], delimiter=delimiter), []))
    if position is None:
        return text
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    return "\n".join(row[position] for row in rows if len(row) > position)


def _of_spreadsheet(data: bytes) -> str:
    file = io.BytesIO(data)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise FileTooLarge(limit=LARGEST_UNPACKED // 1024 // 1024)
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return "\n".join(_cells(workbook.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)))
    except BROKEN:
        raise BrokenSpreadsheet from None


def _cells(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    position: int | None = None
    for number, row in enumerate(rows):
        if number == 0:
            position = _position(row)
        for cell in row if position is None else row[position : position + 1]:
            if cell is not None:
                yield str(cell)


def _position(headings: Iterable[Any]) -> int | None:
    names = [str(name).strip().lower() for name in headings]
    return names.index(HEADING) if HEADING in names else None
