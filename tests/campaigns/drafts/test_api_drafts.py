"""/api/v1/drafts/: what the editor of the admin does, for a frontend."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns import drafts
from campaigns.models import Campaign, Draft, MediaAsset
from tests.campaigns.builders import make_asset
from tests.campaigns.conftest import Mirror
from tests.people import member
from wxcore.models import OfficialAccount

DRAFTS = "/api/v1/drafts/"


@pytest.fixture
def cover(account: OfficialAccount) -> MediaAsset:
    return make_asset(account, "image", "封面.jpg")


@pytest.fixture
def draft(account: OfficialAccount, cover: MediaAsset) -> Draft:
    articles = [{"title": title, "body": f"<p>{title}</p>", "cover": cover.pk} for title in ("一", "二")]
    return drafts.create(account, None, articles)


@pytest.fixture
def editor(account: OfficialAccount) -> APIClient:
    return log_in(account, "editor")


def log_in(account: OfficialAccount, role: str) -> APIClient:
    client = APIClient()
    client.force_login(member(account, role))
    return client


def address(draft: Draft, *verb: str) -> str:
    return "".join(f"{part}/" for part in (f"{DRAFTS}{draft.pk}", *verb))


def save(client: APIClient, draft: Draft, articles: Any, **more: Any) -> Any:
    """This will save as somebody does who has just read the draft."""
    tag = client.get(address(draft)).headers["ETag"]
    return client.put(
        address(draft),
        {"account": draft.account_id, "articles": articles, **more},
        format="json",
        headers={"If-Match": tag},
    )


def test_a_draft_is_written(editor: APIClient, account: OfficialAccount, cover: MediaAsset) -> None:
    articles = [{"title": "一", "body": '<p onclick="x()">好</p>', "cover": cover.pk}, {"title": "二"}]
    answer = editor.post(DRAFTS, {"account": account.pk, "articles": articles}, format="json")
    assert answer.status_code == 201
    told = answer.json()
    assert [one["title"] for one in told["articles"]] == ["一", "二"]
    assert "onclick" not in told["articles"][0]["body"]
    assert (told["title"], told["version"], told["updated_by_name"]) == ("一", 1, "editor-test")
    assert {(one["number"], one["field"]) for one in told["problems"]} >= {(2, "cover")}


def test_an_empty_one_has_one_article(editor: APIClient, account: OfficialAccount) -> None:
    told = editor.post(DRAFTS, {"account": account.pk}, format="json").json()
    assert [one["title"] for one in told["articles"]] == [""]


def test_the_list_reads_no_bodies(editor: APIClient, draft: Draft, django_assert_max_num_queries: Any) -> None:
    for _number in range(5):
        drafts.duplicate(draft, None)
    with django_assert_max_num_queries(6):
        rows = editor.get(DRAFTS).json()["results"]
    assert len(rows) == 6
    assert "articles" not in rows[0]


def test_a_save_needs_what_was_seen(editor: APIClient, draft: Draft) -> None:
    given = {"account": draft.account_id, "articles": [{"title": "新"}]}
    assert editor.put(address(draft), given, format="json").status_code == 428
    tag = editor.get(address(draft)).headers["ETag"]
    assert editor.put(address(draft), given, format="json", headers={"If-Match": tag}).status_code == 200
    late = editor.put(address(draft), given | {"articles": [{"title": "晚"}]}, format="json", headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert editor.get(address(draft)).json()["title"] == "新"


def test_autosaves_replace_each_other(editor: APIClient, draft: Draft) -> None:
    for title in ("甲", "乙", "丙"):
        assert save(editor, draft, [{"title": title}], automatic=True).status_code == 200
    versions = editor.get(address(draft, "versions")).json()["results"]
    assert [(one["number"], one["automatic"]) for one in versions] == [(2, True), (1, False)]


@pytest.mark.parametrize(
    ("articles", "field"),
    [
        ([], "articles"),
        ([{"title": "x"}] * 9, "articles"),
        ("x", "articles"),
        ([{"title": "x" * 2000}], "0.title"),
        ([{"title": 5, "cover": "x"}], "articles"),
        ([{"cover": 404404}], "0.cover"),
        ([{"cover": 0}], "articles"),
        ([{"source_url": "x" * 5000}], "0.source_url"),
    ],
)
def test_nonsense_names_its_field(editor: APIClient, draft: Draft, articles: Any, field: str) -> None:
    answer = save(editor, draft, articles)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_another_account_s_cover_is_refused(editor: APIClient, draft: Draft, other_account: OfficialAccount) -> None:
    theirs = make_asset(other_account, "image", "t.jpg")
    assert save(editor, draft, [{"cover": theirs.pk}]).json()["code"] == "foreign_cover"


def test_versions_are_read_compared_and_restored(editor: APIClient, draft: Draft) -> None:
    save(editor, draft, [{"title": "改", "body": "<p>改</p>"}])
    first = editor.get(address(draft, "versions", "1")).json()
    assert [one["title"] for one in first["articles"]] == ["一", "二"]
    told = editor.get(address(draft, "versions", "compare"), {"a": 2, "b": 1}).json()
    assert told["is_same"] is False
    assert [(one["number"], one["is_gone"]) for one in told["changes"]] == [(1, False), (2, True)]
    assert {"op", "before", "after"} == set(told["changes"][0]["body"][0])
    restored = editor.post(address(draft, "versions", "1", "restore"))
    assert [one["title"] for one in restored.json()["articles"]] == ["一", "二"]
    assert editor.get(address(draft, "versions", "99")).status_code == 404
    assert list(editor.get(address(draft, "versions", "compare")).json()["fields"]) == ["a"]


def test_a_copy_and_a_deletion(editor: APIClient, draft: Draft, campaign: Campaign) -> None:
    copy = editor.post(address(draft, "duplicate"))
    assert copy.status_code == 201
    assert [one["title"] for one in copy.json()["articles"]] == ["一", "二"]
    Campaign.objects.filter(pk=campaign.pk).update(draft=draft)
    refused = editor.delete(address(draft), headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (400, "draft_in_use")
    there = f"{DRAFTS}{copy.json()['id']}/"
    assert editor.delete(there, headers={"If-Match": copy.headers["ETag"]}).status_code == 204


def test_html_is_cleaned_and_judged(editor: APIClient) -> None:
    told = editor.post(f"{DRAFTS}clean/", {"html": "<p>好</p><script>1</script>"}, format="json").json()
    assert (told["html"], told["changed"], told["problems"]) == ("<p>好</p>", True, [])
    assert editor.post(f"{DRAFTS}clean/", {"html": "x" * 20_001}, format="json").json()["problems"]
    assert list(editor.post(f"{DRAFTS}clean/", {}, format="json").json()["fields"]) == ["html"]


def test_a_phone_shows_what_is_not_saved(editor: APIClient, draft: Draft) -> None:
    shown = {"articles": [{"title": "未保存", "body": '<p>正文<img src="https://example.com/a.png"></p>'}]}
    told = editor.post(address(draft, "phone"), shown, format="json").json()
    assert "未保存" in told["html"]
    assert told["foreign"] == ["https://example.com/a.png"]
    assert "二" in editor.post(address(draft, "phone"), {"view": "card"}, format="json").json()["html"]
    assert list(editor.post(address(draft, "phone"), {"index": 5}, format="json").json()["fields"]) == ["index"]


def test_a_picture_is_brought(editor: APIClient, draft: Draft) -> None:
    gif = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    answer = editor.post(address(draft, "bring"), {"url": gif}, format="json")
    assert answer.status_code == 201
    assert MediaAsset.objects.get(pk=answer.json()["id"]).file_url == answer.json()["url"]
    refused = editor.post(address(draft, "bring"), {"url": "http://127.0.0.1/x.png"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, refused.json()["code"])


def test_the_draft_box(editor: APIClient, wechat_account: OfficialAccount, draft: Draft, mirror: Mirror) -> None:
    mirror(1)
    asset = draft.articles.first().cover
    import io

    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(target, "JPEG")
    asset.file.open("wb").write(target.getvalue())
    asset.file.close()
    pushed = editor.post(address(draft, "push"))
    assert pushed.status_code == 200, pushed.json()
    told = editor.post(address(draft, "compare")).json()
    assert told["is_same"] is True
    stale = editor.post(address(draft, "take"), {"version": told["version"], "mark": "x"}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "theirs_changed")
    taken = editor.post(address(draft, "take"), {"version": told["version"], "mark": told["mark"]}, format="json")
    assert taken.status_code == 200


def test_what_is_not_in_the_draft_box(editor: APIClient, draft: Draft) -> None:
    assert editor.post(address(draft, "compare")).json()["code"] == "not_in_draft_box"


def test_who_may_not(account: OfficialAccount, draft: Draft, other_account: OfficialAccount) -> None:
    analyst, stranger = log_in(account, "analyst"), log_in(other_account, "administrator")
    assert analyst.get(address(draft)).status_code == 200
    assert stranger.get(address(draft)).status_code == 404
    assert analyst.post(DRAFTS, {"account": account.pk}, format="json").status_code == 403
    assert analyst.put(address(draft), {}, format="json").status_code == 403
    for verb in (("duplicate",), ("push",), ("bring",), ("versions", "1", "restore")):
        assert analyst.post(address(draft, *verb)).status_code == 403
        assert stranger.post(address(draft, *verb)).status_code == 404
    assert list(stranger.post(DRAFTS, {"account": account.pk}, format="json").json()["fields"]) == ["account"]
