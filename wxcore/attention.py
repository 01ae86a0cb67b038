"""What needs somebody's attention, account by account. Each app registers its questions, the API and the stream ask.

A question costs a constant number of statements whatever the number of accounts, and never counts a big table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wxcore import live, rights
from wxcore.models import OfficialAccount, Webhook

# Of one kind and account: whoever has more to do is not helped by the exact number.
MOST = 1000
# Some twenty statements: not every second.
LOOK_SECONDS = 5.0
VIEW_ACCOUNT = "wxcore.view_officialaccount"
# WeChat takes weeks to verify an account anew.
SOON = dt.timedelta(days=30)


class Level(StrEnum):
    """ERROR: something is broken. WARNING: something waits for a person, or will break. INFO: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `count` things of one `kind` on one account, in the reader's words, and where to go."""

    kind: str
    level: Level
    account: int
    count: int
    message: str
    fix: str
    url: str
    since: dt.datetime | None = None


Accounts = QuerySet[OfficialAccount]
Read = Callable[[Accounts], Iterable[Item]]


@dataclass(frozen=True, slots=True)
class Question:
    """`read` is given the accounts on which the person has `permission`."""

    permission: str
    read: Read


_questions: list[Question] = []
_permissions: set[str] = set()


def register(permission: str, read: Read) -> None:
    """This will make known another question."""
    _questions.append(Question(permission, read))
    _permissions.add(permission)


def found(user: rights.Person, account: OfficialAccount | None = None) -> list[Item]:
    """This will be what needs attention on the accounts of somebody, or on one of them; what is broken first."""
    items: list[Item] = []
    for question in _questions:
        accounts = rights.accounts_of(user, question.permission).order_by("pk")
        items += question.read(accounts if account is None else accounts.filter(pk=account.pk))
    return sorted(items, key=lambda item: list(Level).index(item.level))


def everywhere() -> Iterable[tuple[str, Item]]:
    """This will be everything, each with the permission that somebody needs to hear of it."""
    accounts = OfficialAccount.objects.order_by("pk")
    for question in _questions:
        for item in question.read(accounts):
            yield question.permission, item


class CappedCount(Subquery):
    """How many rows a correlated queryset has; the database looks at no more than MOST of them."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], **extra: Any) -> None:
        super().__init__(rows.order_by().values("pk")[:MOST], **extra)


def link(name: str, **query: object) -> str:
    """This will be the address of a list of the admin, with its filters."""
    return f"{reverse(name)}?" + "&".join(f"{key}={value}" for key, value in query.items())


def token_trouble(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts whose access token WeChat refused last."""
    for account in accounts.filter(access_token__failed_at__isnull=False).select_related("access_token"):
        token = account.access_token
        yield Item(
            "token_trouble",
            Level.ERROR,
            account.pk,
            1,
            _("WeChat gives no access token: %(reason)s") % {"reason": token.error_message},
            token.error_fix,
            reverse("admin:wxcore_officialaccount_change", args=[account.pk]),
            token.failed_at,
        )


def webhooks_off(accounts: Accounts) -> Iterable[Item]:
    """This will be the webhooks that were switched off by themselves. One statement."""
    for webhook in Webhook.objects.filter(account__in=accounts, disabled_at__isnull=False).order_by("pk"):
        yield Item(
            "webhook_off",
            Level.ERROR,
            webhook.account_id,
            1,
            _("The webhook “%(name)s” is off. %(reason)s") % {"name": webhook.name, "reason": webhook.error_message},
            webhook.error_fix,
            reverse("admin:wxcore_webhook_change", args=[webhook.pk]),
            webhook.disabled_at,
        )


def expiring(accounts: Accounts) -> Accounts:
    """This will be the accounts whose verification has expired, or does so soon; the most urgent first."""
    ends = timezone.now() + SOON
    return accounts.filter(is_active=True, verified_until__lt=ends).order_by("verified_until")


def verification(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts whose verification by WeChat runs out."""
    now = timezone.now()
    for account in expiring(accounts).only("verified_until"):
        until = account.verified_until
        is_over = until <= now
        words = {"day": date_format(localtime(until)), "days": (until - now).days}
        if is_over:
            message = _("WeChat's verification expired on %(day)s: WeChat refuses mass messages and more.") % words
        else:
            message = ngettext(
                "WeChat's verification expires on %(day)s, in %(days)d day.",
                "WeChat's verification expires on %(day)s, in %(days)d days.",
                words["days"],
            ) % words  # fmt: skip
        level = Level.ERROR if is_over else Level.WARNING
        fix = _("It is renewed in WeChat's console, once a year.")
        page = reverse("admin:wxcore_officialaccount_change", args=[account.pk])
        yield Item("verification", level, account.pk, 1, message, fix, page, until)


def changes(known: Mapping[str, live.Fact]) -> Iterable[live.Fact]:
    """This will be what needs attention as facts for the stream, without words; what is settled has a count of 0."""
    left = dict(known)
    for permission, item in everywhere():
        key = f"{item.kind}-{item.account}-{item.url}"
        left.pop(key, None)
        data = {"id": item.kind, "account": item.account, "level": item.level, "count": item.count}
        yield live.Fact("attention", key, item.account, permission, data)
    for fact in left.values():
        yield replace(fact, data={**fact.data, "count": 0}, is_open=False)


register(VIEW_ACCOUNT, token_trouble)
register("wxcore.view_webhook", webhooks_off)
register(VIEW_ACCOUNT, verification)
live.register("attention", _permissions, changes, every=LOOK_SECONDS)
