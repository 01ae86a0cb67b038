"""media/upload, media/get, media/uploadimg: what is taken, what is refused, how long it lives."""

import pytest

from tests.simulator.conftest import APPID
from tests.simulator.files import KB, MB, amr, mp3, mp4, picture, wav, wma

UPLOAD = "/cgi-bin/media/upload"
ADD = "/cgi-bin/material/add_material"
TITLE = {"description": '{"title": "标题"}'}


def code(caller, kind, content, path=UPLOAD):
    fields = TITLE if (path, kind) == (ADD, "video") else None
    return caller.upload(path, content, type=kind, fields=fields).get("errcode", 0)


def test_a_picture_comes_back_as_it_was(caller):
    answer = caller.upload(UPLOAD, picture("PNG"), '夏 "日".png', type="image")
    assert answer.keys() == {"type", "media_id", "created_at"}
    found = caller.download("GET", "/cgi-bin/media/get", media_id=answer["media_id"])
    assert found.content == picture("PNG")
    assert found.headers["Content-Type"] == "image/png"
    assert '夏 "日".png'.encode().decode("latin-1") in found.headers["Content-Disposition"]


def test_a_thumb_has_an_id_of_another_name(caller):
    assert "thumb_media_id" in caller.upload(UPLOAD, picture(), type="thumb")


def test_of_a_video_there_is_an_address(caller):
    media_id = caller.upload(UPLOAD, mp4(), type="video")["media_id"]
    url = caller.get("/cgi-bin/media/get", media_id=media_id)["video_url"]
    assert caller.session.get(url).content == mp4()
    part = caller.session.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image", picture("JPEG", 10 * MB)),
        ("image", picture("PNG")),
        ("image", picture("GIF")),
        ("voice", mp3(1, 2 * MB)),
        ("voice", mp3(60)),
        ("voice", amr(60)),
        ("video", mp4(10 * MB)),
        ("thumb", picture("JPEG", 64 * KB)),
    ],
)
def test_up_to_the_limit(caller, kind, content):
    assert code(caller, kind, content) == 0


@pytest.mark.parametrize(
    ("kind", "content", "refusal"),
    [
        ("image", picture("JPEG", 10 * MB + 1), 40009),
        ("voice", mp3(1, 2 * MB + 1), 40010),
        ("video", mp4(10 * MB + 1), 40011),
        ("thumb", picture("JPEG", 64 * KB + 1), 40012),
        ("voice", mp3(60.1), 45007),
        ("voice", amr(60.1), 45007),
        ("image", picture("BMP"), 40005),
        ("thumb", picture("PNG"), 40005),
        ("voice", wav(1), 40005),
        ("voice", wma(1), 40005),
        ("image", amr(1), 40005),
        ("video", picture(), 40005),
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 40005),
        ("image", picture()[:-60], 40005),
        ("video", mp4()[:-60], 40005),
        ("voice", b"#!AMR\n", 40005),
        ("image", b"", 44001),
        ("file", picture(), 40004),
        ("", picture(), 40004),
    ],
)
def test_beyond_the_limit(caller, kind, content, refusal):
    assert code(caller, kind, content) == refusal


@pytest.mark.parametrize(
    ("kind", "content", "refusal"),
    [
        ("image", picture("BMP"), 0),
        ("image", picture("JPEG", 10 * MB), 0),
        ("image", picture("JPEG", 10 * MB + 1), 40009),
        ("voice", wav(60), 0),
        ("voice", wav(61), 45007),
        ("voice", wma(60), 0),
        ("voice", wma(61), 45007),
        ("voice", mp3(1, 2 * MB), 0),
        ("voice", mp3(1, 2 * MB + 1), 40010),
        ("video", mp4(10 * MB), 0),
        ("video", mp4(10 * MB + 1), 40011),
        ("thumb", picture("JPEG", 64 * KB), 0),
        ("thumb", picture("JPEG", 64 * KB + 1), 40012),
    ],
)
def test_the_limits_of_permanent_material(caller, kind, content, refusal):
    assert code(caller, kind, content, ADD) == refusal


@pytest.mark.parametrize(
    ("path", "kind", "content", "refusal"),
    [
        (UPLOAD, "image", picture("JPEG", 128 * KB), 0),
        (UPLOAD, "image", picture("JPEG", 128 * KB + 1), 40009),
        (UPLOAD, "image", picture("PNG"), 40005),
        (UPLOAD, "voice", mp3(1, 256 * KB), 0),
        (UPLOAD, "voice", mp3(1, 256 * KB + 1), 40010),
        (ADD, "voice", mp3(1, 5 * MB), 0),
        (ADD, "voice", mp3(1, 5 * MB + 1), 40010),
        (ADD, "voice", wav(60), 0),
        (ADD, "voice", wav(61), 45007),
        (UPLOAD, "voice", wav(1), 40005),
        (UPLOAD, "video", mp4(1 * MB), 0),
        (UPLOAD, "video", mp4(1 * MB + 1), 40011),
        (ADD, "video", mp4(1 * MB), 0),
        (ADD, "video", mp4(1 * MB + 1), 40011),
        (ADD, "image", picture("JPEG", 128 * KB), 0),
        (ADD, "image", picture("JPEG", 128 * KB + 1), 40009),
        (ADD, "image", picture("BMP"), 40005),
        (UPLOAD, "thumb", picture("JPEG", 64 * KB), 0),
        (UPLOAD, "thumb", picture("JPEG", 64 * KB + 1), 40012),
    ],
)
def test_the_limits_of_former_years(control, caller, path, kind, content, refusal):
    control.account(APPID, media_limits="old")
    assert code(caller, kind, content, path) == refusal


def test_it_lives_three_days(control, caller):
    media_id = caller.upload(UPLOAD, picture(), type="image")["media_id"]
    control.advance(72 * 3600 - 60)
    caller.token = ""
    assert caller.download("GET", "/cgi-bin/media/get", media_id=media_id).content == picture()
    control.advance(61)
    assert caller.get("/cgi-bin/media/get", media_id=media_id)["errcode"] == 40007


def test_permanent_material_is_not_temporary(caller):
    assert caller.get("/cgi-bin/media/get", media_id=caller.cover())["errcode"] == 40007


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (picture("JPEG", 1 * MB - 1), 0),
        (picture("PNG"), 0),
        (picture("JPEG", 1 * MB), 40009),
        (picture("GIF"), 40005),
        (amr(1), 40005),
    ],
)
def test_a_picture_for_an_article(caller, content, refusal):
    answer = caller.upload("/cgi-bin/media/uploadimg", content)
    assert answer.get("errcode", 0) == refusal
    assert refusal or caller.session.get(answer["url"]).content == content


def test_a_form_must_have_the_file(caller):
    path, query = f"{caller.url}{UPLOAD}", {"access_token": caller.fetch_token()["access_token"], "type": "image"}

    def refusal(**request):
        return caller.session.post(path, params=query, **request).json()["errcode"]

    assert refusal(json={}) == 41005
    assert refusal(files={"file": ("a.jpg", picture())}) == 47001
    assert refusal(files={"media": (None, picture())}) == 41005
    assert refusal(files={"media": ("a.jpg", picture())}, data={"type": "image"}) == 47001
    foreign = b"--x\r\nContent-Disposition: form-data; name=\"media\"; filename*=utf-8''a.jpg\r\n\r\nx\r\n--x--\r\n"
    assert refusal(data=foreign, headers={"Content-Type": "multipart/form-data; boundary=x"}) == 41005
    assert refusal(data=foreign[:-7], headers={"Content-Type": "multipart/form-data; boundary=x"}) == 41005


def test_500_uploads_a_day_of_a_test_account(control, caller):
    control.account(APPID, kind="test")
    quota = caller.post("/cgi-bin/openapi/quota/get", {"cgi_path": UPLOAD})["quota"]
    assert quota["daily_limit"] == 500
