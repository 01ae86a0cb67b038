"""Which callbacks, conversations, menus and answers need somebody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callbacks.conversations import ANSWER
from callbacks.models import Callback, Conversation, Menu, ReplyRule
from callbacks.states import CallbackStatus
from campaigns.attention import expiring_media
from wxcore.attention import MOST, Accounts, CappedCount, Item, Level, link, register


def failed() -> QuerySet[Callback]:
    """This will be the callbacks that could not be processed."""
    return Callback.objects.filter(status=CallbackStatus.FAILED)


def unanswered() -> QuerySet[Conversation]:
    """This will be the conversations that wait for an answer."""
    return Conversation.objects.filter(is_done=False, waiting_since__isnull=False)


def failed_callbacks(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts with callbacks that could not be processed."""
    of_account = failed().filter(account=OuterRef("pk"))
    for account in accounts.only("pk").annotate(
        failures=CappedCount(of_account),
        latest=Subquery(of_account.order_by("-pk").values("received_at")[:1]),
    ):
        if account.failures:
            message = ngettext(
                "%(count)d callback could not be processed.",
                "%(count)d callbacks could not be processed.",
                account.failures,
            )
            where = link("admin:callbacks_callback_changelist", status__exact="failed", account__id__exact=account.pk)
            yield Item(
                "callback_failed",
                Level.ERROR,
                account.pk,
                account.failures,
                message % {"count": account.failures},
                _("Each says why on its page. Remove the cause, then press “process again”."),
                where,
                account.latest,
            )


def waiting_conversations(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts whose followers wait for an answer, since the one who has waited longest."""
    of_account = unanswered().filter(account=OuterRef("pk"))
    for account in accounts.only("pk").annotate(
        followers_waiting=CappedCount(of_account),
        oldest=Subquery(of_account.order_by("waiting_since").values("waiting_since")[:1]),
    ):
        count = account.followers_waiting
        if count:
            message = ngettext(
                "%(count)d follower waits for an answer.", "%(count)d followers wait for an answer.", count
            )
            yield Item(
                "conversation_waiting",
                Level.WARNING,
                account.pk,
                count,
                message % {"count": count},
                _("WeChat lets you answer for 48 hours after a message."),
                reverse("admin:callbacks_conversation_changelist"),
                account.oldest,
            )


def differing_menus(accounts: Accounts) -> Iterable[Item]:
    """This will be the menus that somebody changed at WeChat."""
    found = Menu.objects.filter(differs=True, account__in=accounts.order_by().values("pk")).select_related("tag")
    for menu in found.order_by("pk"):
        yield Item(
            "menu_differs",
            Level.WARNING,
            menu.account_id,
            1,
            _("%(menu)s: followers see another one than was published here.") % {"menu": menu},
            _("Open it: publish ours again, or take over WeChat's."),
            menu.get_absolute_url(),
            menu.checked_at,
        )


def media_of_rules(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts of whose answers' files WeChat's copies expire within a day."""
    rules = ReplyRule.objects.filter(is_active=True, account__in=accounts.order_by().values("pk")).exclude(asset=None)
    assets = rules.order_by().values_list("asset", flat=True)[:MOST]
    fix = _("Nothing to do while the file is in the library: it is uploaded again at the next answer.")
    return expiring_media(assets, "media_expiring", _rule_words, fix)


def _rule_words(count: int) -> str:
    return ngettext(
        "WeChat's copy of %(count)d file that reply rules send expires within a day.",
        "WeChat's copies of %(count)d files that reply rules send expire within a day.",
        count,
    )


register("callbacks.view_callback", failed_callbacks)
register(ANSWER, waiting_conversations)
register("callbacks.view_menu", differing_menus)
register("campaigns.view_mediaasset", media_of_rules)
