"""What a conversation's page asks for while somebody looks at it, and where its buttons lead."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks import answering, composing, conversations, received, tasks, windows
from callbacks.admin import timeline
from callbacks.models import Conversation, Message
from campaigns.models import MediaAsset, MediaKind
from campaigns.widgets import FilePicker, numbers
from wxcore.admin.base import ReadOnlyAdmin
from wxcore.celery import nudge
from wxcore.errors import OperatorError

Verb = Callable[[HttpRequest, Conversation], HttpResponse]
# Of the inputs `<kind>-<name>` of the composer.
INPUTS = ("text", "title", "description", "url", "appid", "path")
WHY = {
    windows.State.NEVER: gettext_lazy(
        "This follower has not written or tapped anything yet, so WeChat does not let you write."
    ),
    windows.State.CLOSED: gettext_lazy(
        "More than 48 hours have passed since the last message, so WeChat does not let you write."
    ),
    windows.State.USED_UP: gettext_lazy("All messages that the follower's last deed allowed are sent."),
}


class ConversationDoors(ReadOnlyAdmin):
    """The addresses of the fragments and verbs; part of the conversations' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "callbacks_conversation"
        posted = {
            "send": self.send_view,
            "read": self.read_view,
            "assign": self.assign_view,
            "done": self.done_view,
            "reopen": self.reopen_view,
        }
        doubts = {"arrived": self.arrived_view, "again": self.again_view}
        return [
            path("<int:object_id>/timeline/", site.admin_view(self.timeline_view), name=f"{name}_timeline"),
            path("<int:object_id>/earlier/", site.admin_view(self.earlier_view), name=f"{name}_earlier"),
            path("<int:object_id>/messages/<int:number>/file/", site.admin_view(self.file_view), name=f"{name}_file"),
            *(
                path(f"<int:object_id>/{verb}/", site.admin_view(self._posted(view)), name=f"{name}_{verb}")
                for verb, view in posted.items()
            ),
            *(
                path(
                    f"<int:object_id>/messages/<int:number>/{verb}/",
                    site.admin_view(self._posted(view)),
                    name=f"{name}_{verb}",
                )
                for verb, view in doubts.items()
            ),
            *super().get_urls(),
        ]

    def facts(self, request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
        """This will be what the page needs besides the fragment: who may be given the conversation."""
        may_answer = self.may(request, conversations.ANSWER, conversation)
        people = list(conversations.colleagues(conversation)) if may_answer else []
        if may_answer and request.user not in people:
            people.insert(0, request.user)
        return {"colleagues": people, "pickers": _pickers() if may_answer else {}}

    def fragment(self, request: HttpRequest, conversation: Conversation, part: timeline.Part) -> dict[str, Any]:
        """This will be the context of `callbacks/timeline.html`: the entries, the window, and whether to ask again."""
        now = timezone.now()
        left = answering.left(conversation, now=now)
        state = windows.of(conversation).state(now)
        if state is windows.State.OPEN and not left:
            state = windows.State.USED_UP
        return {
            "conversation": conversation,
            "part": part,
            "may_answer": self.may(request, conversations.ANSWER, conversation),
            "left": left,
            "until": windows.of(conversation).until(now),
            "why": "" if state is windows.State.OPEN else WHY[state],
            "seen": _fingerprint(conversation, part, state, left),
            "kf_account": conversation.kf_account,
        }

    def timeline_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The messages from `first` on; 204 while nothing has changed since `seen`."""
        conversation = self.load(request, str(object_id))
        shown = self._timeline(request, conversation)
        return shown if shown is not None else HttpResponse(status=204)

    def earlier_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The messages right before the message `before`."""
        conversation = self.load(request, str(object_id))
        part = timeline.earlier(conversation, (numbers(request.GET.get("before", "")) or [0])[0])
        return render(request, "callbacks/earlier.html", self.fragment(request, conversation, part))

    def file_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        """What the follower sent, from WeChat, which keeps it for three days."""
        conversation = self.load(request, str(object_id))
        message = conversation.messages.filter(pk=number).first()
        if message is None:
            raise Http404
        try:
            return received.file(conversation, message)
        except OperatorError as error:
            return HttpResponse(str(error), status=502, content_type="text/plain; charset=utf-8")

    def send_view(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        """Queues what was written, and shows the timeline with it."""
        try:
            composed = self._composed(request, conversation)
            answering.write(conversation, composed, by=self._person(request), now=timezone.now())
        except OperatorError as error:
            return self._refused(request, conversation, error)
        nudge(tasks.answer)
        conversation.refresh_from_db()
        response = self._timeline(request, conversation, always=True)
        response.headers["HX-Trigger"] = "q-sent"
        return response

    def read_view(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        """Somebody who could answer has seen it."""
        conversations.mark_read(conversation)
        return HttpResponse(status=204)

    def assign_view(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        chosen = numbers(request.POST.get("to", ""))
        to = next((person for person in self.facts(request, conversation)["colleagues"] if [person.pk] == chosen), None)
        try:
            conversations.assign(conversation, to=to)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(conversation))
        name = to and (to.get_full_name() or to.get_username())
        message = _("%(name)s is responsible now.") % {"name": name} if name else _("Nobody is responsible now.")
        return self.done(request, message, self.url_of(conversation), row=conversation)

    def done_view(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        conversations.mark_done(Conversation.objects.filter(pk=conversation.pk))
        message = _("Done. The follower's next message brings the conversation back.")
        return self.done(request, message, self.url("changelist"), row=conversation)

    def reopen_view(self, request: HttpRequest, conversation: Conversation) -> HttpResponse:
        conversations.reopen(Conversation.objects.filter(pk=conversation.pk))
        return self.done(request, _("The conversation is open again."), self.url_of(conversation), row=conversation)

    def arrived_view(self, request: HttpRequest, conversation: Conversation, message: Message) -> HttpResponse:
        return self._decide(request, conversation, lambda: answering.confirm_arrival(message))

    def again_view(self, request: HttpRequest, conversation: Conversation, message: Message) -> HttpResponse:
        return self._decide(request, conversation, lambda: answering.send_again(message, now=timezone.now()))

    def _decide(self, request: HttpRequest, conversation: Conversation, verb: Callable[[], None]) -> HttpResponse:
        try:
            verb()
        except OperatorError as error:
            return self._refused(request, conversation, error)
        nudge(tasks.answer)
        return self._timeline(request, conversation, always=True)

    def _posted(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Only by POST, and only for who may answer the followers of that account."""

        def checked(request: HttpRequest, object_id: int, number: int | None = None) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            conversation = self.load(request, str(object_id))
            if not self.may(request, conversations.ANSWER, conversation):
                raise PermissionDenied
            if number is None:
                return view(request, conversation)
            message = conversation.messages.select_related("conversation__account").filter(pk=number).first()
            if message is None:
                raise Http404
            return view(request, conversation, message)

        return checked

    def _composed(self, request: HttpRequest, conversation: Conversation) -> composing.Composed:
        kind = request.POST.get("kind", "text")
        given = {name: request.POST.get(f"{kind}-{name}", "") for name in INPUTS}
        chosen = numbers(request.POST.get(f"{kind}-asset", ""))[:1]
        files = self.own(request, MediaAsset.objects.filter(pk__in=chosen, account=conversation.account_id))
        return composing.compose(kind, given, files.first())

    def _timeline(self, request: HttpRequest, conversation: Conversation, *, always: bool = False) -> Any:
        asked = request.GET if request.method == "GET" else request.POST
        part = timeline.since(conversation, (numbers(asked.get("first", "")) or [0])[0])
        context = self.fragment(request, conversation, part)
        if not always and asked.get("seen") == context["seen"]:
            return None
        return render(request, "callbacks/timeline.html", context | {"is_fragment": True})

    def _refused(self, request: HttpRequest, conversation: Conversation, error: OperatorError) -> HttpResponse:
        conversation.refresh_from_db()
        part = timeline.since(conversation, (numbers(request.POST.get("first", "")) or [0])[0])
        context = self.fragment(request, conversation, part)
        return render(request, "callbacks/timeline.html", context | {"is_fragment": True, "problem": error})

    def _person(self, request: HttpRequest) -> User:
        assert isinstance(request.user, User)  # noqa: S101 - nobody else passes admin_view
        return request.user


def _pickers() -> dict[str, str]:
    """The inputs that take a file of the library, by the kind of message."""
    kinds = {kind: kind for kind in composing.MEDIA} | {"news": MediaKind.IMAGE, "miniprogrampage": MediaKind.IMAGE}
    return {str(kind): FilePicker(MediaKind(of)).render(f"{kind}-asset", "") for kind, of in kinds.items()}


def _fingerprint(conversation: Conversation, part: timeline.Part, state: str, left: int) -> str:
    """It changes with everything that the fragment shows."""
    rows = [(entry.message.pk, entry.message.status, entry.message.attempts) for entry in part.entries]
    facts = (rows, state, left, conversation.is_done, conversation.kf_account, conversation.talk_until)
    return str(zlib.crc32(repr(facts).encode()))
