"""The buttons of a menu: what each kind needs, what is wrong with a tree, and how ours becomes WeChat's and back.

Ours is the shape of menu/create, with two words of our own: `asset`, the id of a file of the library, in place of
`media_id`, and `publication`, the id of one, in place of `article_id`. An id that WeChat told and we cannot name stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError

Button = dict[str, Any]
Path = tuple[int, ...]  # (1,) is the second button, (1, 0) the first one below it

TOP, SUB = 3, 5
NAME_BYTES = {1: 16, 2: 60}  # by the length of the path
SHOWN = {1: 8, 2: 16}  # in half widths: what a phone shows of a name, the rest is "…"
KEY_BYTES, URL_BYTES, ID_BYTES = 128, 1024, 256
DOMAINS = 3  # to which all conditional menus together may lead
# Whatever is sent to us is kept only within this.
MOST = 20


class Kind(models.TextChoices):
    """What a button does (type)."""

    CLICK = "click", _("answer with a reply rule")
    VIEW = "view", _("open a web page")
    MINIPROGRAM = "miniprogram", _("open a mini program")
    MEDIA = "media_id", _("send a picture, voice or video")
    ARTICLE = "article_id", _("send a published article")
    ARTICLE_PAGE = "article_view_limited", _("open a published article")
    SCAN = "scancode_push", _("scan a code and open it")
    SCAN_WAIT = "scancode_waitmsg", _("scan a code and wait for the answer")
    CAMERA = "pic_sysphoto", _("take a photo")
    CAMERA_OR_ALBUM = "pic_photo_or_album", _("take or choose a photo")
    ALBUM = "pic_weixin", _("choose a photo from the album")
    LOCATION = "location_select", _("choose a place")


ARTICLES = (Kind.ARTICLE, Kind.ARTICLE_PAGE)
KEYED = (*(Kind.CLICK, Kind.SCAN, Kind.SCAN_WAIT, Kind.CAMERA, Kind.CAMERA_OR_ALBUM, Kind.ALBUM, Kind.LOCATION),)
# To these a reply rule answers; the others tell us what somebody did, and a message follows.
ANSWERED = (Kind.CLICK, Kind.SCAN_WAIT)
# The fields of each kind, beside type and name.
FIELDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(KEYED, ("key",)),
    Kind.VIEW: ("url",),
    Kind.MINIPROGRAM: ("appid", "pagepath", "url"),
    Kind.MEDIA: ("asset", "media_id"),
    **dict.fromkeys(ARTICLES, ("publication", "article_id")),
}
NUMBERS = ("asset", "publication")
# How much of each text WeChat takes.
BYTES = {"key": KEY_BYTES, "url": URL_BYTES, "appid": 64, "pagepath": URL_BYTES, "media_id": ID_BYTES}


class MalformedMenu(OperatorError):
    code = "malformed_menu"
    message = _("These are no buttons of a menu.")
    fix = _("Reload the page and try again.")


class WrongButton(OperatorError):
    """Base of what is wrong with one button, or with the number of buttons."""

    code = "wrong_button"


class NoButtons(WrongButton):
    code = "no_buttons"
    message = _("The menu has no button.")
    fix = _("Add one, or delete the menu at WeChat if followers shall see none.")


class TooManyButtons(WrongButton):
    code = "too_many_buttons"
    message = _("There are %(count)d buttons side by side; WeChat takes %(most)d.")
    fix = _("Put some of them below another button.")


class TooManyBelow(WrongButton):
    code = "too_many_sub_buttons"
    message = _("There are %(count)d buttons below this one; WeChat takes %(most)d.")
    fix = _("Move some of them below another button.")


class NestedTooDeep(WrongButton):
    code = "nested_too_deep"
    message = _("A button below another one cannot open a further list.")
    fix = _("Move these buttons one level up.")


class NameMissing(WrongButton):
    code = "button_name_missing"
    message = _("The button has no name.")
    fix = _("Give it a name; a phone shows four characters at the bottom and eight in a list.")


class NameTooLong(WrongButton):
    code = "button_name_too_long"
    message = _("The name has %(count)d bytes; WeChat takes %(most)d.")
    fix = _("Shorten it: a Chinese character is three bytes, a letter one.")


class NameCut(WrongButton):
    code = "button_name_cut"
    message = _("Phones show “%(shown)s…” of this name.")
    fix = _("Four Chinese characters fit at the bottom, eight in a list.")


class NoAction(WrongButton):
    code = "button_without_action"
    message = _("It is not chosen what the button does.")
    fix = _("Choose it, or add buttons below this one.")


class NoKey(WrongButton):
    code = "button_key_missing"
    message = _("The button has no key.")
    fix = _("Enter one, for example “today”: by it a reply rule knows which button was tapped.")


class TextTooLong(WrongButton):
    code = "button_text_too_long"
    message = _("This has %(count)d bytes; WeChat takes %(most)d.")
    fix = _("Shorten it.")


class NoAddress(WrongButton):
    code = "button_url_missing"
    message = _("The address is missing.")
    fix = _("Enter the address of the page; for a mini program that of a page for old phones, which cannot open it.")


class WrongAddress(WrongButton):
    code = "button_url_wrong"
    message = _("This is no address of a page.")
    fix = _("It begins with https:// or http:// and has no spaces.")


class NoAppid(WrongButton):
    code = "button_appid_missing"
    message = _("The AppID of the mini program is missing.")
    fix = _("Copy it from the mini program's console; it begins with “wx”. WeChat wants it linked to this account.")


class NoPagepath(WrongButton):
    code = "button_pagepath_missing"
    message = _("The page of the mini program is missing.")
    fix = _("Enter its path, for example pages/index/index.")


class NoFile(WrongButton):
    code = "button_file_missing"
    message = _("No file is chosen.")
    fix = _("Choose a picture, voice or video from the library.")


class NoArticle(WrongButton):
    code = "button_article_missing"
    message = _("No article is chosen.")
    fix = _("Choose one that is published; publish it first if it is not.")


class TooManyDomains(WrongButton):
    code = "too_many_domains"
    message = _("Conditional menus lead to %(count)d web sites: %(domains)s. WeChat takes %(most)d.")
    fix = _("Let the buttons lead to fewer sites.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at `path`, () for the whole menu, in the input `field`. A `hint` does not keep from publishing."""

    path: Path
    field: str
    error: OperatorError
    hint: bool = False


def place(path: Path) -> str:
    """This will be where a button stands, as people count: "2", or "2-1" for the first one below it."""
    return "-".join(str(index + 1) for index in path)


def leaves(buttons: Sequence[Button]) -> Iterator[tuple[Path, Button]]:
    """This will be every button that does something, with its place."""
    for top, button in enumerate(buttons):
        below = button.get("sub_button")
        if not below:
            yield (top,), button
        for sub, leaf in enumerate(below or ()):
            yield (top, sub), leaf


def clean(raw: object) -> list[Button]:
    """This will be what came from outside as buttons that can be stored: known fields only, those of its kind.

    Unfinished buttons are kept as they are. Raises MalformedMenu for what is no list of buttons.
    """
    if not isinstance(raw, list) or len(raw) > MOST:
        raise MalformedMenu
    return [_clean(button, deep=False) for button in raw]


def _clean(raw: object, *, deep: bool) -> Button:
    if not isinstance(raw, dict):
        raise MalformedMenu
    button: Button = {"name": _text(raw.get("name"))}
    below = raw.get("sub_button")
    if below:
        if deep:
            raise NestedTooDeep
        if not isinstance(below, list) or len(below) > MOST:
            raise MalformedMenu
        return button | {"sub_button": [_clean(leaf, deep=True) for leaf in below]}
    kind = raw.get("type")
    if not kind:
        return button
    if not isinstance(kind, str) or kind not in FIELDS:
        raise MalformedMenu
    button["type"] = kind
    for field in FIELDS[kind]:
        value = _number(raw.get(field)) if field in NUMBERS else _text(raw.get(field))
        if value:
            button[field] = value
    if "asset" in button:
        button.pop("media_id", None)
    if "publication" in button:
        button.pop("article_id", None)
    return button


def _text(value: object) -> str:
    """Without what a database cannot keep and UTF-8 cannot say."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 4 * URL_BYTES:
        raise MalformedMenu
    return "".join(char for char in value if char >= " " and not "\ud800" <= char <= "\udfff").strip()


def _number(value: object) -> int | None:
    if value in (None, ""):
        return None
    if type(value) is not int or not 0 < value < 2**63:
        raise MalformedMenu
    return value


def problems(buttons: Sequence[Button]) -> list[Problem]:
    """This will be everything that WeChat would refuse, and hints, in the order of the buttons."""
    if not buttons:
        return [Problem((), "", NoButtons())]
    found = []
    if len(buttons) > TOP:
        found.append(Problem((), "", TooManyButtons(count=len(buttons), most=TOP)))
    for top, button in enumerate(buttons):
        below = button.get("sub_button") or []
        found += _name_problems((top,), button)
        if not below:
            found += _leaf_problems((top,), button)
        if len(below) > SUB:
            found.append(Problem((top,), "", TooManyBelow(count=len(below), most=SUB)))
        for sub, leaf in enumerate(below):
            found += [*_name_problems((top, sub), leaf), *_leaf_problems((top, sub), leaf)]
    return found


def _name_problems(path: Path, button: Button) -> Iterator[Problem]:
    name, most = button.get("name", ""), NAME_BYTES[len(path)]
    if not name:
        yield Problem(path, "name", NameMissing())
    elif size(name) > most:
        yield Problem(path, "name", NameTooLong(count=size(name), most=most))
    elif (shown := as_shown(name, path)) != name:
        yield Problem(path, "name", NameCut(shown=shown.removesuffix("…")), hint=True)


def _leaf_problems(path: Path, button: Button) -> Iterator[Problem]:
    kind = button.get("type")
    if not kind:
        yield Problem(path, "type", NoAction())
        return
    for field, most in BYTES.items():
        if size(button.get(field, "")) > most:
            yield Problem(path, field, TextTooLong(count=size(button[field]), most=most))
    if kind in KEYED and not button.get("key"):
        yield Problem(path, "key", NoKey())
    if kind == Kind.MINIPROGRAM:
        if not button.get("appid"):
            yield Problem(path, "appid", NoAppid())
        if not button.get("pagepath"):
            yield Problem(path, "pagepath", NoPagepath())
    if kind in (Kind.VIEW, Kind.MINIPROGRAM):
        if not button.get("url"):
            yield Problem(path, "url", NoAddress())
        elif not domain(button["url"]):
            yield Problem(path, "url", WrongAddress())
    if kind == Kind.MEDIA and not (button.get("asset") or button.get("media_id")):
        yield Problem(path, "asset", NoFile())
    if kind in ARTICLES and not (button.get("publication") or button.get("article_id")):
        yield Problem(path, "publication", NoArticle())


def size(text: str) -> int:
    """This will be the length in bytes of UTF-8, as WeChat counts."""
    return len(text.encode())


def as_shown(name: str, path: Path) -> str:
    """This will be a name as a phone shows it: at the bottom four Chinese characters, in a list eight, then "…"."""
    room = SHOWN[len(path)]
    for index, char in enumerate(name):
        room -= 1 if ord(char) < 0x2E80 else 2
        if room < 0:
            return name[:index] + "…"
    return name


def domain(url: str) -> str:
    """This will be the host of a web page's address, "" for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or any(char.isspace() for char in url):
        return ""
    return parts.hostname or ""


def domains(buttons: Sequence[Button]) -> set[str]:
    """This will be the hosts to which buttons lead."""
    found = {domain(leaf.get("url", "")) for _path, leaf in leaves(buttons) if leaf.get("type") == Kind.VIEW}
    return found - {""}


def to_wechat(
    buttons: Sequence[Button], *, media_ids: Mapping[int, str], article_ids: Mapping[int, str]
) -> list[Button]:
    """This will be the buttons as menu/create takes them. Raises KeyError for a file or a publication without an id."""

    def told(button: Button) -> Button:
        if button.get("sub_button"):
            return {"name": button["name"], "sub_button": [told(leaf) for leaf in button["sub_button"]]}
        sent = {name: value for name, value in button.items() if name not in NUMBERS}
        if "asset" in button:
            sent["media_id"] = media_ids[button["asset"]]
        if "publication" in button:
            sent["article_id"] = article_ids[button["publication"]]
        return sent

    return [told(button) for button in buttons]


def ids(buttons: Sequence[Button], field: str) -> set[int]:
    """This will be the ids under `field`, "asset" or "publication"."""
    return {leaf[field] for _path, leaf in leaves(buttons) if field in leaf}


def keys(buttons: Sequence[Button]) -> set[str]:
    """This will be the keys to which reply rules answer."""
    return {leaf["key"] for _path, leaf in leaves(buttons) if leaf.get("type") in ANSWERED and leaf.get("key")}
