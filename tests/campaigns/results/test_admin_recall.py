"""Recalling has a page that warns, a button for who may, and a part of the campaign's page that says how far it is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns import recalling
from campaigns.models import Broadcast, Campaign, CampaignEvent, Recall
from campaigns.recalling import CALLS_A_DAY
from campaigns.states import RecallStatus, Status
from tests.campaigns.results.conftest import MakeBroadcast
from tests.people import logged_in, member
from wxcore import failures
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/campaign/"


@pytest.fixture
def sent(article_campaign: Campaign, add: MakeBroadcast) -> Broadcast:
    """Two articles that have reached 4,900 of 5,000."""
    return add("finished", 5000, total_count=5000, filter_count=4950, sent_count=4900, error_count=50)


def page(client: Client, broadcast: Broadcast) -> str:
    return client.get(f"{LIST}{broadcast.campaign_id}/change/").content.decode()


def address(broadcast: Broadcast) -> str:
    return f"{LIST}{broadcast.campaign_id}/recall/"


def test_the_page_warns_and_counts(admin_client: Client, sent: Broadcast) -> None:
    html = admin_client.get(address(sent)).content.decode()

    for words in ("5,000", "4,900", "无法恢复", "卡片不会消失", "同一份图文草稿", "第 2 篇：新品", "整条消息"):
        assert words in html
    assert "每天最多撤回" not in html
    assert not Recall.objects.exists()


def test_it_says_when_it_takes_days(admin_client: Client, sent: Broadcast, add: MakeBroadcast) -> None:
    for _ in range(2 * CALLS_A_DAY):
        add("finished", 5)

    assert "全部撤回需要 3 天" in admin_client.get(address(sent)).content.decode()


def test_pressing_it_begins_the_recall(admin_client: Client, sent: Broadcast) -> None:
    answer = admin_client.post(address(sent), {"article": "2"}, follow=True)

    row = Recall.objects.get()
    assert (row.article, row.status, row.created_by.username) == (2, RecallStatus.PENDING, "boss")
    event = CampaignEvent.objects.get()
    assert (event.verb, event.by, event.door) == ("recalling", row.created_by, "admin")
    html = answer.content.decode()
    assert "every 2s" in html
    assert "撤回中" in html


def test_pressed_twice_the_second_is_told(admin_client: Client, sent: Broadcast) -> None:
    admin_client.post(address(sent), {"article": "0"})
    answer = admin_client.post(address(sent), {"article": "0"}, follow=True)

    assert "已没有微信可以撤回的内容" in answer.content.decode()
    assert Recall.objects.count() == 1


@pytest.mark.parametrize("article", ["9", "-1", "x", "", "99999999999999999999"])
def test_an_article_that_there_is_not_is_not_taken(admin_client: Client, sent: Broadcast, article: str) -> None:
    assert admin_client.post(address(sent), {"article": article}).status_code == 200
    assert not Recall.objects.exists()


def test_a_text_has_no_button(admin_client: Client, campaign: Campaign, add: MakeBroadcast) -> None:
    broadcast = add("finished", 3)

    assert address(broadcast) not in page(admin_client, broadcast)
    assert "其他类型的消息" in admin_client.get(address(broadcast), follow=True).content.decode()


def test_how_far_it_is_stands_on_the_page(admin_client: Client, sent: Broadcast) -> None:
    recalling.recall(sent.campaign, now=timezone.now())
    fragment = f"{LIST}{sent.campaign_id}/recalls/"
    assert "HX-Refresh" not in admin_client.get(fragment).headers

    Recall.objects.update(
        status=RecallStatus.FAILED, due_at=None, **failures.columns(recalling.NobodyKnows(answer="–"))
    )

    assert admin_client.get(fragment).headers["HX-Refresh"] == "true"
    html = page(admin_client, sent)
    assert "微信没有说明是否已撤回" in html
    assert f"{LIST}{sent.campaign_id}/copy/" in html


def test_a_recalled_campaign_says_so(admin_client: Client, sent: Broadcast) -> None:
    recalling.recall(sent.campaign, now=timezone.now())
    Recall.objects.update(status=RecallStatus.DONE)
    recalling.settle(sent.campaign)

    html = page(admin_client, sent)

    assert Campaign.objects.get().status == Status.RECALLED
    assert address(sent) not in html
    assert "已撤回" in html


def test_recalling_is_for_who_may(sent: Broadcast) -> None:
    for role in ("editor", "approver", "analyst"):
        client = logged_in(member(sent.account, role))
        assert client.post(address(sent), {"article": "0"}).status_code == 403
        assert client.post(f"/api/v1/campaigns/{sent.campaign_id}/recall/").status_code == 403
        assert address(sent) not in page(client, sent)
    assert not Recall.objects.exists()

    assert address(sent) in page(logged_in(member(sent.account, "operator")), sent)


def test_a_member_of_another_account_sees_nothing_of_it(sent: Broadcast, other_account: OfficialAccount) -> None:
    client = logged_in(member(other_account, "administrator"))

    assert client.get(address(sent)).status_code == 404
    assert client.get(f"{LIST}{sent.campaign_id}/recalls/").status_code == 404
    assert client.post(f"/api/v1/campaigns/{sent.campaign_id}/recall/").status_code == 404


def test_the_api_recalls_and_follows(api: APIClient, sent: Broadcast) -> None:
    answer = api.post(f"/api/v1/campaigns/{sent.campaign_id}/recall/", {"article": 1}, format="json")

    assert answer.status_code == 200
    assert [(row["position"], row["article"], row["status"]) for row in answer.json()] == [(1, 1, "pending")]
    told = api.get(f"/api/v1/campaigns/{sent.campaign_id}/results/").json()
    assert told["recalls"] == answer.json()
    assert [stage["number"] for stage in told["stages"]] == [5000, 5000, 4950, 4900]
    assert told["stages"][1]["lost"][0] == {"why": "filtered", "number": 50, "broadcasts": 0, "reason": "", "fix": ""}


@pytest.mark.parametrize(
    ("body", "code"), [({"article": 9}, "no_such_article"), ({"article": -1}, "invalid"), ({"article": "x"}, "invalid")]
)
def test_the_api_explains_a_refusal(api: APIClient, sent: Broadcast, body: dict[str, object], code: str) -> None:
    answer = api.post(f"/api/v1/campaigns/{sent.campaign_id}/recall/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
