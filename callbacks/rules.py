"""The verbs of reply rules: save, duplicate, move, switch, delete. Each counts at once in this process, and within
seconds in every other (see `replying`)."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks import replying, rulechecks
from callbacks.models import ReplyRule
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# The hot path compares a push with all active rules of its account.
MOST_RULES = 200
LONGEST_NAME = 100


class TooManyRules(OperatorError):
    code = "too_many_rules"
    message = gettext_lazy("The account has %(limit)d reply rules, which is the most.")
    fix = gettext_lazy("Delete rules that you no longer need, or put several keywords into one.")


class RuleMoves(OperatorError):
    code = "rule_of_another_account"
    message = gettext_lazy("A rule stays with its official account.")
    fix = gettext_lazy("Duplicate it, or make a new one for the other account.")


def save(rule: ReplyRule, *, by: AbstractBaseUser | None = None) -> None:
    """This will write a new or changed rule in its normal form; a new one comes last in the order.

    Raises TooManyRules, RuleMoves, and what is wrong with it (see `rulechecks`).
    """
    rulechecks.check(rule)
    rulechecks.tidy(rule)
    with transaction.atomic():
        if rule.pk is None:
            _append(rule, by)
        elif not ReplyRule.objects.filter(pk=rule.pk, account=rule.account_id).exists():
            raise RuleMoves(fields={"account": "changed"})
        rule.save()
    _changed()


def duplicate(rule: ReplyRule, *, by: AbstractBaseUser | None) -> ReplyRule:
    """This will be a copy of the rule, inactive: two equal rules would both be there, and only one ever answer."""
    copy = ReplyRule.objects.get(pk=rule.pk)
    copy.pk = None
    copy._state.adding = True
    copy.is_active = False
    copy.name = (_("%(name)s (copy)") % {"name": rule.name[: LONGEST_NAME - 20]})[:LONGEST_NAME]
    with transaction.atomic():
        _append(copy, by)
        copy.save()
    _changed()
    return copy


def move(rules: QuerySet[ReplyRule], order: Sequence[int]) -> None:
    """This will bring those of `rules` that `order` names into that order, account by account, in the places which
    they have together; the others keep theirs."""
    asked = list(dict.fromkeys(order))
    with transaction.atomic():
        named = {rule.pk: rule for rule in rules.filter(pk__in=asked).only("pk", "account_id")}
        for account_id in {rule.account_id for rule in named.values()}:
            _reorder(account_id, [pk for pk in asked if pk in named and named[pk].account_id == account_id])
    _changed()


def switch(rules: QuerySet[ReplyRule], *, on: bool) -> int:
    """This will make rules active or inactive, and count those that were not so before."""
    changed = rules.exclude(is_active=on).update(is_active=on)
    _changed()
    return changed


def delete(rule: ReplyRule) -> None:
    """This will delete a rule. What it answered stays on record."""
    rule.delete()
    _changed()


def _append(rule: ReplyRule, by: AbstractBaseUser | None) -> None:
    # Locked: two new rules at the same time would get the same place.
    OfficialAccount.objects.select_for_update().filter(pk=rule.account_id).first()
    own = ReplyRule.objects.filter(account=rule.account_id)
    if own.count() >= MOST_RULES:
        raise TooManyRules(limit=MOST_RULES)
    rule.position = (own.aggregate(last=Max("position"))["last"] or 0) + 1
    rule.created_by = by if by is not None and by.pk else None


def _reorder(account_id: int, asked: list[int]) -> None:
    locked = ReplyRule.objects.select_for_update().filter(account=account_id).only("pk", "position")
    rows = list(locked.order_by("position", "pk"))
    wanted = iter(asked)
    chosen = set(asked)
    by_pk = {row.pk: row for row in rows}
    new = [by_pk[next(wanted)] if row.pk in chosen else row for row in rows]
    for position, row in enumerate(new, start=1):
        row.position = position
    ReplyRule.objects.bulk_update(new, ["position"], batch_size=100)


def _changed() -> None:
    transaction.on_commit(replying.forget_rules, robust=True)
