"""Temporary media (临时素材), which live three days, and the pictures inside articles.

https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from wxcore.wechat.answers import integer, required_text, text
from wxcore.wechat.drafts import DraftArticle
from wxcore.wechat.errors import BadAnswer
from wxcore.wechat.transport import Download, Transport


@dataclass(frozen=True, slots=True)
class UploadedMedia:
    """A temporary file at WeChat. It dies 72 hours after `created_at`, which is in epoch seconds."""

    media_id: str
    created_at: int


@dataclass(frozen=True, slots=True)
class VideoLocation:
    """Where a temporary video can be fetched, without a token."""

    url: str


class Media:
    """The account's temporary media and the pictures of its articles."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upload(self, kind: str, filename: str, content: bytes, content_type: str) -> UploadedMedia:
        """This will upload a file for three days; `kind` is image, voice, video or thumb. Raises WrongMediaFile."""
        call = "/cgi-bin/media/upload"
        asked_at = int(time.time())
        data = self._transport.upload(call, filename=filename, content=content, content_type=content_type, type=kind)
        key = "media_id" if data.get("media_id") else "thumb_media_id"  # some pages give a thumb a key of its own
        return UploadedMedia(required_text(data, key, call=call), integer(data.get("created_at"), default=asked_at))

    def get(self, media_id: str) -> Download | VideoLocation:
        """This will be the file, or where to fetch a video. Raises InvalidMediaId."""
        call = "/cgi-bin/media/get"
        found = self._transport.download(call, media_id=media_id)
        if isinstance(found, Download):
            return found
        if url := text(found, "video_url") or text(found, "down_url"):
            return VideoLocation(url)
        raise BadAnswer(call, "no file")

    def upload_image(self, filename: str, content: bytes, content_type: str) -> str:
        """This will be the address of a picture for the body of an article; JPG or PNG below 1 MB.

        It has no media_id and does not count in the library. Raises WrongMediaFile.
        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html
        """
        call = "/cgi-bin/media/uploadimg"
        data = self._transport.upload(call, filename=filename, content=content, content_type=content_type)
        return required_text(data, "url", call=call)

    def upload_news(self, articles: Sequence[DraftArticle]) -> str:
        """This will be the media_id of 1 to 8 articles made the old way, for accounts that cannot use drafts.

        Their covers are temporary. Ten a day. Raises InvalidMediaId, QuotaUsedUp.
        https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
        """
        call = "/cgi-bin/media/uploadnews"
        data = self._transport.post(call, {"articles": [article.news_payload() for article in articles]})
        return required_text(data, "media_id", call=call)

    def upload_video(self, media_id: str, title: str, description: str) -> str:
        """This will be the media_id that a mass message of this video needs. Raises InvalidMediaId.

        https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
        """
        call = "/cgi-bin/media/uploadvideo"
        body = {"media_id": media_id, "title": title, "description": description}
        return required_text(self._transport.post(call, body), "media_id", call=call)
