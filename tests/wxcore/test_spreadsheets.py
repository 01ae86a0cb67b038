"""Tables are downloaded as CSV and XLSX that programs open, and that do nothing but show."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import openpyxl
import pytest
from django.http import StreamingHttpResponse

from wxcore import xlsx
from wxcore.spreadsheets import Format, Table, download
from wxcore.xlsx import Cell

COLUMNS = [("OpenID", 32), ("备注", 20), ("人数", 8), ("时间", 20)]
NOON = dt.datetime(2026, 11, 21, 4, 0, 7, 900_000, tzinfo=dt.UTC)  # 12:00:07.9 in Shanghai
ROW = ("oTest1", "老王 & <b>“你好”", 12, NOON)
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠A",
    "  =1",
    '=HYPERLINK("http://x")',
]


def table(*rows: Sequence[Cell], name: str = "收件人") -> Table:
    return Table(name, COLUMNS, rows)


def content(answer: StreamingHttpResponse) -> bytes:
    return b"".join(answer.streaming_content)


def read_csv(given: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(download(given, Format.CSV)).decode("utf-8-sig"), newline="")))


def read_xlsx(given: Table) -> list[list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content(download(given, Format.XLSX))))
    return [[row[: len(COLUMNS)] for row in sheet.iter_rows(values_only=True)] for sheet in book]


def test_csv_has_the_mark_by_which_excel_knows_utf_8() -> None:
    assert content(download(table(ROW), Format.CSV)).startswith(b"\xef\xbb\xbfOpenID,")


def test_csv_shows_every_kind_of_cell() -> None:
    assert read_csv(table(ROW, ("", "", None, None))) == [
        ["OpenID", "备注", "人数", "时间"],
        ["oTest1", "老王 & <b>“你好”", "12", "2026-11-21 12:00:07"],
        ["", "", "", ""],
    ]


def test_xlsx_shows_every_kind_of_cell() -> None:
    headings = tuple(heading for heading, _width in COLUMNS)
    noon = dt.datetime(2026, 11, 21, 12, 0, 7)  # noqa: DTZ001 - Excel knows no zones
    assert read_xlsx(table(ROW)) == [[headings, (*ROW[:3], noon)]]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_no_formula(text: str) -> None:
    row = (text, "", None, None)
    assert read_csv(table(row))[1][0] == f"'{text}"

    book = openpyxl.load_workbook(io.BytesIO(content(download(table(row), Format.XLSX))))
    cell = book.active["A2"]
    assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", True)


def test_a_negative_number_stays_a_number() -> None:
    row = ("oTest1", "", -3, None)
    assert read_csv(table(row))[1][2] == "-3"
    assert read_xlsx(table(row))[0][1][2] == -3


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\ud800b", "a\uffffb"])
def test_what_no_file_may_hold_is_left_out(text: str) -> None:
    row = (text, "", None, None)
    assert read_csv(table(row))[1][0] == "ab"
    assert read_xlsx(table(row))[0][1][0] == "ab"


def test_a_text_that_excel_would_not_open_is_cut() -> None:
    assert len(read_xlsx(table(("啊" * 40_000, "", None, None)))[0][1][0]) == 32_767


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    rows = [(f"o{number}", "", None, None) for number in range(5)]

    sheets = read_xlsx(table(*rows))

    assert [[row[0] for row in sheet] for sheet in sheets] == [
        ["OpenID", "o0", "o1"],
        ["OpenID", "o2", "o3"],
        ["OpenID", "o4"],
    ]


def test_a_sheet_that_is_just_full_is_not_followed_by_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    assert len(read_xlsx(table(ROW, ROW))) == 1


@pytest.mark.parametrize("form", Format)
def test_a_table_without_rows_has_its_headings(form: Format) -> None:
    rows = read_csv(table()) if form is Format.CSV else read_xlsx(table())[0]
    assert [list(row) for row in rows] == [["OpenID", "备注", "人数", "时间"]]


@pytest.mark.parametrize("form", Format)
def test_rows_are_read_while_they_are_downloaded(form: Format) -> None:
    read = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal read
        for number in range(200_000):
            read = number
            yield (f"{number * 7919 % 1_000_003:032x}", "", number, None)

    next(iter(download(Table("大", COLUMNS, rows()), form)))

    assert read < 50_000


def test_a_name_that_no_file_can_have_is_changed() -> None:
    answer = download(table(ROW, name='双/十"二\n[1]: 很长的名字很长的名字很长的名字很长的名字很长的名字'), Format.XLSX)

    assert "/" not in answer.headers["Content-Disposition"].partition("''")[2].replace("%2F", "/")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert len(openpyxl.load_workbook(io.BytesIO(content(answer))).sheetnames[0]) <= 31


def test_no_cache_keeps_it() -> None:
    assert download(table(ROW), Format.CSV).headers["Cache-Control"] == "private, no-store"
