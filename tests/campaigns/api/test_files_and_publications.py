"""Names of files and where they are used; publications that a person settles."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns import drafts
from campaigns.models import Campaign, Draft, Publication
from campaigns.states import PublicationStatus
from tests.campaigns.api.conftest import As
from tests.campaigns.builders import make_asset, make_draft
from wxcore.models import OfficialAccount

PUBLICATIONS = "/api/v1/publications/"


def test_a_file_gets_another_name(as_: As, account: OfficialAccount, other_account: OfficialAccount) -> None:
    asset = make_asset(account, "image", "旧.jpg")
    address, editor = f"/api/v1/media/{asset.pk}/", as_("editor")
    tag = editor.get(address).headers["ETag"]
    told = editor.patch(address, {"name": "新\u202e.jpg", "kind": "voice"}, format="json", headers={"If-Match": tag})
    assert (told.json()["name"], told.json()["kind"]) == ("新 .jpg", "image")
    late = editor.patch(address, {"description": "x"}, format="json", headers={"If-Match": tag})
    assert late.status_code == 412
    assert list(editor.patch(address, {"name": ""}, format="json").json()["fields"]) == ["name"]
    assert as_("analyst").patch(address, {"name": "x"}, format="json").status_code == 403
    assert as_("editor", other_account).patch(address, {"name": "x"}, format="json").status_code == 404


def test_where_a_file_is_used(as_: As, account: OfficialAccount, campaign: Campaign) -> None:
    asset = make_asset(account, "voice", "v.mp3")
    Campaign.objects.filter(pk=campaign.pk).update(media=asset, msgtype="voice")
    (use,) = as_("analyst").get(f"/api/v1/media/{asset.pk}/uses/").json()
    assert (use["id"], use["model"], use["holds"]) == (campaign.pk, "campaign", False)
    assert campaign.name in use["name"]


@pytest.fixture
def draft(account: OfficialAccount) -> Draft:
    return make_draft(account)


def publication(draft: Draft, status: str) -> str:
    row = Publication.objects.create(
        account=draft.account, draft=draft, revision=drafts.freeze(draft), status=status, due_at=timezone.now()
    )
    return f"{PUBLICATIONS}{row.pk}/"


def test_a_person_settles_an_unknown_one(as_: As, draft: Draft, other_account: OfficialAccount) -> None:
    address, operator = publication(draft, PublicationStatus.UNKNOWN), as_("operator")
    assert as_("editor").post(f"{address}was_published/").status_code == 403
    assert as_("operator", other_account).post(f"{address}was_published/").status_code == 404
    assert operator.post(f"{address}was_published/").json()["status"] == "published"
    again = operator.post(f"{address}was_not_published/")
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")


def test_it_was_not_published(api: APIClient, draft: Draft) -> None:
    address = publication(draft, PublicationStatus.UNKNOWN)
    assert api.post(f"{address}was_not_published/").json()["status"] == "failed"
    assert api.post(f"{address}delete_at_wechat/").json()["code"] == "not_allowed_now"
    assert api.post(f"{address}ask/").json()["known"] is True


def test_who_may_not_delete_at_wechat(as_: As, draft: Draft, other_account: OfficialAccount) -> None:
    address = publication(draft, PublicationStatus.PUBLISHED)
    assert as_("editor").post(f"{address}delete_at_wechat/").status_code == 403
    assert as_("operator", other_account).post(f"{address}delete_at_wechat/").status_code == 404
