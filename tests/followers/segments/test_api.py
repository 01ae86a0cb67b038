"""Segments in the API: the same rules as in the admin, and errors that name the input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from campaigns.models import Audience, Campaign
from followers.models import Follower, ListedFollower, Segment, Tag
from tests.people import member
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

URL = "/api/v1/segments/"
WOMEN = {"groups": [[{"kind": "sex", "values": ["female"]}]]}


@pytest.fixture
def segment(account: OfficialAccount) -> Segment:
    return Segment.objects.create(account=account, name="女性", conditions=WOMEN)


@pytest.fixture
def stranger(other_account: OfficialAccount) -> APIClient:
    client = APIClient()
    client.force_login(member(other_account, "administrator"))
    return client


def body(account: OfficialAccount, **fields: Any) -> dict[str, Any]:
    return {"account": account.pk, "name": "人群一", "conditions": WOMEN} | fields


def test_a_segment_is_created_and_read(api: APIClient, account: OfficialAccount) -> None:
    created = api.post(URL, body(account), format="json")

    assert created.status_code == 201
    read = api.get(f"{URL}{created.json()['id']}/").json()
    assert (read["conditions"], read["in_words"]) == (WOMEN, "性别为女的粉丝")


def test_a_segment_is_changed_but_not_given_away(
    api: APIClient, segment: Segment, other_account: OfficialAccount
) -> None:
    changed = api.patch(f"{URL}{segment.pk}/", {"name": "改名", "account": other_account.pk}, format="json")

    assert changed.status_code == 200
    segment.refresh_from_db()
    assert (segment.name, segment.account_id, segment.conditions) == ("改名", segment.account.pk, WOMEN)
    assert segment.account_id != other_account.pk


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"conditions": {}}, "empty_conditions", {"conditions": "empty"}),
        ({"conditions": {"groups": [[]]}}, "empty_conditions", {"conditions": "groups[0]"}),
        (
            {"conditions": {"groups": [[{"kind": "interaction", "mode": "within", "days": 0}]]}},
            "invalid_conditions",
            {"conditions": "groups[0][0].days"},
        ),
        ({"conditions": {"groups": [[{"kind": "tags", "none": [99]}]]}}, "tag_unknown", {"conditions": "tag"}),
        ({"name": "女性"}, "segment_name_taken", {"name": "taken"}),
    ],
)
def test_what_is_wrong_is_named(
    api: APIClient, segment: Segment, fields: dict[str, Any], code: str, where: dict[str, str]
) -> None:
    answer = api.post(URL, body(segment.account, **fields), format="json")

    assert (answer.status_code // 100, answer.json()["code"], answer.json()["fields"]) == (4, code, where)
    assert Segment.objects.count() == 1


@pytest.mark.parametrize("conditions", [None, "all", 5, [WOMEN]])
def test_other_json_is_refused(api: APIClient, account: OfficialAccount, conditions: Any) -> None:
    assert api.post(URL, body(account, conditions=conditions), format="json").status_code == 400


def test_conditions_are_counted_unsaved(
    api: APIClient, account: OfficialAccount, make_followers: Callable[..., list[Follower]]
) -> None:
    make_followers(12, sex=2)
    make_followers(2)

    told = api.post(f"{URL}count/", {"account": account.pk, "conditions": WOMEN}, format="json").json()

    assert (told["count"], len(told["sample"]), told["in_words"]) == (12, 10, "性别为女的粉丝")
    assert told["sample"][0]["sex"] == 2


def test_a_vanished_tag_is_no_number(api: APIClient, account: OfficialAccount, tag: Tag) -> None:
    Tag.objects.update(vanished_at="2026-01-01T00:00Z")
    conditions = {"groups": [[{"kind": "tags", "none": [tag.pk]}]]}

    answer = api.post(f"{URL}count/", {"account": account.pk, "conditions": conditions}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "tag_vanished")


def test_a_list_is_uploaded_and_named(
    api: APIClient, account: OfficialAccount, make_followers: Callable[..., list[Follower]]
) -> None:
    listed, _other = make_followers(2)
    file = SimpleUploadedFile("list.csv", f"OpenID\n{listed.openid}\n{listed.openid}\n???\n".encode())

    kept = api.post(f"{URL}lists/", {"account": account.pk, "file": file}).json()
    named = {"groups": [[{"kind": "list", "mode": "in", "list": kept["id"]}]]}
    told = api.post(f"{URL}count/", {"account": account.pk, "conditions": named}, format="json").json()

    assert (kept["size"], kept["repeated"], kept["malformed"], told["count"]) == (1, 1, 1, 1)


def test_a_segment_in_use_is_not_deleted(api: APIClient, segment: Segment) -> None:
    campaign = Campaign.objects.create(account=segment.account, name="新品", audience=Audience.SEGMENT, segment=segment)

    answer = api.delete(f"{URL}{segment.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "segment_in_use")

    campaign.delete()
    assert api.delete(f"{URL}{segment.pk}/").status_code == 204


def test_the_list_costs_the_same_for_many(api: APIClient, account: OfficialAccount, tag: Tag) -> None:
    used = []
    for number in range(5):
        conditions = {"groups": [[{"kind": "tags", "any": [tag.pk]}]]}
        Segment.objects.create(account=account, name=str(number), conditions=conditions)
        with CaptureQueriesContext(connection) as captured:
            assert len(api.get(URL).json()["results"]) == number + 1
        used.append(len(captured))

    assert used[1] == used[-1]


def test_segments_of_another_account_do_not_exist(stranger: APIClient, segment: Segment, tag: Tag) -> None:
    assert stranger.get(URL).json()["results"] == []
    assert stranger.get(f"{URL}{segment.pk}/").status_code == 404
    assert stranger.patch(f"{URL}{segment.pk}/", {"name": "x"}, format="json").status_code == 404
    assert stranger.delete(f"{URL}{segment.pk}/").status_code == 404
    assert stranger.post(URL, body(segment.account), format="json").status_code == 400
    given = {"account": segment.account.pk, "conditions": WOMEN}
    assert stranger.post(f"{URL}count/", given, format="json").status_code == 400
    file = SimpleUploadedFile("x.csv", b"oAAAAAAAAAAAAAAAAAAAAAAA1")
    assert stranger.post(f"{URL}lists/", {"account": segment.account.pk, "file": file}).status_code == 400
    assert (Segment.objects.count(), ListedFollower.objects.count()) == (1, 0)


def test_an_analyst_reads_and_counts_only(account: OfficialAccount, segment: Segment) -> None:
    client = APIClient()
    client.force_login(member(account, "analyst"))

    assert client.get(f"{URL}{segment.pk}/").status_code == 200
    given = {"account": account.pk, "conditions": WOMEN}
    assert client.post(f"{URL}count/", given, format="json").status_code == 200
    assert client.post(URL, body(account), format="json").status_code == 403
    assert client.delete(f"{URL}{segment.pk}/").status_code == 403
