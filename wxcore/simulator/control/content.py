"""Media, drafts, publications and comments, through the control plane."""

from __future__ import annotations

from typing import Any

from wxcore.simulator import samples
from wxcore.simulator.accounts import Account
from wxcore.simulator.articles import Article, digest_of
from wxcore.simulator.control.doors import MOST, account_of, door, newest, owner_of, whole
from wxcore.simulator.drafts import Draft
from wxcore.simulator.errors import ControlError
from wxcore.simulator.files import File
from wxcore.simulator.formats import tell
from wxcore.simulator.media import Item
from wxcore.simulator.publications import PublishOutcome
from wxcore.simulator.world import World

MADE = {"image": samples.picture, "voice": samples.voice, "video": samples.video, "mpvideo": samples.video}
NAMES = {"image": "图片{}.jpg", "voice": "语音{}.amr", "video": "视频{}.mp4", "mpvideo": "视频{}.mp4"}
PLURALS = {"images": "image", "voices": "voice", "videos": "video"}
FIELDS = ("title", "content", "author", "digest", "content_source_url", "need_open_comment", "only_fans_can_comment")


@door("POST", "/media")
def add_media(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Make a media_id known, as if something had been uploaded; `type` is the msgtype that may use it."""
    account, media_id, kind = account_of(world, given), str(given["media_id"]), str(given["type"])
    with account.lock:
        if kind == "mpnews":
            account.drafts.add(media_id, [_article(world, account, {})], world.clock.now())
        else:
            _make(world, account, kind, 0, media_id=media_id, permanent=False)
    return {"media_id": media_id}


@door("GET", "/media")
def list_media(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Everything with a media_id but drafts, oldest first; `limit` leaves the newest."""
    account = account_of(world, given)
    with account.lock:
        items = account.shelf.all(world.clock.now())
        return {"total": len(items), "media": [_line(item) for item in newest(items, given)]}


@door("POST", "/media/forget")
def forget_media(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """An id of a medium or a draft that WeChat no longer knows."""
    account, media_id = account_of(world, given), str(given["media_id"])
    with account.lock:
        if not (account.shelf.forget(media_id) or account.drafts.leave(media_id)):
            raise ControlError("nothing has this media_id", 404)
    return {"media_id": media_id}


@door("POST", "/library")
def fill_library(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Material and drafts that somebody made in WeChat's console."""
    account = account_of(world, given)
    counts = {name: whole(given.get(name, 0), name) for name in (*PLURALS, "news", "drafts")}
    with account.lock:
        made: dict[str, list[str]] = {
            name: [_make(world, account, kind, number).media_id for number in range(counts[name])]
            for name, kind in PLURALS.items()
        }
        made["news"] = [_make_news(world, account, number).media_id for number in range(counts["news"])]
        made["drafts"] = [
            _add_draft(world, account, [_article(world, account, _sample(number))]).media_id
            for number in range(counts["drafts"])
        ]
    return made


@door("GET", "/drafts")
def list_drafts(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The draft box, the latest change first, with bodies unless `content` is 0."""
    account = account_of(world, given)
    with account.lock:
        drafts = account.drafts.all()[: max(1, int(given.get("limit", MOST)))]
        return {"drafts": [_draft_line(draft, with_content=given.get("content") != "0") for draft in drafts]}


@door("POST", "/drafts")
def add_draft(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A draft that somebody wrote in WeChat's console; `autosaved` until they save it by hand."""
    account = account_of(world, given)
    with account.lock:
        articles = [_article(world, account, one) for one in given.get("articles") or [{}]]
        draft = _add_draft(world, account, articles, autosaved=bool(given.get("autosaved", False)))
    return {"media_id": draft.media_id}


@door("GET", "/publications")
def list_publications(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """What was submitted for publication, oldest first."""
    found = world.publications.of(given.get("appid") or None)
    return {"publications": [one.summary() for one in newest(found, given)]}


@door("POST", "/publish_outcomes")
def plan_publication(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Plan what becomes of the next publication."""
    world.publications.outcomes.append(PublishOutcome(**given))
    return {"waiting": len(world.publications.outcomes)}


@door("POST", "/comments")
def add_comment(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower comments on an article that was sent or published."""
    account, _ = owner_of(world, str(given["openid"]))
    with account.lock:
        thread = world.thread(account, int(given["msg_data_id"]), int(given.get("index", 0)))
        if thread is None:
            raise ControlError("no article with this msg_data_id and index", 404)
        if not thread.open:
            raise ControlError("comments are not open under this article", 409)
        comment = thread.add(str(given["openid"]), str(given["content"]), world.clock.now())
    return {"user_comment_id": comment.user_comment_id}


def _make(
    world: World, account: Account, kind: str, number: int, *, media_id: str = "", permanent: bool = True
) -> Item:
    if kind not in MADE:
        raise ControlError(f"type is mpnews or one of {', '.join(MADE)}")
    name = NAMES[kind].format(number + 1)
    item = Item(
        media_id or account.new_media_id(permanent=permanent),
        kind,
        world.clock.now(),
        permanent,
        name,
        title=name.partition(".")[0] if kind in ("video", "mpvideo") else "",
    )
    account.shelf.add(item)
    item.file = _file(world, MADE[kind](number), permanent=permanent)
    return item


def _make_news(world: World, account: Account, number: int) -> Item:
    article = _article(world, account, _sample(number))
    item = Item(account.new_media_id(permanent=True), "news", world.clock.now(), permanent=True, articles=[article])
    return account.shelf.add(item)


def _add_draft(world: World, account: Account, articles: list[Article], *, autosaved: bool = False) -> Draft:
    media_id = account.new_media_id(permanent=True)
    return account.drafts.add(media_id, articles, world.clock.now(), autosaved=autosaved)


def _sample(number: int) -> dict[str, Any]:
    return {"title": f"文章{number + 1}", "content": f"<p>这是第 {number + 1} 篇文章的正文。</p>", "author": "编辑部"}


def _article(world: World, account: Account, given: dict[str, Any]) -> Article:
    unknown = set(given) - {*FIELDS, "thumb_media_id"}
    if unknown:
        raise ControlError(f"an article has no {', '.join(sorted(unknown))}")
    told = _sample(0) | given
    cover = _cover(world, account, told.pop("thumb_media_id", ""))
    told.setdefault("digest", digest_of(told["content"]))
    return Article(**told, thumb_media_id=cover.media_id, cover=cover.file)


def _cover(world: World, account: Account, media_id: str) -> Item:
    if media_id:
        return account.shelf.find(media_id, world.clock.now(), "image", "thumb", permanent=True)
    pictures = account.shelf.library("image")
    return pictures[0] if pictures else _make(world, account, "image", 0)


def _file(world: World, content: bytes, *, permanent: bool) -> File:
    facts = tell(content)
    assert facts is not None  # noqa: S101 - a sample of ours is valid
    return world.files.add(content, facts, temporary=not permanent)


def _line(item: Item) -> dict[str, Any]:
    shown = ("media_id", "kind", "permanent", "name", "title", "introduction", "created")
    line = {key: getattr(item, key) for key in shown}
    if item.file:
        facts = item.file.facts
        line |= {"path": item.file.path, "format": facts.extension, "size": len(item.file.content)}
        line |= {"width": facts.width, "height": facts.height, "seconds": facts.seconds}
    return line | {"titles": [article.title for article in item.articles]}


def _draft_line(draft: Draft, *, with_content: bool) -> dict[str, Any]:
    shown = ("media_id", "created", "updated", "autosaved")
    articles = [article.shown("", with_content=with_content) for article in draft.articles]
    return {key: getattr(draft, key) for key in shown} | {"articles": articles}
