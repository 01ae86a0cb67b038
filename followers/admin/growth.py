"""How the accounts grow: a chart of the last thirty days, and the days as a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from followers import growth
from followers.models import FollowerDay
from followers.models.day import GrowthSource
from wxcore.admin.base import NewestFirstList, ReadOnlyAdmin, badge, figure
from wxcore.admin.filters import AccountFilter
from wxcore.clock import quota_day

SHOWN = dt.timedelta(days=29)
# The chart's own coordinates; the page scales it. New ones stand above the line, those who left below.
WIDTH, HEIGHT, MARGIN = 720, 160, 18
BAR_SHARE = 0.62


@dataclass(frozen=True, slots=True)
class Bar:
    """One day. The coordinates are text: SVG knows no decimal comma."""

    words: str
    label: str
    middle: str
    left: str
    width: str
    new_top: str
    new_height: str
    left_height: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    base: str
    words: str


class Days(NewestFirstList):
    """The newest day first, which is not the order in which the rows were made."""

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[str]:
        return ["-day", "-pk"]


@admin.register(FollowerDay)
class FollowerDayAdmin(ReadOnlyAdmin):
    empty_hint = gettext_lazy(
        "Who comes and goes is counted every half hour, and corrected by WeChat the next morning. The days will"
        " stand here."
    )
    list_display = ("day", "came", "went", "net", "followers", "source_label", "account")
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    list_before_template = "followers/growth.html"
    list_display_links = None
    fields = ("day", "account", "came", "went", "net", "followers", "source_label")

    came = figure("new", gettext_lazy("new"))
    went = figure("left", gettext_lazy("left"))
    followers = figure("total", gettext_lazy("followers"))

    @display(description=gettext_lazy("net"))
    def net(self, row: FollowerDay) -> str:
        return f"{row.new - row.left:+,}"

    @display(description=gettext_lazy("source"))
    def source_label(self, row: FollowerDay) -> SafeString:
        return badge(row.get_source_display(), "success" if row.source == GrowthSource.WECHAT else "")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NewestFirstList]:
        return Days

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", None) or {}
        if "cl" in listed:
            today = quota_day(timezone.now())
            # Of the accounts that the list shows.
            listed["growth"] = chart(growth.between(listed["cl"].queryset.order_by(), today - SHOWN, today))
        return response


def chart(days: list[dict[str, Any]]) -> Chart | None:
    """This will be the days as bars; None if nobody came or went."""
    highest, deepest = (max((day[name] for day in days), default=0) for name in ("new", "left"))
    if not highest + deepest:
        return None
    scale = (HEIGHT - 2 * MARGIN) / (highest + deepest)
    base, slot = MARGIN + highest * scale, WIDTH / len(days)
    bars = [_bar(number, slot, base, scale, day, len(days)) for number, day in enumerate(days)]
    words = _("%(new)d new, %(left)d left in %(days)d days") % {
        "new": sum(day["new"] for day in days),
        "left": sum(day["left"] for day in days),
        "days": len(days),
    }
    return Chart(bars, f"{base:.1f}", words)


def _bar(number: int, slot: float, base: float, scale: float, day: dict[str, Any], of: int) -> Bar:
    middle, width, date = slot * (number + 0.5), slot * BAR_SHARE, day["day"]
    # A label each week, so that they have room.
    label = f"{date.month}/{date.day}" if (of - 1 - number) % 7 == 0 else ""
    return Bar(
        words=f"{date}: +{day['new']} −{day['left']}",
        label=label,
        middle=f"{middle:.1f}",
        left=f"{middle - width / 2:.1f}",
        width=f"{width:.1f}",
        new_top=f"{base - day['new'] * scale:.1f}",
        new_height=f"{day['new'] * scale:.1f}",
        left_height=f"{day['left'] * scale:.1f}",
    )
