"""The readers of a campaign's articles on its page: figures, charts, and when more of them come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import readership
from campaigns.models import Campaign
from campaigns.readership import ArticleReaders
from wxcore.wechat.datacube import Source

# A chart's own coordinates; the page scales it.
WIDTH, TOP, BASE, BOTTOM = 320, 20, 104, 124
NUMBER_HEIGHT = 12
FEWEST_SLOTS = 7
BAR_SHARE = 0.62

FIGURES = (
    ("readers", gettext_lazy("Readers")),
    ("reads", gettext_lazy("Reads")),
    ("share_users", gettext_lazy("Shared by")),
    ("shares", gettext_lazy("Shares")),
    ("favourite_users", gettext_lazy("Saved by")),
    ("likes", gettext_lazy("Likes")),
    ("recommendations", gettext_lazy("Hearts")),
    ("comments", gettext_lazy("Comments")),
    ("new_followers", gettext_lazy("New followers")),
)
COLUMNS = (
    ("readers", gettext_lazy("Readers")),
    ("reads", gettext_lazy("Reads")),
    ("share_users", gettext_lazy("Shared by")),
    ("shares", gettext_lazy("Shares")),
    ("favourite_users", gettext_lazy("Saved by")),
    ("original_readers", gettext_lazy("Readers of the original")),
)
CHARTS = (("readers", gettext_lazy("Readers by day")), ("share_users", gettext_lazy("People who shared, by day")))
SOURCES = {
    Source.MESSAGES: gettext_lazy("the account's message"),
    Source.CHATS: gettext_lazy("chats"),
    Source.MOMENTS: gettext_lazy("Moments"),
    Source.PROFILE: gettext_lazy("the account's page"),
    Source.RECOMMENDED: gettext_lazy("recommendations"),
    Source.SEARCH: gettext_lazy("WeChat search"),
    Source.OTHER: gettext_lazy("elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a chart; without a number there is no bar. The coordinates are text: SVG knows no decimal comma."""

    day: str
    number: int | None
    middle: str
    left: str
    width: str
    top: str
    height: str
    above: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The days of one figure of one article. `words` say the same to whoever does not see it."""

    name: str
    label: str
    words: str
    bars: list[Bar]


def section(campaign: Campaign) -> dict[str, Any]:
    """This will be the context of `campaigns/statistics.html`."""
    found = readership.of(campaign)
    if found is None:
        return {}
    highest = {
        name: max((getattr(day, name) or 0 for article in found.articles for day in article.days), default=0)
        for name, _label in CHARTS
    }
    return {"readership": found, "statistics": [_shown(article, highest) for article in found.articles]}


def _shown(article: ArticleReaders, highest: dict[str, int]) -> dict[str, Any]:
    charts = [_chart(article, name, str(label), highest[name]) for name, label in CHARTS if highest[name]]
    columns = [(name, label) for name, label in COLUMNS if any(getattr(day, name) is not None for day in article.days)]
    return {
        "article": article,
        "figures": _figures(article),
        "charts": charts,
        "view_box": _view_box(charts),
        "sources": _sources(article),
        "columns": [label for _name, label in columns],
        "rows": [(day.day, [(label, getattr(day, name)) for name, label in columns]) for day in article.days],
    }


def _figures(article: ArticleReaders) -> list[tuple[str, str]]:
    figures = [(str(label), f"{number:,}") for name, label in FIGURES if (number := getattr(article, name)) is not None]
    if article.finish_rate is not None:
        figures.append((_("Read to the end"), f"{100 * article.finish_rate:.0f}%"))
    if article.reading_minutes is not None:
        minutes = number_format(round(article.reading_minutes, 1), decimal_pos=1)
        figures.append((_("Time spent"), _("%(minutes)s min") % {"minutes": minutes}))
    return figures


def _sources(article: ArticleReaders) -> list[tuple[str, str]]:
    """The places that readers came from with their shares, the largest first."""
    everybody = sum(article.sources.values())
    ordered = sorted(article.sources.items(), key=lambda item: -item[1])
    return [(str(SOURCES[source]), f"{100 * number / everybody:.0f}%") for source, number in ordered]


def _chart(article: ArticleReaders, name: str, label: str, highest: int) -> Chart:
    numbers = [(day.day, getattr(day, name)) for day in article.days]
    slot = WIDTH / max(FEWEST_SLOTS, len(numbers))
    bars = [_bar(position, slot, day, number, highest) for position, (day, number) in enumerate(numbers)]
    told = ", ".join(f"{bar.day}: {'–' if bar.number is None else bar.number}" for bar in bars)
    return Chart(name, label, f"{label} — {told}", bars)


def _view_box(charts: list[Chart]) -> str:
    """All articles have one scale; without the empty space above, a small one needs less of the page."""
    top = min((float(bar.above) for chart in charts for bar in chart.bars), default=BASE) - NUMBER_HEIGHT
    return f"0 {top:.1f} {WIDTH} {BOTTOM - top:.1f}"


def _bar(position: int, slot: float, day: dt.date, number: int | None, highest: int) -> Bar:
    height = (BASE - TOP) * (number or 0) / highest
    # A day on which little happened is not a day without a figure.
    height = max(height, 1.5) if number else 0.0
    width = slot * BAR_SHARE
    middle = slot * (position + 0.5)
    return Bar(
        day=f"{day.month}/{day.day}",
        number=number,
        middle=f"{middle:.1f}",
        left=f"{middle - width / 2:.1f}",
        width=f"{width:.1f}",
        top=f"{BASE - height:.1f}",
        height=f"{height:.1f}",
        above=f"{BASE - height - 5:.1f}",
    )
