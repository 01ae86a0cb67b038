"""Reply rules over the API: the same refusals as in the admin, and the test of what would be answered."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from callbacks.models import ReplyRule
from tests.callbacks.rules.conftest import Make
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
RULES = "/api/v1/reply-rules/"
CARD = {"title": "一", "url": "https://example.com/1"}


def body(account: OfficialAccount, **fields: Any) -> dict[str, Any]:
    return {"account": account.pk, "trigger": "keyword", "words": "价格", "kind": "text", "text": "见官网"} | fields


def test_a_rule_is_made_changed_and_deleted(api: APIClient, account: OfficialAccount) -> None:
    made = api.post(RULES, body(account), format="json")
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["position"]) == ("价格", 1)
    url = f"{RULES}{made.json()['id']}/"

    assert api.patch(url, {"kind": "news", "articles": [CARD]}, format="json").status_code == 200
    rule = ReplyRule.objects.get()
    assert (rule.kind, rule.text) == ("news", "")
    assert rule.articles == [CARD | {"description": "", "picture": ""}]

    assert api.delete(url).status_code == 204
    assert not ReplyRule.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"match": "regex", "words": "("}, "bad_pattern", "words"),
        ({"words": ""}, "words_missing", "words"),
        ({"text": ""}, "reply_text_missing", "text"),
        ({"kind": "image"}, "reply_file_missing", "asset"),
        ({"from_time": "22:00"}, "hours_incomplete", "until_time"),
        ({"kind": "news", "articles": [{"title": "一"}]}, "invalid", "articles"),
        ({"kind": "nonsense"}, "invalid", "kind"),
        ({"asset": 404}, "invalid", "asset"),
    ],
)
def test_what_could_never_answer_is_refused(
    api: APIClient, account: OfficialAccount, fields: dict[str, Any], code: str, field: str
) -> None:
    refused = api.post(RULES, body(account, **fields), format="json")

    assert refused.status_code == 400
    assert refused.json()["code"] == code
    assert field in refused.json()["fields"]


def test_the_list_is_in_order(api: APIClient, make_rule: Make) -> None:
    one, two, three = (make_rule() for _ in range(3))
    assert api.post(f"{RULES}order/", {"order": [three.pk, one.pk]}, format="json").status_code == 204

    assert [row["id"] for row in api.get(RULES).json()["results"]] == [three.pk, two.pk, one.pk]


def test_a_copy_is_silent(api: APIClient, make_rule: Make) -> None:
    copied = api.post(f"{RULES}{make_rule().pk}/copy/")

    assert copied.status_code == 201
    assert not copied.json()["is_active"]


def test_it_says_what_would_be_answered(api: APIClient, account: OfficialAccount, make_rule: Make) -> None:
    other, rule = make_rule(words="地址"), make_rule(text="见官网")
    asked = {"account": account.pk, "act": "text", "word": "价格", "at": "12:00"}
    told = api.post(f"{RULES}test/", asked, format="json").json()

    assert told["rule"] == rule.pk
    assert told["answer"] == {"kind": "text", "content": "见官网"}
    verdicts = [(step["rule"], step["verdict"]) for step in told["steps"]]
    assert verdicts == [(other.pk, "other_word"), (rule.pk, "answers")]
    nothing = api.post(f"{RULES}test/", asked | {"word": "?"}, format="json").json()
    assert (nothing["rule"], nothing["answer"]) == (None, None)


def test_a_rule_says_what_silences_it(api: APIClient, make_rule: Make) -> None:
    first, partly = make_rule(words="价格"), make_rule(words="价格表\n地址")
    whole = make_rule(trigger="default"), make_rule(trigger="default", name="后来的")
    broken = make_rule(words="没事")
    ReplyRule.objects.filter(pk=broken.pk).update(match="regex", words="(")
    told = {rule["id"]: rule["warnings"] for rule in api.get(RULES).json()["results"]}

    assert told[first.pk] == told[whole[0].pk] == []
    [warning] = told[partly.pk]
    assert (warning["code"], warning["words"], warning["by"]) == ("words_taken", ["价格表"], first.pk)
    assert first.name in warning["message"]
    [warning] = told[whole[1].pk]
    assert (warning["code"], warning["words"], warning["by"]) == ("never_answers", [], whole[0].pk)
    assert [(one["code"], one["by"]) for one in told[broken.pk]] == [("broken", None)]


def test_whoever_saves_a_silenced_rule_is_told_at_once(api: APIClient, account: OfficialAccount) -> None:
    api.post(RULES, body(account), format="json")
    made = api.post(RULES, body(account, match="equals"), format="json").json()

    assert [one["code"] for one in made["warnings"]] == ["never_answers"]
    changed = api.patch(f"{RULES}{made['id']}/", {"words": "地址"}, format="json").json()
    assert changed["warnings"] == []
