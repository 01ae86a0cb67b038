"""A/B tests: split a draft into variants that go to random, disjoint shares of its audience."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import history
from campaigns.models import Campaign, Door, Split, Verb
from campaigns.services.common import NoRight, lock, require
from campaigns.services.editing import duplicate
from campaigns.states import Status
from wxcore.errors import OperatorError

LETTERS = "ABCDE"
WHOLE = 100


class WrongShares(OperatorError):
    code = "wrong_shares"
    message = _("An A/B test needs two to five shares of at least 1 per cent, together at most 100.")
    fix = _("Change the shares. What is left of 100 receives nothing and can serve for comparison.")


class AlreadySplit(OperatorError):
    code = "already_split"
    message = _("“%(campaign)s” already is a variant of an A/B test.")
    fix = _("Duplicate the campaign and split the duplicate.")


def check_split(campaign: Campaign) -> None:
    """Raises NotAllowedNow, AlreadySplit, or NoRight (the shares are sent by OpenID) where nothing can be split."""
    require(campaign, Status.DRAFT)
    if campaign.split_id is not None:
        raise AlreadySplit(campaign=campaign.name)
    if not campaign.account.may_send_to_list:
        raise NoRight(account=campaign.account.name)


def split(
    campaign: Campaign, *, shares: Sequence[int], by: AbstractBaseUser | None, door: Door = Door.SYSTEM
) -> list[Campaign]:
    """This will make the draft variant A of an A/B test, and copies of it the others, each with its share in per cent.

    The variants are campaigns of their own from then on: change what should differ, have them reviewed, send them.
    Raises WrongShares, or what `check_split` raises.
    """
    if not 2 <= len(shares) <= len(LETTERS) or min(shares) < 1 or sum(shares) > WHOLE:
        raise WrongShares(fields={"shares": "wrong"})
    with transaction.atomic():
        lock(campaign)
        check_split(campaign)
        test = Split.objects.create(account=campaign.account, name=campaign.name, created_by=by)
        variants = [campaign]
        variants += [duplicate(campaign, name=campaign.name, by=by, door=door) for _share in shares[1:]]
        begin = 0
        for letter, share, variant in zip(LETTERS, shares, variants, strict=False):
            _place(variant, test, letter, begin, begin + share)
            history.record(variant, Verb.SPLIT, by=by, door=door, note=f"{letter} · {share}%")
            begin += share
    return variants


def _place(variant: Campaign, test: Split, letter: str, begin: int, end: int) -> None:
    variant.split, variant.variant = test, letter
    variant.share_from, variant.share_to = begin, end
    variant.name = f"{test.name[:96]} ({letter})"
    variant.save(update_fields=["split", "variant", "share_from", "share_to", "name"])
