"""The page uploads each file in a request of its own, and is told what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.campaigns.media.conftest import LIST, upload
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def test_a_new_file_is_told_with_its_card(admin_client: Client, account: OfficialAccount) -> None:
    told = upload(admin_client, account, files.picture(), "红.jpg").json()

    asset = MediaAsset.objects.get()
    assert (told["is_new"], told["warnings"]) == (True, [])
    assert (told["asset"]["id"], told["asset"]["url"], told["asset"]["name"]) == (asset.pk, asset.file_url, "红.jpg")
    assert "红.jpg" in told["card"]
    assert f'data-id="{asset.pk}"' in told["choice"]
    assert (asset.created_by.username, LogEntry.objects.count()) == ("boss", 1)


def test_a_known_file_is_told_from_a_new_one(admin_client: Client, picture: MediaAsset) -> None:
    told = upload(admin_client, picture.account, files.picture()).json()

    assert (told["is_new"], told["asset"]["id"]) == (False, picture.pk)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (files.SVG, "logo.svg", "unknown_format"),
        (files.HTML, "photo.jpg", "unknown_format"),
        (b"", "photo.jpg", "empty_file"),
        (files.picture()[:-100], "photo.jpg", "broken_file"),
        (files.huge_png(), "photo.png", "too_many_pixels"),
        (files.mp3_that_claims(7200), "a.mp3", "too_long"),
    ],
    ids=["svg with a script", "renamed html", "empty", "cut off", "bomb", "two hours"],
)
def test_a_bad_file_is_refused_with_the_way_out(
    admin_client: Client, account: OfficialAccount, content: bytes, name: str, code: str
) -> None:
    response = upload(admin_client, account, content, name)

    told = response.json()
    assert (response.status_code, told["code"]) == (400, code)
    assert told["message"]
    assert told["fix"]
    assert not MediaAsset.objects.exists()


@pytest.mark.parametrize("account", ["", "0", "x", "9" * 30])
@pytest.mark.usefixtures("db")
def test_an_account_must_be_named(admin_client: Client, account: str) -> None:
    file = SimpleUploadedFile("a.jpg", files.picture())

    response = admin_client.post(f"{LIST}upload/", {"account": account, "file": file})

    assert response.json()["code"] == "no_account"


def test_a_file_must_arrive(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.post(f"{LIST}upload/", {"account": account.pk}).json()["code"] == "no_file"


def test_another_kind_than_wanted_is_refused(admin_client: Client, account: OfficialAccount) -> None:
    assert upload(admin_client, account, files.mp3(), kind="image").json()["code"] == "wrong_kind"


def test_a_huge_request_is_refused_before_it_is_read(admin_client: Client, account: OfficialAccount) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    announced = {"CONTENT_LENGTH": str(10**9), "wsgi.input": Unread()}
    response = admin_client.generic("POST", f"{LIST}upload/", content_type="multipart/form-data", **announced)

    assert response.json()["code"] == "file_too_big"


def test_another_site_cannot_upload(admin_user, account: OfficialAccount) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert upload(client, account, files.picture()).status_code == 403
    assert not MediaAsset.objects.exists()


def test_viewing_is_not_adding(client_with: Callable[..., Client], account: OfficialAccount) -> None:
    assert upload(client_with("view_mediaasset"), account, files.picture()).status_code == 403
    assert upload(client_with("add_mediaasset"), account, files.picture()).status_code == 200


def test_an_upload_is_posted(admin_client: Client, account: OfficialAccount) -> None:
    assert admin_client.get(f"{LIST}upload/").status_code == 405
