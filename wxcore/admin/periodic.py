"""django-celery-beat's schedule, in the look of the other pages and in words that say what a task is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
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
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from wxcore import rights
from wxcore.admin.base import badge, moment
from wxcore.admin.periodic_words import WORDS, does, how_often
from wxcore.home import BOARD
from wxcore.panels import Panel

for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)


class TaskSelectWidget(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    """The registered tasks, as a select of this theme."""


class PeriodicTaskForm(beat.PeriodicTaskForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Who may only look is given a form without fields.
        if "task" in self.fields:
            self.fields["task"].widget = UnfoldAdminTextInputWidget()
        if "regtask" in self.fields:
            self.fields["regtask"].widget = TaskSelectWidget()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(beat.PeriodicTaskAdmin, ModelAdmin):
    """Staff with the right switch tasks on and off; what a task does, and when, is for superusers."""

    form = PeriodicTaskForm
    SWITCHED = ("what", "enabled", "rhythm", "last_run_at", "total_run_count", "description")
    list_display = ("what", "state", "rhythm", "last_run")
    list_filter = ("enabled",)
    date_hierarchy = None
    # The package's own actions ask for no permission, and "run" would be lost in a process without a worker.
    actions = ("enable_tasks", "disable_tasks")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        if not rights.is_unlimited(request.user):
            options["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if rights.is_unlimited(request.user):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": self.SWITCHED}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if rights.is_unlimited(request.user):
            return super().get_readonly_fields(request, obj)
        return tuple(name for name in self.SWITCHED if name != "enabled")

    @display(description=gettext_lazy("task"), ordering="name")
    def what(self, task: PeriodicTask) -> SafeString:
        return format_html('{}<span class="q-quiet q-block">{}</span>', does(task), task.name)

    @display(description=gettext_lazy("state"), ordering="enabled")
    def state(self, task: PeriodicTask) -> SafeString:
        return badge(_("on"), "success") if task.enabled else badge(_("off"), "danger")

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


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(beat.IntervalScheduleAdmin, ModelAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(beat.CrontabScheduleAdmin, ModelAdmin):
    pass


@admin.register(SolarSchedule)
class SolarScheduleAdmin(beat.SolarScheduleAdmin, ModelAdmin):
    pass


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(beat.ClockedScheduleAdmin, ModelAdmin):
    pass


def switched_off(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the tasks of ours that somebody switched off, and what does not happen meanwhile."""
    off = PeriodicTask.objects.filter(task__in=WORDS, enabled=False).order_by("pk")
    found = [{"does": does(task), "missed": WORDS[task.task].missed} for task in off]
    return {"tasks": found} if found else None


# For everybody who plans: a campaign that does not go out is their trouble, whoever may press the switch.
BOARD.pin(Panel(1, "admin/home_periodic.html", "campaigns.view_campaign", switched_off))
