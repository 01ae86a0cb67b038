"""Which reply rules use a file of the media library, for the pages on which it is shown or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from callbacks.models import ReplyRule
from campaigns.mediause import SHOWN, Use
from campaigns.models import MediaAsset


def find(asset: MediaAsset) -> Iterator[Use]:
    """This will be the rules that answer with the file. They hold it, active or not: an answer would lose its file."""
    for rule in ReplyRule.objects.filter(asset=asset).order_by("position", "pk")[:SHOWN]:
        yield Use(_("reply rule"), rule.name, rule, True)


def count(ids: Sequence[int]) -> Mapping[int, int]:
    """This will be how many rules answer with each of the files."""
    rows = ReplyRule.objects.filter(asset__in=ids).order_by().values_list("asset").annotate(Count("pk"))
    return {asset: number for asset, number in rows if asset is not None}
