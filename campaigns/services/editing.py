"""Before anybody reviews it: create, save_draft, delete_draft, duplicate."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns import audience, content, history
from campaigns.models import Campaign, Door, ListedOpenid, MediaAsset, Verb
from campaigns.services.common import lock, require
from campaigns.states import NotAllowedNow, Status

# What a person may change of a draft.
EDITABLE = ("account", "name", *content.COLUMNS, "audience", "tag", "conditions", "segment")


def create(
    campaign: Campaign,
    *,
    pictures: Sequence[MediaAsset] = (),
    by: AbstractBaseUser | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will store a new draft with its pictures."""
    with transaction.atomic():
        campaign.created_by = by
        campaign.save()
        content.replace_pictures(campaign, pictures)
        history.record(campaign, Verb.CREATED, by=by, door=door)


def save_draft(
    campaign: Campaign,
    *,
    pictures: Sequence[MediaAsset] | None = None,
    by: AbstractBaseUser | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will write the editable columns of a draft and no other: a save must not undo a status set meanwhile.

    `pictures` replace those of a picture message, in their order; None leaves them.
    Raises NotAllowedNow if the campaign is no draft any more.
    """
    columns = {name: getattr(campaign, name) for name in EDITABLE}
    with transaction.atomic():
        if not Campaign.objects.filter(pk=campaign.pk, status=Status.DRAFT).update(**columns):
            campaign.refresh_from_db()
            raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
        if pictures is not None:
            content.replace_pictures(campaign, pictures)
        history.record(campaign, Verb.EDITED, by=by, door=door)


def delete_draft(campaign: Campaign) -> None:
    """This will delete a draft. Raises NotAllowedNow for anything else: what was sent must remain on record."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.DRAFT)
        campaign.delete()


def name_of_copy(campaign: Campaign) -> str:
    """This will be what a copy is called until somebody names it."""
    return _("%(name)s (copy)") % {"name": campaign.name[:90]}


def duplicate(campaign: Campaign, *, name: str, by: AbstractBaseUser | None, door: Door = Door.SYSTEM) -> Campaign:
    """This will be a new draft with the same content and audience."""
    with transaction.atomic():
        copy = Campaign.objects.create(
            account=campaign.account,
            name=name[:100],
            audience=campaign.audience,
            tag=campaign.tag,
            conditions=campaign.conditions,
            segment=campaign.segment,
            created_by=by,
            **{column: getattr(campaign, column) for column in content.COLUMNS},
        )
        content.replace_pictures(copy, content.pictures(campaign))
        openids = campaign.listed_openids.order_by("pk").values_list("openid", flat=True)
        ListedOpenid.objects.bulk_create(
            (ListedOpenid(campaign=copy, openid=openid) for openid in openids.iterator()), batch_size=audience.BATCH
        )
        history.record(copy, Verb.CREATED, by=by, door=door, note=campaign.name)
    return copy
