"""Recipients and results are taken away as files, by who may."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.test import Client
from rest_framework.test import APIClient

from campaigns.models import Broadcast, Campaign, CampaignEvent, Recipient
from followers.models import Follower
from tests.campaigns.results.conftest import MakeBroadcast
from tests.people import logged_in, member
from wxcore.models import Membership, OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/campaign/"


@pytest.fixture
def sent(campaign: Campaign, add: MakeBroadcast, make_followers: Callable[..., list[Follower]]) -> Broadcast:
    """A broadcast to three followers; the remark of the second one is a formula."""
    broadcast = add(
        "finished", 3, total_count=3, filter_count=3, sent_count=2, error_count=1, result_status="send success"
    )
    followers = make_followers(3)
    Follower.objects.filter(pk=followers[1].pk).update(remark='=HYPERLINK("http://evil")', subscribed=False)
    Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=follower) for follower in followers)
    return broadcast


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


def path(campaign: Campaign, kind: str, form: str) -> str:
    return f"{LIST}{campaign.pk}/export/{kind}/{form}/"


def test_every_recipient_is_a_line(admin_client: Client, sent: Broadcast) -> None:
    lines = table(admin_client.get(path(sent.campaign, "recipients", "csv")))

    assert lines[0][:4] == ["OpenID", "UnionID", "备注", "当前关注"]
    assert [line[0] for line in lines[1:]] == list(Follower.objects.order_by("pk").values_list("openid", flat=True))
    assert [line[3] for line in lines[1:]] == ["是", "否", "是"]
    assert lines[1][4:7] == ["1", "已完成", str(sent.msg_id)]


def test_who_took_recipients_away_stands_in_the_history(admin_client: Client, api: APIClient, sent: Broadcast) -> None:
    admin_client.get(path(sent.campaign, "broadcasts", "csv"))
    admin_client.get(path(sent.campaign, "recipients", "csv"))
    api.get(f"/api/v1/campaigns/{sent.campaign_id}/export/?table=recipients")

    events = CampaignEvent.objects.order_by("pk")
    assert [(event.verb, event.by.username, event.door) for event in events] == [
        ("exported", "boss", "admin"),
        ("exported", "boss", "api"),
    ]


def test_a_remark_that_is_a_formula_does_nothing(admin_client: Client, sent: Broadcast) -> None:
    lines = table(admin_client.get(path(sent.campaign, "recipients", "csv")))
    assert lines[2][2] == '\'=HYPERLINK("http://evil")'

    book = openpyxl.load_workbook(io.BytesIO(body(admin_client.get(path(sent.campaign, "recipients", "xlsx")))))
    assert (book.active["C3"].data_type, book.active["C3"].value) == ("s", '=HYPERLINK("http://evil")')


def test_every_broadcast_is_a_line_with_its_figures(admin_client: Client, sent: Broadcast, add: MakeBroadcast) -> None:
    add("cancelled", 5)

    lines = table(admin_client.get(path(sent.campaign, "broadcasts", "csv")))

    assert lines[0][3:7] == ["TotalCount", "FilterCount", "SentCount", "ErrorCount"]
    assert [line[:7] for line in lines[1:]] == [
        ["1", "已完成", "3", "3", "3", "2", "1"],
        ["2", "已取消", "5", "", "", "", ""],
    ]


def test_the_list_is_exported_as_it_is_filtered(admin_client: Client, sent: Broadcast, add: MakeBroadcast) -> None:
    add("finished", 5, sent_count=4)
    Campaign.objects.create(account=sent.account, name="草稿", text="x")

    everything = table(admin_client.get(f"{LIST}export/csv/"))
    finished = table(admin_client.get(f"{LIST}export/csv/?status__exact=finished"))

    assert [line[0] for line in everything[1:]] == ["草稿", "新品"]
    assert [line[0] for line in finished[1:]] == ["新品"]
    figures = dict(zip(finished[0], finished[1], strict=True))
    assert (figures["TotalCount"], figures["SentCount"], figures["群发批次"]) == ("3", "6", "2")


def test_the_headings_are_in_the_readers_language(admin_client: Client, sent: Broadcast) -> None:
    admin_client.cookies["django_language"] = "en"

    lines = table(admin_client.get(path(sent.campaign, "broadcasts", "csv")))

    assert (lines[0][1], lines[1][1]) == ("status", "finished")


@pytest.mark.parametrize("kind", ["recipients", "broadcasts"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_api_gives_the_same_files(
    api: APIClient, admin_client: Client, sent: Broadcast, kind: str, form: str
) -> None:
    ours = body(api.get(f"/api/v1/campaigns/{sent.campaign_id}/export/?table={kind}&type={form}"))

    if form == "csv":
        assert ours == body(admin_client.get(path(sent.campaign, kind, form)))
    else:
        openpyxl.load_workbook(io.BytesIO(ours))


def test_the_api_exports_the_list_with_its_filters(api: APIClient, sent: Broadcast) -> None:
    assert len(table(api.get("/api/v1/campaigns/export/?status=finished"))) == 2
    assert len(table(api.get("/api/v1/campaigns/export/?status=draft"))) == 1


@pytest.mark.parametrize("query", ["table=people", "type=pdf", "type=", "table=recipients&type=csv%00"])
def test_the_api_refuses_what_there_is_not(api: APIClient, sent: Broadcast, query: str) -> None:
    answer = api.get(f"/api/v1/campaigns/{sent.campaign_id}/export/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("place", ["export/people/csv/", "export/recipients/pdf/"])
def test_the_admin_knows_no_other_file(admin_client: Client, sent: Broadcast, place: str) -> None:
    assert admin_client.get(f"{LIST}{sent.campaign_id}/{place}").status_code == 404


def test_the_list_offers_the_files_of_what_it_shows(admin_client: Client, sent: Broadcast) -> None:
    html = admin_client.get(f"{LIST}?status__exact=finished").content.decode()
    assert f"{LIST}export/xlsx/?status__exact=finished" in html


def test_files_are_for_who_may_export(sent: Broadcast, make_followers: object) -> None:
    for role, status in (("analyst", 200), ("operator", 200), ("editor", 403), ("approver", 403)):
        client = logged_in(member(sent.account, role))
        places = [path(sent.campaign, kind, "csv") for kind in ("recipients", "broadcasts")]
        places += [f"{LIST}export/csv/", f"/api/v1/campaigns/{sent.campaign_id}/export/", "/api/v1/campaigns/export/"]
        assert [client.get(place).status_code for place in places] == [status] * 5
        assert ("/export/" in client.get(f"{LIST}{sent.campaign_id}/change/").content.decode()) == (status == 200)
        assert ("/export/" in client.get(LIST).content.decode()) == (status == 200)


def test_a_list_of_two_accounts_exports_the_one_on_which_somebody_may(
    sent: Broadcast, other_account: OfficialAccount
) -> None:
    Campaign.objects.create(account=other_account, name="别家的", text="x")
    analyst = member(sent.account, "analyst")
    Membership.objects.create(account=other_account, user=analyst, role=Group.objects.get(name="editor"))

    for place in (f"{LIST}export/csv/", "/api/v1/campaigns/export/"):
        assert [line[0] for line in table(logged_in(analyst).get(place))[1:]] == ["新品"]


def test_a_filter_that_there_is_not_has_no_file(admin_client: Client, sent: Broadcast) -> None:
    assert admin_client.get(f"{LIST}export/csv/?nonsense=1").status_code == 404


def test_the_page_offers_the_files(admin_client: Client, sent: Broadcast) -> None:
    html = admin_client.get(f"{LIST}{sent.campaign_id}/change/").content.decode()
    assert path(sent.campaign, "recipients", "xlsx") in html
    assert path(sent.campaign, "broadcasts", "csv") in html


def test_a_million_followers_are_never_in_memory(
    admin_client: Client, sent: Broadcast, django_assert_num_queries: Any
) -> None:
    """The rows come through a cursor: what is read does not depend on what there is."""
    answer = admin_client.get(path(sent.campaign, "recipients", "csv"))

    with django_assert_num_queries(2):
        body(answer)
