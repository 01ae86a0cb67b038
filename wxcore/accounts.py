"""The verbs of an official account: connect, check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from wxcore.errors import OperatorError
from wxcore.models import MessageMode, OfficialAccount
from wxcore.tokens import DatabaseTokenStore
from wxcore.wechat import client


def connect(account: OfficialAccount) -> client.WeChat:
    """This will be the client of WeChat's API that speaks as `account`. Use it as a context manager."""
    credentials = client.Credentials(
        appid=account.appid,
        secret=account.secret,
        base_url=account.api_base_url,
        token_endpoint=account.token_endpoint,
    )
    return client.connect(credentials, tokens=DatabaseTokenStore(account), timeout=settings.WECHAT_TIMEOUT)


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: what was looked at, what was found, what to do."""

    level: Level
    subject: str
    message: str
    fix: str = ""


def check(account: OfficialAccount) -> list[Finding]:
    """This will ask WeChat whether `account` works, and say in plain words what is wrong and what to do.

    1. the credentials (a token is fetched); without them the rest cannot be asked,
    2. the right to read followers, 3. the right to mass-send and what is left of today's calls,
    4. our own side: kind, callback.
    """
    with connect(account) as wechat:
        findings = [_ask(_("Credentials"), lambda: _check_credentials(wechat))]
        if findings[0].level is Level.OK:
            findings.append(_ask(_("Followers"), lambda: _count_followers(wechat)))
            findings.append(_ask(_("Mass sending"), lambda: _remaining_calls(wechat)))
    return [*findings, *_check_own_side(account)]


def _ask(subject: str, question: Callable[[], str]) -> Finding:
    try:
        return Finding(Level.OK, subject, question())
    except OperatorError as error:
        return Finding(Level.ERROR, subject, str(error.message), str(error.fix))


def _check_credentials(wechat: client.WeChat) -> str:
    wechat.diagnostics.check_token()
    return _("WeChat accepts AppID and AppSecret.")


def _count_followers(wechat: client.WeChat) -> str:
    return _("%(count)s followers.") % {"count": f"{wechat.users.list_openids().total:,}"}


def _remaining_calls(wechat: client.WeChat) -> str:
    quota = wechat.diagnostics.quota("/cgi-bin/message/mass/sendall")
    return _("%(left)d of %(limit)d calls left today.") % {"left": quota.remain, "limit": quota.daily_limit}


def _check_own_side(account: OfficialAccount) -> Iterator[Finding]:
    if not account.may_mass_send:
        message = _("WeChat does not let this account mass-send to everybody or to a tag.")
        fix = _("Mass sending needs a verified subscription or service account.")
        yield Finding(Level.WARNING, _("Kind"), message, fix)
    if account.message_mode != MessageMode.PLAINTEXT and not account.aes_key:
        fix = _("Enter the EncodingAESKey of WeChat's server configuration.")
        yield Finding(Level.ERROR, _("Callback"), _("Compatible and safe mode need the EncodingAESKey."), fix)
    else:
        where = _("WeChat must post to %(path)s on this site.") % {"path": account.callback_path}
        yield Finding(Level.OK, _("Callback"), where)
