"""The body for WeChat has only pictures that WeChat has, and WeChat's limits are checked before WeChat is asked."""

from __future__ import annotations

import pytest

from campaigns import bodies, limits


def at_wechat(url: str) -> bool:
    return url.startswith("http://mmbiz.qpic.cn/")


def test_pictures_get_the_addresses_of_their_uploads() -> None:
    body = '<p><img src="/m/1/" alt="a"><img src="http://mmbiz.qpic.cn/b"></p><p style="background:url(/m/2/)">x</p>'

    assert bodies.for_wechat(body, {"/m/1/": "http://mmbiz.qpic.cn/1", "/m/2/": "http://mmbiz.qpic.cn/2"},
                             is_hosted=at_wechat) == (
        '<p><img src="http://mmbiz.qpic.cn/1" alt="a"><img src="http://mmbiz.qpic.cn/b"></p>'
        '<p style="background:url(http://mmbiz.qpic.cn/2)">x</p>'
    )  # fmt: skip


@pytest.mark.parametrize("body", ['<img src="https://a/b.png">', '<p style="background:url(https://a/b.png)">x</p>'])
def test_a_foreign_picture_is_named(body: str) -> None:
    with pytest.raises(bodies.ForeignPicture) as caught:
        bodies.for_wechat(body, {}, is_hosted=at_wechat)

    assert caught.value.url == "https://a/b.png"
    assert "https://a/b.png" in str(caught.value)


def test_what_was_never_cleaned_is_cleaned() -> None:
    body = "<style>p{color:red}</style><p onclick=x()>a<script>x()</script></p>"

    assert bodies.for_wechat(body, {}, is_hosted=at_wechat) == '<p style="color:red">a</p>'


def test_it_is_shown_as_wechat_keeps_it() -> None:
    body = (
        '<p style="position:fixed;color:red"><img src="https://a/b.png"><img src="http://mmbiz.qpic.cn/b">'
        '<a href="https://shop.example/">shop</a><a href="https://mp.weixin.qq.com/s/x">more</a></p>'
    )

    assert bodies.as_kept(body, at_wechat) == (
        '<p style="color:red"><img src="http://mmbiz.qpic.cn/b"><a>shop</a>'
        '<a href="https://mp.weixin.qq.com/s/x">more</a></p>'
    )


@pytest.mark.parametrize("html", ["", " ", "<p><br></p>", "<p>&nbsp;\u3000\u200b</p>", "<section></section>"])
def test_a_body_without_content_is_empty(html: str) -> None:
    assert [error.code for error in bodies.check(html)] == ["empty_body"]


@pytest.mark.parametrize("html", ["x", '<img src="/m/1/">', '<iframe src="https://v.qq.com/x"></iframe>'])
def test_a_body_with_anything_is_not(html: str) -> None:
    assert bodies.check(html) == []


def test_characters_are_counted_with_the_tags() -> None:
    longest = f"<p>{'群' * (limits.CONTENT_CHARS - 8)}</p>"

    assert (len(longest), bodies.check(longest)) == (19_999, [])
    assert [error.code for error in bodies.check(f"{longest} ")] == ["body_too_long"]


def test_bytes_are_counted_apart() -> None:
    heaviest = f"{'群' * ((limits.CONTENT_BYTES - 1) // 3)}"

    assert len(heaviest.encode()) == limits.CONTENT_BYTES - 1
    assert "body_too_heavy" not in [error.code for error in bodies.check(heaviest)]
    assert "body_too_heavy" in [error.code for error in bodies.check(f"{heaviest}x")]
