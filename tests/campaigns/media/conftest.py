from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from campaigns import library
from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.people import permit
from wxcore.models import OfficialAccount

LIST = "/admin/campaigns/mediaasset/"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    cache.clear()


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def picture(account: OfficialAccount) -> MediaAsset:
    return keep(account, files.picture(), "红.jpg")


@pytest.fixture
def client_with(staff_user: User, account: OfficialAccount) -> Callable[..., Client]:
    """`client_with("view_mediaasset")`: somebody who may do that and nothing else."""

    def make(*codenames: str) -> Client:
        permit(staff_user, *codenames)
        client = Client()
        client.force_login(staff_user)
        return client

    return make


def keep(account: OfficialAccount, content: bytes, name: str = "", **options: Any) -> MediaAsset:
    """This will store a file in the library."""
    return library.store_bytes(account, content, name=name, **options).asset


def upload(client: Client, account: OfficialAccount, content: bytes, name: str = "a.jpg", **data: Any) -> Any:
    """This will post one file as the page does."""
    file = SimpleUploadedFile(name, content)
    return client.post(f"{LIST}upload/", {"account": account.pk, "file": file, **data})
