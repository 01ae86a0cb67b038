"""One row of everything that belongs to an account, each with a mark by which it is recognised in any answer."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from callbacks.models import (
    Callback,
    Conversation,
    Menu,
    MenuVersion,
    Message,
    NoticeConsent,
    NoticeResult,
    ReplyRule,
)
from campaigns.models import (
    Article,
    Broadcast,
    Campaign,
    CampaignEvent,
    Draft,
    LibraryImport,
    ListedOpenid,
    MediaAsset,
    Publication,
    Recipient,
    Revision,
)
from followers.models import Follower, FollowerDay, Segment, Sync, Tag, Tagging
from tests.people import member
from wxcore import apitokens
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery

OUR_APPS = ("wxcore", "followers", "campaigns", "callbacks")


def account(slug: str, mark: str) -> OfficialAccount:
    """This will be an account whose WeChat nobody can reach."""
    return OfficialAccount.objects.create(
        name=f"{mark}号",
        slug=slug,
        appid=f"wx{slug}0000000001",
        secret="s",
        token="token",
        api_base_url="http://127.0.0.1:9",
    )


def populate(of: OfficialAccount, mark: str) -> dict[str, Model]:
    """This will write one row of every model, by its label in lower case."""
    now = timezone.now()
    user = member(of, "administrator", f"{mark}-{of.slug}")
    follower = Follower.objects.create(account=of, openid=f"o{mark}", remark=mark, confirmed_at=now)
    tag = Tag.objects.create(account=of, tag_id=100, name=mark)
    Tagging.objects.create(follower=follower, tag=tag, confirmed_at=now)
    draft = Draft.objects.create(account=of, title=mark, created_by=user, updated_by=user)
    Article.objects.create(draft=draft, position=1, title=mark, author=mark, digest=mark, body=f"<p>{mark}</p>")
    contents = [{"title": mark, "author": mark, "digest": mark, "body": mark, "source_url": "", "cover": None,
                 "need_open_comment": False, "only_fans_can_comment": False}]  # fmt: skip
    revision = Revision.objects.create(draft=draft, number=1, articles=contents, digest="d", created_at=now)
    campaign = Campaign.objects.create(account=of, name=mark, text=mark, tag=tag, audience="tag", created_by=user)
    ListedOpenid.objects.create(campaign=campaign, openid=follower.openid)
    CampaignEvent.objects.create(campaign=campaign, verb="created", by=user, door="admin", status="draft", note=mark)
    broadcast = Broadcast.objects.create(account=of, campaign=campaign, position=1, status="unknown")
    Recipient.objects.create(broadcast=broadcast, follower=follower)
    callback = Callback.objects.create(
        account=of, dedup_key=mark, openid=follower.openid, msg_type="event", event="view", body=f"<xml>{mark}</xml>",
        pushed_at=now, received_at=now, status="failed",
    )  # fmt: skip
    button = {"name": mark, "type": "click", "key": mark}
    menu = Menu.objects.create(account=of, buttons=[button], published=[button])
    MenuVersion.objects.create(menu=menu, number=1, buttons=[button], published_at=now)
    conversation = Conversation.objects.create(
        account=of, openid=follower.openid, last_message_at=now, preview=mark, waiting_since=now, unread=1
    )
    Message.objects.create(
        conversation=conversation, direction="in", kind="text", text=mark, at=now, dedup_key=mark, callback=callback
    )
    webhook = Webhook.objects.create(account=of, name=mark, url=f"http://127.0.0.1:9/{mark}", events=["sync.failed"])
    rows: list[Model] = [
        apitokens.issue(user, name=mark, scopes=["read"], now=now)[0],
        of, user, follower, tag, draft, campaign, broadcast, callback, conversation, menu, webhook,
        WebhookDelivery.objects.create(
            account=of, webhook=webhook, event="sync.failed", payload={"mark": mark}, status="failed", answer=mark,
            created_at=now,
        ),
        Segment.objects.create(account=of, name=mark, conditions={}),
        ReplyRule.objects.create(account=of, name=mark, words=mark, text=mark, created_by=user),
        FollowerDay.objects.create(account=of, day=now.date(), new=3, left=1, total=9),
        Sync.objects.create(account=of, due_at=now, status="finished", total=1),
        MediaAsset.objects.create(account=of, kind="image", name=mark, sha256="0" * 64, mime="image/png", size=1),
        LibraryImport.objects.create(account=of, due_at=now, status="finished", created_by=user),
        NoticeConsent.objects.create(account=of, openid=follower.openid, template_id=mark, accepted=True, at=now),
        NoticeResult.objects.create(
            account=of, kind="template", msg_id="1", openid=follower.openid, template_id=mark, delivered=False,
            status=mark, at=now,
        ),
        Publication.objects.create(account=of, draft=draft, revision=revision, status="unknown", created_by=user),
    ]  # fmt: skip
    return {row._meta.label_lower: row for row in rows}


def everything() -> dict[str, list[Any]]:
    """This will be all that our tables hold: what must be the same before and after."""
    models = (model for app in OUR_APPS for model in apps.get_app_config(app).get_models())
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
