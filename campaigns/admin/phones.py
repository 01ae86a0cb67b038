"""The page that sends a campaign or a draft to one phone, to be looked at; part of both admins."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from campaigns import phone, previews
from campaigns.models import Campaign, Draft, MsgType, Preview
from followers.models import Follower
from followers.search import AFTER_OPENID, by_remark
from wxcore.admin.base import Admin, searched
from wxcore.errors import OperatorError

SHOWN_PEOPLE = 8
SHOWN_ATTEMPTS = 10


class PhonePreviews(Admin):
    """The button, its page, and the search for a follower. Who may change the row may look at it on a phone."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_people"
        view = self.admin_site.admin_view(self.people_view)
        return [path("<int:object_id>/people/", view, name=name), *super().get_urls()]

    def has_preview_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        return self.may(request, self.permission("change"), object_id)

    @action(
        description=gettext_lazy("Phone preview"),
        url_path="phone",
        icon="smartphone",
        permissions=["preview"],
    )
    def preview_on_phone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        subject = self.load(request, object_id)
        here = self.url("preview_on_phone", subject.pk)
        try:
            previews.check(subject)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(subject))
        if request.method == "POST":
            try:
                sent = previews.send(subject, **_chosen(request.POST), by=request.user, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, here)
            message = _("Sent to %(person)s. Look at the phone.") % {"person": _name(sent)}
            return self.done(request, message, here, row=subject)
        return self.page(
            request, "campaigns/preview_phone.html", title=_("Preview on a phone"), row=subject, **self._facts(subject)
        )

    def _facts(self, subject: Campaign | Draft) -> dict[str, Any]:
        attempts = list(subject.previews.select_related("created_by").order_by("-pk")[:SHOWN_ATTEMPTS])
        names = _remarks(subject.account_id, [attempt.openid for attempt in attempts if attempt.openid])
        for attempt in attempts:
            attempt.person = names.get(attempt.openid) or str(attempt)
        shown = (
            phone.message(subject)
            if isinstance(subject, Campaign)
            else {"msgtype": MsgType.MPNEWS, "articles": phone.cards(subject)}
        )
        return {
            "shown": shown,
            "people": previews.recent(subject.account, SHOWN_PEOPLE),
            "left": previews.left(subject.account, now=timezone.now()),
            "daily": previews.DAILY,
            "attempts": attempts,
            "back": self.url_of(subject),
            "people_url": self.url("people", subject.pk),
        }

    def people_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Followers of the account whose remark or OpenID begins with what was typed; without it, the last ones."""
        subject = self.load(request, str(object_id))
        if not self.has_preview_permission(request, object_id):
            raise PermissionDenied
        term = searched(request)
        people = _find(subject.account_id, term) if term else previews.recent(subject.account, SHOWN_PEOPLE)
        return render(request, "campaigns/preview_people.html", {"people": people, "term": term})


def _chosen(data: QueryDict) -> dict[str, str]:
    """The chosen line of the list, `openid:…` or `wxname:…`; or the WeChat ID that was typed."""
    kind, _colon, value = data.get("person", "").partition(":")
    return {kind: value} if kind in ("openid", "wxname") else {"wxname": data.get("wxname", "")}


def _find(account_id: int, term: str) -> list[previews.Person]:
    """At most SHOWN_PEOPLE of each index range: a short beginning fits a million openids."""
    following: QuerySet[Follower] = Follower.objects.filter(account=account_id, subscribed=True).order_by()
    remarked = following.filter(by_remark(term))[:SHOWN_PEOPLE]
    named = following.filter(openid__gte=term, openid__lt=term + AFTER_OPENID)[:SHOWN_PEOPLE]
    found = {follower.openid: follower for follower in [*remarked, *named]}
    return [previews.Person(openid, "", str(follower)) for openid, follower in found.items()][:SHOWN_PEOPLE]


def _remarks(account_id: int, openids: list[str]) -> dict[str, str]:
    rows = Follower.objects.filter(account=account_id, openid__in=openids).exclude(remark="")
    return dict(rows.values_list("openid", "remark"))


def _name(preview: Preview) -> str:
    return _remarks(preview.account_id, [preview.openid]).get(preview.openid) or str(preview)
