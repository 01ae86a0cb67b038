"""The library through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from campaigns.models import Campaign, MediaAsset
from campaigns.states import Status
from tests.campaigns.media import files
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
PATH = "/api/v1/media/"


def post(api: APIClient, account: Any, content: bytes, **data: Any) -> Any:
    return api.post(PATH, {"account": account, "file": SimpleUploadedFile("a.jpg", content), **data})


def test_a_file_is_kept_once(api: APIClient, account: OfficialAccount) -> None:
    first = post(api, account.pk, files.picture(), name="红.jpg")
    second = post(api, account.pk, files.picture())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["asset"] == second.json()["asset"]
    assert (first.json()["asset"]["name"], first.json()["is_new"], second.json()["is_new"]) == ("红.jpg", True, False)


def test_the_list_tells_what_there_is(api: APIClient, picture: MediaAsset) -> None:
    [row] = api.get(PATH, {"account": picture.account.pk, "kind": "image"}).json()["results"]

    assert (row["id"], row["mime"], row["width"], row["url"]) == (picture.pk, "image/jpeg", 40, picture.file_url)
    assert api.get(PATH, {"kind": "voice"}).json()["results"] == []


@pytest.mark.parametrize("content", [b"", files.HTML])
def test_a_bad_file_is_refused_in_the_one_shape(api: APIClient, account: OfficialAccount, content: bytes) -> None:
    answer = post(api, account.pk, content)

    assert (answer.status_code, set(answer.json())) == (400, {"code", "message", "fix", "fields"})
    assert answer.json()["code"] in ("empty_file", "unknown_format")


def test_a_wrong_account_is_an_input_at_fault(api: APIClient, account: OfficialAccount) -> None:
    assert set(post(api, 0, files.picture()).json()["fields"]) == {"account"}


def test_a_huge_request_is_refused_unread(api: APIClient, account: OfficialAccount) -> None:
    answer = api.generic("POST", PATH, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9))

    assert answer.json()["code"] == "file_too_big"


def test_an_unused_file_is_deleted(api: APIClient, picture: MediaAsset) -> None:
    assert api.delete(f"{PATH}{picture.pk}/").status_code == 204
    assert not MediaAsset.objects.exists()


def test_a_used_file_is_not(api: APIClient, picture: MediaAsset) -> None:
    Campaign.objects.create(account=picture.account, name="新品", media=picture, status=Status.SCHEDULED)

    assert api.delete(f"{PATH}{picture.pk}/").json()["code"] == "file_in_use"


def test_each_verb_has_its_permission(staff_user: User, picture: MediaAsset) -> None:
    permit(staff_user, "view_mediaasset")
    client = APIClient()
    client.force_login(staff_user)

    assert client.get(PATH).status_code == 200
    assert post(client, picture.account.pk, files.picture("PNG")).status_code == 403
    assert client.delete(f"{PATH}{picture.pk}/").status_code == 403
