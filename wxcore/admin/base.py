"""What every page of the admin shares: lists that never count a big table, pages that ask before they act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from wxcore import rights, zones
from wxcore.admin import exports, switcher
from wxcore.admin.forms import narrowed
from wxcore.errors import OperatorError
from wxcore.finding import LONGEST_TEXT
from wxcore.models import OfficialAccount
from wxcore.pagination import CappedPaginator
from wxcore.spreadsheets import Format, Table, download

# What a column shows that has nothing to say; where a row of a list is a card, the style sheet leaves it out.
NOTHING = mark_safe('<span class="q-none">-</span>')
# Who may take personal data away: what of a list tells who somebody is.
EXPORT_PEOPLE = "campaigns.export_recipients"


def badge(text: str, kind: str = "") -> SafeString:
    """This will be a badge, green, red, orange or blue by `kind`: success, danger, warning, info, or grey."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": kind})


def moment(value: dt.datetime | None, zone: ZoneInfo | None = None) -> SafeString | str:
    """This will be a point in time, short enough for a column; on the wall of `zone`, which is named if foreign."""
    if value is None:
        return NOTHING
    time = format_html("<time>{}</time>", date_format(_on_wall(value, zone), "SHORT_DATETIME_FORMAT"))
    if zone is None or not zones.is_foreign(zone, value):
        return time
    return format_html('{}<span class="q-quiet q-block">{}</span>', time, zones.name(zone, value))


def _on_wall(value: dt.datetime, zone: ZoneInfo | None) -> dt.datetime:
    return template_localtime(value) if zone is None else value.astimezone(zone)


def figure(name: str, label: str) -> Callable[[Any, Model], str | None]:
    """This will be a method of an admin: the column `label` for the number `name` of a row, its thousands marked."""

    @display(description=label)
    def shown(_admin: Any, row: Model) -> str | None:
        value = getattr(row, name)
        return None if value is None else f"{value:,}"

    return shown


def searched(request: HttpRequest, name: str = "q") -> str:
    """This will be what somebody typed into a search box, without what no database can look for."""
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST_TEXT]


class NewestFirstList(ChangeList):
    """A list in the order of the primary key, whatever the address asks for: any other order would sort the table."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # The heading compares the two; with a capped count there is nothing true to say there.
        self.full_result_count = self.result_count


class MissingIsNotFound(ModelAdmin):
    """A row that is not there, or not the person's, answers 404."""

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Django leads to the start page instead, which a script takes for success.
        raise Http404


class SaysWhatGoes(ModelAdmin):
    """The page that asks before a row is deleted says what that means."""

    delete_hint: Any = ""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().delete_view(request, object_id, {"lead": self.delete_hint} | (extra_context or {}))


class Pages(SaysWhatGoes, MissingIsNotFound):
    """Base of pages that ask before they act, and say what was done."""

    def load(self, request: HttpRequest, object_id: str) -> Any:
        """This will be the row, for somebody who may see it. Raises Http404, PermissionDenied."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def page(
        self, request: HttpRequest, template: str, *, title: str, row: Model | None = None, **context: Any
    ) -> TemplateResponse:
        """This will be a page inside the admin's frame."""
        frame = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": row}
        return TemplateResponse(request, template, frame | context)

    def confirm(
        self,
        request: HttpRequest,
        *,
        title: str,
        button: str,
        row: Model | None = None,
        template: str = "admin/confirm.html",
        check: Callable[[], None] | None = None,
        **context: Any,
    ) -> HttpResponse:
        """This will ask before something changes. The button posts to the same address.

        The template knows `lead` (a sentence), `facts` (label, value), `warnings`, `problems` (OperatorErrors, shown
        instead of the button), `form`, `danger` and `back` (where "Back" leads). Whatever OperatorError `check` raises
        is the answer instead: nobody fills in a page that cannot be confirmed.
        """
        context.setdefault("back", self.url_of(row) if row is not None else self.url("changelist"))
        try:
            if check is not None:
                check()
        except OperatorError as error:
            return self.refuse(request, error, context["back"])
        return self.page(request, template, title=title, row=row, button=button, **context)

    def url(self, name: str, *args: Any) -> str:
        """This will be the address of one of this model's pages, by the name that Django gives it."""
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def url_of(self, row: Model) -> str:
        return self.url("change", row.pk)

    def done(self, request: HttpRequest, message: str, to: str, *, row: Model | None = None) -> HttpResponse:
        """This will say what was done, and write it into the history of `row`: who did what is asked later."""
        if row is not None:
            self.log_change(request, row, str(message))
        messages.success(request, message)
        return HttpResponseRedirect(to)

    def refuse(self, request: HttpRequest, error: OperatorError, to: str) -> HttpResponse:
        """This will show what went wrong and what to do, on the page `to`."""
        messages.error(request, str(error))
        return HttpResponseRedirect(to)


class Downloads(ModelAdmin):
    """A list that can be taken away as a file."""

    list_after_template = "admin/export_list.html"
    # Without it, who sees a list may take it away.
    export_permission = ""
    # Columns that only help to handle the list, and those of its file if these are others.
    handles: Sequence[str] = ()
    export_columns: Sequence[str] = ()

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view(self.export_list_view), f"{self.opts.app_label}_{self.opts.model_name}"
        return [path("export/<str:form>/", view, name=f"{name}_export_list"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_export_list"
        forms = [(form.upper(), reverse(address, args=[form])) for form in reversed(Format)]
        offered = {"list_exports": forms if self.may_export(request) else []}
        return super().changelist_view(request, offered | (extra_context or {}))

    def export_list_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The list, as it is filtered at this moment, as a file."""
        if form not in tuple(Format):
            raise Http404
        if not (self.has_view_permission(request) and self.may_export(request)):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise Http404 from None
        return download(self.export_table(request, self.exported(request, shown)), Format(form))

    def may_export(self, request: HttpRequest) -> bool:
        return not self.export_permission or bool(request.user.has_perm(self.export_permission))

    def export_table(self, request: HttpRequest, rows: QuerySet[Any]) -> Table:
        """This will be what a list's file holds: the columns of the list, unless an admin knows more."""
        shown = self.export_columns or self.get_list_display(request)
        return exports.table(self, rows, [column for column in shown if column not in self.handles])

    def exported(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """This will leave what the person may take away."""
        return rights.scoped(rows, request.user, self.export_permission) if self.export_permission else rows


class Admin(Downloads, Pages):
    """Base of every page about rows that belong to accounts: those of other people's accounts do not exist."""

    empty_value_display = NOTHING
    list_fullwidth = False
    show_facets = ShowFacets.NEVER
    list_filter_submit = True
    list_per_page = 50

    # What an empty list says: where its rows come from.
    empty_hint: Any = ""
    # The columns that tell whose a row is: of one account they would say the same in every row.
    account_columns: Sequence[str] = ("account", "account_name")

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        columns = super().get_list_display(request)
        # Asked of the rights and not of the session: the API makes this file too, of whatever its filters leave.
        if rights.narrowed_to(request.user) is None and len(switcher.options(request)) > 1:
            return columns
        return [column for column in columns if column not in self.account_columns]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        account = switcher.chosen(request)
        return ({} if account is None else {"account": account}) | super().get_changeform_initial_data(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.own(request, super().get_queryset(request))

    def own(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """This will leave the rows, of whatever model, of accounts on which the person may see this admin's."""
        return rights.scoped(rows, request.user, self.permission("view"), self.permission("change"))

    def permission(self, verb: str) -> str:
        return f"{self.opts.app_label}.{verb}_{self.opts.model_name}"

    def may(self, request: HttpRequest, permission: str, row: Model | str | int | None = None) -> bool:
        """This will tell whether the person has `permission` on the account of `row`; without one, on any account.

        `row` may be the primary key that an address names. Raises Http404 if there is no such row for the person.
        """
        if isinstance(row, str | int) and not rights.is_unlimited(request.user):
            row = self._account_of(request, str(row))
        return bool(request.user.has_perm(permission, row if isinstance(row, Model) else None))

    def _account_of(self, request: HttpRequest, object_id: str) -> OfficialAccount:
        """Every button of a page asks for it, so it is kept with the request."""
        known: dict[tuple[str, str], int | None] = request.__dict__.setdefault("_accounts_of_rows", {})
        key = (self.opts.label, object_id)
        if key not in known:
            try:
                pk = self.opts.pk.to_python(unquote(object_id))
            except ValidationError:
                raise Http404 from None
            rows = self.own(request, self.model._default_manager.order_by().filter(pk=pk))
            known[key] = rows.values_list(rights.path_of(self.model), flat=True).first()
        if known[key] is None:
            raise Http404
        return OfficialAccount(pk=known[key])

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(self.may(request, self.permission(verb), obj) for verb in ("view", "change"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.permission("add"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.permission("change"), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, self.permission("delete"), obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form offers, and takes, only rows of accounts on which the person may do what the form does."""
        form = super().get_form(request, obj, change=change, **options)
        return narrowed(form, request.user, self.permission("change" if change else "add"))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if object_id is not None and not rights.is_unlimited(request.user):
            # Before the buttons ask about the row: what they find out must not tell whether somebody else has it.
            self._account_of(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)


class ReadOnlyAdmin(Admin):
    """A log, or a mirror of WeChat: to look at."""

    paginator = CappedPaginator
    show_full_result_count = False
    sortable_by: Sequence[str] = ()
    actions: Sequence[Any] | None = None
    list_disable_select_all = True
    # Empty instead of False, which would join every foreign key that is shown: with a join SQLite sorts the table.
    list_select_related: Sequence[str] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NewestFirstList

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Nobody changes these rows, so there is no history of changes.
        context = {"show_history": False} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
