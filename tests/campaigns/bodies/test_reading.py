"""A body is read as plain text, and two bodies are compared."""

from __future__ import annotations

from campaigns import bodies

BODY = (
    "<h1>标题</h1><p>a &amp; b&lt;c&gt;<br>d</p><ul><li>x</li></ul><table><tr><td>1</td><td>2</td></tr></table>"
    '<p> <img src="/m/1/" alt="猫"> </p>'
)


def test_the_text_has_a_line_for_each_block() -> None:
    assert bodies.text(BODY) == "标题\na & b<c>\nd\nx\n1\n2"


def test_the_digest_is_the_first_54_characters() -> None:
    assert bodies.default_digest(f"<p>一</p><p>{'二' * 100}</p>") == f"一 {'二' * 52}"


def test_equal_bodies_have_no_difference() -> None:
    assert {row.op for row in bodies.differences(BODY, BODY.replace("<p>", "<p style='color:red'>"))} == {"equal"}


def test_what_was_changed_dropped_and_added_stands_side_by_side() -> None:
    theirs = BODY.replace("标题", "题目").replace("<ul><li>x</li></ul>", "") + "<blockquote>y</blockquote>"

    changed = [tuple(row) for row in bodies.differences(BODY, theirs) if row.op != "equal"]

    assert changed == [("replace", "# 标题", "# 题目"), ("delete", "• x", ""), ("insert", "", "> y")]


def test_a_dropped_picture_is_seen() -> None:
    rows = bodies.differences(BODY, BODY.replace("<img", "<x"))

    assert [(row.op, row.ours) for row in rows][-1] == ("delete", "[图片: 猫]")


def test_a_mark_stays_with_the_words_of_its_block() -> None:
    rows = bodies.differences("<ul><li></li><li><p>x<br>y</p></li></ul>z", "")

    assert [row.ours for row in rows] == ["• x", "y", "z"]


def test_two_long_bodies_are_compared_all_the_same() -> None:
    rows = bodies.differences("<p>x</p>" * 9_000, "<p>y</p>" * 9_000)

    assert len(rows) == 1_000
