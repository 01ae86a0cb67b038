"""Which page becomes which picture. A picture is named after its row: docs/images/<language>/<name>.png."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).resolve().parent.parent / "images"
# As the folders are named, and as Django and its cookie call them.
LANGUAGES = {"zh": "zh-hans", "en": "en"}
DESKTOP, PHONE = 1280, 390


@dataclass(frozen=True)
class Shot:
    """One picture in each language.

    `path` may name what the story made, like `/admin/campaigns/campaign/{review}/change/`, or `{language}`. `mark` is
    what gets a frame, `prepare` what a person would do first.
    """

    name: str
    path: str
    mark: str = ""
    who: str = "demo"
    width: int = DESKTOP
    height: int = 800
    theme: str = "light"
    prepare: Callable[[Page], Any] | None = None

    def file(self, language: str) -> Path:
        return IMAGES / language / f"{self.name}.png"


def _scroll_to(selector: str) -> Callable[[Page], Any]:
    """This will put something at the top of the picture, a little below the head of the page."""
    script = "element => { element.style.scrollMarginTop = '90px'; element.scrollIntoView({block: 'start'}); }"
    return lambda page: page.locator(selector).first.evaluate(script)


def _try_a_word(page: Page) -> None:
    page.fill("#trial-word", "几点开门")
    page.wait_for_timeout(1500)


def _choose_an_evening(page: Page) -> None:
    page.locator(".q-chips button").nth(2).click()
    page.wait_for_timeout(1500)
    _scroll_to(".q-confirm")(page)


def _ask_for_a_token(page: Page) -> None:
    page.fill("#id_name", "数据看板")
    _scroll_to("#id_name")(page)


CAMPAIGN = "/admin/campaigns/campaign"
SHOTS = (
    # Getting in
    Shot("login", "/admin/login/", who="", height=500),
    Shot("start", "/admin/"),
    Shot("dashboard", "/", height=960),
    Shot("dashboard-dark", "/", height=960, theme="dark"),
    Shot("dashboard-phone", "/", width=PHONE, height=844),
    # Preparing
    Shot("media", "/admin/campaigns/mediaasset/"),
    Shot("draft", "/admin/campaigns/draft/2/change/", height=900),
    Shot("draft-dark", "/admin/campaigns/draft/2/change/", height=900, theme="dark"),
    Shot("campaign", f"{CAMPAIGN}/2/change/", mark='a[href$="/preflight/"]', height=900),
    Shot("audience", f"{CAMPAIGN}/{{segment_campaign}}/change/", mark="#id_audience", prepare=_scroll_to("#id_text")),
    Shot("segment", "/admin/followers/segment/{segment}/change/"),
    Shot("preview", f"{CAMPAIGN}/2/phone/", height=640),
    Shot("preflight", f"{CAMPAIGN}/2/preflight/"),
    Shot("split", f"{CAMPAIGN}/3/split/", height=520),
    # Sending
    Shot("review", f"{CAMPAIGN}/{{review}}/change/", mark='a[href$="/approve/"]', who="approver", height=560),
    Shot("schedule", f"{CAMPAIGN}/2/schedule/", mark=".q-chips", prepare=_choose_an_evening, height=640),
    Shot("send", f"{CAMPAIGN}/3/send/", mark="#id_heads", height=1020),
    Shot("send-phone", f"{CAMPAIGN}/3/send/", width=PHONE, height=844),
    Shot("calendar", f"{CAMPAIGN}/calendar/"),
    # Afterwards
    Shot("results", f"{CAMPAIGN}/1/change/", height=900),
    Shot("readers", f"{CAMPAIGN}/1/change/", prepare=_scroll_to(".q-statistics"), height=760),
    Shot(
        "variants",
        f"{CAMPAIGN}/{{variant}}/change/",
        mark=".q-variants",
        prepare=_scroll_to(".q-funnel > li:last-child"),
        height=640,
    ),
    Shot("recall", f"{CAMPAIGN}/1/recall/", height=700),
    # Talking
    Shot("rules", "/admin/callbacks/replyrule/", mark=".q-trial", prepare=_try_a_word, height=900),
    Shot("rule", "/admin/callbacks/replyrule/3/change/", height=800),
    Shot("menu", "/admin/callbacks/menu/1/change/"),
    Shot("conversations", "/admin/callbacks/conversation/", height=640),
    Shot("conversation", "/admin/callbacks/conversation/{conversation}/change/", height=990),
    Shot("conversation-phone", "/admin/callbacks/conversation/{conversation}/change/", width=PHONE, height=844),
    Shot("weekly", "/admin/wxcore/officialaccount/1/weekly/?week={week}", height=1000),
    # For operators
    Shot("account", "/admin/wxcore/officialaccount/1/change/", height=900),
    Shot("account-check", "/admin/wxcore/officialaccount/1/check/", height=640),
    Shot("token", "/admin/wxcore/apitoken/add/", mark="#id_scopes", prepare=_ask_for_a_token, height=800),
    Shot("webhook", "/admin/wxcore/webhook/{webhook}/change/", height=900),
    Shot("deliveries", "/admin/wxcore/webhookdelivery/", height=640),
    Shot("simulator", "simulator:/?lang={language}"),
)
