"""material/*: the library of permanent material."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulator.conftest import APPID, SECRET, Caller
from tests.simulator.files import amr, mp4, picture

MATERIAL = "/cgi-bin/material"
ADD = f"{MATERIAL}/add_material"


def described(**description):
    return {"description": json.dumps(description, ensure_ascii=False)}


def listed(caller, kind, offset=0, count=20):
    return caller.post(f"{MATERIAL}/batchget_material", {"type": kind, "offset": offset, "count": count})


def test_a_picture_has_an_address(caller):
    answer = caller.upload(ADD, picture(), "封面.jpg", type="image")
    assert caller.session.get(answer["url"]).content == picture()
    found = caller.download("POST", f"{MATERIAL}/get_material", body={"media_id": answer["media_id"]})
    assert found.content == picture()


def test_a_voice_has_none(caller):
    answer = caller.upload(ADD, amr(1), "问候.amr", type="voice")
    assert answer.keys() == {"media_id"}
    assert listed(caller, "voice")["item"][0]["name"] == "问候.amr"


def test_a_video_has_a_title(caller):
    fields = described(title="故事", introduction="介绍")
    media_id = caller.upload(ADD, mp4(), "v.mp4", type="video", fields=fields)["media_id"]
    found = caller.post(f"{MATERIAL}/get_material", {"media_id": media_id})
    assert (found["title"], found["description"]) == ("故事", "介绍")
    assert caller.session.get(found["down_url"]).content == mp4()
    assert listed(caller, "video")["item"][0]["name"] == "故事"


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {"description": "{"},
        described(),
        described(title=1),
        described(title="a", colour="b"),
        {"title": "a"},
    ],
)
def test_a_video_without_its_words_is_refused(caller, fields):
    assert caller.upload(ADD, mp4(), type="video", fields=fields)["errcode"] == 47001


def test_only_a_video_has_words(caller):
    assert caller.upload(ADD, picture(), type="image", fields=described(title="a"))["errcode"] == 47001


def test_pages_begin_with_the_newest(caller):
    ids = [caller.upload(ADD, picture(), f"{n}.jpg", type="image")["media_id"] for n in range(3)]
    page = listed(caller, "image", 0, 2)
    assert (page["total_count"], page["item_count"]) == (3, 2)
    assert [item["media_id"] for item in page["item"]] == [ids[2], ids[1]]
    assert page["item"][0].keys() == {"media_id", "name", "update_time", "url"}
    assert listed(caller, "image", 3)["item"] == []


@pytest.mark.parametrize(
    ("count", "offset", "code"), [(0, 0, 45076), (1, 0, 0), (20, 0, 0), (21, 0, 45076), (1, -1, 45164)]
)
def test_a_page_has_1_to_20(caller, count, offset, code):
    assert listed(caller, "image", offset, count).get("errcode", 0) == code


def test_a_list_is_of_one_kind(caller):
    assert listed(caller, "thumb")["errcode"] == 40004


def test_everything_is_counted(control, caller):
    control.library(APPID, images=2, voices=3, videos=1, news=4)
    count = {"image_count": 2, "voice_count": 3, "video_count": 1, "news_count": 4}
    assert caller.get(f"{MATERIAL}/get_materialcount") == count
    assert len(listed(caller, "news")["item"][0]["content"]["news_item"]) == 1


def test_deleting_leaves_the_address(caller):
    answer = caller.upload(ADD, picture(), type="image")
    body = {"media_id": answer["media_id"]}
    assert caller.post(f"{MATERIAL}/del_material", body)["errcode"] == 0
    assert caller.post(f"{MATERIAL}/get_material", body)["errcode"] == 40007
    assert caller.post(f"{MATERIAL}/del_material", body)["errcode"] == 40007
    assert caller.session.get(answer["url"]).status_code == 200


def test_a_full_library_takes_nothing(control, caller):
    control.account(APPID, library_limits={"image": 2, "voice": 0})
    control.library(APPID, images=1)
    assert "media_id" in caller.upload(ADD, picture(), type="thumb")
    assert caller.upload(ADD, picture(), type="image")["errcode"] == 45034
    assert caller.upload(ADD, amr(1), type="voice")["errcode"] == 45034


@pytest.mark.parametrize(("limits", "most"), [("current", 100_000), ("old", 5000)])
@pytest.mark.parametrize("held", ["image", "news"])
def test_of_pictures_and_articles_together_there_are_so_many(control, caller, limits, most, held):
    control.account(APPID, media_limits=limits, library_held={held: most - 1})
    assert "media_id" in caller.upload(ADD, picture(), type="image")
    assert caller.upload(ADD, picture(), type="thumb")["errcode"] == 45034
    count = caller.get(f"{MATERIAL}/get_materialcount")
    assert count["image_count"] + count["news_count"] == most


@pytest.mark.parametrize("kind", ["voice", "video"])
def test_of_voices_and_videos_there_are_a_thousand(control, caller, kind):
    content, fields = (amr(1), None) if kind == "voice" else (mp4(), described(title="a"))
    control.library(APPID, **{f"{kind}s": 999})
    assert "media_id" in caller.upload(ADD, content, type=kind, fields=fields)
    assert caller.upload(ADD, content, type=kind, fields=fields)["errcode"] == 45034


def test_another_accounts_material_is_unknown(simulator, control, caller):
    control.account("wxother", secret=SECRET)
    stranger = Caller(simulator.url, "wxother")
    assert stranger.post(f"{MATERIAL}/get_material", {"media_id": caller.cover()})["errcode"] == 40007


@pytest.mark.parametrize("name", ["add_news", "update_news"])
def test_news_are_no_longer_added(caller, name):
    assert caller.post(f"{MATERIAL}/{name}", {"articles": []})["errcode"] == 45103


def test_an_unverified_account_may_not(control, caller):
    control.account(APPID, verified=False)
    assert caller.get(f"{MATERIAL}/get_materialcount")["errcode"] == 48001


def test_uploads_at_once_do_not_overfill_it(control, caller):
    control.account(APPID, library_limits={"image": 3})
    caller.fetch_token()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: caller.upload(ADD, picture(), f"{n}.jpg", type="image"), range(8)))
    assert sum("media_id" in answer for answer in answers) == 3
    assert caller.get(f"{MATERIAL}/get_materialcount")["image_count"] == 3
