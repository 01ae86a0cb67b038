"""Estimates, lists of OpenIDs, recipients, and broadcasts that a person settles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Audience, Broadcast, Campaign, Recipient
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from tests.campaigns.api.conftest import As
from wxcore.models import OfficialAccount

MakeFollowers = Callable[..., list[Follower]]
ESTIMATE = "/api/v1/campaigns/estimate/"


def test_an_audience_is_counted_before_it_is_saved(
    api: APIClient, account: OfficialAccount, tag: Tag, make_followers: MakeFollowers
) -> None:
    make_followers(3, tag=tag)
    people = make_followers(2)
    one = {"account": account.pk}
    listed = {"audience": "list", "openids": [people[0].openid, people[0].openid, "nobody-knows-this-openid", "x"]}

    def count(given: dict[str, Any]) -> dict[str, Any]:
        return api.post(ESTIMATE, one | given, format="json").json()

    assert count({"audience": "all"}) == {"count": 5, "calls": 1, "repeated": 0, "malformed": 0}
    assert count({"audience": "tag", "tag": tag.pk})["count"] == 3
    assert count({"audience": "tags", "conditions": {"none": [tag.pk]}})["count"] == 2
    assert count(listed) == {"count": 1, "calls": 1, "repeated": 1, "malformed": 1}
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"audience": "tag"}, "tag"),
        ({"audience": "segment"}, "segment"),
        ({"audience": "tags"}, "conditions"),
        ({}, "audience"),
        ({"audience": "all", "account": 404404}, "account"),
    ],
)
def test_an_audience_that_names_nobody(
    api: APIClient, account: OfficialAccount, given: dict[str, Any], field: str
) -> None:
    answer = api.post(ESTIMATE, {"account": account.pk} | given, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_list_comes_as_a_file(api: APIClient, campaign: Campaign, make_followers: MakeFollowers) -> None:
    (one,) = make_followers(1)
    Campaign.objects.filter(pk=campaign.pk).update(audience=Audience.LIST)
    address, text = f"/api/v1/campaigns/{campaign.pk}/openids/", f"{one.openid}\n{'o' * 28}\nx\n{one.openid}\n"
    answer = api.post(address, {"file": SimpleUploadedFile("a.txt", text.encode())})
    assert answer.status_code == 201
    told = answer.json()
    assert [told[name] for name in ("listed", "following", "left", "unknown", "repeated", "malformed")] == [
        2, 1, 0, 1, 1, 1,
    ]  # fmt: skip
    assert told["examples"] == ["x"]
    broken = api.post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    assert broken.json()["code"] == "broken_spreadsheet"


def test_a_list_needs_its_audience_and_a_draft(api: APIClient, campaign: Campaign) -> None:
    address = f"/api/v1/campaigns/{campaign.pk}/openids/"
    answer = api.post(address, {"file": SimpleUploadedFile("a.txt", b"o" * 28)})
    assert list(answer.json()["fields"]) == ["file"]
    Campaign.objects.filter(pk=campaign.pk).update(audience=Audience.LIST, status=Status.FINISHED)
    assert api.post(address, {"file": SimpleUploadedFile("a.txt", b"o" * 28)}).status_code == 409


@pytest.fixture
def sent(campaign: Campaign, make_followers: MakeFollowers) -> list[Broadcast]:
    """Two broadcasts to three followers each."""
    rows = [
        Broadcast.objects.create(account=campaign.account, campaign=campaign, position=position, status=status)
        for position, status in ((1, BroadcastStatus.FINISHED), (2, BroadcastStatus.UNKNOWN))
    ]
    people = make_followers(6)
    Recipient.objects.bulk_create(
        Recipient(broadcast=rows[number % 2], follower=follower) for number, follower in enumerate(people)
    )
    return rows


def recipients(client: APIClient, campaign: Campaign, **query: Any) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/campaigns/{campaign.pk}/recipients/", query).json()["results"]


def test_recipients_are_listed_and_filtered(api: APIClient, campaign: Campaign, sent: list[Broadcast]) -> None:
    everybody = recipients(api, campaign)
    assert len(everybody) == len({row["openid"] for row in everybody}) == 6
    assert {row["position"] for row in recipients(api, campaign, broadcast=sent[1].pk)} == {2}
    assert {row["status"] for row in recipients(api, campaign, outcome="finished")} == {"finished"}
    (one,) = recipients(api, campaign, openid=everybody[4]["openid"])
    assert one == everybody[4]
    assert recipients(api, campaign, openid="nobody") == []


def test_recipients_come_in_pages(
    api: APIClient, campaign: Campaign, sent: list[Broadcast], django_assert_max_num_queries: Any
) -> None:
    found: list[str] = []
    address: str | None = f"/api/v1/campaigns/{campaign.pk}/recipients/?page_size=4"
    while address:
        with django_assert_max_num_queries(6):
            page = api.get(address).json()
        found += [row["openid"] for row in page["results"]]
        address = page["next"]
    assert found == [row["openid"] for row in recipients(api, campaign)]


def test_recipients_are_for_who_may_export(
    as_: As, campaign: Campaign, sent: list[Broadcast], other_account: OfficialAccount
) -> None:
    address = f"/api/v1/campaigns/{campaign.pk}/recipients/"
    assert as_("analyst").get(address).status_code == 200
    assert as_("approver").get(address).status_code == 403
    assert as_("analyst", other_account).get(address).status_code == 404


def test_a_person_settles_what_nobody_knows(api: APIClient, campaign: Campaign, sent: list[Broadcast]) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(status=Status.SENDING, started_at=timezone.now())
    address = f"/api/v1/broadcasts/{sent[1].pk}/"
    assert api.post(f"{address}was_not_sent/").json()["status"] == "failed"
    again = api.post(f"{address}was_sent/")
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    assert Campaign.objects.get(pk=campaign.pk).status == Status.FINISHED


def test_it_was_sent(api: APIClient, campaign: Campaign, sent: list[Broadcast]) -> None:
    assert api.post(f"/api/v1/broadcasts/{sent[1].pk}/was_sent/").json()["status"] == "finished"


def test_only_operators_settle(as_: As, sent: list[Broadcast], other_account: OfficialAccount) -> None:
    address = f"/api/v1/broadcasts/{sent[1].pk}/was_sent/"
    assert as_("editor").post(address).status_code == 403
    assert as_("operator", other_account).post(address).status_code == 404
