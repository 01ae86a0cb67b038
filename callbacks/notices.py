"""What WeChat says of template messages and subscription notices, and what followers let us send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from callbacks.models import NoticeConsent, NoticeResult
from callbacks.models.notice import NoticeKind
from wxcore.models import OfficialAccount
from wxcore.wechat.messages import Consent, SentNotice


def record_template(
    account: OfficialAccount, *, openid: str, msg_id: int, delivered: bool, status: str, at: dt.datetime
) -> None:
    """This will keep what became of one template message; a second report of it changes nothing."""
    result = NoticeResult(
        account=account,
        kind=NoticeKind.TEMPLATE,
        msg_id=str(msg_id),
        openid=openid,
        delivered=delivered,
        status=status[:100],
        at=at,
    )
    NoticeResult.objects.bulk_create([result], ignore_conflicts=True)


def record_subscription(account: OfficialAccount, *, openid: str, items: Iterable[SentNotice], at: dt.datetime) -> None:
    """This will keep what became of subscription notices; a second report changes nothing."""
    NoticeResult.objects.bulk_create(
        [
            NoticeResult(
                account=account,
                kind=NoticeKind.SUBSCRIPTION,
                msg_id=item.msg_id[:32],
                openid=openid,
                template_id=item.template_id[:64],
                delivered=item.error_code == 0,
                status=_status(item)[:100],
                at=at,
            )
            for item in items
        ],
        ignore_conflicts=True,
    )


def record_consent(account: OfficialAccount, *, openid: str, items: Iterable[Consent], at: dt.datetime) -> None:
    """This will keep what a follower chose for each template. An earlier choice never wins."""
    for template_id, accepted in items:
        named = {"account": account, "openid": openid, "template_id": template_id[:64]}
        NoticeConsent.objects.bulk_create([NoticeConsent(**named, accepted=accepted, at=at)], ignore_conflicts=True)
        NoticeConsent.objects.filter(**named, at__lt=at).update(accepted=accepted, at=at)


def erase(account: OfficialAccount, openid: str) -> None:
    """This will delete what is kept of somebody's notices."""
    NoticeResult.objects.filter(account=account, openid=openid).delete()
    NoticeConsent.objects.filter(account=account, openid=openid).delete()


def _status(notice: SentNotice) -> str:
    return notice.error_status if notice.error_code is None else f"{notice.error_code} {notice.error_status}".strip()
