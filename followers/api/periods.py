"""What every statistic is asked by: one account or all of the person's, and the days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from wxcore.api import RowField
from wxcore.clock import quota_day
from wxcore.models import OfficialAccount

USUAL = dt.timedelta(days=29)
LONGEST = 366
FIRST = dt.date(2012, 1, 1)  # there was no mass message before


class AccountQuerySerializer(serializers.Serializer):
    account = RowField(
        queryset=OfficialAccount.objects.all(),
        permission="wxcore.view_officialaccount",
        required=False,
        help_text="One official account; without it all that you work for, together.",
    )


class PeriodSerializer(AccountQuerySerializer):
    since = serializers.DateField(required=False, help_text="The first day, in Shanghai; 29 days before `until`.")
    until = serializers.DateField(required=False, help_text="The last day, included; today.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        today = quota_day(timezone.now())
        until = asked["until"] = min(asked.get("until", today), today)
        try:
            since = asked.setdefault("since", until - USUAL)
        except OverflowError:
            raise serializers.ValidationError({"until": [_("There is nothing that long ago.")]}) from None
        if since < FIRST:
            raise serializers.ValidationError({"since": [_("There is nothing that long ago.")]})
        if since > until:
            raise serializers.ValidationError({"since": [_("The first day is after the last one.")]})
        if (until - since).days >= LONGEST:
            raise serializers.ValidationError({"since": [_("At most 366 days can be asked for at once.")]})
        return asked


def asked(serializer: type[serializers.Serializer], request: Request, *, context: dict[str, Any]) -> dict[str, Any]:
    """This will be the query as `serializer` reads it; what is empty was not asked. Raises ValidationError."""
    given = {name: value for name, value in request.query_params.items() if value}
    read = serializer(data=given, context=context)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def of_account(rows: Any, asked: dict[str, Any], path: str = "account") -> Any:
    """This will leave the rows of the account that was asked for, if one was."""
    account = asked.get("account")
    return rows if account is None else rows.filter(**{path: account.pk})
