"""One Official Account: what its console says about it, and everything that hangs on it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from wxcore.simulator.articles import Article
from wxcore.simulator.codes import Codes
from wxcore.simulator.comments import Thread
from wxcore.simulator.contacts import Contacts
from wxcore.simulator.drafts import DraftBox
from wxcore.simulator.errors import ControlError
from wxcore.simulator.followers import Followers
from wxcore.simulator.media import LIBRARY_LIMITS, Shelf, new_media_id
from wxcore.simulator.menus import Button, Menus
from wxcore.simulator.quota import CallQuota
from wxcore.simulator.tags import Tags
from wxcore.simulator.tokens import Family
from wxcore.wechat.crypto import decode_aes_key

KINDS = ("subscription", "service", "test")
MODES = ("plaintext", "compatible", "safe")
FORMATS = ("xml", "json")
MEDIA_LIMITS = ("current", "old")
PREVIEWS = 500
REPRINTS = ("none", "allowed", "forbidden")
STATISTICS = ("both", "older", "none")
CHOICES = {
    "kind": KINDS,
    "mode": MODES,
    "format": FORMATS,
    "media_limits": MEDIA_LIMITS,
    "reprint": REPRINTS,
    "statistics": STATISTICS,
}


@dataclass
class Options:
    """What a person sets in the console of mp.weixin.qq.com, and what this simulator lets you choose besides."""

    secret: str = "secret"  # noqa: S105 - a toy account's
    kind: str = "service"
    verified: bool = True
    original_id: str = ""
    name: str = ""
    callback_url: str = ""
    token: str = ""
    encoding_aes_key: str = ""
    mode: str = "plaintext"
    format: str = "xml"
    agents: list[str] = field(default_factory=list)
    token_length: int = 157
    ip_whitelist: list[str] = field(default_factory=list)
    mass_protection: bool = False
    secret_frozen: bool = False
    open_platform: bool = True
    wechat_names: dict[str, str] = field(default_factory=dict)
    daily_limits: dict[str, int] = field(default_factory=dict)
    media_limits: str = "current"
    library_limits: dict[str, int] = field(default_factory=dict)
    library_held: dict[str, int] = field(default_factory=dict)
    media_id_length: int = 0
    may_comment: bool = True
    uploadnews: bool = True
    cards: bool = False
    reprint: str = "none"
    statistics: str = "both"
    statistics_delayed: bool = False

    def check(self) -> None:
        """Raises ControlError when a value makes no sense."""
        for key, allowed in CHOICES.items():
            if getattr(self, key) not in allowed:
                raise ControlError(f"{key} is one of {', '.join(allowed)}")
        if self.callback_url and not self.callback_url.startswith(("http://", "https://")):
            raise ControlError("callback_url begins with http:// or https://")
        if self.mode != "plaintext":
            try:
                decode_aes_key(self.encoding_aes_key)
            except ValueError as error:
                raise ControlError(f"encoding_aes_key: {error}") from None


KEYS = {option.name: type(getattr(Options(), option.name)) for option in fields(Options)}


class Account:
    """An account with its followers, tags, tokens, quota and media. Whoever reads or changes it holds `lock`."""

    def __init__(self, appid: str) -> None:
        self.appid = appid
        self.lock = threading.RLock()
        self.options = Options()
        self.followers = Followers(appid)
        self.tags = Tags()
        self.calls = CallQuota()
        self.families = {"token": Family(157), "stable_token": Family(157)}
        self.forced: list[float] = []
        self.clearings: list[tuple[int, int]] = []
        self.single_clearings: list[tuple[int, int]] = []
        self.named_previews: list[date] = []
        self.shelf = Shelf()
        self.drafts = DraftBox()
        self.menu = Menus()
        self.previews: dict[str, Article] = {}
        self.threads: dict[tuple[int, int], Thread] = {}
        self.codes = Codes()
        self.contacts = Contacts()
        self.chats: dict[int, list[dict[str, Any]]] = {}
        self.speed = 3

    def configure(self, given: dict[str, Any]) -> None:
        """This will change the given options and keep the others. Raises ControlError for an unknown or wrong one."""
        for key, value in given.items():
            if key not in KEYS:
                raise ControlError(f"an account has no {key}; it has {', '.join(KEYS)}")
            if type(value) is not KEYS[key]:
                raise ControlError(f"{key} is a {KEYS[key].__name__}")
        changed = Options(**{**vars(self.options), **given})
        changed.original_id = changed.original_id or f"gh_{self.appid[-12:]}"
        changed.check()
        self.options = changed
        self.calls.own_limits = changed.daily_limits
        self.shelf.limits = LIBRARY_LIMITS[changed.media_limits] | changed.library_limits
        self.shelf.besides = changed.library_held
        for family in self.families.values():
            family.length = changed.token_length

    @property
    def is_test(self) -> bool:
        """Whether it is a test account (接口测试号)."""
        return self.options.kind == "test"

    @property
    def may_manage(self) -> bool:
        """Whether it may call users, tags and mass sending: verified, or a test account."""
        return self.options.verified or self.is_test

    @property
    def may_send_by_openid(self) -> bool:
        """Whether it may call mass/send: a verified service account, or a test account."""
        return self.may_manage and self.options.kind != "subscription"

    @property
    def may_publish(self) -> bool:
        """Whether it may call freepublish: a verified subscription account, or any service account."""
        return self.may_manage or self.options.kind == "service"

    @property
    def may_have_menu(self) -> bool:
        """Whether it may call the menu: everybody but an unverified subscription account."""
        return self.may_manage or self.options.kind == "service"

    @property
    def may_make_codes(self) -> bool:
        """Whether it may make QR codes with a scene: a verified service account, or a test account."""
        return self.may_manage and self.options.kind != "subscription"

    @property
    def may_read_statistics(self) -> bool:
        """Whether it may call the current statistics of articles."""
        return self.options.verified and self.options.statistics == "both"

    @property
    def may_read_older_statistics(self) -> bool:
        """Whether it may call the older ones."""
        return self.options.verified and self.options.statistics != "none"

    def new_media_id(self, *, permanent: bool) -> str:
        """This will be the id of something new, of the length that the account's options name."""
        return new_media_id(permanent=permanent, length=self.options.media_id_length)

    def show_preview(self, articles: Iterable[Article]) -> None:
        """This will give the articles of a preview pages; those of long ago lose theirs."""
        self.previews |= {article.key: article for article in articles}
        for key in list(self.previews)[:-PREVIEWS]:
            del self.previews[key]

    def menu_for(self, number: int, platform: str = "2") -> tuple[list[Button], str]:
        """This will be the buttons that a follower sees, by their tags, and the menu's id; [] and "" for none."""
        return self.menu.of(self.tags.of(number), platform)

    def note(self, number: int, **entry: Any) -> None:
        """This will put one line into a follower's chat with the account."""
        self.chats.setdefault(number, []).append(entry)
