"""Callback: one push of WeChat, raw."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks import words
from callbacks.states import OPEN, CallbackStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount

# Between the moment that a request notes and the primary key that its row gets: how far the two orders may differ.
SLACK = dt.timedelta(minutes=1)


class CallbackQuerySet(models.QuerySet["Callback"]):
    """Lists are in the order of the primary key, and find a time in it: so each filter goes with its own index."""

    def received_between(self, since: dt.datetime | None, until: dt.datetime | None) -> CallbackQuerySet:
        """This will leave what was received from `since` until before `until`; None leaves that end open."""
        found, rows = self, Callback.objects.order_by()
        if since is not None:
            first = rows.filter(received_at__gte=since - SLACK).order_by("received_at").values_list("pk").first()
            if first is None:
                return self.none()
            found = found.filter(received_at__gte=since, pk__gte=first[0])
        if until is not None:
            last = rows.filter(received_at__lt=until + SLACK).order_by("-received_at").values_list("pk").first()
            if last is None:
                return self.none()
            found = found.filter(received_at__lt=until, pk__lte=last[0])
        return found


class Callback(Failure):
    """One push, stored as it came before anything is done with it. `dedup_key` makes WeChat's repetitions one row."""

    account = models.ForeignKey(
        OfficialAccount,
        on_delete=models.CASCADE,
        related_name="callbacks",
        verbose_name=_("official account"),
        db_index=False,
    )
    dedup_key = models.CharField(_("de-duplication key"), max_length=200)
    openid = models.CharField(_("sender"), max_length=64, blank=True)
    msg_type = models.CharField(_("type"), max_length=32)
    event = models.CharField(_("event"), max_length=64, blank=True)
    # Empty once the personal data of its sender had to be erased.
    body = models.TextField(_("raw body"), blank=True)
    # What we answered at once: {"rule": primary key, "kind": ..., and the fields of that kind}; empty for "success".
    answer = models.JSONField(_("answer"), default=dict, blank=True)
    pushed_at = models.DateTimeField(_("sent by WeChat"))
    received_at = models.DateTimeField(_("received"))
    status = models.CharField(_("status"), max_length=20, choices=CallbackStatus, default=CallbackStatus.STORED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next step"), null=True)
    processed_at = models.DateTimeField(_("processed"), null=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ["-id"]
        permissions = [("process_callback", _("Can process callbacks again"))]
        constraints = [models.UniqueConstraint(fields=["account", "dedup_key"], name="callback_once")]
        indexes = [
            models.Index(fields=["due_at"], name="callback_due", condition=Q(status__in=OPEN)),
            # The list, for who works for one account.
            models.Index(fields=["account", "id"], name="callback_account"),
            # The few that wait for a person, for the start page.
            models.Index(fields=["id"], name="callback_failed", condition=Q(status=CallbackStatus.FAILED)),
            # Partial, so that a push pays nothing for them: the failed of one account, and what nobody knows.
            models.Index(
                fields=["account", "id"], name="callback_failed_own", condition=Q(status=CallbackStatus.FAILED)
            ),
            models.Index(fields=["id"], name="callback_unknown", condition=Q(status=CallbackStatus.UNKNOWN)),
            models.Index(fields=["openid", "id"], name="callback_openid"),
            models.Index(fields=["event", "id"], name="callback_event"),
            models.Index(fields=["received_at"], name="callback_received"),
        ]

    def __str__(self) -> str:
        return f"{words.of(self.msg_type, self.event)} #{self.pk}"
