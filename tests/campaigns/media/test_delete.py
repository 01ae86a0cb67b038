"""A file goes only when nothing that is to be sent, or was sent, needs it."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from campaigns import mediause, thumbnails
from campaigns.mediause import FileInUse
from campaigns.models import (
    Article,
    Audience,
    Campaign,
    CampaignImage,
    Draft,
    MediaAsset,
    MsgType,
    Publication,
    RemoteMedia,
    Revision,
    Target,
)
from campaigns.states import Status
from tests.simulator_control import Control
from wxcore.accounts import connect
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(picture: MediaAsset) -> Campaign:
    made = Campaign.objects.create(
        account=picture.account, name="新品", audience=Audience.ALL, msgtype=MsgType.IMAGE, media=picture
    )
    CampaignImage.objects.create(campaign=made, asset=picture, position=1)
    return made


@pytest.fixture
def draft(picture: MediaAsset) -> Draft:
    """An article that shows the picture, and has it as its cover."""
    made = Draft.objects.create(account=picture.account, title="文章")
    body = f'<p><img src="{picture.file_url}"></p>'
    Article.objects.create(draft=made, position=1, title="文章", cover=picture, body=body)
    return made


def revision(draft: Draft, **article: object) -> Revision:
    return Revision.objects.create(draft=draft, number=1, articles=[article], digest="x", created_at=timezone.now())


def delete_page(asset: MediaAsset) -> str:
    return f"/admin/campaigns/mediaasset/{asset.pk}/delete/"


def test_an_unused_file_goes_with_all_its_traces(
    picture: MediaAsset, django_capture_on_commit_callbacks: object
) -> None:
    with thumbnails.thumbnail(picture):
        pass

    with django_capture_on_commit_callbacks(execute=True):
        mediause.delete(picture, at_wechat=False)

    assert not MediaAsset.objects.exists()
    assert not default_storage.exists(picture.file.name)
    assert not default_storage.exists(thumbnails.path_of(picture))


def test_where_it_is_used_is_listed_and_counted(picture: MediaAsset, campaign: Campaign, draft: Draft) -> None:
    assert [use.name for use in mediause.usage(picture)] == ["新品 · 草稿", "文章"]
    assert mediause.counts([picture])[picture.pk] == 4


def test_the_count_follows_the_articles(picture: MediaAsset, draft: Draft) -> None:
    assert mediause.counts([picture])[picture.pk] == 2

    Article.objects.update(body="")
    Draft.objects.update(version=1)

    assert mediause.counts([picture])[picture.pk] == 1


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.SENDING, Status.FINISHED])
def test_a_campaign_that_is_no_draft_holds_it(picture: MediaAsset, campaign: Campaign, status: Status) -> None:
    Campaign.objects.update(status=status)

    with pytest.raises(FileInUse):
        mediause.delete(picture, at_wechat=False)
    assert default_storage.exists(picture.file.name)


@pytest.mark.parametrize("where", ["cover", "body", "draft"])
def test_the_articles_of_a_scheduled_campaign_hold_it(picture: MediaAsset, draft: Draft, where: str) -> None:
    confirmed = {
        "cover": lambda: revision(draft, cover=picture.pk, body=""),
        "body": lambda: revision(draft, cover=None, body=f'<img src="{picture.file_url}">'),
        "draft": lambda: None,
    }[where]()
    if confirmed:
        draft.articles.all().delete()
    Campaign.objects.create(
        account=picture.account, name="图文", msgtype="mpnews", draft=draft, revision=confirmed, status=Status.SCHEDULED
    )

    with pytest.raises(FileInUse):
        mediause.delete(picture, at_wechat=False)


def test_a_publication_under_way_holds_it(picture: MediaAsset, draft: Draft) -> None:
    shown = revision(draft, cover=picture.pk, body="")
    Publication.objects.create(account=picture.account, draft=draft, revision=shown)

    with pytest.raises(FileInUse):
        mediause.delete(picture, at_wechat=False)


def test_drafts_lose_it(picture: MediaAsset, campaign: Campaign, draft: Draft) -> None:
    mediause.delete(picture, at_wechat=False)

    campaign.refresh_from_db()
    draft.refresh_from_db()
    assert (campaign.media, campaign.images.count()) == (None, 0)
    assert (draft.articles.get().cover, draft.version) == (None, 1)


def test_it_goes_at_wechat_too_when_that_is_wanted(
    wechat_account: OfficialAccount, control: Control, picture: MediaAsset
) -> None:
    with connect(wechat_account) as wechat:
        added = wechat.materials.add("image", "a.jpg", picture.file.read(), "image/jpeg")
    RemoteMedia.objects.create(asset=picture, target=Target.PERMANENT, media_id=added.media_id)

    assert mediause.delete(picture, at_wechat=True) == 1

    with connect(wechat_account) as wechat:
        assert wechat.materials.count().image == 0


def test_what_wechat_has_no_more_is_no_obstacle(
    wechat_account: OfficialAccount, control: Control, picture: MediaAsset
) -> None:
    RemoteMedia.objects.create(asset=picture, target=Target.PERMANENT, media_id="gone")

    assert mediause.delete(picture, at_wechat=True) == 0
    assert not MediaAsset.objects.exists()


def test_nothing_goes_while_wechat_cannot_be_reached(picture: MediaAsset) -> None:
    RemoteMedia.objects.create(asset=picture, target=Target.PERMANENT, media_id="there")

    with pytest.raises(OperatorError):
        mediause.delete(picture, at_wechat=True)
    assert default_storage.exists(picture.file.name)
    assert RemoteMedia.objects.exists()


def test_the_page_says_what_would_break(admin_client: Client, campaign: Campaign, draft: Draft) -> None:
    html = admin_client.get(delete_page(campaign.media)).content.decode()

    assert "新品" in html
    assert "文章" in html


def test_the_page_offers_no_button_while_it_is_held(admin_client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(status=Status.SCHEDULED)
    page = delete_page(campaign.media)

    assert 'class="q-confirm"' not in admin_client.get(page).content.decode()
    admin_client.post(page)
    assert MediaAsset.objects.exists()


def test_the_button_deletes(admin_client: Client, picture: MediaAsset) -> None:
    response = admin_client.post(delete_page(picture), follow=True)

    assert not MediaAsset.objects.exists()
    assert "红.jpg" in response.content.decode()


def test_viewing_is_not_deleting(client_with, picture: MediaAsset) -> None:
    assert client_with("view_mediaasset").post(delete_page(picture)).status_code == 403
    assert MediaAsset.objects.exists()
