"""The library through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign, MediaAsset
from campaigns.states import Status
from tests.campaigns.media import files
from tests.people import member, permit
from wxcore import apitokens
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


def test_a_program_with_a_token_gets_the_file(staff_user: User, picture: MediaAsset) -> None:
    permit(staff_user, "view_mediaasset")
    _token, secret = apitokens.issue(staff_user, name="r", scopes=["read"], now=timezone.now())
    program = APIClient(headers={"Authorization": f"Token {secret}"})
    whole = program.get(f"{PATH}{picture.pk}/file/")
    part = program.get(f"{PATH}{picture.pk}/file/", headers={"Range": "bytes=10-19"})
    thumb = program.get(f"{PATH}{picture.pk}/thumb/")

    assert (whole.headers["Content-Type"], b"".join(whole.streaming_content)) == ("image/jpeg", files.picture())
    assert (part.status_code, b"".join(part.streaming_content)) == (206, files.picture()[10:20])
    assert (thumb.status_code, thumb.headers["Content-Type"]) == (200, "image/jpeg")
    again = program.get(f"{PATH}{picture.pk}/file/", headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_of_others_does_not_exist(picture: MediaAsset) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="x", appid="wxother0000000001", secret="s", token="t")
    client = APIClient()
    client.force_login(member(other, "administrator"))

    assert [client.get(f"{PATH}{picture.pk}/{verb}/").status_code for verb in ("file", "thumb")] == [404, 404]
