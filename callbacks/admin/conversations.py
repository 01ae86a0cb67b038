"""The conversations: an inbox, and a page for each with the follower beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from callbacks import conversations, windows
from callbacks.admin import timeline
from callbacks.admin.conversation_doors import ConversationDoors
from callbacks.admin.profiles import people, profile
from callbacks.models import Conversation
from followers import search
from followers.models import Follower
from wxcore import rights
from wxcore.admin.base import EXPORT_PEOPLE, NewestFirstList, badge, moment
from wxcore.admin.filters import AccountFilter

BOXES = {
    "open": _("All open"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "done": _("Done"),
}


class BoxFilter(DropdownFilter):
    """Which of the conversations: without a choice all that are open."""

    title = _("inbox")
    parameter_name = "box"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(BOXES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        rows = queryset.filter(is_done=self.value() == "done")
        if self.value() == "mine":
            return rows.filter(assignee=request.user.pk)
        return rows.filter(assignee=None) if self.value() == "unassigned" else rows


class Inbox(NewestFirstList):
    """In the order of the last message, which the index conversation_inbox holds."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> list[str]:
        return ["-last_message_at", "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown = list(self.result_list)
        known = people(shown)
        for conversation in shown:
            conversation.follower = known.get((conversation.account_id, conversation.openid))
        self.result_list = shown


@admin.register(Conversation)
class ConversationAdmin(ConversationDoors):
    empty_hint = _(
        "When a follower writes to the official account, the conversation appears here. Whoever may answer has 48 hours"
        " and five messages for each message of theirs."
    )
    export_permission = EXPORT_PEOPLE
    list_display = ("person", "last_words", "last_message", "window", "responsible", "account")
    list_filter = (BoxFilter, AccountFilter)
    search_fields = ("openid",)  # shows the box; what it does is in get_search_results
    search_help_text = _("Beginning of an OpenID or of a remark")
    actions = ("mark_selected_done",)
    change_list_template = "callbacks/conversation_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return super().get_queryset(request).prefetch_related("account", "assignee")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Inbox]:
        return Inbox

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        chosen = request.GET.get("box", "")
        boxes = [
            {"name": name, "title": title, "is_chosen": name == (chosen or "open")} for name, title in BOXES.items()
        ]
        return super().changelist_view(request, (extra_context or {}) | {"boxes": boxes})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        # Who only tapped something has no conversation to show.
        rows = queryset.filter(last_message_at__isnull=False)
        term = search_term.strip()
        if not term:
            return rows, False
        accounts = rights.accounts_of(request.user, self.permission("view")).values_list("pk", flat=True)
        found = search.find(term, list(accounts))
        openids = Follower.objects.filter(pk__in=found).values_list("openid", flat=True)
        return rows.filter(Q(openid__in=list(openids)) | Q(openid=term)), False

    @display(description=_("follower"))
    def person(self, conversation: Conversation) -> SafeString:
        follower = getattr(conversation, "follower", None)
        name = str(follower) if follower is not None else conversation.openid
        unread = format_html('<span class="q-unread">{}</span>', conversation.unread) if conversation.unread else ""
        state = " is-unread" * bool(unread)
        return format_html('<span class="q-person{}" title="{}">{}</span> {}', state, name, name, unread)

    @display(description=_("last words"))
    def last_words(self, conversation: Conversation) -> SafeString:
        return format_html('<div class="q-column q-last-words">{}</div>', timeline.said(conversation.preview))

    @display(description=_("last message"))
    def last_message(self, conversation: Conversation) -> SafeString | str:
        return moment(conversation.last_message_at)

    @display(description=_("may be answered"))
    def window(self, conversation: Conversation) -> SafeString | str:
        now = timezone.now()
        left = windows.of(conversation)
        if not left.left(now):
            return format_html('<span class="q-quiet">{}</span>', _("no longer"))
        words = ngettext("%(n)d message", "%(n)d messages", left.left(now)) % {"n": left.left(now)}
        return format_html("<span>{}<span class='q-quiet q-block'>{}</span></span>", words, moment(left.until(now)))

    @display(description=_("assigned to"))
    def responsible(self, conversation: Conversation) -> SafeString | str:
        if conversation.kf_account:
            return badge(conversation.kf_account, "info")
        who = conversation.assignee
        return (who.get_full_name() or who.get_username()) if isinstance(who, User) else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        conversation = self.load(request, object_id)
        who = profile(request, conversation)
        context = self.facts(request, conversation) | self.fragment(
            request, conversation, timeline.newest(conversation)
        )
        return self.page(
            request,
            "callbacks/conversation.html",
            title=who["name"],
            row=conversation,
            object=conversation,
            profile=who,
            emoji=EMOJI,
            **context,
        )

    def has_answer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, conversations.ANSWER, object_id)

    @admin.action(description=_("Mark as done"), permissions=["answer"])
    def mark_selected_done(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> None:
        own = rights.scoped(queryset, request.user, conversations.ANSWER)
        number = conversations.mark_done(Conversation.objects.filter(pk__in=own.order_by().values("pk")))
        words = ngettext("%(n)d conversation is done.", "%(n)d conversations are done.", number)
        self.message_user(request, words % {"n": number})


EMOJI = tuple("😊😄😂🥰😍😘🤔😅😭😴👍👏🙏💪👌🤝🎉🎁🌹❤️🔥✨☕🍀".replace("\ufe0f", ""))
