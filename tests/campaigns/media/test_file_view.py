"""A file is shown to whoever may see the library, as what it is and never as what it is not."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from campaigns import library, thumbnails
from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.campaigns.media.conftest import keep
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_file_comes_back_as_it_was_stored(admin_client: Client, picture: MediaAsset) -> None:
    response = admin_client.get(picture.file_url)

    assert body(response) == files.picture()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert "private" in response.headers["Cache-Control"]


def test_the_type_is_that_of_the_content_and_not_of_the_name(admin_client: Client, account: OfficialAccount) -> None:
    asset = keep(account, files.picture("PNG"), "page.html")

    assert admin_client.get(asset.file_url).headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=10-19", 10, 20), ("bytes=600-", 600, 653), ("bytes=-5", 648, 653)]
)
def test_a_player_may_ask_for_a_part(
    admin_client: Client, picture: MediaAsset, asked: str, start: int, end: int
) -> None:
    response = admin_client.get(picture.file_url, headers={"Range": asked})

    assert (response.status_code, body(response)) == (206, files.picture()[start:end])
    assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/{picture.size}"
    assert response.headers["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=653-", "bytes=99999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(admin_client: Client, picture: MediaAsset, asked: str) -> None:
    response = admin_client.get(picture.file_url, headers={"Range": asked})

    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */653")


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b"])
def test_nonsense_gets_the_whole_file(admin_client: Client, picture: MediaAsset, asked: str) -> None:
    response = admin_client.get(picture.file_url, headers={"Range": asked})

    assert (response.status_code, len(body(response))) == (200, picture.size)


def test_an_unchanged_file_is_not_sent_twice(admin_client: Client, picture: MediaAsset) -> None:
    etag = admin_client.get(picture.file_url).headers["ETag"]

    assert admin_client.get(picture.file_url, headers={"If-None-Match": etag}).status_code == 304


def test_the_thumbnail_is_small_and_upright(admin_client: Client, account: OfficialAccount) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    Image.new("RGB", (1200, 800)).save(out, "JPEG", exif=exif)
    asset = keep(account, out.getvalue())

    response = admin_client.get(asset.thumb_url)

    assert response.headers["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(body(response))) as small:
        assert (small.format, small.size) == ("JPEG", (267, 400))
    assert (asset.width, asset.height) == (800, 1200)
    assert default_storage.exists(thumbnails.path_of(asset))


@pytest.mark.parametrize("page", ["file", "thumb"])
def test_a_lost_file_is_not_found(admin_client: Client, picture: MediaAsset, page: str) -> None:
    default_storage.delete(picture.file.name)

    assert admin_client.get(getattr(picture, f"{page}_url")).status_code == 404


def test_who_may_not_see_the_library_sees_no_file(client_with: Callable[..., Client], picture: MediaAsset) -> None:
    assert client_with().get(picture.file_url).status_code == 404
    assert client_with("view_mediaasset").get(picture.file_url).status_code == 200


def test_a_visitor_is_sent_to_the_login(client: Client, picture: MediaAsset) -> None:
    assert client.get(picture.file_url).status_code == 302


def test_the_address_leads_back_to_the_file(picture: MediaAsset) -> None:
    assert library.asset_id(picture.file_url) == picture.pk
    assert library.asset_id(f"http://localhost:8000{picture.file_url}") == picture.pk


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/admin/campaigns/mediaasset/1/file/",
        "//elsewhere.example/admin/campaigns/mediaasset/1/file/",
        "/admin/campaigns/mediaasset/1/thumb/",
        "/admin/campaigns/mediaasset/99999999999999999999/file/",
        "javascript:/admin/campaigns/mediaasset/1/file/",
        "http://[/admin/",
        "",
    ],
)
def test_other_addresses_lead_to_no_file(url: str) -> None:
    assert library.asset_id(url) is None
