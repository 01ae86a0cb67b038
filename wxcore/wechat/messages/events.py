"""What followers do: follow, leave, scan, tap the menu, come for a talk.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
https://developers.weixin.qq.com/doc/service/guide/product/menu/events.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wxcore.wechat.messages.chat import MAX_LATITUDE, MAX_LONGITUDE, place
from wxcore.wechat.messages.containers import Container
from wxcore.wechat.messages.push import Kind, Push, nothing

_SCENE_PREFIX = "qrscene_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe(Push):
    """Somebody follows. `scene` and `ticket` name the QR code that they came by, "" for another way."""

    scene: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe(Push):
    """Somebody no longer follows; their personal data must go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan(Push):
    """A follower scanned a QR code of ours."""

    scene: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReport(Push):
    """A follower's phone says where it is, in degrees; nobody did anything. `precision` is in metres."""

    latitude: float
    longitude: float
    precision: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuClick(Push):
    """A follower tapped a button that has a key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuView(Push):
    """A follower opened the address of a button. `menu_id` is that of the menu, "" where WeChat is silent."""

    url: str
    menu_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuMiniProgram(Push):
    """A follower opened the mini program of a button."""

    path: str
    menu_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuScan(Push):
    """A follower scanned something by a button. After `event` scancode_waitmsg the phone waits for our answer."""

    key: str
    scan_type: str
    scan_result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPictures(Push):
    """A follower sends pictures by a button; they follow as image messages. `md5s` are those of the pictures."""

    key: str
    count: int | None
    md5s: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLocation(Push):
    """A follower chose a place by a button; it may follow as a location message."""

    key: str
    latitude: float
    longitude: float
    scale: int | None
    label: str
    poi_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterTempSession(Push):
    """Somebody opened the customer service of a mini program."""

    session_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerServiceSession(Push):
    """A talk in WeChat's own customer service began, ended or was handed on.

    `kf_account` has it now, "" once it ended; `from_kf_account` had it before, "" when it begins.
    """

    kf_account: str
    from_kf_account: str


def _subscribe(root: Container) -> dict[str, Any]:
    key = root.text("EventKey")
    scene = key.removeprefix(_SCENE_PREFIX) if key.startswith(_SCENE_PREFIX) else ""
    return {"scene": scene, "ticket": root.text("Ticket")}


def _scan(root: Container) -> dict[str, Any]:
    return {"scene": root.text("EventKey"), "ticket": root.text("Ticket")}


def _location_report(root: Container) -> dict[str, Any]:
    return {
        "latitude": root.required_decimal("Latitude", most=MAX_LATITUDE),
        "longitude": root.required_decimal("Longitude", most=MAX_LONGITUDE),
        "precision": root.decimal("Precision"),
    }


def _click(root: Container) -> dict[str, Any]:
    return {"key": root.text("EventKey")}


def _view(root: Container) -> dict[str, Any]:
    return {"url": root.text("EventKey"), "menu_id": root.text("MenuId")}


def _mini_program(root: Container) -> dict[str, Any]:
    return {"path": root.text("EventKey"), "menu_id": root.text("MenuId")}


def _menu_scan(root: Container) -> dict[str, Any]:
    info = root.child("ScanCodeInfo") or root
    return {**_click(root), "scan_type": info.text("ScanType"), "scan_result": info.text("ScanResult")}


def _menu_pictures(root: Container) -> dict[str, Any]:
    info = root.child("SendPicsInfo") or root
    found = tuple(md5 for item in info.items("PicList") if (md5 := item.text("PicMd5Sum")))
    return {**_click(root), "count": info.number("Count"), "md5s": found}


def _menu_location(root: Container) -> dict[str, Any]:
    info = root.child("SendLocationInfo") or root
    return {**_click(root), **place(info), "poi_name": info.text("Poiname")}


def _temp_session(root: Container) -> dict[str, Any]:
    return {"session_from": root.text("SessionFrom")}


def _session_began(root: Container) -> dict[str, Any]:
    return {"kf_account": root.required_text("KfAccount"), "from_kf_account": ""}


def _session_ended(root: Container) -> dict[str, Any]:
    return {"kf_account": "", "from_kf_account": root.text("KfAccount")}


def _session_handed_on(root: Container) -> dict[str, Any]:
    return {"kf_account": root.required_text("ToKfAccount"), "from_kf_account": root.text("FromKfAccount")}


FOLLOWER_EVENTS = (
    Kind("subscribe", Subscribe, _subscribe),
    Kind("unsubscribe", Unsubscribe, nothing),
    Kind("SCAN", Scan, _scan),
    Kind("LOCATION", LocationReport, _location_report),
    Kind("CLICK", MenuClick, _click),
    Kind("VIEW", MenuView, _view),
    Kind("view_miniprogram", MenuMiniProgram, _mini_program),
    Kind("scancode_push", MenuScan, _menu_scan),
    Kind("scancode_waitmsg", MenuScan, _menu_scan),
    Kind("pic_sysphoto", MenuPictures, _menu_pictures),
    Kind("pic_photo_or_album", MenuPictures, _menu_pictures),
    Kind("pic_weixin", MenuPictures, _menu_pictures),
    Kind("location_select", MenuLocation, _menu_location),
    Kind("user_enter_tempsession", EnterTempSession, _temp_session),
    Kind("kf_create_session", CustomerServiceSession, _session_began),
    Kind("kf_close_session", CustomerServiceSession, _session_ended),
    Kind("kf_switch_session", CustomerServiceSession, _session_handed_on),
)
