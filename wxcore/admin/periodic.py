"""django-celery-beat's schedule, in the look of the other pages and in words that say what a task is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat import admin as beat
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from wxcore import rights
from wxcore.admin.base import Downloads, MissingIsNotFound, SaysWhatGoes, badge, moment
from wxcore.admin.periodic_words import WORDS, Schedule, does, expression, how_often, in_words
from wxcore.home import BOARD
from wxcore.panels import Panel

SCHEDULES = ("interval", "crontab", "solar", "clocked")

for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)


def task_shown(task: PeriodicTask) -> SafeString:
    return format_html('{}<span class="q-quiet q-block">{}</span>', does(task), task.name)


def state_shown(task: PeriodicTask) -> SafeString:
    return badge(_("on"), "success") if task.enabled else badge(_("off"), "danger")


class TaskSelectWidget(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    """The registered tasks, as a select of this theme."""


class SwitchForm(forms.ModelForm):
    """The package's own help speaks of True, False and null."""

    class Meta:
        model = PeriodicTask
        exclude = ()  # noqa: DJ006 - get_fieldsets chooses
        labels: ClassVar = {"name": gettext_lazy("Name"), "one_off": gettext_lazy("Once only")}
        help_texts: ClassVar = {
            "name": gettext_lazy("What it is called in the list; two tasks never have the same name."),
            "enabled": gettext_lazy("A task that is switched off does not run."),
            "description": gettext_lazy("Why it is here, for the colleagues."),
            "one_off": gettext_lazy("It switches itself off after its first run."),
            "start_time": gettext_lazy("Before this it does not run."),
            "expires": gettext_lazy("After this it does not run any more."),
        }
        help_texts |= dict.fromkeys(
            SCHEDULES, gettext_lazy("A task runs on one kind of schedule: leave the other three empty.")
        )


class PeriodicTaskForm(beat.PeriodicTaskForm):
    class Meta(SwitchForm.Meta):
        pass

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Who may only look is given a form without fields.
        if "task" in self.fields:
            self.fields["task"].widget = UnfoldAdminTextInputWidget()
        if "regtask" in self.fields:
            self.fields["regtask"].widget = TaskSelectWidget()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(Downloads, SaysWhatGoes, MissingIsNotFound, beat.PeriodicTaskAdmin):
    """Staff with the right switch tasks on and off; what a task does, and when, is for superusers."""

    form = PeriodicTaskForm
    change_form_template = None
    title_of = staticmethod(does)
    delete_hint = gettext_lazy(
        "A task that came with the product comes back when the site is started anew; switch it off instead."
    )
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (gettext_lazy("When it runs"), {"fields": ("rhythm", "last_run", *SCHEDULES, "start_time", "one_off")}),
        (gettext_lazy("What it is given"), {"fields": ("args", "kwargs"), "classes": ("collapse",)}),
        (
            gettext_lazy("How it is queued"),
            {
                "fields": ("expires", "expire_seconds", "queue", "exchange", "routing_key", "priority", "headers"),
                "classes": ("collapse",),
            },
        ),
    )
    readonly_fields = ("rhythm", "last_run")
    SWITCHED = ("what", "enabled", "rhythm", "last_run", "total_run_count", "description")
    list_display = ("what", "state", "rhythm", "last_run")
    list_filter = ("enabled",)
    date_hierarchy = None
    # The package's own actions ask for no permission, and "run" would be lost in a process without a worker.
    actions = ("enable_tasks", "disable_tasks")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in SCHEDULES:
            field.label_from_instance = in_words
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        if not rights.is_unlimited(request.user):
            options["form"] = SwitchForm
        return super().get_form(request, obj, change=change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not rights.is_unlimited(request.user):
            return ((None, {"fields": self.SWITCHED}),)
        if obj is not None:
            return super().get_fieldsets(request, obj)
        # A new task has not run yet.
        what, (title, when), *rest = self.fieldsets
        return (what, (title, when | {"fields": when["fields"][2:]}), *rest)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if rights.is_unlimited(request.user):
            return super().get_readonly_fields(request, obj)
        return tuple(name for name in self.SWITCHED if name != "enabled")

    @display(description=gettext_lazy("task"), ordering="name")
    def what(self, task: PeriodicTask) -> SafeString:
        return task_shown(task)

    @display(description=gettext_lazy("state"), ordering="enabled")
    def state(self, task: PeriodicTask) -> SafeString:
        return state_shown(task)

    @display(description=gettext_lazy("runs"))
    def rhythm(self, task: PeriodicTask) -> str:
        return how_often(task)

    @display(description=gettext_lazy("last run"), ordering="last_run_at")
    def last_run(self, task: PeriodicTask) -> SafeString | str:
        return moment(task.last_run_at)

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        self._switch(request, queryset, on=True)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[PeriodicTask], *, on: bool) -> None:
        tasks = list(queryset.exclude(enabled=on))
        queryset.update(enabled=on)
        PeriodicTasks.update_changed()  # beat reads its schedule anew
        for task in tasks:
            words = _("Switched on: %(task)s") if on else _("Switched off: %(task)s")
            message = words % {"task": does(task)}
            self.log_change(request, task, message)
            known = WORDS.get(task.task)
            level = messages.SUCCESS if on else messages.WARNING
            self.message_user(request, message if on or known is None else f"{message} {known.missed}", level)


class UsingThis(TabularInline):
    """The tasks of a schedule, to look at."""

    model = PeriodicTask
    fields = readonly_fields = ("what", "state")
    can_delete = False
    extra = 0
    hide_title = True
    show_change_link = True
    verbose_name_plural = gettext_lazy("tasks that run on it")

    @display(description=gettext_lazy("task"))
    def what(self, task: PeriodicTask) -> SafeString:
        return task_shown(task)

    @display(description=gettext_lazy("state"))
    def state(self, task: PeriodicTask) -> SafeString:
        return state_shown(task)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ScheduleAdmin(Downloads, SaysWhatGoes, MissingIsNotFound):
    """Base of the kinds of schedules: when a task runs, for the tasks that are led here."""

    delete_hint = gettext_lazy(
        "The tasks that run on it are deleted with it, and what they do does not happen any more."
    )
    list_display: Sequence[str] = ("runs", "used_by")
    inlines = (UsingThis,)
    title_of = staticmethod(in_words)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return () if obj is None else self.inlines

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(used=Count("periodictask"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _gone, *counted = super().get_deleted_objects(objs, request)
        # Django lists the rows by the names that the package has for them.
        named = [(in_words(schedule), [does(task) for task in schedule.periodictask_set.all()]) for schedule in objs]
        return ([part for row, tasks in named for part in ([row, tasks] if tasks else [row])], *counted)

    @display(description=gettext_lazy("runs"))
    def runs(self, schedule: Schedule) -> str:
        return in_words(schedule)

    @display(description=gettext_lazy("tasks"))
    def used_by(self, schedule: Any) -> int:
        return schedule.used


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(ScheduleAdmin):
    empty_hint = gettext_lazy("Every so many seconds, minutes, hours or days.")


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(ScheduleAdmin):
    empty_hint = gettext_lazy("At certain minutes, hours and days.")
    list_display = ("runs", "fields_shown", "used_by")
    fields = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The package starts in UTC, in which nobody here means “at eight”."""
        return {"timezone": settings.TIME_ZONE} | super().get_changeform_initial_data(request)

    @display(description="crontab")
    def fields_shown(self, crontab: CrontabSchedule) -> SafeString:
        return format_html("<code>{}</code>", expression(crontab))


@admin.register(SolarSchedule)
class SolarScheduleAdmin(ScheduleAdmin):
    empty_hint = gettext_lazy("At sunrise, sunset or another moment of the sun at a place on earth.")


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(ScheduleAdmin):
    empty_hint = gettext_lazy("Once, at a certain moment.")


def switched_off(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the tasks of ours that somebody switched off, and what does not happen meanwhile."""
    off = PeriodicTask.objects.filter(task__in=WORDS, enabled=False).order_by("pk")
    found = [{"does": does(task), "missed": WORDS[task.task].missed} for task in off]
    return {"tasks": found} if found else None


# For everybody who plans: a campaign that does not go out is their trouble, whoever may press the switch.
BOARD.pin(Panel(1, "admin/home_periodic.html", "campaigns.view_campaign", switched_off))
