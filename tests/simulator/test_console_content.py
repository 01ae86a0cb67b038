"""What the control plane does with media and drafts, and how much all files may weigh."""

import pytest

from tests.simulator.conftest import APPID
from wxcore.simulator.files import Files
from wxcore.simulator.formats import Facts, tell
from wxcore.simulator.samples import picture, video, voice


@pytest.mark.parametrize(("make", "kind"), [(picture, "image"), (voice, "voice"), (video, "video")])
def test_samples_are_valid_and_differ(make, kind):
    assert tell(make(0)).kind == kind
    assert len({make(number) for number in range(20)}) == 20


def test_the_console_fills_the_library(control, account):
    made = control.library(APPID, images=2, voices=1, videos=1, news=1, drafts=2)
    assert [len(ids) for ids in made.values()] == [2, 1, 1, 1, 2]
    listed = control.all_media(APPID)
    assert {item["kind"] for item in listed} == {"image", "voice", "video", "news"}
    assert all(item["permanent"] for item in listed)
    assert {draft["media_id"] for draft in control.drafts(APPID)} == set(made["drafts"])


def test_the_console_writes_a_draft(control, caller):
    media_id = control.draft(APPID, {"title": "一", "content": "<p>a</p>"}, {"title": "二"})
    items = caller.post("/cgi-bin/draft/get", {"media_id": media_id})["news_item"]
    assert [item["title"] for item in items] == ["一", "二"]
    with pytest.raises(AssertionError, match="no colour"):
        control.draft(APPID, {"colour": "red"})


def test_an_id_is_forgotten(control, caller):
    cover, draft = caller.cover(), caller.draft()
    for media_id in (cover, draft):
        control.forget(APPID, media_id)
        with pytest.raises(AssertionError, match="404"):
            control.forget(APPID, media_id)
    assert caller.post("/cgi-bin/material/get_material", {"media_id": cover})["errcode"] == 40007
    assert caller.post("/cgi-bin/draft/get", {"media_id": draft})["errcode"] == 40007


def test_temporary_files_make_room_first():
    files = Files(capacity=30)
    kept = files.add(bytes(10), Facts("image", "jpg"), temporary=False)
    first, second, third = (files.add(bytes(10), Facts("image", "jpg"), temporary=True) for _ in range(3))
    assert [file.gone for file in (kept, first, second, third)] == [False, True, False, False]
    files.add(bytes(30), Facts("image", "jpg"), temporary=False)
    assert kept.gone
    assert kept.content == b""
