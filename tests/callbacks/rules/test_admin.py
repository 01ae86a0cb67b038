"""The pages of the reply rules: what they show, what they refuse, and who may touch what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from callbacks.models import ReplyRule
from campaigns.models import MediaAsset
from tests.callbacks.rules.conftest import Make
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
LIST = "/admin/callbacks/replyrule/"


def posted(account: OfficialAccount, **fields: Any) -> dict[str, Any]:
    given = {"account": account.pk, "trigger": "keyword", "match": "contains", "words": "价格", "kind": "text",
             "text": "见官网", "is_active": "on"}  # fmt: skip
    return given | fields


@pytest.fixture
def reader(staff_user: User, account: OfficialAccount, client: Client) -> Client:
    """Somebody who may look, and nothing else."""
    permit(staff_user, "view_replyrule")
    client.force_login(staff_user)
    return client


def test_an_empty_list_says_what_to_begin_with(admin_client: Client, account: OfficialAccount) -> None:
    html = admin_client.get(LIST).content.decode()

    assert "还没有自动回复" in html
    assert "starter=welcome" in html
    form = admin_client.get(f"{LIST}add/?starter=night").content.decode()
    assert 'value="22:00"' in form


def test_who_may_only_look_is_told_who_makes_rules(reader: Client) -> None:
    assert "拥有“编辑”角色的成员可以新建自动回复" in reader.get(LIST).content.decode()


def test_a_rule_is_written_and_changed(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.post(f"{LIST}add/", posted(account)).status_code == 302
    rule = ReplyRule.objects.get()
    assert (rule.name, rule.text, rule.created_by.username) == ("价格", "见官网", "boss")

    changed = posted(account, words="价格\n多少钱", from_time="22:00", until_time="08:00")
    assert admin_client.post(f"{LIST}{rule.pk}/change/", changed).status_code == 302
    rule.refresh_from_db()
    assert (rule.words, rule.from_time) == ("价格\n多少钱", dt.time(22))


def test_each_error_stands_at_its_field(admin_client: Client, account: OfficialAccount) -> None:
    bad = posted(account, match="regex", words="(", text="", from_time="09:00")
    answer = admin_client.post(f"{LIST}add/", bad)

    assert set(answer.context["adminform"].form.errors) == {"words", "text", "until_time"}
    assert "缺少 )" in answer.content.decode()
    assert not ReplyRule.objects.exists()


def test_the_file_of_the_chosen_kind_counts(
    admin_client: Client, account: OfficialAccount, picture: MediaAsset
) -> None:
    admin_client.post(f"{LIST}add/", posted(account, kind="image", picture=picture.pk))
    assert ReplyRule.objects.get().asset == picture

    wrong = admin_client.post(f"{LIST}add/", posted(account, kind="voice", voice=picture.pk))
    assert set(wrong.context["adminform"].form.errors) == {"voice"}


def test_the_list_warns_of_what_never_answers(admin_client: Client, make_rule: Make) -> None:
    make_rule(words="价格", name="甲")
    make_rule(words="价格表", name="乙")

    assert "排在前面的“甲”总是先回复" in admin_client.get(LIST).content.decode()


def test_the_list_costs_the_same_with_more_rules(
    admin_client: Client, make_rule: Make, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_rule(words=f"词{number}")
    with django_assert_max_num_queries(16):
        admin_client.get(LIST)


def test_the_box_shows_the_answer_and_the_reasons(admin_client: Client, make_rule: Make, account: Any) -> None:
    make_rule(words="地址", name="甲")
    make_rule(words="价格", name="乙", text="<b>见官网</b>")
    asked = {"account": account.pk, "act": "text", "word": "价格", "at": "12:00"}
    html = admin_client.get(f"{LIST}trial/", asked).content.decode()

    assert "&lt;b&gt;见官网" in html
    assert "未命中" in html
    for nonsense in ({"act": "?"}, {"account": "x"}, {"at": "99:99"}, {"word": "\0"}, {}):
        assert admin_client.get(f"{LIST}trial/", asked | nonsense if nonsense else {}).status_code == 200


@pytest.mark.parametrize("articles", ["", "[", "[1]", "{}", '[{"title": "\\ud800"}]', '[{"title": "一"}]'])
def test_the_preview_takes_anything(admin_client: Client, account: OfficialAccount, articles: str) -> None:
    for kind in ("text", "news", "music", "video", "image", "voice", "transfer_customer_service", "?"):
        body = {"kind": kind, "articles": articles, "picture": "x", "text": "<script>"}
        answer = admin_client.post(f"{LIST}preview/", body)
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode()


def test_order_and_switch(admin_client: Client, make_rule: Make) -> None:
    one, two = make_rule(), make_rule()
    assert admin_client.post(f"{LIST}order/", {"order": f"{two.pk},{one.pk}"}).status_code == 204
    assert list(ReplyRule.objects.all()) == [two, one]

    answer = admin_client.post(f"{LIST}{one.pk}/switch/", {"on": "0"})
    assert 'aria-checked="false"' in answer.content.decode()
    assert not ReplyRule.objects.get(pk=one.pk).is_active
    admin_client.post(LIST, {"action": "switch_on", "_selected_action": [one.pk, two.pk]})
    assert ReplyRule.objects.filter(is_active=True).count() == 2


def test_a_copy_is_asked_for_and_made(admin_client: Client, make_rule: Make) -> None:
    rule = make_rule()
    url = f"{LIST}{rule.pk}/copy/"
    assert admin_client.get(url).status_code == 200
    assert ReplyRule.objects.count() == 1

    admin_client.post(url)
    assert ReplyRule.objects.filter(is_active=False).count() == 1


def test_a_reader_changes_nothing(reader: Client, make_rule: Make, account: OfficialAccount) -> None:
    rule = make_rule()
    html = reader.get(LIST).content.decode()

    assert "q-switch" not in html
    assert "data-move" not in html
    assert reader.get(f"{LIST}{rule.pk}/change/").status_code == 200
    assert reader.post(f"{LIST}{rule.pk}/switch/", {"on": "0"}).status_code == 403
    assert reader.post(f"{LIST}order/", {"order": rule.pk}).status_code == 403
    assert reader.post(f"{LIST}{rule.pk}/copy/").status_code == 403
    assert reader.post(f"{LIST}preview/").status_code == 403
    assert reader.post(f"{LIST}add/", posted(account)).status_code == 403
    assert ReplyRule.objects.get().is_active
