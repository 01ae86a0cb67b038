"""The parts of a campaign's page that change while somebody looks: head count, preview, choice of drafts, progress.

Each is HTML that the page fetches by itself (htmx), so that words and numbers are made in one place.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from campaigns import audience, limits, phone, preparing, services
from campaigns.admin.result_words import shown_funnel
from campaigns.admin.words import BROADCAST_LABELS, LABELS, meant, to_whom
from campaigns.models import (
    FIGURES,
    Article,
    Audience,
    Broadcast,
    Campaign,
    Draft,
    MediaAsset,
    MsgType,
    RemoteMedia,
)
from campaigns.states import BroadcastStatus, Status
from campaigns.widgets import numbers
from followers import openids
from followers.models import Segment, Tag
from wxcore.admin.base import Admin, searched
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

Own = Callable[[QuerySet[Any]], QuerySet[Any]]
UNDER_WAY = (Status.SCHEDULED, Status.SENDING)
# So long after its time a campaign is said to begin; later the page shows the time that was missed.
BEGINNING = dt.timedelta(minutes=1)
SHOWN_BROADCASTS = 100
SHOWN_MALFORMED = 10
SHOWN_DRAFTS = 24


class CampaignFragments(Admin):
    """The addresses of the fragments; part of the campaigns' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_campaign"
        return [
            path("preview/", site.admin_view(self.preview_view), name=f"{name}_preview"),
            path("drafts/", site.admin_view(self.drafts_view), name=f"{name}_drafts"),
            path("head-count/", site.admin_view(self.head_count_view), name=f"{name}_head_count"),
            path("<int:object_id>/progress/", site.admin_view(self.progress_view), name=f"{name}_progress"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The posted, perhaps unsaved, message as followers will see it."""
        self._require_editor(request)
        return render(request, "campaigns/bubble.html", {"shown": _shown(request.POST, self._own(request))})

    def drafts_view(self, request: HttpRequest) -> HttpResponse:
        """The account's newest drafts, or those whose titles contain what was typed."""
        self._require_editor(request)
        context = {"found": _drafts(request, self._own(request)), "shown": SHOWN_DRAFTS}
        return render(request, "campaigns/drafts_found.html", context)

    def head_count_view(self, request: HttpRequest) -> HttpResponse:
        """How many followers the posted, perhaps unsaved, audience has now."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._require_editor(request)
        return render(request, "campaigns/head_count.html", _head_count(_campaign_of(request, self._own(request))))

    def _own(self, request: HttpRequest) -> Own:
        """What a request names counts only if it is the person's."""
        return partial(self.own, request)

    def _require_editor(self, request: HttpRequest) -> None:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied

    def progress_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What became of the campaign so far; the page shows itself anew when the status has changed."""
        campaign = self.load(request, str(object_id))
        response = render(request, "campaigns/progress.html", progress(self, campaign))
        if request.GET.get("seen") != campaign.status:
            response.headers["HX-Refresh"] = "true"
        return response


def _shown(data: QueryDict, own: Own) -> dict[str, Any]:
    msgtype = data.get("msgtype", MsgType.TEXT)
    campaign = Campaign(
        msgtype=msgtype,
        text=data.get("text", "").replace("\r\n", "\n"),
        title=data.get("title", ""),
        description=data.get("description", ""),
        card_id=data.get("card_id", ""),
    )
    pictures: list[MediaAsset] = []
    if msgtype == MsgType.MPNEWS:
        campaign.draft = own(Draft.objects.filter(pk__in=numbers(data.get("draft", "")))).first()
    elif msgtype == MsgType.IMAGE:
        chosen = numbers(data.get("pictures", ""))[: limits.IMAGES]
        found = own(MediaAsset.objects.all()).in_bulk(chosen)
        pictures = [found[pk] for pk in chosen if pk in found]
    elif msgtype in (MsgType.VOICE, MsgType.MPVIDEO):
        name = "voice" if msgtype == MsgType.VOICE else "video"
        campaign.media = own(MediaAsset.objects.filter(pk__in=numbers(data.get(name, "")))).first()
    return phone.message(campaign, pictures)


def _drafts(request: HttpRequest, own: Own) -> list[Draft]:
    """This will be drafts of one account with `cards`, their articles in order; three queries."""
    term = searched(request)
    drafts = own(Draft.objects.filter(account__in=numbers(request.GET.get("account", ""))))
    if term:
        drafts = drafts.filter(Exists(Article.objects.filter(draft=OuterRef("pk"), title__icontains=term)))
    articles = Article.objects.defer("body").select_related("cover").order_by("position")
    found = list(drafts.prefetch_related(Prefetch("articles", articles)).order_by("-updated_at")[:SHOWN_DRAFTS])
    for draft in found:
        draft.cards = phone.cards(draft)
    return found


def progress(campaigns: Admin, campaign: Campaign) -> dict[str, Any]:
    """This will be the context of `campaigns/progress.html`. The campaign comes `with_figures()`."""
    broadcasts = list(campaign.broadcasts.all()[: SHOWN_BROADCASTS + 1])
    for broadcast in broadcasts:
        broadcast.label = BROADCAST_LABELS[broadcast.status]
        failed_once = broadcast.attempts or broadcast.error_code
        waits = broadcast.status == BroadcastStatus.PENDING and failed_once
        broadcast.waits_until = broadcast.due_at if waits else None
        broadcast.is_unknown = broadcast.status == BroadcastStatus.UNKNOWN
    return {
        "campaign": campaign,
        "label": LABELS[campaign.status],
        "under_way": campaign.status in UNDER_WAY,
        "is_scheduled": campaign.status == Status.SCHEDULED,
        "is_beginning": _is_beginning(campaign),
        "is_void": campaign.status == Status.APPROVED and not services.is_approval_current(campaign),
        "uploads": _uploads(campaign, broadcasts),
        "reported": any(getattr(campaign, name) is not None for name in FIGURES),
        "broadcasts": broadcasts[:SHOWN_BROADCASTS],
        "more_broadcasts": len(broadcasts) > SHOWN_BROADCASTS,
        "url": campaigns.url("progress", campaign.pk),
        **shown_funnel(campaign),
    }


def _uploads(campaign: Campaign, broadcasts: list[Broadcast]) -> dict[str, int]:
    """How many of the files that a message needs are at WeChat, while it is being prepared; else nothing."""
    waiting = any(one.status == BroadcastStatus.PENDING and one.message is None for one in broadcasts)
    if campaign.status != Status.SENDING or campaign.msgtype == MsgType.TEXT or not waiting:
        return {}
    files = [asset.pk for asset in preparing.assets(campaign)]
    there = RemoteMedia.objects.filter(asset__in=files, tried_at=None).exclude(uploaded_at=None)
    return {"total": len(files), "done": there.values("asset").distinct().count()}


def _is_beginning(campaign: Campaign) -> bool:
    if campaign.status != Status.SCHEDULED or campaign.scheduled_at is None:
        return False
    return dt.timedelta(0) <= timezone.now() - campaign.scheduled_at < BEGINNING


def _campaign_of(request: HttpRequest, own: Own) -> tuple[Campaign | None, str]:
    """The campaign that the form describes, and the list that was pasted into it."""
    data = request.POST
    numbers = {name: data.get(name, "") for name in ("account", "tag", "segment", "campaign")}
    pk = {name: int(value) if value.isdecimal() else None for name, value in numbers.items()}
    account = own(OfficialAccount.objects.filter(pk=pk["account"])).first()
    if account is None or data.get("audience") not in Audience.values:
        return None, ""
    tag = Tag.objects.filter(pk=pk["tag"], account=account).first()
    segment = Segment.objects.filter(pk=pk["segment"], account=account).first()
    stored = Campaign.objects.filter(pk=pk["campaign"], account=account).select_related("split").first()
    campaign = Campaign(pk=stored and stored.pk, account=account, audience=data["audience"], tag=tag)
    if stored is not None:
        campaign.split, campaign.variant = stored.split, stored.variant
        campaign.share_from, campaign.share_to = stored.share_from, stored.share_to
    campaign.segment, campaign.conditions = segment, _tags(data.get("conditions", ""))
    return campaign, data.get("openids", "")


def _tags(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _head_count(asked: tuple[Campaign | None, str]) -> dict[str, Any]:
    campaign, pasted = asked
    if campaign is None:
        return {}
    if campaign.audience != Audience.LIST:
        words = {"to_whom": to_whom(campaign), "meant": meant(campaign), "segment": campaign.segment}
        return words | _counted(lambda: audience.count(campaign))
    if not pasted.strip():
        stored = audience.report(campaign) if campaign.pk else None
        return {"to_whom": to_whom(campaign), "stored": stored, "count": stored.following if stored else 0}
    parsed = openids.parse(pasted)
    return {
        "to_whom": to_whom(campaign),
        "parsed": parsed,
        "malformed": parsed.malformed[:SHOWN_MALFORMED],
        **_counted(lambda: audience.count_openids(campaign.account, parsed.openids)),
    }


def _counted(count: Any) -> dict[str, Any]:
    try:
        return {"count": count()}
    except OperatorError as error:
        return {"problem": error}
