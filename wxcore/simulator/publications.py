"""Publishing (发布): a draft becomes articles that anybody may read, and nobody is told.

https://developers.weixin.qq.com/doc/service/api/publish/
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from wxcore.simulator.articles import Article
from wxcore.simulator.envelopes import Repeated
from wxcore.simulator.errors import ControlError

OK, UNDER_WAY, UNORIGINAL, FAILED, REJECTED, DELETED, BANNED = range(7)
CAME_OUT = (OK, DELETED, BANNED)


@dataclass
class PublishOutcome:
    """What shall become of the next publication: `publish_status` of WeChat's, and the articles (from 1) at fault."""

    publish_status: int = OK
    fail_idx: list[int] = field(default_factory=list)
    appid: str | None = None

    def __post_init__(self) -> None:
        if self.publish_status not in range(7):
            raise ControlError("publish_status is 0 to 6")


@dataclass
class Publication:
    """One accepted freepublish/submit. `status` is WeChat's publish_status; `dead` are the deleted articles, from 1."""

    publish_id: int
    msg_data_id: int
    appid: str
    media_id: str
    articles: list[Article]
    created: float
    origin: str
    outcome: PublishOutcome
    status: int = UNDER_WAY
    article_id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    finished: float | None = None
    dead: set[int] = field(default_factory=set)

    def url(self, index: int) -> str:
        """This will be the address of an article, counted from 1."""
        return f"{self.origin}/s/{self.key(index)}"

    def key(self, index: int) -> str:
        """This will be the end of that address."""
        return f"{self.publish_id}_{index}"

    def delete(self, index: int) -> None:
        """This will delete an article, counted from 1, or all of them with 0."""
        everything = set(range(1, len(self.articles) + 1))
        self.dead |= {index} if index else everything
        if self.dead == everything:
            self.status = DELETED

    def told(self) -> dict[str, Any]:
        """This will be what freepublish/get says."""
        found: dict[str, Any] = {"publish_id": str(self.publish_id), "publish_status": self.status}
        if self.status == OK:
            found["article_id"] = self.article_id
            found["article_detail"] = {"count": len(self.articles), "item": self._links()}
        return found | {"fail_idx": self._at_fault()}

    def pushed(self) -> dict[str, Any]:
        """This will be the PublishEventInfo of its event."""
        found: dict[str, Any] = {"publish_id": self.publish_id, "publish_status": self.status}
        if self.status == OK:
            detail = {"count": len(self.articles), "item": Repeated(self._links())}
            return found | {"article_id": self.article_id, "article_detail": detail}
        return found | ({"fail_idx": Repeated(self._at_fault())} if self._at_fault() else {})

    def summary(self) -> dict[str, Any]:
        """This will be its line in the control plane."""
        shown = ("publish_id", "msg_data_id", "appid", "media_id", "status", "article_id", "created", "finished")
        titles = [article.title for article in self.articles]
        return {key: getattr(self, key) for key in shown} | {"titles": titles, "deleted": sorted(self.dead)}

    def _links(self) -> list[dict[str, Any]]:
        return [{"idx": index, "article_url": self.url(index)} for index in range(1, len(self.articles) + 1)]

    def _at_fault(self) -> list[int]:
        if self.status not in (UNORIGINAL, REJECTED):
            return []
        return self.outcome.fail_idx or list(range(1, len(self.articles) + 1))


class Publications:
    """The publications of all accounts, oldest first."""

    def __init__(self) -> None:
        self.outcomes: list[PublishOutcome] = []
        self._publications: dict[int, Publication] = {}
        self._lock = threading.Lock()

    def add(self, publication: Publication) -> None:
        """This will remember a publication."""
        with self._lock:
            self._publications[publication.publish_id] = publication

    def get(self, publish_id: int, appid: str | None = None) -> Publication | None:
        """This will be the publication, None when there is none or it is another account's."""
        found = self._publications.get(publish_id)
        return found if found and appid in (None, found.appid) else None

    def of(self, appid: str | None = None) -> list[Publication]:
        """This will be the publications of one account, or of all."""
        with self._lock:
            return [found for found in self._publications.values() if appid in (None, found.appid)]

    def readable(self, appid: str) -> list[Publication]:
        """This will be what one account has published and not deleted, newest first."""
        return [found for found in reversed(self.of(appid)) if found.status == OK]

    def take_outcome(self, appid: str) -> PublishOutcome:
        """This will be what somebody planned for this account's next publication, used up; else success."""
        with self._lock:
            for outcome in self.outcomes:
                if outcome.appid in (None, appid):
                    self.outcomes.remove(outcome)
                    return outcome
        return PublishOutcome()
