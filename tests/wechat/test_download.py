"""A file on its way from WeChat."""

from __future__ import annotations

import pytest

from tests.wechat.conftest import Connect
from tests.wechat.host import Host, Reply
from wxcore.wechat import transport
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import BadAnswer, InvalidMediaId, NoAnswer
from wxcore.wechat.media import VideoLocation
from wxcore.wechat.transport import Download

GET = "/cgi-bin/media/get"
GET_MATERIAL = "/cgi-bin/material/get_material"
JPEG = b"\xff\xd8\xff\xe0jpeg"


def file(disposition: str = "", content_type: str = "image/jpeg", body: bytes = JPEG) -> Reply:
    headers = {"Content-Type": content_type} if content_type else {}
    if disposition:
        headers["Content-Disposition"] = disposition.encode().decode("latin-1")  # as raw UTF-8 crosses http.server
    return Reply(body, headers=headers)


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('attachment; filename="海报.jpg"', "海报.jpg"),
        ("attachment; filename=a.jpg", "a.jpg"),
        ("attachment; filename*=UTF-8''%E6%B5%B7%E6%8A%A5.jpg", "海报.jpg"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.jpg"', "a.jpg"),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_it_keeps_its_name_without_a_path(host: Host, wechat: WeChat, disposition: str, filename: str) -> None:
    host.will(GET, file(disposition))
    assert wechat.media.get("M1") == Download(JPEG, "image/jpeg", filename)
    assert host.calls(GET)[0].query["media_id"] == "M1"


def test_a_name_in_latin_1_is_read(host: Host, wechat: WeChat) -> None:
    host.will(GET, Reply(JPEG, headers={"Content-Disposition": 'attachment; filename="é.jpg"'}))
    found = wechat.media.get("M1")
    assert isinstance(found, Download)
    assert found.filename == "é.jpg"


def test_a_file_without_a_type_is_a_file(host: Host, wechat: WeChat) -> None:
    host.will(GET, file(content_type=""))
    assert wechat.media.get("M1") == Download(JPEG, "", "")


def test_a_video_is_named_by_its_address(host: Host, wechat: WeChat) -> None:
    host.will(GET, {"video_url": "http://example.com/v.mp4"})
    assert wechat.media.get("M1") == VideoLocation("http://example.com/v.mp4")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; encoding=utf-8", "image/jpeg"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \n"])
def test_an_error_is_an_error_whatever_its_header_says(
    host: Host, wechat: WeChat, content_type: str, before: bytes
) -> None:
    body = before + b'{"errcode":40007,"errmsg":"invalid media_id"}'
    host.will(GET, Reply(body, headers={"Content-Type": content_type}))
    with pytest.raises(InvalidMediaId):
        wechat.media.get("M1")


@pytest.mark.parametrize(
    "reply",
    [
        file(body=b""),
        file(content_type="text/html; charset=utf-8", body=b"<html>proxy</html>"),
        Reply.of({"errcode": 0, "errmsg": "ok"}),
        file(body=b"{broken"),
    ],
)
def test_what_is_no_file_is_a_bad_answer(host: Host, wechat: WeChat, reply: Reply) -> None:
    host.will(GET, reply)
    host.will(GET_MATERIAL, reply)
    with pytest.raises(BadAnswer):
        wechat.media.get("M1")
    with pytest.raises(BadAnswer):
        wechat.materials.get("M1")


def test_half_a_file_is_no_file(host: Host, wechat: WeChat) -> None:
    host.will(GET, Reply(JPEG, headers={"Content-Type": "image/jpeg"}, missing=5))
    with pytest.raises(NoAnswer):
        wechat.media.get("M1")


def test_a_file_that_is_too_big_is_not_read_to_its_end(
    host: Host, wechat: WeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_FILE_BYTES", 1000)
    host.will(GET, file(body=JPEG * 1000))
    with pytest.raises(BadAnswer, match="more than 1000 bytes"):
        wechat.media.get("M1")


def test_it_is_asked_for_again_after_a_hiccup(host: Host, wechat: WeChat, naps: list[float]) -> None:
    host.will(GET_MATERIAL, {"errcode": -1, "errmsg": "system error"}, file())
    assert wechat.materials.get("M1") == Download(JPEG, "image/jpeg", "")
    assert len(naps) == 1
    assert [call.json() for call in host.calls(GET_MATERIAL)] == [{"media_id": "M1"}] * 2


def test_a_slow_file_has_more_time_than_an_answer(host: Host, connect_to: Connect) -> None:
    host.will(GET, Reply(b"x" * 36, headers={"Content-Type": "image/gif"}, drip=0.03))
    found = connect_to(host.url, timeout=(5.0, 1.0)).media.get("M1")
    assert isinstance(found, Download)
    assert len(found.content) == 36


def test_a_file_that_hardly_moves_is_given_up(host: Host, connect_to: Connect) -> None:
    host.will(GET, Reply(b"x" * 1000, headers={"Content-Type": "image/gif"}, drip=0.03))
    with pytest.raises(NoAnswer, match="too slow"):
        connect_to(host.url, timeout=(5.0, 0.1)).media.get("M1")
