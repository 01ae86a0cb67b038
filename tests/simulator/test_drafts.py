"""draft/*: what the box takes, what it keeps, what it refuses."""

import pytest

from tests.simulator.conftest import APPID
from tests.simulator.files import picture

BOX = "/cgi-bin/draft"


def add(caller, **changed):
    article = {"title": "标题", "content": "<p>正文</p>", "thumb_media_id": caller.cover(), **changed}
    return caller.post(f"{BOX}/add", {"articles": [article]})


def kept(caller, media_id):
    return caller.post(f"{BOX}/get", {"media_id": media_id})["news_item"]


def test_a_draft_is_kept(caller):
    media_id = caller.draft({"title": "一", "author": "我", "need_open_comment": 1}, {"title": "二"})
    first, second = kept(caller, media_id)
    assert (first["title"], first["author"], first["need_open_comment"]) == ("一", "我", 1)
    assert second["title"] == "二"
    assert caller.session.get(first["thumb_url"]).headers["Content-Type"] == "image/jpeg"
    assert "正文" in caller.session.get(first["url"]).content.decode()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<P STYLE='a'>a&amp;b&#160;c</p>", "<P STYLE='a'>a&amp;b&#160;c</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ('<p onclick="x()" class="c">a</p>', '<p class="c">a</p>'),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href=" java&#115;cript:x()">a</a>', "<a>a</a>"),
        ("<iframe src='https://evil.example/'>x</iframe>a", "a"),
        ('<iframe src="https://v.qq.com/x"></iframe>', '<iframe src="https://v.qq.com/x"></iframe>'),
        ('a<img src="https://example.com/a.png">b', "ab"),
        ('a<img src="data:image/png;base64,AA">b', "ab"),
        ('<img src="https://mmbiz.qpic.cn/a/0">', '<img src="https://mmbiz.qpic.cn/a/0">'),
        ('<img src="https://mmbiz.qpic.cn.evil.example/a/0">b', "b"),
        ("a<style>p{}</style><form><input>b</form>", "ab"),
    ],
)
def test_a_body_is_kept_as_wechat_keeps_it(caller, sent, stored):
    assert kept(caller, add(caller, content=sent)["media_id"])[0]["content"] == stored


def test_an_uploaded_picture_stays(caller):
    url = caller.upload("/cgi-bin/media/uploadimg", picture())["url"]
    body = f'<img src="{url}"><img src="{url[:-3]}x/0">'
    assert kept(caller, add(caller, content=body)["media_id"])[0]["content"] == f'<img src="{url}">'


def test_a_single_article_gets_a_digest(caller):
    assert kept(caller, add(caller, content=f"<p>{'字' * 60}</p>")["media_id"])[0]["digest"] == "字" * 54
    assert [article["digest"] for article in kept(caller, caller.draft({}, {}))] == ["", ""]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": "字" * 32}, 0),
        ({"title": "字" * 33}, 45003),
        ({"title": " "}, 40062),
        ({"author": "字" * 16}, 0),
        ({"author": "字" * 17}, 45110),
        ({"digest": "字" * 128}, 0),
        ({"digest": "字" * 129}, 45004),
        ({"content": "字" * 19_999}, 0),
        ({"content": "字" * 20_000}, 45002),
        ({"content": ""}, 44004),
        ({"content": "<script>a</script><p> </p>"}, 45166),
        ({"content_source_url": "https://a.example/" + "a" * 1006}, 0),
        ({"content_source_url": "https://a.example/" + "a" * 1007}, 45005),
        ({"content_source_url": "javascript:x"}, 41039),
        ({"thumb_media_id": ""}, 40007),
        ({"thumb_media_id": "unknown"}, 40007),
        ({"product_info": {"footer_product_info": {"product_key": "a"}}}, 0),
        ({"product_info": {"footer_product_info": [{"product_key": "a"}, {"product_key": "b"}]}}, 47001),
        ({"show_cover_pic": 1}, 47001),
        ({"article_type": "essay"}, 47001),
        ({"need_open_comment": True}, 47001),
    ],
)
def test_the_limits_of_an_article(caller, changed, code):
    assert add(caller, **changed).get("errcode", 0) == code


def test_titles_were_longer_and_authors_shorter_once(control, caller):
    control.account(APPID, media_limits="old")
    assert "media_id" in add(caller, title="字" * 64, author="字" * 8)
    assert add(caller, title="字" * 65)["errcode"] == 45003
    assert add(caller, author="字" * 9)["errcode"] == 45110


def test_a_temporary_cover_is_refused(caller):
    media_id = caller.upload("/cgi-bin/media/upload", picture(), type="image")["media_id"]
    assert add(caller, thumb_media_id=media_id)["errcode"] == 40007


def test_a_permanent_thumb_is_a_cover(caller):
    media_id = caller.upload("/cgi-bin/material/add_material", picture(), type="thumb")["media_id"]
    assert "media_id" in add(caller, thumb_media_id=media_id)


def test_one_to_eight_articles(caller):
    cover = caller.cover()
    article = {"title": "标题", "content": "a", "thumb_media_id": cover}
    assert "media_id" in caller.post(f"{BOX}/add", {"articles": [article] * 8})
    assert caller.post(f"{BOX}/add", {"articles": [article] * 9})["errcode"] == 45008
    assert caller.post(f"{BOX}/add", {"articles": []})["errcode"] == 44003


def test_comments_need_the_right(control, caller):
    control.account(APPID, may_comment=False)
    assert add(caller, need_open_comment=1)["errcode"] == 88000
    assert "media_id" in add(caller, need_open_comment=0)


def test_a_picture_message_has_1_to_20_pictures(caller):
    one = {"image_media_id": caller.cover()}
    codes = [
        add(caller, article_type="newspic", image_info={"image_list": [one] * count}).get("errcode", 0)
        for count in (0, 1, 20, 21)
    ]
    assert codes == [40215, 0, 0, 40215]


def test_one_article_is_changed(caller):
    media_id = caller.draft({"title": "一"}, {"title": "二"})
    article = {"title": "新", "content": "b", "thumb_media_id": caller.cover()}
    assert caller.post(f"{BOX}/update", {"media_id": media_id, "index": 1, "articles": article})["errcode"] == 0
    assert [one["title"] for one in kept(caller, media_id)] == ["一", "新"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"index": 2}, 40114),
        ({"index": -1}, 40114),
        ({"media_id": "x"}, 40007),
        ({"articles": [{"title": "a"}]}, 47001),
        ({"articles": {}}, 44003),
    ],
)
def test_a_bad_change_changes_nothing(caller, changed, code):
    media_id = caller.draft({}, {})
    article = {"title": "新", "content": "b", "thumb_media_id": caller.cover()}
    body = {"media_id": media_id, "index": 0, "articles": article, **changed}
    assert caller.post(f"{BOX}/update", body)["errcode"] == code
    assert kept(caller, media_id)[0]["title"] == "标题"


def test_the_box_is_listed_the_latest_change_first(caller):
    ids = [caller.draft({"title": title}) for title in ("一", "二", "三")]
    article = {"title": "新", "content": "b", "thumb_media_id": caller.cover()}
    caller.post(f"{BOX}/update", {"media_id": ids[0], "index": 0, "articles": article})
    page = caller.post(f"{BOX}/batchget", {"offset": 0, "count": 2, "no_content": 1})
    assert (page["total_count"], page["item_count"]) == (3, 2)
    assert [item["media_id"] for item in page["item"]] == [ids[0], ids[2]]
    assert "content" not in page["item"][0]["content"]["news_item"][0]
    assert caller.get(f"{BOX}/count") == {"total_count": 3}


@pytest.mark.parametrize(("count", "code"), [(0, 45076), (1, 0), (20, 0), (21, 45076)])
def test_a_page_of_the_box_has_1_to_20(caller, count, code):
    assert caller.post(f"{BOX}/batchget", {"offset": 0, "count": count}).get("errcode", 0) == code


def test_a_deleted_draft_is_gone(caller):
    media_id = caller.draft()
    url = kept(caller, media_id)[0]["url"]
    assert caller.post(f"{BOX}/delete", {"media_id": media_id})["errcode"] == 0
    assert caller.post(f"{BOX}/get", {"media_id": media_id})["errcode"] == 40007
    assert caller.post(f"{BOX}/delete", {"media_id": media_id})["errcode"] == 40007
    assert caller.session.get(url).status_code == 404


def test_the_box_is_on(caller):
    assert caller.post(f"{BOX}/switch") == {"errcode": 0, "errmsg": "ok", "is_open": 1}


def test_500_looks_a_day(caller):
    quota = caller.post("/cgi-bin/openapi/quota/get", {"cgi_path": f"{BOX}/get"})["quota"]
    assert quota["daily_limit"] == 500


def test_a_page_can_do_nothing(caller):
    url = kept(caller, add(caller, title="<b>x</b>")["media_id"])[0]["url"]
    answer = caller.session.get(url)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<h1>&lt;b&gt;x" in answer.text
