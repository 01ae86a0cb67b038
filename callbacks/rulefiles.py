"""The files that reply rules answer with, kept at WeChat: an answer goes out at once only if its file is there.

WeChat keeps a temporary copy for three days. Without one the answer follows as a customer-service message, and takes
one of the few that it allows.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import QuerySet

from callbacks import replying
from callbacks.models import ReplyKind, ReplyRule
from campaigns import uploading
from wxcore import accounts
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

logger = logging.getLogger(__name__)

WITH_FILE = (ReplyKind.IMAGE, ReplyKind.VOICE, ReplyKind.VIDEO, ReplyKind.MUSIC)
# Copies are renewed so long before an answer would do without them: a WeChat that is down for a night costs nothing.
AHEAD = dt.timedelta(hours=12)


def keep(now: dt.datetime) -> int:
    """This will upload the files of active rules that are not at WeChat for long any more, and count them.

    What fails is logged and tried again with the next tick; the answer says the same as a customer-service message.
    """
    kept = 0
    for account in OfficialAccount.objects.filter(pk__in=_rules().values("account")).order_by("pk"):
        due = [rule for rule in _of(account) if not replying.media_id(rule, now + AHEAD)]
        if due:
            kept += _upload(account, due, now)
    return kept


def _rules() -> QuerySet[ReplyRule]:
    rules = ReplyRule.objects.filter(is_active=True, kind__in=WITH_FILE, asset__isnull=False, account__is_active=True)
    return rules.order_by()


def _of(account: OfficialAccount) -> list[ReplyRule]:
    rows = replying.with_media(_rules().filter(account=account))
    return list(rows.select_related("asset__account").order_by("position", "pk"))


def _upload(account: OfficialAccount, rules: list[ReplyRule], now: dt.datetime) -> int:
    kept = 0
    good_for = uploading.MARGIN + AHEAD
    with accounts.connect(account) as wechat:
        for rule in rules:
            upload = uploading.thumb if rule.kind == ReplyKind.MUSIC else uploading.media_id
            try:
                upload(wechat, rule.asset, now=now, good_for=good_for)
            except OperatorError as error:
                logger.warning("The file of reply rule %s: %s", rule.pk, error)
            else:
                kept += 1
    return kept
