"""Bodies that are made to exhaust us are refused or cleaned, in bounded memory."""

from __future__ import annotations

import pytest

from campaigns import bodies
from campaigns.bodies.markup import DEPTH, MARKUP_CHARS, PARTS


def test_five_megabytes_are_refused() -> None:
    with pytest.raises(bodies.BodyTooLarge):
        bodies.clean("<p>群发</p>" * 500_000)


def test_the_limit_of_markup_has_two_sides() -> None:
    assert len(bodies.clean("x" * MARKUP_CHARS)) == MARKUP_CHARS
    with pytest.raises(bodies.BodyTooLarge):
        bodies.clean("x" * (MARKUP_CHARS + 1))


def test_the_limit_of_parts_has_two_sides() -> None:
    assert len(bodies.clean("<br>" * PARTS)) == 4 * PARTS
    with pytest.raises(bodies.BodyTooLarge):
        bodies.clean("<br>" * (PARTS + 1))


def test_pictures_inside_the_text_do_not_count_as_markup() -> None:
    assert len(bodies.clean(f'<p><img src="data:image/png;base64,{"A" * 4_000_000}"></p>')) > 4_000_000


def test_pictures_inside_the_text_have_a_limit_too() -> None:
    with pytest.raises(bodies.BodyTooLarge):
        bodies.clean(f'<img src="data:image/png;base64,{"A" * 16_000_000}">')


def test_tables_nested_500_deep_are_refused() -> None:
    with pytest.raises(bodies.BodyTooDeep):
        bodies.clean("<table><tr><td>" * 500 + "x" + "</td></tr></table>" * 500)


def test_depth_has_two_sides() -> None:
    assert bodies.clean("<div>" * DEPTH).count("<div>") == DEPTH
    with pytest.raises(bodies.BodyTooDeep):
        bodies.clean("<div>" * (DEPTH + 1))


def test_deep_nesting_with_a_style_block_does_not_reach_the_inliner() -> None:
    with pytest.raises(bodies.BodyTooDeep):
        bodies.clean("<style>p{color:red}</style>" + "<div>" * 50_000)


def test_open_formatting_is_not_repeated_in_every_paragraph() -> None:
    """A browser would make 200 × 25,000 tags of this."""
    html = "<p>" + "".join(f"<b title={number}>" for number in range(200)) + "</p>" + "<p>x</p>" * 25_000

    assert len(bodies.clean(html)) < 2 * len(html)


def test_rules_for_everything_are_refused_before_they_multiply() -> None:
    with pytest.raises(bodies.BodyTooLarge):
        bodies.clean("<style>" + "*{color:red}" * 10_000 + "</style>" + "<b>x</b>" * 10_000)


@pytest.mark.parametrize(
    "piece",
    ["<", "<!--", "<a ", '<a a="', "<svg>", "<script>", "</p>", "<p>x", "<li>", "<x/>", "&", "&#", "<![", "<a =",
     "<p style='a:(", '<p style="a:\'', "<style>@media ", "<style>a{", "<style>/*", "<style>*,"],
)  # fmt: skip
def test_a_fragment_repeated_is_read_once(piece: str) -> None:
    """Whoever reads it twice for each place needs hours for this."""
    html = piece * (MARKUP_CHARS // len(piece))
    try:
        bodies.clean(html)
    except (bodies.BodyTooDeep, bodies.BodyTooLarge):
        return
