"""Other pages choose files through the picker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from campaigns.models import MediaAsset
from tests.campaigns.media import files
from tests.campaigns.media.conftest import LIST, keep
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def pick(client: Client, account: OfficialAccount, **query: str) -> str:
    return client.get(f"{LIST}pick/", {"account": account.pk, **query}).content.decode()


def test_the_cards_carry_what_scripts_need(admin_client: Client, picture: MediaAsset) -> None:
    html = pick(admin_client, picture.account)

    for part in (f'data-id="{picture.pk}"', 'data-name="红.jpg"', f'data-url="{picture.file_url}"', 'data-width="40"'):
        assert part in html


def test_only_the_wanted_kind_is_shown(admin_client: Client, picture: MediaAsset) -> None:
    keep(picture.account, files.mp3(), "早安.mp3")

    html = pick(admin_client, picture.account, kind="voice")

    assert "早安.mp3" in html
    assert "红.jpg" not in html


def test_another_accounts_files_are_not_shown(
    admin_client: Client, picture: MediaAsset, other_account: OfficialAccount
) -> None:
    assert "红.jpg" not in pick(admin_client, other_account)


def test_a_name_is_searched_for(admin_client: Client, picture: MediaAsset) -> None:
    assert "红.jpg" in pick(admin_client, picture.account, q="红")
    assert "红.jpg" not in pick(admin_client, picture.account, q="蓝")


@pytest.mark.parametrize("asked", ["", "0", "x", "9" * 40], ids=["none", "unknown", "no number", "huge"])
def test_without_an_account_there_is_nothing_to_choose(admin_client: Client, picture: MediaAsset, asked: str) -> None:
    response = admin_client.get(f"{LIST}pick/", {"account": asked})

    assert response.status_code == 200
    assert "q-media-choice" not in response.content.decode()


def test_a_name_cannot_break_out_of_its_card(admin_client: Client, account: OfficialAccount) -> None:
    keep(account, files.picture(), '"><script>alert(1)</script>')

    assert "<script>alert(1)" not in pick(admin_client, account)


def test_who_may_only_look_gets_no_upload_zone(client_with: Callable[..., Client], picture: MediaAsset) -> None:
    html = pick(client_with("view_mediaasset"), picture.account)

    assert "红.jpg" in html
    assert "q-drop-zone" not in html


def test_who_may_not_see_the_library_may_not_choose(client_with: Callable[..., Client]) -> None:
    assert client_with().get(f"{LIST}pick/").status_code == 403
