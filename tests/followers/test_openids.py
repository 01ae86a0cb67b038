"""A list of openids is read from whatever people paste."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from followers.openids import LARGEST_UNPACKED, BrokenSpreadsheet, FileTooLarge, NotText, parse, read

A, B, C = "oA" + "a" * 26, "oB" + "b" * 26, "oC_-" + "c" * 24


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}\n{C}",
        f"{A}\r\n{B}\r\n{C}\r\n",
        f"\ufeffOpenID\n{A}\n{B}\n{C}",
        f'"openid"\n"{A}"\n"{B}"\n"{C}"',
        f"{A},{B},{C}",
        f"{A};{B}\t{C}",
        f"{A}，{B}；{C}",
        f"{A}、{B}\u3000{C}",
        f"  {A}  \n\n\n {B} {C},,",
    ],
)
def test_it_reads(text: str) -> None:
    parsed = parse(text)

    assert (parsed.openids, parsed.repeated, parsed.malformed) == ([A, B, C], 0, [])


def test_it_keeps_the_order_and_drops_repetitions() -> None:
    parsed = parse(f"{C}\n{A}\n{C}\n{B}\n{A}\n{A}")

    assert (parsed.openids, parsed.repeated) == ([C, A, B], 3)


def test_it_shows_what_is_no_openid() -> None:
    parsed = parse(f"{A}\n老王\n13800138000\n{'x' * 65}\n<script>")

    assert (parsed.openids, parsed.malformed) == ([A], ["老王", "13800138000", "x" * 65, "<script>"])


def test_it_takes_upper_and_lower_case_for_different_people() -> None:
    assert parse(f"{A} {A.upper()}").openids == [A, A.upper()]


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff", "openid\n"])
def test_nothing_is_an_empty_list(text: str) -> None:
    assert parse(text).openids == []


def spreadsheet(*rows: Sequence[Any]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def upload(data: bytes, name: str = "list.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def repacked(data: bytes, **parts: bytes) -> bytes:
    """This will be the spreadsheet with `xl/worksheets/sheet1.xml` (by the name `sheet1`) replaced, or parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].removesuffix(".xml")
            new.writestr(name, parts.pop(stem, None) or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def test_of_a_spreadsheet_it_reads_the_column() -> None:
    data = spreadsheet(["姓名", " OpenID ", "x"], ["老王", A, 5], [None, B, None], ["nobody"], ["", C, ""])

    assert parse(read(upload(data))).openids == [A, B, C]


def test_of_a_spreadsheet_without_heading_it_reads_every_cell() -> None:
    parsed = parse(read(upload(spreadsheet([A, 7], [B]))))

    assert (parsed.openids, parsed.malformed) == ([A, B], ["7"])


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04rest", repacked(spreadsheet([A]), sheet1=b"<x"), repacked(spreadsheet([A]), workbook=b"<a/>")],
)
def test_a_broken_spreadsheet_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenSpreadsheet):
        read(upload(data))


def test_a_spreadsheet_that_unpacks_to_a_mountain_is_refused_unread() -> None:
    data = repacked(spreadsheet([A]), bomb=bytes(LARGEST_UNPACKED))
    assert len(data) < LARGEST_UNPACKED / 500

    with pytest.raises(FileTooLarge):
        read(upload(data))


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet><a>&c;</a></worksheet>'

    with pytest.raises(BrokenSpreadsheet):
        read(upload(repacked(spreadsheet([A]), sheet1=bomb)))


def test_a_cell_far_away_does_not_widen_the_rows() -> None:
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="XFD%d"><v>1</v></c></row>'
    rows = b"".join(far % (n, n, A.encode(), n) for n in range(1, 2_001))
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (namespace, rows)

    parsed = parse(read(upload(repacked(spreadsheet([A]), sheet1=sheet))))

    assert (parsed.openids, parsed.repeated, parsed.malformed) == ([A], 1_999, [])


def test_a_picture_is_refused() -> None:
    with pytest.raises(NotText):
        read(upload(b"\x89PNG\r\n\x1a\n\0\0", "x.csv"))
