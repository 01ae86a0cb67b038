"""What a draft may consist of: which inputs a message type needs, and what becomes of the others.

What belongs to other message types than the chosen one is kept, for the day on which somebody switches back; only what
belongs to another account is dropped there. Where it belongs to the chosen type it is refused. The admin's form and the
API hold to it alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaigns import audience, content
from campaigns.models import Audience, Campaign, MediaAsset, MediaKind, MsgType
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

# Which message types need an input; the page shows it for those only.
NEEDED_FOR: dict[str, tuple[MsgType, ...]] = {
    "text": (MsgType.TEXT,),
    "draft": (MsgType.MPNEWS,),
    "send_ignore_reprint": (MsgType.MPNEWS,),
    "pictures": (MsgType.IMAGE,),
    "voice": (MsgType.VOICE,),
    "video": (MsgType.MPVIDEO,),
    "title": (MsgType.IMAGE, MsgType.MPVIDEO),
    "description": (MsgType.IMAGE, MsgType.MPVIDEO),
    "need_open_comment": (MsgType.IMAGE,),
    "only_fans_can_comment": (MsgType.IMAGE,),
    "card_id": (MsgType.WXCARD,),
}
FILES = {"pictures": MediaKind.IMAGE, "voice": MediaKind.VOICE, "video": MediaKind.VIDEO}
# Of a campaign; one column holds both.
MEDIA = {MsgType.VOICE: "voice", MsgType.MPVIDEO: "video"}

Misfits = dict[str, list[OperatorError]]


def settled(account: OfficialAccount, msgtype: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], Misfits]:
    """This will be `draft`, `pictures`, `voice` and `video` as they can be kept, and what is wrong with them.

    The files are lists, as the form has them.
    """
    kept = {name: given.get(name) for name in ("draft", *FILES)}
    wrong: Misfits = {}
    for name, value in kept.items():
        found = list(_misfits(name, value, account)) if value else []
        if found and msgtype in NEEDED_FOR[name]:
            wrong[name] = found
        elif found:
            kept[name] = None if name == "draft" else []
    return kept, wrong


def _misfits(name: str, value: Any, account: OfficialAccount) -> Iterator[OperatorError]:
    if name != "draft":
        yield from content.misfits(value, FILES[name], account.pk)
    elif value.account_id != account.pk:
        yield content.OfAnotherAccount(name=str(value))


def media(msgtype: str, kept: Mapping[str, Any]) -> MediaAsset | None:
    """This will be the one file; that of another type stays only while neither is the chosen one."""
    chosen = MEDIA.get(MsgType(msgtype))
    names = [chosen] if chosen else list(MEDIA.values())
    return next((asset for name in names for asset in kept.get(name) or ()), None)


def line_ends(text: str) -> str:
    """This will be a text without CRLF, which browsers send: WeChat would count and show both."""
    return text.replace("\r\n", "\n")


def compose(campaign: Campaign, pictures: Sequence[MediaAsset]) -> list[MediaAsset]:
    """This will settle content and audience of a draft that was put together, and be the pictures that it keeps.

    Raises Django's ValidationError where tag or segment are missing, what is wrong with the chosen content with
    `fields`, and what `audience.normal_tags` raises.
    """
    campaign.text = line_ends(campaign.text)
    given: dict[str, Any] = {"draft": campaign.draft, "pictures": list(pictures)}
    chosen = MEDIA.get(MsgType(campaign.msgtype))
    for name, kind in FILES.items():
        fits = campaign.media is not None and (name == chosen if chosen else campaign.media.kind == kind)
        given.setdefault(name, [campaign.media] if fits else [])
    kept, wrong = settled(campaign.account, campaign.msgtype, given)
    for name, (error, *_others) in wrong.items():
        error.fields = {"media" if name in MEDIA.values() else name: error.code}
        raise error
    campaign.draft, campaign.media = kept["draft"], media(campaign.msgtype, kept)
    campaign.clean()
    if campaign.audience == Audience.TAGS:
        campaign.conditions = audience.normal_tags(campaign.account, campaign.conditions)
    return list(kept["pictures"])
