"""Permanent material (永久素材): what stays in the account's library until it is deleted.

https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass

from wxcore.wechat.answers import integer, objects, required_integer, required_text, text
from wxcore.wechat.drafts import DraftArticle, articles_in
from wxcore.wechat.encoding import as_json
from wxcore.wechat.errors import BadAnswer
from wxcore.wechat.transport import Download, Transport

MAX_PAGE = 20


@dataclass(frozen=True, slots=True)
class AddedMaterial:
    """A file that is in the library now. Only an image has a `url`, which works on Tencent's pages."""

    media_id: str
    url: str


@dataclass(frozen=True, slots=True)
class VideoMaterial:
    """A video of the library; `down_url` fetches it without a token."""

    title: str
    description: str
    down_url: str


@dataclass(frozen=True, slots=True)
class MaterialCount:
    """How much the library holds, what was added in WeChat's console included."""

    voice: int
    video: int
    image: int
    news: int


@dataclass(frozen=True, slots=True)
class MaterialItem:
    """One file of the list. `name` is the filename, of a video its title; `update_time` is in epoch seconds."""

    media_id: str
    name: str
    update_time: int
    url: str


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """One page of the list, which holds `total` files of the kind."""

    total: int
    items: tuple[MaterialItem, ...]


class Materials:
    """The library of the account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(
        self, kind: str, filename: str, content: bytes, content_type: str, *, title: str = "", introduction: str = ""
    ) -> AddedMaterial:
        """This will add a file to the library; `kind` is image, voice, video or thumb.

        A video takes `title` and `introduction`, which nobody else has. Raises WrongMediaFile, and InvalidRequest for
        half a character.
        """
        call = "/cgi-bin/material/add_material"
        fields = {}
        if kind == "video":
            fields["description"] = as_json(call, {"title": title, "introduction": introduction}).decode()
        data = self._transport.upload(
            call, filename=filename, content=content, content_type=content_type, fields=fields, type=kind
        )
        return AddedMaterial(required_text(data, "media_id", call=call), text(data, "url"))

    def get(self, media_id: str) -> Download | builtins.list[DraftArticle] | VideoMaterial:
        """This will be the file, the articles of old news, or where to fetch a video. Raises InvalidMediaId.

        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Getting_Permanent_Assets.html
        """
        call = "/cgi-bin/material/get_material"
        found = self._transport.download(call, {"media_id": media_id})
        if isinstance(found, Download):
            return found
        if "news_item" in found:
            return articles_in(found)
        if "down_url" in found:
            return VideoMaterial(text(found, "title"), text(found, "description"), text(found, "down_url"))
        raise BadAnswer(call, "no file")

    def delete(self, media_id: str) -> None:
        """This will delete it for good. Raises InvalidMediaId, ApiError 48005 while a menu or a reply uses it.

        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Deleting_Permanent_Assets.html
        """
        self._transport.post("/cgi-bin/material/del_material", {"media_id": media_id})

    def count(self) -> MaterialCount:
        """This will be how much of each kind there is.

        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_the_total_of_all_materials.html
        """
        call = "/cgi-bin/material/get_materialcount"
        data = self._transport.get(call)
        voice, video, image, news = (
            required_integer(data, f"{kind}_count", call=call) for kind in ("voice", "video", "image", "news")
        )
        return MaterialCount(voice=voice, video=video, image=image, news=news)

    def list(self, kind: str, offset: int = 0, count: int = MAX_PAGE) -> MaterialPage:
        """This will be 1 to 20 files of image, voice or video, the newest first.

        https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Get_materials_list.html
        """
        call = "/cgi-bin/material/batchget_material"
        data = self._transport.post(call, {"type": kind, "offset": offset, "count": count}, replayable=True)
        items = [
            MaterialItem(
                media_id=required_text(item, "media_id", call=call),
                name=text(item, "name"),
                update_time=integer(item.get("update_time"), default=0),
                url=text(item, "url"),
            )
            for item in objects(data, "item")
        ]
        return MaterialPage(required_integer(data, "total_count", call=call), tuple(items))
