"""What a person does with a draft at WeChat: push it to the draft box, compare, take theirs, publish."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from campaigns import articles, draftbox, drafts, incoming, publishing, tasks
from campaigns.admin.publications import PUBLISH
from campaigns.models import Draft, Publication
from campaigns.states import PublicationStatus
from wxcore import accounts
from wxcore.admin.base import Admin, moment
from wxcore.celery import nudge
from wxcore.errors import OperatorError

# The two that concern WeChat's draft box, as one menu.
DRAFT_BOX = {"title": gettext_lazy("Draft box"), "icon": "cloud", "items": ["push", "compare"]}


class DraftActions(Admin):
    """Part of the drafts' admin: name `publish` and DRAFT_BOX in its `actions_detail`."""

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, PUBLISH, object_id)

    def has_push_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_change_permission(request, object_id)

    @action(description=gettext_lazy("Publish"), url_path="publish", icon="public", permissions=["publish"])
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft = self.load(request, object_id)
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            try:
                publication = publishing.publish(
                    draft, by=request.user, now=timezone.now(), seen_version=int(seen) if seen.isdecimal() else -1
                )
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(draft))
            nudge(tasks.tick)
            page = reverse(f"{self.admin_site.name}:campaigns_publication_change", args=[publication.pk])
            return self.done(request, _("Publishing begins within seconds."), page, row=draft)
        return self.confirm(
            request,
            title=_("Publish this draft?"),
            lead=_(
                "Publishing gives the articles public addresses and puts them on the account's page. It tells no "
                "follower; to reach them, send a campaign."
            ),
            facts=[*_facts(draft), (_("where"), _("At WeChat, for everybody to see"))],
            problems=[problem.error for problem in drafts.problems(draft)],
            warnings=_warnings(draft),
            hidden={"seen": draft.version},
            button=_("Publish"),
            row=draft,
        )

    @action(
        description=gettext_lazy("Push to WeChat's draft box"),
        url_path="push",
        icon="cloud_upload",
        permissions=["push"],
    )
    def push(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft = self.load(request, object_id)
        if request.method == "POST":
            try:
                with accounts.connect(draft.account) as wechat:
                    draftbox.push(wechat, draft, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(draft))
            return self.done(
                request, _("The draft is in WeChat's draft box."), self.url("compare", draft.pk), row=draft
            )
        shown = draftbox.shown(draft)
        pushed = moment(shown.uploaded_at) if shown and shown.uploaded_at else _("not pushed yet")
        warnings = []
        if shown is not None and shown.media_id:
            warnings.append(_("What somebody changed in WeChat's console since then is overwritten. Compare first."))
        return self.confirm(
            request,
            title=_("Push this draft to WeChat's draft box?"),
            lead=_("It appears among the drafts in WeChat's console, pictures included. Nothing is sent or published."),
            facts=[*_facts(draft), (_("in the draft box since"), pushed)],
            problems=[problem.error for problem in drafts.problems(draft)],
            warnings=warnings,
            button=_("Push"),
            row=draft,
        )

    @action(
        description=gettext_lazy("Compare with WeChat"), url_path="compare", icon="compare_arrows", permissions=["push"]
    )
    def compare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ours and WeChat's side by side. The button takes theirs."""
        draft = self.load(request, object_id)
        if request.method == "POST":
            return self._take(request, draft)
        context: dict[str, Any] = {
            "draft": draft,
            "shown": draftbox.shown(draft),
            "push_url": self.url("push", draft.pk),
        }
        try:
            context["comparison"] = incoming.compare(draft, now=timezone.now())
        except OperatorError as error:
            context["problem"] = error
        return self.page(
            request,
            "campaigns/compare.html",
            title=_("Ours and WeChat's"),
            row=draft,
            back=self.url_of(draft),
            names={name: str(label) for name, label in articles.LABELS.items()},
            **context,
        )

    def _take(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        seen = request.POST.get("seen", "")
        try:
            incoming.take(
                draft,
                seen_version=int(seen) if seen.isdecimal() else -1,
                seen_mark=request.POST.get("mark", ""),
                by=request.user,
                now=timezone.now(),
            )
        except OperatorError as error:
            return self.refuse(request, error, self.url("compare", draft.pk))
        message = _("WeChat's text is here now; ours stays among the versions.")
        return self.done(request, message, self.url_of(draft), row=draft)


def counted(draft: Draft) -> str:
    """This will say how many articles the draft has."""
    count = draft.articles.count()
    return ngettext("%(n)d article", "%(n)d articles", count) % {"n": count}


def _facts(draft: Draft) -> list[tuple[str, Any]]:
    return [(_("official account"), draft.account), (_("article draft"), draft), (_("articles"), counted(draft))]


def _warnings(draft: Draft) -> list[str]:
    earlier = Publication.objects.filter(draft=draft, status=PublicationStatus.PUBLISHED)
    if earlier.exists():
        return [_("This draft was published before. Publishing again makes second articles with other addresses.")]
    return []
