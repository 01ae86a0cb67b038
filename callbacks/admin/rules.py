"""The reply rules: list with order, switches and test box, the form, copies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.views import ChangeList

from callbacks import rules, rulewarnings, trials
from callbacks.admin import rule_words, starters
from callbacks.admin.rule_doors import RuleDoors
from callbacks.admin.rule_form import FOR_KIND, ReplyRuleForm
from callbacks.models import ReplyRule
from wxcore import rights
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount


class RuleList(ChangeList):
    """The rules in the order in which they are asked, each with the warnings about it."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return ["account", "position", "pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = rulewarnings.of(self.result_list)
        may = rights.accounts_of(request.user, self.model_admin.permission("change"))
        changeable = set(may.values_list("pk", flat=True))
        for rule in self.result_list:
            rule.may_change = rule.account_id in changeable
            rule.warnings = [one.message for one in found[rule.pk]]


@admin.register(ReplyRule)
class ReplyRuleAdmin(RuleDoors):
    form = ReplyRuleForm
    change_list_template = "callbacks/rule_list.html"
    empty_hint = gettext_lazy("No rule yet. Somebody with the role Editor can add one.")
    change_form_template = "callbacks/rule_form.html"
    delete_hint = gettext_lazy(
        "It will no longer answer anybody. To pause it, switch it off instead: it can be switched on again."
    )
    export_columns = ("label", "when", "answer", "is_active", "account")
    list_display = ("handle", "label", "when", "answer", "active", "account")
    list_display_links = ("label",)
    list_select_related = ("account", "asset")
    list_filter = (AccountFilter, ("trigger", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter), "is_active")
    search_fields = ("name", "words", "text")
    search_help_text = gettext_lazy("Name, keyword or text")
    sortable_by = ()
    list_per_page = rules.MOST_RULES
    actions = ("switch_on", "switch_off")
    actions_detail = ("copy",)
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ("account", "name", "is_active")}),
        (gettext_lazy("When"), {"fields": ("trigger", "match", "words", "from_time", "until_time")}),
        (gettext_lazy("Answer"), {"fields": ("kind", *FOR_KIND)}),
    )

    class Media:
        js = ("wxcore/media-picker.js", "wxcore/campaign-files.js", "wxcore/rule-form.js", "wxcore/rule-list.js")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RuleList

    @display(description=gettext_lazy("order"))
    def handle(self, rule: ReplyRule) -> SafeString:
        return render_to_string("callbacks/rule_handle.html", {"rule": rule})

    @display(description=gettext_lazy("name"))
    def label(self, rule: ReplyRule) -> str:
        return rule.name

    @display(description=gettext_lazy("when somebody"))
    def when(self, rule: ReplyRule) -> SafeString:
        shown, more = rule_words.words(rule)
        context = {
            "occasion": rule_words.occasion(rule),
            "words": shown,
            "more": more,
            "hours": rule_words.hours(rule),
            "warnings": getattr(rule, "warnings", ()),
        }
        return render_to_string("callbacks/rule_when.html", context)

    @display(description=gettext_lazy("answer"))
    def answer(self, rule: ReplyRule) -> SafeString:
        return format_html(
            '<div class="q-column"><span class="q-tag">{}</span> <span class="q-rule-answer">{}</span></div>',
            rule.get_kind_display(),
            rule_words.excerpt(rule)[:120],
        )

    @display(description=gettext_lazy("active"))
    def active(self, rule: ReplyRule) -> SafeString:
        url = self.url("switch", rule.pk) if getattr(rule, "may_change", False) else ""
        return render_to_string("callbacks/rule_switch.html", {"rule": rule, "url": url})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        accounts = list(rights.accounts_of(request.user, self.permission("view")).filter(is_active=True))
        asked = request.GET.get("account", "")
        chosen = next((one for one in accounts if str(one.pk) == asked), accounts[0] if accounts else None)
        context = {
            "accounts": accounts,
            "chosen": chosen,
            "acts": trials.Act.choices,
            "acts_with_word": " ".join(trials.WITH_WORD),
            "now_there": timezone.now().astimezone(chosen.zone).strftime("%H:%M") if chosen else "",
            "trial_url": self.url("trial"),
            "order_url": self.url("order") if self.has_change_permission(request) else "",
            "starters": starters.addresses(self.url("add"), chosen) if self.has_add_permission(request) else [],
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_changeform_initial_data(request) | starters.initial(request.GET.get("starter", ""))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        rule = self.load(request, object_id) if object_id else None
        context: dict[str, Any] = {
            "show_save_and_continue": False,
            "shown": rule_words.bubble(rule or ReplyRule()),
            "preview_url": self.url("preview"),
            "warnings": self._warnings(rule) if rule else [],
        }
        try:
            return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))
        except OperatorError as error:
            # Raised while saving: nothing of the form was kept.
            return self.refuse(request, error, self.url_of(rule) if rule else self.url("changelist"))

    def _warnings(self, rule: ReplyRule) -> list[str]:
        return [one.message for one in rulewarnings.of([rule])[rule.pk]]

    def save_model(self, request: HttpRequest, obj: ReplyRule, form: ReplyRuleForm, change: bool) -> None:
        rules.save(obj, by=request.user)
        for warning in self._warnings(obj):
            messages.warning(request, f"{obj.name}: {warning}")

    def delete_model(self, request: HttpRequest, obj: ReplyRule) -> None:
        rules.delete(obj)

    def get_actions(self, request: HttpRequest) -> Any:
        # Django asks for its deletion of many whether somebody may delete on any account, not on those of the rows.
        return {name: one for name, one in super().get_actions(request).items() if name != "delete_selected"}

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, self.permission("add"), object_id)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[ReplyRule]) -> None:
        self._switch(request, queryset, on=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[ReplyRule]) -> None:
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[ReplyRule], *, on: bool) -> None:
        own = rights.scoped(queryset, request.user, self.permission("change"))
        number = rules.switch(own.order_by(), on=on)
        told = (
            ngettext("%(n)d rule is active now.", "%(n)d rules are active now.", number)
            if on
            else ngettext("%(n)d rule is silent now.", "%(n)d rules are silent now.", number)
        )
        self.message_user(request, told % {"n": number})

    @action(description=gettext_lazy("Copy"), url_path="copy", icon="content_copy", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        rule = self.load(request, object_id)
        if not self.has_copy_permission(request, object_id):
            raise PermissionDenied
        if request.method == "POST":
            try:
                copied = rules.duplicate(rule, by=request.user)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(rule))
            message = _("This is the copy. It is not active yet.")
            return self.done(request, message, self.url_of(copied), row=copied)
        return self.confirm(
            request,
            title=_("Copy this rule?"),
            lead=_("The copy comes last and is not active, so that you can change it in peace."),
            facts=[(_("rule"), rule.name), (_("when somebody"), rule_words.occasion(rule))],
            button=_("Copy"),
            row=rule,
        )

    def response_post_save_add(self, request: HttpRequest, obj: ReplyRule) -> HttpResponse:
        return HttpResponseRedirect(self._list_of(request, obj.account))

    def response_post_save_change(self, request: HttpRequest, obj: ReplyRule) -> HttpResponse:
        return HttpResponseRedirect(self._list_of(request, obj.account))

    def _list_of(self, request: HttpRequest, account: OfficialAccount) -> str:
        is_only = rights.accounts_of(request.user, self.permission("view")).count() < 2
        return self.url("changelist") if is_only else f"{self.url('changelist')}?account={account.pk}"
