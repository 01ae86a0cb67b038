"""What a mass message carries, kept as it was when WeChat accepted it: drafts leave, temporary media die."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wxcore.simulator.articles import Article
from wxcore.simulator.files import File


@dataclass(frozen=True)
class Content:
    """A message. `text` is the text or the card's id, else the media ids with commas between; `draft` is used up."""

    msgtype: str
    text: str
    articles: tuple[Article, ...] = ()
    files: tuple[File, ...] = ()
    title: str = ""
    description: str = ""
    draft: str = ""
    send_ignore_reprint: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def titles(self) -> list[str]:
        """The titles of its articles, else its own, if it has one."""
        return [article.title for article in self.articles] or [title for title in (self.title,) if title]

    def shown(self, origin: str, key: str, *, with_content: bool = True) -> dict[str, Any]:
        """This will be what a follower sees of it; `key` begins the addresses of its articles."""
        told: dict[str, Any] = {"msgtype": self.msgtype, "text": self.text}
        if self.articles:
            told["articles"] = [
                article.shown(origin, with_content=with_content, key=f"{key}_{index}" if key else article.key)
                for index, article in enumerate(self.articles, 1)
            ]
        elif self.msgtype == "image":
            told |= {"images": [shown_file(file, origin) for file in self.files], "title": self.title} | self.extra
        elif self.msgtype == "wxcard":
            told["card"] = {"card_id": self.text}
        elif self.msgtype == "voice":
            told["voice"] = shown_file(self.files[0], origin)
        elif self.files:
            told["video"] = shown_file(self.files[0], origin) | {"title": self.title, "description": self.description}
        return told


def shown_file(file: File, origin: str) -> dict[str, Any]:
    """This will be a file as the page shows it: address, format, size in bytes, and its measures."""
    facts = file.facts
    told: dict[str, Any] = {"url": f"{origin}{file.path}", "format": facts.extension, "size": len(file.content)}
    if facts.width:
        told |= {"width": facts.width, "height": facts.height}
    return told | ({"seconds": round(facts.seconds, 2)} if facts.seconds else {})
