"""The events that tell what became of a mass job (MASSSENDJOBFINISH) and of a publication (PUBLISHJOBFINISH)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wxcore.simulator.publications import Publication

if TYPE_CHECKING:
    from wxcore.simulator.jobs import Job

CLEAN, MAY_REPRINT, MUST_NOT_REPRINT = 1, 2, 3  # CheckState
NOT_ARTICLES = 0


def mass_report(job: Job) -> dict[str, Any]:
    """This will be the fields of MASSSENDJOBFINISH, without those that somebody planned to omit."""
    links = [
        {"ArticleIdx": index, "ArticleUrl": f"{job.origin}/s/{job.msg_id}_{index}"}
        for index in range(1, len(job.content.articles) + 1)
        if job.succeeded
    ]
    told = {
        "Event": "MASSSENDJOBFINISH",
        "MsgID": job.msg_id,
        "Status": job.status,
        "TotalCount": job.total,
        "FilterCount": job.filter,
        "SentCount": job.sent,
        "ErrorCount": job.error,
        "CopyrightCheckResult": _copyright(job),
        "ArticleUrlResult": {"Count": len(links), "ResultList": links},
    }
    return {key: value for key, value in told.items() if key not in job.outcome.omit}


def publish_report(publication: Publication) -> dict[str, Any]:
    """This will be the fields of PUBLISHJOBFINISH."""
    return {"Event": "PUBLISHJOBFINISH", "PublishEventInfo": publication.pushed()}


def _copyright(job: Job) -> dict[str, Any]:
    if not job.content.articles:
        return {"Count": 0, "ResultList": [], "CheckState": NOT_ARTICLES}
    state = {"allowed": MAY_REPRINT, "forbidden": MUST_NOT_REPRINT}.get(job.reprint, CLEAN)
    results = [_checked(index, state if index == 1 else CLEAN) for index in range(1, len(job.content.articles) + 1)]
    return {"Count": len(results), "ResultList": results, "CheckState": state}


def _checked(index: int, state: int) -> dict[str, Any]:
    hit, allowed = state != CLEAN, int(state == MAY_REPRINT)
    return {
        "ArticleIdx": index,
        "UserDeclareState": 0,
        "AuditState": 2 if hit else 0,
        "OriginalArticleUrl": "http://mp.weixin.qq.com/s/original" if hit else "",
        "OriginalArticleType": int(hit),
        "CanReprint": allowed,
        "NeedReplaceContent": allowed,
        "NeedShowReprintSource": allowed,
    }
