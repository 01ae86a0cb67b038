"""Reading WeChat's answers, liberally: one page of the documentation shows as text what another shows as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxcore.errors import by_language
from wxcore.wechat.errors import BadAnswer, InvalidRequest


@dataclass(frozen=True, slots=True)
class OpenidPage:
    """One page of openids: `total` in the whole list, this page's `openids`, where to continue ("" after the last)."""

    total: int
    openids: tuple[str, ...]
    next_openid: str


def openid_page(data: Mapping[str, Any]) -> OpenidPage:
    """This will read a page. The page after the last one has no `data`, and tag members have no `total`."""
    openids = tuple(map(str, child(data, "data").get("openid") or ()))
    total = integer(data.get("total"), default=integer(data.get("count"), default=len(openids)))
    return OpenidPage(total=total, openids=openids, next_openid=data.get("next_openid") or "" if openids else "")


def integer(value: object, *, default: int) -> int:
    """This will be the number in `value`, be it a number or text; `default` when there is none."""
    return default if (number := optional_integer(value)) is None else number


def optional_integer(value: object) -> int | None:
    """This will be the number in `value`, None when there is none."""
    if type(value) is int:
        return value
    text = str(value).strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def required_integer(data: Mapping[str, Any], key: str, *, call: str) -> int:
    """This will be the number under `key`. Raises BadAnswer: WeChat said yes and did not say to what."""
    number = optional_integer(data.get(key))
    if number is None:
        raise BadAnswer(call, f"no {key}")
    return number


def required_text(data: Mapping[str, Any], key: str, *, call: str) -> str:
    """This will be the text under `key`, also of an id sent as a number. Raises BadAnswer when there is none."""
    value = data.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise BadAnswer(call, f"no {key}")
    return str(value).strip()


def text(data: Mapping[str, Any], key: str) -> str:
    """This will be the text under `key`, "" when there is none."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def flag(data: Mapping[str, Any], key: str) -> bool:
    """This will be the yes or no under `key`, which WeChat writes as 1 or 0; no when there is none."""
    value = data.get(key)
    return value is True or optional_integer(value) == 1


def child(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """This will be the object under `key`, empty when there is none."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def integers(values: object) -> tuple[int, ...]:
    """This will be the numbers in a list, empty when there is none."""
    if not values or not isinstance(values, list):
        return ()
    return tuple([number for value in values if (number := optional_integer(value)) is not None])


def objects(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """This will be the objects in the list under `key`, empty when it is absent."""
    return [item for item in data.get(key) or () if isinstance(item, dict)]


def require_openids(call: str, openids: Sequence[str], *, at_least: int = 1, at_most: int) -> list[str]:
    """This will be the openids as a list. Raises InvalidRequest unless it holds as many different ones as allowed."""
    given = [] if openids is None or isinstance(openids, str) else list(openids)  # a text is a sequence of letters
    if any(not isinstance(openid, str) or not openid for openid in given):
        raise InvalidRequest(
            call,
            by_language(en="The openid list holds an empty entry.", zh="openid 列表中含有空值。"),
            by_language(en="Rebuild the list.", zh="请重新生成列表。"),
        )
    if len(set(given)) != len(given):
        raise InvalidRequest(
            call,
            by_language(en="The openid list names somebody twice.", zh="openid 列表中有重复。"),
            by_language(en="Rebuild the list.", zh="请重新生成列表。"),
        )
    if not at_least <= len(given) <= at_most:
        raise InvalidRequest(
            call,
            by_language(
                en=f"{call} takes {at_least} to {at_most} different openids, not {len(given)}.",
                zh=f"{call} 需要 {at_least} 到 {at_most} 个不重复的 openid，实际 {len(given)} 个。",
            ),
            by_language(en="Split the list, or choose more followers.", zh="请拆分列表，或选择更多粉丝。"),
        )
    return given
