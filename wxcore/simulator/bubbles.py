"""What a follower sees of a message to them alone: a customer-service message or a passive reply.

Each function is one kind, and makes the line of the chat that the page draws. Both ways to write to a follower name
the same things in different words, so both come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.media import Item
from wxcore.simulator.messages import shown_file

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

MAX_TEXT = 2048  # bytes
Bubble = dict[str, Any]


def text(content: str) -> Bubble:
    """This will be a text. Raises 44004 for an empty one, 45002 for one of more than 2,048 bytes."""
    if not content.strip():
        raise WeChatError(44004)
    if len(content.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        raise WeChatError(45002)
    return {"msgtype": "text", "text": content}


def image(account: Account, media_id: str, now: float, origin: str) -> Bubble:
    """This will be a picture. Raises 41006, 40007."""
    item = find(account, media_id, now, "image")
    return {"msgtype": "image", "text": media_id, "images": _files(item, origin)}


def voice(account: Account, media_id: str, now: float, origin: str) -> Bubble:
    """This will be a voice. Raises 41006, 40007."""
    item = find(account, media_id, now, "voice")
    return {"msgtype": "voice", "text": media_id, "voice": _files(item, origin)[0]}


def video(account: Account, media_id: str, now: float, origin: str, *, title: str, description: str) -> Bubble:
    """This will be a video with its words. Raises 41006, 40007."""
    item = find(account, media_id, now, "video", "mpvideo")
    words = {"title": title or item.title, "description": description or item.introduction}
    return {"msgtype": "video", "text": media_id, "video": _files(item, origin)[0] | words}


def music(account: Account, now: float, origin: str, *, thumb: str, **told: str) -> Bubble:
    """This will be a piece of music, `told` as title, description, url and hq_url. Raises 41006, 40007."""
    item = find(account, thumb, now, "thumb", "image")
    return {"msgtype": "music", "text": told["title"], "music": told | {"thumb": _files(item, origin)[0]["url"]}}


def news(links: list[Bubble], *, most: int) -> Bubble:
    """This will be cards that lead elsewhere, each with title, description, url and picture.

    Raises 44003 for none, 45008 for more than `most`, 45003 for one without a title.
    """
    if not links:
        raise WeChatError(44003)
    if len(links) > most:
        raise WeChatError(45008)
    if not all(link["title"] for link in links):
        raise WeChatError(45003)
    return {"msgtype": "news", "text": links[0]["title"], "links": links}


def find(account: Account, media_id: str, now: float, *kinds: str) -> Item:
    """This will be the medium. Raises 41006 without an id, 40007 for one that is unknown, expired, of another kind."""
    if not media_id:
        raise WeChatError(41006)
    return account.shelf.find(media_id, now, *kinds)


def _files(item: Item, origin: str) -> list[Bubble]:
    assert item.file is not None  # noqa: S101 - what was uploaded has a file
    return [shown_file(item.file, origin)]
