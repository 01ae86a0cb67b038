"""XLSX written from front to back: a ZIP archive of XML (ECMA-376) of any number of rows, in constant memory.

A library would write it into a temporary file first: more than a minute without a byte for a million rows, longer than
a proxy in front of us waits.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from xml.sax.saxutils import escape

from django.utils.timezone import make_naive

Cell = str | int | dt.datetime | None

# Excel's own limits.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
SHEET_NAME_CHARACTERS = 31
CHUNK = 64 * 1024  # bytes that go out at a time
QUOTES = {'"': "&quot;"}
ROWS = 500  # rows that are compressed at a time
DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATED = "application/vnd.openxmlformats-package.relationships+xml"

_SHEET_HEAD = f"""{_XML}<worksheet xmlns="{_MAIN}">
<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>
</sheetView></sheetViews>"""
# Cells: 0 number, 1 heading, 2 text (format 49; quotePrefix keeps it text when somebody edits the cell), 3 time.
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def stream(name: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """This will be an XLSX file with the `columns` (heading, width in characters), in as many sheets as it needs.

    Text is typed as text, so that no cell is a formula. Times are aware, and shown in the zone of the site.
    """
    pipe = _Pipe()
    source = iter(rows)
    names: list[str] = []
    following = next(source, None)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while following is not None or not names:
            names.append(_sheet_name(name, len(names) + 1))
            first = [] if following is None else [following]
            own = chain(first, islice(source, SHEET_ROWS - 1 - len(first)))
            with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as sheet:
                for part in _sheet(columns, own):
                    sheet.write(part.encode())
                    if pipe.size >= CHUNK:
                        yield pipe.take()
            following = next(source, None)
        # Found by their names, so they may come last, when the number of sheets is known.
        for path, content in _parts(names).items():
            archive.writestr(path, content)
    yield pipe.take()


def _sheet(columns: Sequence[tuple[str, int]], rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    letters = [_letters(number) for number in range(len(columns))]
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_heading, width) in enumerate(columns, 1)
    )
    headings = (_text(f"{letter}1", heading, 1) for letter, (heading, _width) in zip(letters, columns, strict=True))
    yield f'{_SHEET_HEAD}<cols>{widths}</cols><sheetData><row r="1">{"".join(headings)}</row>'
    number = 2
    while block := list(islice(rows, ROWS)):
        yield "".join(_row(at, letters, row) for at, row in enumerate(block, number))
        number += len(block)
    yield "</sheetData></worksheet>"


def _row(number: int, letters: Sequence[str], row: Sequence[Cell]) -> str:
    cells = []
    for letter, cell in zip(letters, row, strict=True):
        place = f"{letter}{number}"
        if isinstance(cell, str):
            cells.append(_text(place, cell, 2) if cell else "")
        elif isinstance(cell, dt.datetime):
            days = (make_naive(cell).replace(microsecond=0) - DAY_ZERO) / dt.timedelta(days=1)
            cells.append(f'<c r="{place}" s="3"><v>{days:.8f}</v></c>')
        elif cell is not None:
            cells.append(f'<c r="{place}"><v>{cell}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(place: str, text: str, style: int) -> str:
    plain = escape(NOT_XML.sub("", text)[:CELL_CHARACTERS])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'


def _letters(number: int) -> str:
    """The name of a column, counted from 0: A to Z, AA to ZZ."""
    return chr(65 + number) if number < 26 else f"{chr(64 + number // 26)}{chr(65 + number % 26)}"


def _sheet_name(name: str, number: int) -> str:
    suffix = f" {number}" if number > 1 else ""
    plain = _NOT_IN_SHEET_NAMES.sub(" ", NOT_XML.sub("", name)).strip() or "1"
    return plain[: SHEET_NAME_CHARACTERS - len(suffix)] + suffix


def _parts(names: Sequence[str]) -> dict[str, str]:
    """What the archive must have besides its sheets."""
    sheets, relations, overrides = [], [], []
    for number, name in enumerate(names, 1):
        target = f"worksheets/sheet{number}.xml"
        sheets.append(f'<sheet name="{escape(name, QUOTES)}" sheetId="{number}" r:id="rId{number}"/>')
        relations.append(f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="{target}"/>')
        overrides.append(f'<Override PartName="/xl/{target}" ContentType="{_TYPE}.worksheet+xml"/>')
    relations.append(f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>')
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    types = f"""<Default Extension="rels" ContentType="{_RELATED}"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{"".join(overrides)}"""
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(sheets)}</sheets></workbook>'
    related = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f"{_XML}{workbook}",
        "xl/_rels/workbook.xml.rels": f"{_XML}{related}{''.join(relations)}</Relationships>",
        "_rels/.rels": f"{_XML}{related}{root}</Relationships>",
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
    }


class _Pipe:
    """What the archive is written into: it cannot be wound back, and what was taken out is gone."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        """This will be what was written since the last time."""
        taken, self._chunks, self.size = b"".join(self._chunks), [], 0
        return taken
