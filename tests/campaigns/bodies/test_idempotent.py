"""Cleaning what is clean changes nothing, whatever was cleaned."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import bodies

NAMES = st.sampled_from(
    [
        "p", "div", "section", "span", "b", "i", "a", "font", "h1", "h2", "ul", "ol", "li", "dl", "dd", "dt", "table",
        "tbody", "thead", "tr", "td", "th", "caption", "col", "colgroup", "pre", "code", "br", "hr", "img", "iframe",
        "figure", "blockquote", "script", "style", "svg", "textarea", "select", "template", "math", "object",
        "center", "body", "html", "form",
    ]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(
    [
        "",
        " x",
        " style='color:red;;margin:0 auto!important;position:fixed'",
        " style=\"background:url(//h/a.png) , url( '/b;c' );font-family:'宋体',&quot;x&quot;\"",
        " class='a b list-paddingleft-1'",
        " src=//h/x.png data-src='/our/1/'",
        ' href="https://a/?x=1&amp;y=2&copy=3"',
        " href=javascript:alert(1)",
        ' style="',
        " a='",
        " =/",
        "/",
    ]
)
TEXTS = st.sampled_from(
    [
        "x", " ", "\n", "\n\n", "\r", "<", ">", "&", "&amp", "&lt;b&gt;", "&#0;",
        "\x00", "\xa0", "<!--", "-->", "<![if x]>",
        "<!-->", "</", "<?php", "]]>", "p{color:red}", "*{margin:0}", "群发", "😀", "'", '"',
    ]
)  # fmt: skip
TAGS = st.one_of(
    st.builds("<{}{}>".format, NAMES, ATTRIBUTES),
    st.builds("</{}>".format, NAMES),
)
SOUP = st.lists(st.one_of(TAGS, TAGS, TEXTS), max_size=30).map("".join)


@given(SOUP)
@settings(max_examples=500, deadline=None)
def test_tag_soup_is_cleaned_once(html: str) -> None:
    once = bodies.clean(html)

    assert bodies.clean(once) == once


@given(st.text(alphabet="<>/pbi &;\"'=!-\n\r\x00\xa0群", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_cleaned_once(html: str) -> None:
    once = bodies.clean(html)

    assert bodies.clean(once) == once
