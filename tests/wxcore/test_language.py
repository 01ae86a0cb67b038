"""The site speaks Chinese until a reader chooses English."""

from __future__ import annotations

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from campaigns.models import Campaign

pytestmark = pytest.mark.django_db


def refused(api: APIClient, campaign: Campaign, **headers: str) -> tuple[str, str]:
    """This will be the language and the message of a refusal: nobody follows."""
    answer = api.post(f"/api/v1/campaigns/{campaign.pk}/send/", headers=headers)
    return answer["Content-Language"], answer.json()["message"]


def test_chinese_comes_first(api: APIClient, campaign: Campaign) -> None:
    language, message = refused(api, campaign)

    assert language == "zh-hans"
    assert not message.isascii()


def test_a_browser_installed_in_english_changes_nothing(api: APIClient, campaign: Campaign) -> None:
    assert refused(api, campaign, **{"Accept-Language": "en-US,en"})[0] == "zh-hans"


def test_the_cookie_decides(api: APIClient, campaign: Campaign) -> None:
    api.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert refused(api, campaign) == ("en", "Nobody would receive this campaign.")


@pytest.mark.parametrize("cookie", ["fr", "../../etc", ""])
def test_a_language_that_we_do_not_speak_is_chinese(api: APIClient, campaign: Campaign, cookie: str) -> None:
    api.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie

    assert refused(api, campaign)[0] == "zh-hans"


def test_the_switch_sets_the_cookie(api: APIClient) -> None:
    answer = api.post("/i18n/setlang/", {"language": "en", "next": "/"}, format=None)

    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
