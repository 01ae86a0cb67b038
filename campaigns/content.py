"""What a campaign says: for each message type what must be there, and what is too much."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from campaigns import limits
from campaigns.models import Campaign, CampaignImage, MediaAsset, MediaKind, MsgType, Target
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# Of the title and description of a picture or video message WeChat names no limit: what our columns hold.
TITLE_LIMIT = 64
DESCRIPTION_LIMIT = 200

# The columns that make up what is sent. `images` are rows of their own.
COLUMNS = (
    "msgtype",
    "text",
    "draft",
    "send_ignore_reprint",
    "media",
    "title",
    "description",
    "need_open_comment",
    "only_fans_can_comment",
    "card_id",
)


class EmptyText(OperatorError):
    code = "empty_text"
    message = _("The campaign has no text.")
    fix = _("Write what your followers should read, and save.")


class TextTooLong(OperatorError):
    code = "text_too_long"
    wechat_code = 45002
    message = _("The text has %(length)d characters; WeChat takes at most %(limit)d.")
    fix = _("Shorten the text and save.")


class DraftMissing(OperatorError):
    code = "draft_missing"
    message = _("No article draft is chosen.")
    fix = _("Choose the draft whose articles should be sent, and save.")


class PicturesMissing(OperatorError):
    code = "pictures_missing"
    message = _("The campaign has no picture.")
    fix = _("Choose 1 to %(limit)d pictures from the library, and save.")


class TooManyPictures(OperatorError):
    code = "too_many_pictures"
    wechat_code = 45008
    message = _("The campaign has %(number)d pictures; WeChat takes at most %(limit)d.")
    fix = _("Remove pictures and save.")


class VoiceMissing(OperatorError):
    code = "voice_missing"
    message = _("No voice is chosen.")
    fix = _("Choose a voice from the library, and save.")


class VideoMissing(OperatorError):
    code = "video_missing"
    message = _("No video is chosen.")
    fix = _("Choose a video from the library, and save.")


class VideoTitleMissing(OperatorError):
    code = "video_title_missing"
    message = _("The video has no title.")
    fix = _("Followers see the title under the video: write one, and save.")


class WrongKind(OperatorError):
    code = "wrong_kind"
    wechat_code = 40007
    message = _("“%(name)s” is a %(kind)s file, which this message type cannot send.")
    fix = _("Choose another file, or another message type.")


class OfAnotherAccount(OperatorError):
    code = "of_another_account"
    wechat_code = 40007
    message = _("“%(name)s” belongs to another official account.")
    fix = _("Choose something of the campaign's own account: WeChat knows files and drafts for one account only.")


class WrongFormat(OperatorError):
    code = "wrong_format"
    wechat_code = 40005
    message = _("“%(name)s” is of a format that WeChat does not take: %(format)s.")
    fix = _("Save the file in another format, upload it, and choose that one.")


class FileTooBig(OperatorError):
    code = "file_too_big"
    wechat_code = 40006
    message = _("“%(name)s” has %(size)s; WeChat takes at most %(limit)s from this account.")
    fix = _("Upload a smaller version and choose that one.")


class FileTooLong(OperatorError):
    code = "file_too_long"
    wechat_code = 45007
    message = _("“%(name)s” lasts %(seconds)d seconds; WeChat takes at most %(limit)d.")
    fix = _("Upload a shorter version and choose that one.")


class CardMissing(OperatorError):
    code = "card_missing"
    message = _("No card is named.")
    fix = _("Enter the card ID from WeChat's card console, and save.")


def check_text(text: str) -> None:
    """This will raise EmptyText or TextTooLong before WeChat has to."""
    if not text.strip():
        raise EmptyText(fields={"text": "empty"})
    if len(text) > limits.TEXT:
        raise TextTooLong(length=len(text), limit=limits.TEXT, fields={"text": "too long"})


def problems(campaign: Campaign) -> Iterator[OperatorError]:
    """This will yield what is missing from the campaign's content or not fit to be sent, each with its field.

    The articles of a draft are judged by `drafts.problems`.
    """
    yield from _CHECKS[MsgType(campaign.msgtype)](campaign)


def check(campaign: Campaign) -> None:
    """This will raise the first problem of the campaign's content, if it has any."""
    for problem in problems(campaign):
        raise problem


def pictures(campaign: Campaign) -> list[MediaAsset]:
    """This will be the pictures of a picture message in their order."""
    rows = campaign.campaign_images.select_related("asset").order_by("position")
    return [row.asset for row in rows]


def replace_pictures(campaign: Campaign, assets: Sequence[MediaAsset]) -> None:
    """This will make `assets` the campaign's pictures, in that order. The caller holds a transaction."""
    campaign.campaign_images.all().delete()
    CampaignImage.objects.bulk_create(
        CampaignImage(campaign=campaign, asset=asset, position=position)
        for position, asset in enumerate(assets, start=1)
    )


def misfits(assets: Sequence[MediaAsset], kind: MediaKind, account_id: int | None) -> Iterator[OperatorError]:
    """This will yield WrongKind and OfAnotherAccount for what is no `kind` of the account."""
    for asset in assets:
        if asset.account_id != account_id:
            yield OfAnotherAccount(name=asset.name)
        elif asset.kind != kind:
            yield WrongKind(name=asset.name, kind=asset.get_kind_display())


def _text(campaign: Campaign) -> Iterator[OperatorError]:
    try:
        check_text(campaign.text)
    except OperatorError as error:
        yield error


def _articles(campaign: Campaign) -> Iterator[OperatorError]:
    if campaign.draft is None:
        yield DraftMissing(fields={"draft": "missing"})
    elif campaign.draft.account_id != campaign.account_id:
        yield OfAnotherAccount(name=str(campaign.draft), fields={"draft": "foreign"})


def _pictures(campaign: Campaign) -> Iterator[OperatorError]:
    assets = pictures(campaign)
    if not assets:
        yield PicturesMissing(limit=limits.IMAGES, fields={"images": "missing"})
    if len(assets) > limits.IMAGES:
        yield TooManyPictures(number=len(assets), limit=limits.IMAGES, fields={"images": "too many"})
    yield from unfit(assets, MediaKind.IMAGE, campaign.account)


def unfit(assets: Sequence[MediaAsset], kind: MediaKind, account: OfficialAccount) -> Iterator[OperatorError]:
    """This will yield what is wrong with the files: theirs may be a kind, an account or a size that cannot be sent."""
    yield from misfits(assets, kind, account.pk)
    limit = limits.MEDIA[account.media_limits][kind]
    for asset in assets:
        excesses = list(_excesses(asset, limit)) if asset.kind == kind else []
        # What WeChat keeps as permanent material is not uploaded again.
        if excesses and not asset.remote.filter(target=Target.PERMANENT).exclude(media_id="").exists():
            yield from excesses


def _excesses(asset: MediaAsset, limit: limits.KindLimits) -> Iterator[OperatorError]:
    # What is not taken as temporary material is uploaded as permanent.
    if asset.mime not in limit.permanent_formats:
        yield WrongFormat(name=asset.name, format=asset.mime)
    most = limit.permanent_max_bytes
    if asset.size > most:
        yield FileTooBig(name=asset.name, size=filesizeformat(asset.size), limit=filesizeformat(most))
    if limit.max_seconds is not None and asset.seconds is not None and asset.seconds > limit.max_seconds:
        yield FileTooLong(name=asset.name, seconds=math.ceil(asset.seconds), limit=limit.max_seconds)


def _voice(campaign: Campaign) -> Iterator[OperatorError]:
    if campaign.media is None:
        yield VoiceMissing(fields={"voice": "missing"})
    else:
        yield from unfit([campaign.media], MediaKind.VOICE, campaign.account)


def _video(campaign: Campaign) -> Iterator[OperatorError]:
    if campaign.media is None:
        yield VideoMissing(fields={"video": "missing"})
    else:
        yield from unfit([campaign.media], MediaKind.VIDEO, campaign.account)
    if not campaign.title.strip():
        yield VideoTitleMissing(fields={"title": "missing"})


def _card(campaign: Campaign) -> Iterator[OperatorError]:
    if not campaign.card_id.strip():
        yield CardMissing(fields={"card_id": "missing"})


_CHECKS: dict[MsgType, Callable[[Campaign], Iterator[OperatorError]]] = {
    MsgType.TEXT: _text,
    MsgType.MPNEWS: _articles,
    MsgType.IMAGE: _pictures,
    MsgType.VOICE: _voice,
    MsgType.MPVIDEO: _video,
    MsgType.WXCARD: _card,
}
