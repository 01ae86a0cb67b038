"""A list of openids is read from whatever people paste."""

from __future__ import annotations

import pytest

from campaigns.audience import parse_list

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
    parsed = parse_list(text)

    assert (parsed.openids, parsed.repeated, parsed.malformed) == ([A, B, C], 0, [])


def test_it_keeps_the_order_and_drops_repetitions() -> None:
    parsed = parse_list(f"{C}\n{A}\n{C}\n{B}\n{A}\n{A}")

    assert (parsed.openids, parsed.repeated) == ([C, A, B], 3)


def test_it_shows_what_is_no_openid() -> None:
    parsed = parse_list(f"{A}\n老王\n13800138000\n{'x' * 65}\n<script>")

    assert (parsed.openids, parsed.malformed) == ([A], ["老王", "13800138000", "x" * 65, "<script>"])


def test_it_takes_upper_and_lower_case_for_different_people() -> None:
    assert parse_list(f"{A} {A.upper()}").openids == [A, A.upper()]


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff", "openid\n"])
def test_nothing_is_an_empty_list(text: str) -> None:
    assert parse_list(text).openids == []
