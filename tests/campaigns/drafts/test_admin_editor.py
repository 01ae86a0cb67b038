"""The editor's page and what its scripts ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns import drafts
from campaigns.models import Draft
from tests.campaigns.drafts.conftest import MakePicture, article, titles
from tests.people import permit
from wxcore.models import OfficialAccount

LIST = "/admin/campaigns/draft/"


def post(client: Client, draft: Draft, verb: str, **data: Any) -> Any:
    return client.post(f"{LIST}{draft.pk}/{verb}/", json.dumps(data), content_type="application/json")


def test_a_save_answers_with_the_version_and_what_is_missing(admin_client: Client, draft: Draft) -> None:
    answer = post(admin_client, draft, "save", version=1, articles=[article("一"), article()]).json()

    assert answer["version"] == 2
    assert (2, "title") in [(one["number"], one["field"]) for one in answer["problems"]]
    assert titles(draft) == ["一", ""]


def test_a_save_over_a_newer_one_is_a_conflict(admin_client: Client, draft: Draft) -> None:
    response = post(admin_client, draft, "save", version=0, articles=[article("一")])

    assert response.status_code == 409
    assert response.json().keys() == {"code", "message", "fix", "fields"}
    assert response.json()["code"] == "draft_changed"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"articles": []}', '{"version": "1"}', "[" * 100_000])
def test_nonsense_is_refused_in_words(admin_client: Client, draft: Draft, body: str) -> None:
    response = admin_client.post(f"{LIST}{draft.pk}/save/", body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["message"]
    assert titles(draft) == ["第一篇"]


def test_more_than_can_be_sent_is_refused_in_words(admin_client: Client, draft: Draft) -> None:
    response = post(admin_client, draft, "save", version=1, articles=[article("大", "x" * 3_000_000)])

    assert (response.status_code, response.json()["code"]) == (400, "too_much_data")


def test_what_was_refused_can_be_kept_as_a_copy(admin_client: Client, draft: Draft) -> None:
    url = post(admin_client, draft, "keep-copy", articles=[article("我的")]).json()["url"]

    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert (url, titles(copy)) == (f"{LIST}{copy.pk}/change/", ["我的"])


def test_the_preview_shows_the_message_card(admin_client: Client, draft: Draft, make_picture: MakePicture) -> None:
    cover = make_picture()
    articles = [article("头条", cover=cover.pk), article("次条")]

    html = post(admin_client, draft, "preview", articles=articles, index=0, view="card").json()["html"]

    assert "头条" in html
    assert "次条" in html
    assert cover.file_url in html


def test_the_preview_shows_an_article_and_its_facts(admin_client: Client, draft: Draft) -> None:
    body = '<p>正文</p><p><img src="https://example.com/a.png"></p>'

    answer = post(admin_client, draft, "preview", articles=[article("<b>", body)], index=0, view="article").json()

    assert "&lt;b&gt;" in answer["html"]
    assert "<p>正文</p>" in answer["html"]
    assert answer["foreign"] == ["https://example.com/a.png"]
    assert answer["length"] >= len(body)


def test_the_preview_lets_no_script_through(admin_client: Client, draft: Draft) -> None:
    body = "<p onclick=x()>一</p><script>alert(1)</script><a href='javascript:x'>二</a>"

    html = post(admin_client, draft, "preview", articles=[article("", body)], index=0, view="article").json()["html"]

    assert "<script" not in html
    assert "onclick" not in html
    assert "javascript:" not in html


@pytest.mark.parametrize("wrong", [{"index": 5}, {"index": -1}, {"index": None}, {"view": "x"}])
def test_a_preview_of_nothing_is_refused(admin_client: Client, draft: Draft, wrong: dict[str, Any]) -> None:
    asked = {"articles": [article()], "index": 0, "view": "card"} | wrong

    assert post(admin_client, draft, "preview", **asked).status_code == 400


def test_what_is_pasted_comes_back_clean(admin_client: Client, draft: Draft) -> None:
    html = post(admin_client, draft, "clean", html="<p class=MsoNormal>字<o:p></o:p></p><script>1</script>").json()[
        "html"
    ]

    assert "字" in html
    assert "Mso" not in html
    assert "script" not in html


@pytest.mark.parametrize("verb", ["save", "keep-copy", "preview", "clean"])
def test_who_may_not_write_drafts_is_refused(staff_user: User, draft: Draft, verb: str) -> None:
    permit(staff_user, "view_mediaasset")
    client = Client()
    client.force_login(staff_user)

    assert post(client, draft, verb, version=1, articles=[article("x")]).status_code == 404
    assert titles(draft) == ["第一篇"]


def test_who_may_only_look_gets_no_editor(staff_user: User, draft: Draft) -> None:
    permit(staff_user, "view_draft")
    client = Client()
    client.force_login(staff_user)

    html = client.get(f"{LIST}{draft.pk}/change/").content.decode()

    assert "第一篇" in html
    assert "hugerte.min" not in html
    assert post(client, draft, "preview", articles=[article()], index=0, view="card").status_code == 200


def test_a_draft_that_is_gone_is_not_found(admin_client: Client, draft: Draft) -> None:
    gone = Draft(pk=draft.pk + 1)

    assert admin_client.get(f"{LIST}{gone.pk}/change/").status_code == 404
    assert post(admin_client, gone, "save", version=1, articles=[article()]).status_code == 404


def test_writing_begins_with_an_empty_draft_and_only_one(
    admin_client: Client, admin_user: User, account: OfficialAccount
) -> None:
    first = admin_client.post(f"{LIST}add/", {"account": account.pk})
    again = admin_client.post(f"{LIST}add/", {"account": account.pk})

    draft = Draft.objects.get()
    assert draft.created_by == admin_user
    assert first.url == again.url == f"{LIST}{draft.pk}/change/"


def test_without_an_account_the_page_says_what_to_do(admin_client: Client, db: None) -> None:
    assert "还没有可用的公众号" in admin_client.get(f"{LIST}add/").content.decode()


def test_the_title_of_an_article_cannot_break_out_of_the_page(admin_client: Client, draft: Draft) -> None:
    drafts.save(draft, [article("</script><script>alert(1)")], seen_version=1, by=None, automatic=False)

    assert "<script>alert(1)" not in admin_client.get(f"{LIST}{draft.pk}/change/").content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    admin_client: Client,
    account: OfficialAccount,
    make_picture: MakePicture,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cover = make_picture()
    for number in range(12):
        drafts.create(account, None, [article(f"草稿 {number}", cover=cover.pk), article()])

    with django_assert_max_num_queries(10):
        html = admin_client.get(LIST).content.decode()

    assert "草稿 11" in html
    assert "2 篇" in html
    assert cover.thumb_url in html


def test_the_list_finds_any_article(admin_client: Client, account: OfficialAccount, draft: Draft) -> None:
    drafts.create(account, None, [article("头条"), article("次条里的礼盒")])

    html = admin_client.get(LIST, {"q": "礼盒"}).content.decode()

    assert "头条" in html
    assert "第一篇" not in html


def test_half_a_letter_that_was_pasted_is_dropped(admin_client: Client, draft: Draft) -> None:
    assert post(admin_client, draft, "clean", html="<p>a\ud800</p>").json() == {"html": "<p>a</p>"}
