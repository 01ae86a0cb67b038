"""A draft goes with all its versions, unless something stands on it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import drafts
from campaigns.models import Campaign, Draft, MsgType, Publication, RemoteDraft, Revision


def test_it_goes_with_its_versions_and_its_copy_at_wechat(draft: Draft) -> None:
    frozen = drafts.freeze(draft)
    RemoteDraft.objects.create(account=draft.account, draft=draft, revision=frozen, media_id="m1")
    drafts.delete(draft)

    assert not Draft.objects.exists()
    assert not Revision.objects.exists()


def test_it_stays_while_a_campaign_uses_it(draft: Draft, campaign: Campaign) -> None:
    Campaign.objects.update(draft=draft, msgtype=MsgType.MPNEWS)

    with pytest.raises(drafts.DraftInUse) as refused:
        drafts.delete(draft)

    assert campaign.name in str(refused.value)
    assert Draft.objects.exists()


def test_it_stays_when_it_was_published(draft: Draft) -> None:
    Publication.objects.create(account=draft.account, draft=draft, revision=drafts.freeze(draft), due_at=timezone.now())

    with pytest.raises(drafts.DraftPublished):
        drafts.delete(draft)
