"""Which campaigns, publications, imports and files wait for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Broadcast, Campaign, CampaignImage, LibraryImport, Publication, RemoteMedia, Target
from campaigns.states import BroadcastStatus, ImportStatus, PublicationStatus, Status
from wxcore.attention import Accounts, Item, Level, link, register

# A temporary copy lives for three days.
SOON = dt.timedelta(days=1)


def undecided() -> QuerySet[Broadcast]:
    """This will be the broadcasts about which a person must decide."""
    return Broadcast.objects.filter(status=BroadcastStatus.UNKNOWN)


def undecided_publications() -> QuerySet[Publication]:
    """This will be the publications about which a person must decide."""
    return Publication.objects.filter(status=PublicationStatus.UNKNOWN, finished_at=None)


def waiting() -> QuerySet[Campaign]:
    """This will be the campaigns with which only a person can go on: to review, held, or paused.

    An approved one waits for somebody only if it was held.
    """
    found = Campaign.objects.filter(status__in=(Status.IN_REVIEW, Status.APPROVED, Status.PAUSED), finished_at=None)
    return found.exclude(status=Status.APPROVED, error_code="")


def unknown_broadcasts(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts with broadcasts of which nobody knows whether they were sent."""
    for account, count, campaign in _counted(undecided(), accounts, first="campaign"):
        message = ngettext(
            "Nobody knows whether %(count)d broadcast was sent.",
            "Nobody knows whether %(count)d broadcasts were sent.",
            count,
        )
        fix = _("Look for the message in WeChat's console, then say on the campaign's page what you found.")
        page = reverse("admin:campaigns_campaign_change", args=[campaign])
        yield Item("broadcast_unknown", Level.ERROR, account, count, message % {"count": count}, fix, page)


def unknown_publications(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts with publications of which nobody knows whether they came about."""
    for account, count, publication in _counted(undecided_publications(), accounts):
        message = ngettext(
            "Nobody knows whether %(count)d draft was published.",
            "Nobody knows whether %(count)d drafts were published.",
            count,
        )
        fix = _("Look for the articles in WeChat's console, then say on the publication's page what you found.")
        page = reverse("admin:campaigns_publication_change", args=[publication])
        yield Item("publication_unknown", Level.ERROR, account, count, message % {"count": count}, fix, page)


def waiting_campaigns(accounts: Accounts) -> Iterable[Item]:
    """This will be, account by account, the campaigns to review, those held back, and those paused."""
    for account, status, count, only in _counted(waiting(), accounts, "status"):
        told = _waiting_words(status, count)
        where = link("admin:campaigns_campaign_changelist", status__exact=status, account__id__exact=account)
        page = reverse("admin:campaigns_campaign_change", args=[only]) if count == 1 else where
        kind, level, message, fix = told
        yield Item(kind, level, account, count, message % {"count": count}, fix, page)


def _waiting_words(status: str, count: int) -> tuple[str, Level, str, str]:
    if status == Status.IN_REVIEW:
        message = ngettext("%(count)d campaign waits for review.", "%(count)d campaigns wait for review.", count)
        return "campaign_in_review", Level.INFO, message, _("Someone other than its author approves or rejects it.")
    if status == Status.PAUSED:
        message = ngettext("%(count)d campaign is paused.", "%(count)d campaigns are paused.", count)
        return "campaign_paused", Level.WARNING, message, _("Continue it, or cancel what has not gone out.")
    message = ngettext(
        "%(count)d campaign was held back instead of being sent late.",
        "%(count)d campaigns were held back instead of being sent late.",
        count,
    )
    return "campaign_held", Level.WARNING, message, _("Send it now, choose another time, or leave it.")


def failed_imports(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts whose last import of material failed. Two statements."""
    ended = LibraryImport.objects.filter(
        account=OuterRef("pk"), status__in=(ImportStatus.FINISHED, ImportStatus.FAILED)
    )
    last = Subquery(ended.order_by("-pk").values("pk")[:1])
    ids = [pk for pk in accounts.annotate(last_import=last).values_list("last_import", flat=True) if pk]
    for run in LibraryImport.objects.filter(pk__in=ids, status=ImportStatus.FAILED).order_by("pk"):
        message = _("The last import of material failed: %(reason)s") % {"reason": run.error_message}
        page = reverse("admin:campaigns_libraryimport_changelist")
        yield Item("import_failed", Level.WARNING, run.account_id, 1, message, run.error_fix, page, run.finished_at)


def media_of_schedule(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts of whose scheduled files WeChat's copies expire within a day."""
    planned = Campaign.objects.filter(status=Status.SCHEDULED, account__in=accounts.order_by().values("pk")).order_by()
    assets = set(planned.exclude(media=None).values_list("media", flat=True))
    assets |= set(CampaignImage.objects.filter(campaign__in=planned.values("pk")).values_list("asset", flat=True))
    fix = _("Nothing to do: a file is uploaded again when it is needed. Keep it in the library until then.")
    return expiring_media(assets, "media_expiring", _scheduled_words, fix)


def expiring_media(assets: Iterable[int], kind: str, words: Any, fix: str) -> Iterable[Item]:
    """This will be, account by account, how many of the files have a temporary copy that ends soon."""
    copies = RemoteMedia.objects.filter(
        asset__in=list(assets), target=Target.TEMPORARY, expires_at__lt=timezone.now() + SOON
    ).order_by()
    told = copies.values_list("asset__account").annotate(Count("asset", distinct=True), Min("expires_at"))
    for account, count, ends in told:
        page = link("admin:campaigns_mediaasset_changelist", account__id__exact=account)
        yield Item(kind, Level.INFO, account, count, words(count) % {"count": count}, fix, page, ends)


def _scheduled_words(count: int) -> str:
    return ngettext(
        "WeChat's copy of %(count)d file of a scheduled campaign expires within a day.",
        "WeChat's copies of %(count)d files of scheduled campaigns expire within a day.",
        count,
    )


def _counted(rows: QuerySet[Any], accounts: Accounts, *more: str, first: str = "pk") -> Iterator[tuple[Any, ...]]:
    """Account, `more`, how many, and the smallest `first`: one statement over rows that are few by nature."""
    own = rows.filter(account__in=accounts.order_by().values("pk")).order_by()
    yield from own.values_list("account", *more).annotate(number=Count("pk"), only=Min(first))


register("campaigns.view_broadcast", unknown_broadcasts)
register("campaigns.view_publication", unknown_publications)
register("campaigns.view_campaign", waiting_campaigns)
register("campaigns.view_libraryimport", failed_imports)
register("campaigns.view_mediaasset", media_of_schedule)
