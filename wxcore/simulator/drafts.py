"""The draft box (草稿箱) of one account.

https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/
"""

from __future__ import annotations

from dataclasses import dataclass

from wxcore.simulator.articles import Article
from wxcore.simulator.errors import WeChatError


@dataclass
class Draft:
    """One draft. `autosaved` means that only the website's editor saved it, so that it cannot be sent."""

    media_id: str
    articles: list[Article]
    created: float
    updated: float
    autosaved: bool = False


class DraftBox:
    """The drafts of one account. Whoever reads or changes it holds the account's lock."""

    def __init__(self) -> None:
        self._drafts: dict[str, Draft] = {}

    def add(self, media_id: str, articles: list[Article], now: float, *, autosaved: bool = False) -> Draft:
        """This will keep a new draft."""
        draft = Draft(media_id, articles, now, now, autosaved)
        self._drafts[draft.media_id] = draft
        return draft

    def find(self, media_id: str) -> Draft | None:
        """This will be the draft, if it is in the box."""
        return self._drafts.get(media_id)

    def get(self, media_id: str) -> Draft:
        """This will be the draft. Raises 40007 when it is not, or no longer, in the box."""
        draft = self._drafts.get(media_id)
        if draft is None:
            raise WeChatError(40007)
        return draft

    def update(self, media_id: str, index: int, article: Article, now: float) -> None:
        """This will replace one article, counted from 0. Raises 40007, 40114."""
        draft = self.get(media_id)
        if not 0 <= index < len(draft.articles):
            raise WeChatError(40114)
        draft.articles = [*draft.articles[:index], article, *draft.articles[index + 1 :]]
        draft.updated, draft.autosaved = now, False

    def leave(self, media_id: str) -> bool:
        """This will take a draft out of the box, as deleting, sending and publishing do; whether it was there."""
        return self._drafts.pop(media_id, None) is not None

    def article(self, key: str) -> Article | None:
        """This will be the article whose preview has this key."""
        return next((one for draft in self._drafts.values() for one in draft.articles if one.key == key), None)

    def all(self) -> list[Draft]:
        """This will be the drafts, the latest change first."""
        return sorted(self._drafts.values(), key=lambda draft: draft.updated, reverse=True)

    def __len__(self) -> int:
        return len(self._drafts)
