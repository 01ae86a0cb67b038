"""The pages of segments: what is saved, counted, uploaded, copied and deleted, and by whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Audience, Campaign
from followers.models import Follower, ListedFollower, Segment, Tag
from tests.people import logged_in, member
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

WOMEN = {"groups": [[{"kind": "sex", "values": ["female"]}]]}
MakeFollowers = Callable[..., list[Follower]]


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:followers_segment_{name}", args=args)


@pytest.fixture
def segment(account: OfficialAccount) -> Segment:
    return Segment.objects.create(account=account, name="女性", conditions=WOMEN)


def form(account: OfficialAccount, conditions: Any = WOMEN, **fields: Any) -> dict[str, Any]:
    return {"account": account.pk, "name": "人群一", "description": "", "conditions": json.dumps(conditions)} | fields


def count(client: Client, account: OfficialAccount, conditions: Any) -> str:
    given = {"account": account.pk, "conditions": json.dumps(conditions)}
    return client.post(page("head_count"), given).content.decode()


def test_a_segment_is_saved(admin_client: Client, account: OfficialAccount) -> None:
    admin_client.post(page("add"), form(account))

    segment = Segment.objects.get()
    assert (segment.name, segment.conditions, segment.created_by.username) == ("人群一", WOMEN, "boss")


@pytest.mark.parametrize(
    "conditions", ["", "{}", "[", '{"groups": [[]]}', '{"groups": [[{"kind": "sex"}]]}', "9" * 5000]
)
def test_nothing_is_saved_without_conditions_that_can_be_read(
    admin_client: Client, account: OfficialAccount, conditions: str
) -> None:
    response = admin_client.post(page("add"), form(account, conditions=None) | {"conditions": conditions})

    assert "conditions" in response.context["adminform"].form.errors
    assert not Segment.objects.exists()


def test_the_error_names_the_condition_as_people_count(admin_client: Client, account: OfficialAccount) -> None:
    broken = {"groups": [WOMEN["groups"][0], [*WOMEN["groups"][0], {"kind": "interaction", "mode": "within"}]]}

    response = admin_client.post(page("add"), form(account, broken))

    assert "第 2 组第 2 个条件" in response.content.decode()


def test_a_name_is_taken_once(admin_client: Client, segment: Segment) -> None:
    response = admin_client.post(page("add"), form(segment.account, name="女性"))

    assert "已有同名的人群" in response.content.decode()
    assert Segment.objects.count() == 1


def test_a_segment_stays_with_its_account(
    admin_client: Client, segment: Segment, other_account: OfficialAccount
) -> None:
    admin_client.post(page("change", segment.pk), form(other_account, name="改名"))

    segment.refresh_from_db()
    assert (segment.name, segment.account_id) == ("改名", segment.account.pk) != ("改名", other_account.pk)


def test_the_head_count_is_shown_with_some_followers(
    admin_client: Client, account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    make_followers(12, sex=2)
    make_followers(3)

    shown = count(admin_client, account, WOMEN)

    assert "<strong>12</strong>" in shown
    assert shown.count("/admin/followers/follower/") == 10
    assert "性别为女" in shown


def test_a_condition_that_is_being_filled_in_is_pointed_out(admin_client: Client, account: OfficialAccount) -> None:
    shown = count(admin_client, account, {"groups": [[{"kind": "city", "values": []}]]})

    assert 'data-group="0" data-condition="0"' in shown
    assert "请至少选择一项" in shown


def test_a_vanished_tag_is_shown_instead_of_a_number(
    admin_client: Client, account: OfficialAccount, tag: Tag, make_followers: MakeFollowers
) -> None:
    make_followers(3)
    Tag.objects.update(vanished_at="2026-01-01T00:00Z")

    shown = count(admin_client, account, {"groups": [[{"kind": "tags", "none": [tag.pk]}]]})

    assert "VIP" in shown
    assert "q-count" not in shown


def test_an_uploaded_list_is_kept(admin_client: Client, account: OfficialAccount) -> None:
    file = SimpleUploadedFile("名单.csv", b"OpenID\noAAAAAAAAAAAAAAAAAAAAAAA1\noAAAAAAAAAAAAAAAAAAAAAAA2\nx\n")

    told = admin_client.post(page("lists"), {"account": account.pk, "file": file}).json()

    assert told["label"] == "名单.csv · 2"
    assert told["malformed"] == 1
    assert ListedFollower.objects.filter(list=told["list"]).count() == 2


@pytest.mark.parametrize("content", [b"", b"nobody\n", b"PK\x03\x04", b"\x89PNG\0"])
def test_a_file_without_openids_is_refused_in_words(
    admin_client: Client, account: OfficialAccount, content: bytes
) -> None:
    file = SimpleUploadedFile("x.csv", content)

    response = admin_client.post(page("lists"), {"account": account.pk, "file": file})

    assert response.status_code == 400
    assert response.json()["problem"]


def test_a_copy_is_made(admin_client: Client, segment: Segment) -> None:
    assert "副本的条件相同" in admin_client.get(page("copy", segment.pk)).content.decode()

    admin_client.post(page("copy", segment.pk))

    copy = Segment.objects.latest("pk")
    assert copy.name != segment.name
    assert copy.conditions == segment.conditions


def test_deleting_says_what_would_break(admin_client: Client, segment: Segment) -> None:
    Campaign.objects.create(account=segment.account, name="新品", audience=Audience.SEGMENT, segment=segment)

    shown = admin_client.get(page("delete", segment.pk)).content.decode()
    admin_client.post(page("delete", segment.pk))

    assert "新品" in shown
    assert 'class="q-confirm"' not in shown
    assert Segment.objects.exists()


def test_an_unused_segment_is_deleted(admin_client: Client, segment: Segment) -> None:
    admin_client.post(page("delete", segment.pk))

    assert not Segment.objects.exists()


def test_the_empty_list_says_what_a_segment_is(admin_client: Client, account: OfficialAccount) -> None:
    assert "还没有人群" in admin_client.get(page("changelist")).content.decode()


def test_the_list_costs_the_same_for_many(admin_client: Client, account: OfficialAccount, tag: Tag) -> None:
    used = []
    for number in range(12):
        campaign = Campaign.objects.create(account=account, name=f"任务{number}", text="x")
        received = {"kind": "received", "mode": "received", "campaign": campaign.pk}
        groups = [[{"kind": "tags", "any": [tag.pk]}, received]]
        Segment.objects.create(account=account, name=str(number), conditions={"groups": groups})
        with CaptureQueriesContext(connection) as captured:
            shown = admin_client.get(page("changelist")).content.decode()
        used.append(len(captured))

    assert "收到过“任务11”" in shown
    assert used[1] == used[-1]


class TestRights:
    """Of an account's segments, who does not work for it sees and changes nothing."""

    @pytest.fixture
    def editor_elsewhere(self, other_account: OfficialAccount) -> Client:
        return logged_in(member(other_account, "editor"))

    @pytest.fixture
    def analyst(self, account: OfficialAccount) -> Client:
        return logged_in(member(account, "analyst"))

    @pytest.mark.parametrize("name", ["change", "delete", "copy"])
    def test_a_segment_of_another_account_is_not_there(
        self, editor_elsewhere: Client, segment: Segment, name: str
    ) -> None:
        assert editor_elsewhere.get(page(name, segment.pk)).status_code == 404
        assert editor_elsewhere.post(page(name, segment.pk)).status_code == 404

    def test_followers_of_another_account_are_not_counted(
        self, editor_elsewhere: Client, account: OfficialAccount, make_followers: MakeFollowers
    ) -> None:
        make_followers(3, sex=2)

        shown = count(editor_elsewhere, account, WOMEN)

        assert "3" not in shown
        assert "oTest" not in shown

    def test_tags_of_another_account_are_not_offered(
        self, editor_elsewhere: Client, account: OfficialAccount, tag: Tag
    ) -> None:
        for url in (page("add"), f"{page('add')}?account={account.pk}", f"{page('inputs')}?account={account.pk}"):
            assert "VIP" not in editor_elsewhere.get(url).content.decode()

    def test_no_segment_is_made_for_another_account(self, editor_elsewhere: Client, account: OfficialAccount) -> None:
        editor_elsewhere.post(page("add"), form(account))

        assert not Segment.objects.exists()

    def test_no_list_is_kept_for_another_account(self, editor_elsewhere: Client, account: OfficialAccount) -> None:
        file = SimpleUploadedFile("x.csv", b"oAAAAAAAAAAAAAAAAAAAAAAA1")

        assert editor_elsewhere.post(page("lists"), {"account": account.pk, "file": file}).status_code == 400

    def test_who_may_only_look_sees_words_and_a_count(
        self, analyst: Client, segment: Segment, make_followers: MakeFollowers
    ) -> None:
        make_followers(4, sex=2)

        shown = analyst.get(page("change", segment.pk)).content.decode()

        assert "性别为女" in shown
        assert "q-builder" not in shown
        assert "<strong>4</strong>" in analyst.post(page("head_count"), {"segment": segment.pk}).content.decode()
        assert analyst.post(page("change", segment.pk), form(segment.account)).status_code == 403
        assert analyst.post(page("lists"), {"account": segment.account_id}).status_code == 403
