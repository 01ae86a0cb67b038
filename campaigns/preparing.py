"""Everything that a message needs at WeChat before it is sent: files uploaded, articles in the draft box.

What was prepared stands on the broadcast as the body of the call, so that a repetition sends the same, and a crash in
between costs only the step that was under way.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial

from campaigns import content, draftbox, drafts, uploading
from campaigns.models import Broadcast, Campaign, Draft, MediaAsset, MsgType, RemoteDraft
from wxcore.models import ArticleEndpoint
from wxcore.wechat.broadcasts import (
    ArticleMessage,
    CardMessage,
    ImageMessage,
    ImagesMessage,
    Message,
    TextMessage,
    VideoMessage,
    VoiceMessage,
)
from wxcore.wechat.client import WeChat


def message(wechat: WeChat, broadcast: Broadcast, *, now: dt.datetime) -> Message:
    """This will be what the broadcast sends, with everything in it at WeChat.

    Raises what `content.check` and the uploads raise, CopyUnderway while another worker is at it, and WeChatError.
    """
    campaign = broadcast.campaign
    content.check(campaign)
    if campaign.msgtype == MsgType.MPNEWS:
        revision = campaign.revision or drafts.freeze(campaign.draft)
        row = draftbox.for_broadcast(wechat, broadcast, revision, now=now)
        return ArticleMessage(row.media_id, send_ignore_reprint=campaign.send_ignore_reprint)
    return _media_message(wechat, campaign, now)


def message_for_preview(wechat: WeChat, subject: Campaign | Draft, *, now: dt.datetime) -> Message:
    """This will be the message of a campaign or a draft as it stands now, for one phone. Raises like `message`.

    Articles go into the draft box as the copy that people see there: a preview does not use it up.
    """
    if isinstance(subject, Campaign):
        content.check(subject)
        if subject.msgtype != MsgType.MPNEWS:
            return _media_message(wechat, subject, now)
    draft = subject if isinstance(subject, Draft) else subject.draft
    return ArticleMessage(draftbox.push(wechat, draft, now=now).media_id)


def heal(broadcast: Broadcast) -> None:
    """This will give up everything of the broadcast that WeChat has, after it said that it does not (40007)."""
    RemoteDraft.objects.filter(broadcast=broadcast).delete()
    uploading.forget(assets(broadcast.campaign))


def heal_preview(wechat: WeChat, subject: Campaign | Draft, *, now: dt.datetime) -> None:
    """This will give up what `message_for_preview` used and WeChat does not have (40007). Raises WeChatError."""
    if isinstance(subject, Campaign) and subject.msgtype != MsgType.MPNEWS:
        uploading.forget(assets(subject))
        return
    draft = subject if isinstance(subject, Draft) else subject.draft
    with suppress(draftbox.NotInDraftBox):
        draftbox.fetch(wechat, draft, now=now)  # marks a copy that is gone


def assets(campaign: Campaign) -> list[MediaAsset]:
    """This will be the files that the campaign sends."""
    match campaign.msgtype:
        case MsgType.IMAGE:
            return content.pictures(campaign)
        case MsgType.VOICE | MsgType.MPVIDEO:
            return [campaign.media] if campaign.media else []
        case MsgType.MPNEWS if campaign.revision:
            return draftbox.assets(campaign.revision)
    return []


def _media_message(wechat: WeChat, campaign: Campaign, now: dt.datetime) -> Message:
    match campaign.msgtype:
        case MsgType.TEXT:
            return TextMessage(campaign.text)
        case MsgType.IMAGE:
            return _pictures(wechat, campaign, now)
        case MsgType.VOICE:
            return VoiceMessage(uploading.media_id(wechat, campaign.media, now=now))
        case MsgType.MPVIDEO:
            media_id = uploading.mpvideo(wechat, campaign.media, campaign.title, campaign.description, now=now)
            return VideoMessage(media_id)
        case MsgType.WXCARD:
            return CardMessage(campaign.card_id)
    raise NotImplementedError(campaign.msgtype)


def _pictures(wechat: WeChat, campaign: Campaign, now: dt.datetime) -> Message:
    ids = uploading.concurrently(partial(_upload, wechat, now), content.pictures(campaign))
    if len(ids) == 1 and campaign.account.article_endpoint == ArticleEndpoint.UPLOADNEWS:
        return ImageMessage(ids[0])
    return ImagesMessage(
        tuple(ids),
        recommend=campaign.description,
        title=campaign.title,
        need_open_comment=campaign.need_open_comment,
        only_fans_can_comment=campaign.only_fans_can_comment,
    )


def _upload(wechat: WeChat, now: dt.datetime, asset: MediaAsset) -> str:
    return uploading.media_id(wechat, asset, now=now)
