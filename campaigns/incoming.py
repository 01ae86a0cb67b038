"""Articles as WeChat has them, read as articles of ours: for an import, and to hold the two against each other."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns import articles as article_contents
from campaigns import bodies, draftbox, drafts
from campaigns.articles import Contents
from campaigns.drafts import ArticleChange, FieldChange
from campaigns.models import Draft, MediaKind, RemoteDraft, RemoteMedia, Revision, Target
from wxcore import accounts
from wxcore.errors import Conflict
from wxcore.models import OfficialAccount
from wxcore.wechat.drafts import DraftArticle

# Characters; WeChat takes 54 of the text, some of them spaces that we do not see.
AUTOMATIC = 50


class TheirsChanged(Conflict):
    code = "theirs_changed"
    message = _("“%(draft)s” was changed in WeChat's console after you had looked at it. Nothing was taken over.")
    fix = _("Look at the comparison again, and decide again.")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft of ours and its copy in WeChat's draft box. `mark` tells the copy that was looked at from a later one."""

    draft: Draft
    changes: list[ArticleChange]
    theirs: list[Contents]
    mark: str

    @property
    def is_same(self) -> bool:
        return all(change.is_same for change in self.changes)


def compare(draft: Draft, *, now: dt.datetime) -> Comparison:
    """This will ask WeChat for its copy of the draft, and be what differs, article by article.

    Raises draftbox.NotInDraftBox, WeChatError, and what `bodies.clean` raises.
    """
    with accounts.connect(draft.account) as wechat:
        fetched = draftbox.fetch(wechat, draft, now=now)
    theirs = article_contents.normalised(contents(draft.account, fetched))
    ours = _settled(article_contents.of(draft), theirs)
    changes = drafts.compare(Revision(articles=ours), Revision(articles=theirs))
    for change, mine, other in zip(changes, ours, theirs, strict=False):
        _compare_pictures(change, mine, other)
    return Comparison(draft, changes, theirs, _mark(theirs))


def take(draft: Draft, *, seen_version: int, seen_mark: str, by: AbstractBaseUser | None, now: dt.datetime) -> Draft:
    """This will make WeChat's copy the draft's content, as a new save; ours stays among the versions.

    Raises TheirsChanged if the copy is no longer the one that was looked at, drafts.DraftChanged if ours is not, and
    like `compare`.
    """
    comparison = compare(draft, now=now)
    if comparison.mark != seen_mark:
        raise TheirsChanged(draft=str(draft))
    drafts.freeze(draft)
    taken = drafts.save(draft, comparison.theirs, seen_version=seen_version, by=by, automatic=False)
    # The copy in the draft box is what this revision says: the next push need not send what came from there.
    shown = RemoteDraft.objects.filter(draft=draft, broadcast=None, gone_at=None).exclude(media_id="")
    shown.update(revision=drafts.freeze(taken))
    return taken


def contents(account: OfficialAccount, fetched: Sequence[DraftArticle]) -> list[Contents]:
    """This will be WeChat's articles in the form of ours. What is ours there is ours again: covers and pictures by
    their files. Bodies are not cleaned yet."""
    covers = _covers(account, {article.thumb_media_id for article in fetched})
    pictures = _pictures(account, {url for article in fetched for url in bodies.pictures(article.content)})
    return [
        Contents(
            title=article.title,
            author=article.author,
            # An empty one follows the text, as it does at WeChat.
            digest="" if _is_beginning(article.digest, article.content) else article.digest,
            body=bodies.replace_pictures(article.content, pictures),
            source_url=article.content_source_url,
            cover=covers.get(article.thumb_media_id),
            need_open_comment=article.need_open_comment,
            only_fans_can_comment=article.only_fans_can_comment,
        )
        for article in fetched
    ]


def _compare_pictures(change: ArticleChange, ours: Contents, theirs: Contents) -> None:
    """The texts say where pictures stand, and not which."""
    before, after = bodies.pictures(ours["body"]), bodies.pictures(theirs["body"])
    if len(before) == len(after) and before != after:
        others = sum(1 for one, other in zip(before, after, strict=True) if one != other)
        words = ngettext("%(n)d other picture", "%(n)d other pictures", others) % {"n": others}
        change.fields.append(FieldChange(_("pictures in the text"), str(len(before)), words))


def _copies(account: OfficialAccount) -> QuerySet[RemoteMedia]:
    kinds = (MediaKind.IMAGE, MediaKind.THUMB)
    return RemoteMedia.objects.filter(asset__account=account, asset__kind__in=kinds).select_related("asset")


def _covers(account: OfficialAccount, media_ids: set[str]) -> dict[str, int]:
    found = _copies(account).filter(media_id__in=media_ids - {""}, target=Target.PERMANENT)
    return {copy.media_id: copy.asset_id for copy in found}


def _pictures(account: OfficialAccount, urls: set[str]) -> dict[str, str | None]:
    """The addresses at WeChat under which files of ours are shown, each with ours; the others stay as they are."""
    spellings = {url: _spellings(url) for url in urls}
    wanted = {spelling for each in spellings.values() for spelling in each}
    found = _copies(account).filter(url__in=wanted).exclude(asset__file="")
    ours = {copy.url: copy.asset.file_url for copy in found}
    return {url: next((ours[one] for one in spellings[url] if one in ours), url) for url in urls}


def _spellings(url: str) -> list[str]:
    """WeChat hands out http and shows https, and adds the format as a query."""
    plain = url.partition("?")[0].removeprefix("https://").removeprefix("http://")
    return [url, f"http://{plain}", f"https://{plain}"]


def _mark(theirs: list[Contents]) -> str:
    return hashlib.sha256(json.dumps(theirs, sort_keys=True).encode()).hexdigest()


def _settled(ours: list[Contents], theirs: list[Contents]) -> list[Contents]:
    """Ours as WeChat would keep it: the beginning of the text is what it takes for an empty digest anyway."""
    settled = list(ours)
    for index, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
        if not other["digest"] and _is_beginning(mine["digest"], other["body"]):
            settled[index] = Contents(**{**mine, "digest": ""})
    return settled


def _is_beginning(digest: str, body: str) -> bool:
    """Whether a digest is what WeChat makes of the text. It joins paragraphs in a way of its own."""
    made, whole = "".join(digest.split()), "".join(bodies.text(body).split())
    return whole == made or (len(digest) >= AUTOMATIC and whole.startswith(made))
