"""What becomes of authorisations, of the account's verification (认证) and of cards.

https://developers.weixin.qq.com/doc/service/guide/product/auth_event.html
https://developers.weixin.qq.com/doc/service/guide/product/message/Account_verification_event.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wxcore.wechat.messages.containers import Container
from wxcore.wechat.messages.push import Kind, Push


@dataclass(frozen=True, slots=True, kw_only=True)
class _Authorization(Push):
    openid: str
    appid: str
    revoke_info: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfoModified(_Authorization):
    """What somebody (`openid`) let us read has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRevoked(_Authorization):
    """Somebody (`openid`) took back what they let us read: it must be deleted. `revoke_info` lists what, by number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCancelled(_Authorization):
    """Somebody (`openid`) closed their WeChat account: their data must be deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountVerification(Push):
    """Our account's verification or naming was granted, refused, or runs out. Times in epoch seconds."""

    expired_at: int | None
    fail_at: int | None
    fail_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEvent(Push):
    """Something happened to a card or coupon (卡券), which we do not offer."""

    card_id: str
    code: str


def _authorization(root: Container) -> dict[str, Any]:
    return {
        # Never the sender in its place: data is deleted by it.
        "openid": root.required_text("OpenID"),
        "appid": root.text("AppID"),
        "revoke_info": root.text("RevokeInfo"),
    }


def _verification(root: Container) -> dict[str, Any]:
    return {
        "expired_at": root.moment("ExpiredTime"),
        "fail_at": root.moment("FailTime"),
        "fail_reason": root.text("FailReason"),
    }


def _card(root: Container) -> dict[str, Any]:
    return {"card_id": root.text("CardId"), "code": root.text("UserCardCode")}


_VERIFICATIONS = (
    "qualification_verify_success",
    "qualification_verify_fail",
    "naming_verify_success",
    "naming_verify_fail",
    "annual_renew",
    "verify_expired",
)
_CARDS = (
    "card_pass_check",
    "card_not_pass_check",
    "user_get_card",
    "user_gifting_card",
    "user_del_card",
    "user_consume_card",
    "user_pay_from_pay_cell",
    "user_view_card",
    "user_enter_session_from_card",
    "update_member_card",
    "card_sku_remind",
    "card_pay_order",
    "submit_membercard_user_info",
)

ACCOUNT_EVENTS = (
    Kind("user_info_modified", UserInfoModified, _authorization),
    Kind("user_authorization_revoke", AuthorizationRevoked, _authorization),
    Kind("user_authorization_cancellation", AuthorizationCancelled, _authorization),
    *(Kind(name, AccountVerification, _verification) for name in _VERIFICATIONS),
    *(Kind(name, CardEvent, _card) for name in _CARDS),
)
