"""Pictures are found, replaced, and read out of the text."""

from __future__ import annotations

import base64

import pytest

from campaigns import bodies
from campaigns.outside import NotAPicture, OutsideTooLarge

BODY = (
    '<p><img src="/m/1/"><img src="https://a/x.png?a=1&amp;b=2"></p><section style="background:url(https://a/bg.png) '
    'no-repeat;color:red"><img src="/m/1/"></section>'
)


def test_each_is_named_once_in_the_order_of_the_text() -> None:
    assert bodies.pictures(BODY) == ["/m/1/", "https://a/x.png?a=1&b=2", "https://a/bg.png"]


def test_they_are_replaced_everywhere() -> None:
    replaced = bodies.replace_pictures(BODY, {"/m/1/": "https://q/1", "https://a/bg.png": "https://q/b'g(1)"})

    assert bodies.pictures(replaced) == ["https://q/1", "https://a/x.png?a=1&b=2", "https://q/b%27g%281%29"]


def test_none_removes_a_picture_and_only_that() -> None:
    replaced = bodies.replace_pictures(BODY, {"/m/1/": None, "https://a/bg.png": None})

    assert replaced == '<p><img src="https://a/x.png?a=1&amp;b=2"></p><section style="color:red"></section>'


def test_a_replacement_cannot_break_out_of_its_attribute() -> None:
    replaced = bodies.replace_pictures(BODY, {"/m/1/": '/"><script>alert(1)</script>'})

    assert "<script" not in replaced


@pytest.mark.parametrize("form", ["data:image/png;base64,{}", "data:image/JPEG;name=a.jpg;base64,{}"])
def test_a_picture_inside_the_text_is_decoded(form: str) -> None:
    assert bodies.data_picture(form.format(base64.b64encode(b"picture").decode()), max_bytes=7) == b"picture"


@pytest.mark.parametrize(
    "url", ["", "https://a/b.png", "data:image/svg+xml;base64,QQ==", "data:text/html;base64,QQ==", "data:image/png,abc",
            "data:image/png;base64,", "data:image/png;base64,!!!", "data:image/png;base64,A"]
)  # fmt: skip
def test_what_is_no_picture_is_refused(url: str) -> None:
    with pytest.raises(NotAPicture):
        bodies.data_picture(url, max_bytes=100)


def test_the_size_has_two_sides() -> None:
    url = f"data:image/png;base64,{base64.b64encode(bytes(10)).decode()}"

    assert bodies.data_picture(url, max_bytes=10) == bytes(10)
    with pytest.raises(OutsideTooLarge):
        bodies.data_picture(url, max_bytes=9)


@pytest.mark.parametrize("url", ["data:image/png;base64,\ud800", "data:image/png;base64,图"])
def test_what_is_no_base64_is_no_picture(url: str) -> None:
    with pytest.raises(NotAPicture):
        bodies.data_picture(url, max_bytes=100)
