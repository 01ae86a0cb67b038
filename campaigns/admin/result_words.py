"""How results are put into words: the steps of the funnel, why somebody is missing, the originality check."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign
from campaigns.models.recall import WHOLE
from campaigns.results import OPEN, Funnel, Link, Loss, SentArticle, Stage, Step, Why, funnel
from wxcore.wechat.messages import ArticleResult

STEPS: dict[Step, tuple[Any, Any]] = {
    Step.RECIPIENTS: (
        gettext_lazy("Followers addressed"),
        gettext_lazy("Followers in the audience when the campaign started."),
    ),
    Step.ACCEPTED: (
        gettext_lazy("Taken by WeChat"),
        gettext_lazy("They are in broadcasts that WeChat has accepted."),
    ),
    Step.REACHED: (
        gettext_lazy("Left after filtering"),
        gettext_lazy("Whom WeChat tried to reach (FilterCount): what was left, not what was filtered out."),
    ),
    Step.DELIVERED: (gettext_lazy("Delivered"), gettext_lazy("Followers who got the message (SentCount).")),
}
WHYS: dict[Why, tuple[Any, Any]] = {
    Why.WAITING: (gettext_lazy("Not sent yet"), gettext_lazy("Their broadcasts wait for their turn.")),
    Why.UNKNOWN: (
        gettext_lazy("Unknown"),
        gettext_lazy("Nobody knows whether WeChat took their broadcasts; a person must look."),
    ),
    Why.CANCELLED: (
        gettext_lazy("Cancelled"),
        gettext_lazy("The campaign was cancelled before their broadcasts were submitted."),
    ),
    Why.NOT_ACCEPTED: (gettext_lazy("Not accepted"), gettext_lazy("WeChat did not take their broadcasts.")),
    Why.RUNNING: (
        gettext_lazy("Being sent by WeChat"),
        gettext_lazy("WeChat reports the figures when it has finished; that can take from seconds to hours."),
    ),
    Why.REJECTED: (
        gettext_lazy("Stopped by WeChat"),
        gettext_lazy("WeChat accepted their broadcasts and then did not deliver them."),
    ),
    Why.SILENT: (gettext_lazy("Not reported"), gettext_lazy("WeChat gave no figure for their broadcasts.")),
    Why.LEFT: (gettext_lazy("Have left"), gettext_lazy("They unfollowed after the campaign had started.")),
    Why.EXHAUSTED: (
        gettext_lazy("Had four messages this month"),
        gettext_lazy("By our own records; what was sent in WeChat's console is not in them."),
    ),
    Why.COUNTING: (
        gettext_lazy("Filtered by WeChat"),
        gettext_lazy("How many of them had four messages already is being counted."),
    ),
    Why.FILTERED: (
        gettext_lazy("Refuse messages, or another reason"),
        gettext_lazy("WeChat does not say why it filters somebody."),
    ),
    Why.FAILED: (gettext_lazy("Failed"), gettext_lazy("The message did not reach them (ErrorCount).")),
    Why.UNACCOUNTED: (
        gettext_lazy("Not accounted for"),
        gettext_lazy("WeChat counts when a job is nearly done, so its figures are approximate."),
    ),
}
BAD = (Why.REJECTED, Why.NOT_ACCEPTED, Why.FAILED)
NOT_CHECKED, CHECKING, PASSED = 0, 1, 11
ORIGINALS = {
    1: gettext_lazy("original"),
    2: gettext_lazy("older article"),
    3: gettext_lazy("news"),
    4: gettext_lazy("blocked article"),
}


def shown_funnel(campaign: Campaign) -> dict[str, Any]:
    """This will be the campaign's funnel as the template shows it; empty before its audience was frozen."""
    found = funnel(campaign.broadcasts.all())
    return {"bars": [_bar(stage, found) for stage in found.stages] if found.recipients else [], "joined": found.joined}


def _bar(stage: Stage, whole_funnel: Funnel) -> dict[str, Any]:
    label, explanation = STEPS[stage.step]
    whole = whole_funnel.recipients
    percent = round(100 * stage.number / whole, 1) if whole and stage.number is not None else None
    return {
        "step": stage.step,
        "label": label,
        "explanation": explanation,
        "number": stage.number,
        "percent": percent,
        # For a style sheet, which knows no decimal comma.
        "width": f"{min(percent or 0, 100):.1f}",
        "silent": stage.silent,
        "losses": [_loss(loss) for loss in stage.lost],
    }


def _loss(loss: Loss) -> dict[str, Any]:
    label, explanation = WHYS[loss.why]
    kind = "open" if loss.why in OPEN else "bad" if loss.why in BAD else ""
    return {
        "number": loss.number,
        "label": label,
        "explanation": f"{loss.reason} {loss.fix}".strip() or explanation,
        "kind": kind,
    }


def article_lines(articles: list[SentArticle], taken_back: set[tuple[int, int]]) -> list[dict[str, Any]]:
    """This will be the articles as the template shows them; one is recalled when all of its pages are."""
    return [
        {
            "article": article,
            "first": article.links[:1],
            "more": article.links[1:],
            "check": originality(article.check),
            "is_recalled": bool(article.links)
            and all(_is_gone(link, article.number, taken_back) for link in article.links),
        }
        for article in articles
    ]


def _is_gone(link: Link, number: int, taken_back: set[tuple[int, int]]) -> bool:
    return not taken_back.isdisjoint({(link.broadcast, WHOLE), (link.broadcast, number)})


def originality(check: ArticleResult) -> dict[str, Any]:
    """This will be the originality check of one article: badge colour, words, and what follows from it."""
    if check.audit_state in (None, NOT_CHECKED):
        return {"kind": "", "label": _("Not checked") if check.audit_state is not None else "–", "notes": []}
    if check.audit_state == CHECKING:
        return {"kind": "info", "label": _("Being checked"), "notes": []}
    if check.audit_state == PASSED:
        return {"kind": "success", "label": _("Passed"), "notes": []}
    notes = []
    if check.original_type in ORIGINALS:
        notes.append(_("WeChat knows it already: %(kind)s.") % {"kind": ORIGINALS[check.original_type]})
    if check.content_replaced:
        notes.append(_("Readers see the content of the original."))
    if check.source_shown:
        notes.append(_("It is shown with its source."))
    if check.can_reprint:
        return {"kind": "warning", "label": _("Reprint, allowed"), "notes": notes}
    return {"kind": "danger", "label": _("Reprint, not allowed"), "notes": notes}
