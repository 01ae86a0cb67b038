"""What the pages of the reply rules ask for by script: order, switch, preview and the test box."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from callbacks import replying, rulechecks, rules, trials
from callbacks.admin import rule_words
from callbacks.admin.rule_form import FILES, cards
from callbacks.models import ReplyKind, ReplyRule
from campaigns.models import MediaAsset
from campaigns.widgets import numbers
from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.models import OfficialAccount

LONGEST_WORD = 2048


class RuleDoors(Admin):
    """The addresses that scripts call; part of the rules' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "callbacks_replyrule"
        return [
            path("order/", site.admin_view(self.order_view), name=f"{name}_order"),
            path("preview/", site.admin_view(self.preview_view), name=f"{name}_preview"),
            path("trial/", site.admin_view(self.trial_view), name=f"{name}_trial"),
            path("<int:object_id>/switch/", site.admin_view(self.switch_view), name=f"{name}_switch"),
            *super().get_urls(),
        ]

    def order_view(self, request: HttpRequest) -> HttpResponse:
        """This will bring the posted rules (`order`, ids joined by commas) into that order."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        own = rights.scoped(ReplyRule.objects.all(), request.user, self.permission("change"))
        rules.move(own, numbers(request.POST.get("order", ""))[: 2 * rules.MOST_RULES])
        return HttpResponse(status=204)

    def switch_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """This will make a rule active (`on` = 1) or inactive, and answer with its switch as it is then."""
        rule = self.load(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        on = request.POST.get("on") == "1"
        if rules.switch(ReplyRule.objects.filter(pk=rule.pk), on=on):
            self.log_change(request, rule, [{"changed": {"fields": ["is_active"]}}])
        rule.is_active = on
        return render(request, "callbacks/rule_switch.html", {"rule": rule, "url": self.url("switch", rule.pk)})

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The posted, perhaps unsaved, answer as a follower will see it."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        return render(request, "callbacks/reply.html", {"shown": rule_words.bubble(self._posted(request))})

    def _posted(self, request: HttpRequest) -> ReplyRule:
        data = request.POST
        kind = data.get("kind", "")
        rule = ReplyRule(
            kind=kind if kind in ReplyKind.values else ReplyKind.TEXT,
            text=data.get("text", "").replace("\r\n", "\n"),
            title=data.get("title", ""),
            description=data.get("description", ""),
            kf_account=data.get("kf_account", ""),
            articles=rulechecks.tidy_cards(cards(data.get("articles", "")))[: rulechecks.CARDS],
        )
        name = FILES.get(ReplyKind(rule.kind))
        if name:
            chosen = numbers(data.get(name, ""))[:1]
            rule.asset = self.own(request, MediaAsset.objects.filter(pk__in=chosen)).first()
        return rule

    def trial_view(self, request: HttpRequest) -> HttpResponse:
        """What we would answer to `act` and `word` at the time of day `at`, and why not otherwise."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return render(request, "callbacks/trial_result.html", self._tried(request, request.GET))

    def _tried(self, request: HttpRequest, data: QueryDict) -> dict[str, Any]:
        accounts = rights.accounts_of(request.user, self.permission("view"))
        account = accounts.filter(pk__in=numbers(data.get("account", ""))[:1]).first()
        act, word = data.get("act", ""), data.get("word", "").replace("\0", "")[:LONGEST_WORD]
        if account is None or act not in trials.Act.values:
            return {}
        if act == trials.Act.TEXT and not word.strip():
            return {"account": account, "waits": True}
        now = timezone.now()
        trial = trials.run(account, act, word, clock_of(data.get("at", ""), account, now), now=now)
        shown = replying.CARDS_ON_MESSAGE if act in (trials.Act.TEXT, trials.Act.OTHER) else replying.CARDS_ON_EVENT
        return {
            "account": account,
            "trial": trial,
            "word": word if act == trials.Act.TEXT else "",
            "shown": rule_words.bubble(trial.rule.row, shown) if trial.rule else None,
            "follows_later": trial.answer is not None and trial.answer.reply is None,
            "steps": [rule_words.step(step) for step in trial.steps],
        }


def clock_of(text: str, account: OfficialAccount, now: dt.datetime) -> dt.time:
    """This will be the time of day that somebody entered; without one, what the account's clock shows."""
    try:
        return dt.time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return now.astimezone(account.zone).time()
