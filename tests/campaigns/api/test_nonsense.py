"""Whatever is posted is answered in our words: never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import Campaign
from tests.campaigns.builders import make_asset, make_draft

HUGE = 10**30
VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    HUGE,
    1.5,
    "",
    "x",
    "\x00",
    [],
    [None],
    [[1]],
    {},
    {"any": "x"},
    {"a": [{}]},
]
FIELDS = (
    "account",
    "msgtype",
    "text",
    "draft",
    "media",
    "pictures",
    "openids",
    "audience",
    "tag",
    "conditions",
    "segment",
)


@pytest.mark.parametrize("field", FIELDS)
def test_a_campaign(api: APIClient, campaign: Campaign, field: str) -> None:
    for value in VALUES:
        for audience in ("tags", "list"):
            whole = {"account": campaign.account_id, "name": "n", "text": "x", "audience": audience, field: value}
            assert api.post("/api/v1/campaigns/", whole, format="json").status_code < 500
            assert api.patch(f"/api/v1/campaigns/{campaign.pk}/", {field: value}, format="json").status_code < 500
            assert api.post("/api/v1/campaigns/estimate/", whole, format="json").status_code < 500


def test_a_draft(api: APIClient, campaign: Campaign) -> None:
    address = f"/api/v1/drafts/{make_draft(campaign.account).pk}/"
    always = {"If-Match": "*"}
    for value in VALUES:
        for body in (
            {"articles": value},
            {"articles": [value]},
            *({"articles": [{name: value}]} for name in ("title", "body", "cover", "need_open_comment")),
        ):
            assert api.patch(address, body, format="json", headers=always).status_code < 500
            assert api.post(f"{address}phone/", body, format="json").status_code < 500
        for verb, name in (("take", "mark"), ("bring", "url"), ("phone", "index"), ("phone", "view")):
            assert api.post(f"{address}{verb}/", {"version": 1, name: value}, format="json").status_code < 500
        assert api.post("/api/v1/drafts/clean/", {"html": value}, format="json").status_code < 500
    for number in ("0", "999999999", "9999999999"):
        assert api.get(f"{address}versions/{number}/").status_code == 404
    assert api.get(f"{address}versions/compare/?a=1&b=999999999").status_code == 404
    assert api.get(f"{address}versions/compare/?a=²&b=x").status_code == 400


def test_addresses_and_queries(api: APIClient, campaign: Campaign) -> None:
    asset = make_asset(campaign.account, "image", "a.jpg")
    for pk in (HUGE, "x", "0", "-1"):
        for path in (
            "campaigns/{}/recipients/",
            "campaigns/{}/",
            "drafts/{}/",
            "accounts/{}/quota/",
            "followers/{}/quota/",
        ):
            assert api.get(f"/api/v1/{path.format(pk)}").status_code == 404
    recipients = f"/api/v1/campaigns/{campaign.pk}/recipients/"
    for query in (
        {"broadcast": HUGE},
        {"broadcast": "x"},
        {"outcome": "x"},
        {"openid": "\x00"},
        {"cursor": "x"},
        {"openid": "x" * 99},
    ):
        assert 400 <= api.get(recipients, query).status_code < 500
    for value in VALUES:
        answer = api.patch(f"/api/v1/media/{asset.pk}/", {"name": value, "description": value}, format="json")
        assert answer.status_code < 500
        for address in ("callbacks/again", "conversations/done", "reply-rules/switch"):
            assert api.post(f"/api/v1/{address}/", {"ids": value, "on": True}, format="json").status_code < 500
    for since in ("0001-01-01", "9999-12-31"):
        for name in ("growth", "articles"):
            assert api.get(f"/api/v1/statistics/{name}/", {"since": since, "until": since}).status_code < 500
