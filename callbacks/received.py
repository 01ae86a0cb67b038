"""A picture, voice or video that a follower sent, passed on from WeChat to somebody who may see the conversation."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from callbacks.models import Conversation, Direction, Message
from wxcore import accounts
from wxcore.wechat.media import VideoLocation

# What WeChat keeps for three days, to be asked for by its media_id.
FETCHED = ("image", "voice", "video", "shortvideo")
CACHING = "private, max-age=86400"
# What a browser only ever shows or plays. Anything else is saved: it is a stranger's.
SHOWN = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "video/mp4": "mp4",
    "audio/amr": "amr",
}
VIDEO_HOSTS = (".qq.com", ".qpic.cn")


def file(conversation: Conversation, message: Message) -> HttpResponse:
    """This will be the file, or the way to WeChat's copy of a video.

    Raises Http404 for what has none, and what WeChat objects to: it no longer has it, for example.
    """
    media_id = str(message.content.get("media_id") or "")
    if message.direction != Direction.IN or message.kind not in FETCHED or not media_id:
        raise Http404
    with accounts.connect(conversation.account) as wechat:
        found = wechat.media.get(media_id)
    if isinstance(found, VideoLocation):
        return HttpResponseRedirect(_checked(conversation, found.url))
    mime = found.content_type.partition(";")[0].strip().lower()
    is_shown = mime in SHOWN
    response = HttpResponse(found.content, content_type=mime if is_shown else "application/octet-stream")
    name = f"{_('message')}-{message.pk}.{SHOWN.get(mime, 'bin')}"
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    response.headers["Cache-Control"] = CACHING
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _checked(conversation: Conversation, address: str) -> str:
    """WeChat's own addresses only."""
    own = urlsplit(conversation.account.api_base_url).netloc
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not (
        parts.netloc == own or (parts.hostname or "").endswith(VIDEO_HOSTS)
    ):
        raise Http404
    return address
