"""A file on its way to WeChat."""

from __future__ import annotations

import os

import pytest

from tests.wechat.conftest import Connect
from tests.wechat.host import TOKEN, Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import Busy, InvalidRequest, NoAnswer, WrongMediaFile

UPLOAD = "/cgi-bin/media/upload"
UPLOADIMG = "/cgi-bin/media/uploadimg"
ADD = "/cgi-bin/material/add_material"
UPLOADED = {"type": "image", "media_id": "M1", "created_at": 1380000000}
PICTURE = b"\x89PNG\r\n\x1a\n\r\n--boundary--\x00\xff"


def upload(wechat: WeChat, filename: str = "a.png", content: bytes = PICTURE) -> str:
    return wechat.media.upload("image", filename, content, "image/png").media_id


def test_it_goes_out_as_the_field_media_with_its_name_and_type(host: Host, wechat: WeChat) -> None:
    host.will(UPLOAD, UPLOADED)
    assert upload(wechat) == "M1"
    (call,) = host.calls(UPLOAD)
    assert (call.method, call.query) == ("POST", {"access_token": TOKEN + "1", "type": "image"})
    assert call.headers["Content-Length"] == str(len(call.body))
    (part,) = call.parts().values()
    assert part.headers == {
        "Content-Disposition": 'form-data; name="media"; filename="a.png"',
        "Content-Type": "image/png",
    }
    assert part.content == PICTURE


def test_a_chinese_name_goes_out_as_raw_utf8(host: Host, wechat: WeChat) -> None:
    host.will(UPLOAD, UPLOADED)
    upload(wechat, "春季 海报😀.png")
    assert 'filename="春季 海报😀.png"' in host.calls(UPLOAD)[0].parts()["media"].headers["Content-Disposition"]


def test_a_name_cannot_add_a_header_or_end_the_field(host: Host, wechat: WeChat) -> None:
    host.will(UPLOAD, UPLOADED)
    upload(wechat, 'a"; name="x\r\nX-Evil: 1\r\n\r\n.png')
    (part,) = host.calls(UPLOAD)[0].parts().values()
    assert set(part.headers) == {"Content-Disposition", "Content-Type"}
    assert part.content == PICTURE


def test_a_name_with_half_a_character_is_refused_before_anything_is_sent(host: Host, wechat: WeChat) -> None:
    with pytest.raises(InvalidRequest):
        upload(wechat, "\ud83d.png")
    assert host.requests == []


def test_a_video_carries_its_title_and_introduction(host: Host, wechat: WeChat) -> None:
    host.will(ADD, {"media_id": "V1"})
    added = wechat.materials.add("video", "春.mp4", b"mp4", "video/mp4", title="春天", introduction='“新”"品"')
    assert (added.media_id, added.url) == ("V1", "")
    parts = host.calls(ADD)[0].parts()
    assert parts["description"].content.decode() == '{"title":"春天","introduction":"“新”\\"品\\""}'
    assert parts["media"].content == b"mp4"


def test_all_of_it_goes_out_again_with_a_new_token(host: Host, wechat: WeChat) -> None:
    content = os.urandom(300_000)
    host.will(UPLOAD, {"errcode": 42001, "errmsg": "access_token expired"}, UPLOADED)
    assert upload(wechat, content=content) == "M1"
    first, second = host.calls(UPLOAD)
    assert [call.query["access_token"] for call in (first, second)] == [TOKEN + "1", TOKEN + "2"]
    assert first.parts()["media"].content == second.parts()["media"].content == content


def test_it_is_not_repeated_for_any_other_reason(host: Host, wechat: WeChat, naps: list[float]) -> None:
    host.will(UPLOADIMG, {"errcode": -1, "errmsg": "system error"})
    with pytest.raises(Busy):
        wechat.media.upload_image("a.png", PICTURE, "image/png")
    assert (len(host.calls(UPLOADIMG)), naps) == (1, [])


@pytest.mark.parametrize("errcode", [40004, 40005, 40006, 40009, 40010, 40011, 40012, 44001, 45001, 45007])
def test_a_file_that_wechat_does_not_take_is_the_wrong_file(host: Host, wechat: WeChat, errcode: int) -> None:
    host.will(UPLOAD, {"errcode": errcode, "errmsg": "x"})
    with pytest.raises(WrongMediaFile) as caught:
        upload(wechat)
    assert caught.value.maybe_carried_out is False


def test_a_slow_line_has_more_time_than_the_connection(host: Host, connect_to: Connect) -> None:
    host.sip = 0.01
    host.will(UPLOAD, UPLOADED)
    assert upload(connect_to(host.url, timeout=(0.4, 5.0)), content=bytes(12 * 1024 * 1024)) == "M1"


def test_a_line_that_hardly_moves_is_given_up(host: Host, connect_to: Connect) -> None:
    host.sip = 0.05
    wechat = connect_to(host.url, timeout=(1.0, 0.1))
    with pytest.raises(NoAnswer) as caught:
        upload(wechat, content=bytes(20 * 1024 * 1024))
    assert caught.value.maybe_carried_out is True
