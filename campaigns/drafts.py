"""The verbs of a draft: create, save, duplicate, restore, freeze, compare, delete. Every save is a revision."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import template_localtime
from django.utils.translation import gettext_lazy as _

from campaigns import articles as article_contents
from campaigns import bodies
from campaigns.articles import LABELS, SWITCHES, TEXTS, Contents, Problem
from campaigns.models import Article, Draft, MediaAsset, MediaKind, Revision
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount

# How long one person's autosaves go on replacing each other: a long session leaves a version every ten minutes.
AUTOSAVE_SPAN = dt.timedelta(minutes=10)


class DraftChanged(Conflict):
    """Somebody else's save is newer than what the person saw."""

    code = "draft_changed"
    message = _("%(who)s saved this draft at %(when)s, after you had opened it. Your text was not saved over it.")
    fix = _("Look at that version, or keep yours as a new draft.")


class ChangedByYourself(DraftChanged):
    message = _("You saved this draft in another window at %(when)s. What you wrote here was not saved over it.")


class ForeignCover(OperatorError):
    code = "foreign_cover"
    message = _("A cover was chosen that is no picture of this official account.")
    fix = _("Choose the cover again from this account's library.")


class NoAccount(OperatorError):
    code = "no_account"
    message = _("There is no official account to write for.")
    fix = _("Add one under “Official accounts”, or switch one on.")


class DraftInUse(OperatorError):
    code = "draft_in_use"
    message = _("The campaign “%(campaign)s” uses this draft, so it stays.")
    fix = _(
        "Until it is sent, the campaign can use another draft or be deleted. What was sent stays on record with its "
        "draft."
    )


class DraftPublished(OperatorError):
    code = "draft_published"
    message = _("This draft was published; it stays as the record of what readers see.")
    fix = _("Make a copy if you want to go on from here.")


def create(
    account: OfficialAccount, by: AbstractBaseUser | None, articles: Sequence[Mapping[str, Any]] | None = None
) -> Draft:
    """This will be a new draft with `articles`, or with one empty article. Raises what `save` raises."""
    with transaction.atomic():
        draft = Draft.objects.create(account=account, created_by=by, updated_by=by)
        if articles is not None:
            return save(draft, articles, seen_version=0, by=by, automatic=False)
        _write_articles(draft, [article_contents.empty()])
    return draft


def begin(account: OfficialAccount, by: AbstractBaseUser) -> Draft:
    """This will be an empty draft to write into: the person's last one if nothing was ever written into it."""
    blank = Draft.objects.filter(account=account, created_by=by, version=0, title="").first()
    if blank is not None and article_contents.of(blank) == [article_contents.empty()]:
        return blank
    return create(account, by)


def save(
    draft: Draft,
    articles: Sequence[Mapping[str, Any]],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
    automatic: bool,
) -> Draft:
    """This will store the articles in the order given, as a new revision; what is unchanged makes none.

    Each article is a mapping like `articles.Contents`; bodies are cleaned. An automatic save replaces the same person's
    last automatic one. Nothing is stored when it raises: DraftChanged if the draft has another version than
    `seen_version`, ForeignCover, and what `articles.normalised` raises.
    """
    stored = set(draft.articles.values_list("body", flat=True))
    wanted = article_contents.normalised(articles, clean_already=stored)
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        present = article_contents.of(locked)
        if wanted == present:
            # Also the repetition of a save whose answer was lost on its way.
            if not automatic:
                freeze(locked, by=by)
            return locked
        if locked.version != seen_version:
            raise _changed(locked, by)
        _check_covers(locked, wanted)
        _keep_what_has_no_revision(locked, present)
        now = timezone.now()
        title = wanted[0]["title"]
        Draft.objects.filter(pk=locked.pk).update(version=F("version") + 1, title=title, updated_by=by, updated_at=now)
        _write_articles(locked, wanted)
        _write_revision(locked, wanted, by=by, automatic=automatic, now=now)
    locked.refresh_from_db()
    return locked


def _changed(draft: Draft, by: AbstractBaseUser | None) -> DraftChanged:
    kind = ChangedByYourself if by is not None and draft.updated_by == by else DraftChanged
    when = date_format(template_localtime(draft.updated_at), "H:i")
    return kind(who=draft.updated_by or "?", when=when, fields={"version": str(draft.version)})


def _check_covers(draft: Draft, wanted: list[Contents]) -> None:
    chosen = {article["cover"] for article in wanted} - {None}
    ours = _pictures(draft.account_id).filter(pk__in=chosen).values_list("pk", flat=True)
    missing = chosen - set(ours)
    if missing:
        at_fault = {
            f"{index}.cover": "not this account's" for index, one in enumerate(wanted) if one["cover"] in missing
        }
        raise ForeignCover(fields=at_fault)


def _pictures(account_id: int) -> QuerySet[MediaAsset]:
    return MediaAsset.objects.filter(account=account_id, kind__in=(MediaKind.IMAGE, MediaKind.THUMB))


def _write_articles(draft: Draft, wanted: list[Contents]) -> None:
    draft.articles.all().delete()
    Article.objects.bulk_create(
        Article(draft=draft, position=position, cover_id=one["cover"], **_without_cover(one))
        for position, one in enumerate(wanted, 1)
    )


def _without_cover(article: Contents) -> dict[str, Any]:
    return {name: value for name, value in article.items() if name != "cover"}


def _keep_what_has_no_revision(draft: Draft, present: list[Contents]) -> None:
    """An import writes articles without a revision; the first save must not be the end of them."""
    last = _last(draft)
    if present not in ([], [article_contents.empty()]) and (last is None or last.digest != _digest(present)):
        _add_revision(draft, present, last, by=draft.updated_by, automatic=False, now=draft.updated_at)


def _write_revision(
    draft: Draft, wanted: list[Contents], *, by: AbstractBaseUser | None, automatic: bool, now: dt.datetime
) -> None:
    last = _last(draft)
    if last is not None and last.automatic and last.created_by == by and last.created_at > now - AUTOSAVE_SPAN:
        # An autosave leaves `created_at` at the beginning of the span, so that it ends.
        at = last.created_at if automatic else now
        columns = {"articles": wanted, "digest": _digest(wanted), "automatic": automatic, "created_at": at}
        draft.revisions.filter(pk=last.pk).update(**columns)
    else:
        _add_revision(draft, wanted, last, by=by, automatic=automatic, now=now)


def _add_revision(
    draft: Draft,
    contents: list[Contents],
    last: Revision | None,
    *,
    by: AbstractBaseUser | None,
    automatic: bool,
    now: dt.datetime,
) -> Revision:
    return Revision.objects.create(
        draft=draft,
        number=last.number + 1 if last else 1,
        articles=contents,
        digest=_digest(contents),
        automatic=automatic,
        created_by=by,
        created_at=now,
    )


def _last(draft: Draft) -> Revision | None:
    return draft.revisions.order_by("-number").first()


def _digest(contents: list[Contents]) -> str:
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest(draft: Draft) -> str:
    """This will be a mark of what the draft's articles say now; a revision with the same content has the same."""
    return _digest(article_contents.of(draft))


def freeze(draft: Draft, by: AbstractBaseUser | None = None) -> Revision:
    """This will be the revision with the draft's present content, made if there is none yet.

    It is not an autosave any more, so it never changes again. Whoever keeps a reference to a revision has it from here.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        contents = article_contents.of(locked)
        last = _last(locked)
        if last is None or last.digest != _digest(contents):
            return _add_revision(locked, contents, last, by=by, automatic=False, now=timezone.now())
        if last.automatic:
            locked.revisions.filter(pk=last.pk).update(automatic=False)
            last.automatic = False
    return last


def duplicate(draft: Draft, by: AbstractBaseUser | None) -> Draft:
    """This will be a new draft of the same account with the same articles."""
    return create(draft.account, by, article_contents.of(draft))


def revisions(draft: Draft) -> QuerySet[Revision]:
    """This will be the versions of a draft, newest first, without their articles."""
    return draft.revisions.select_related("created_by").defer("articles").order_by("-number")


def restore(draft: Draft, revision: Revision, by: AbstractBaseUser | None) -> Draft:
    """This will make an earlier revision the present content, as a new save: what was there stays a revision.

    A cover that was deleted meanwhile stays empty. Raises DraftChanged if somebody saves at the same moment.
    """
    if revision.draft_id != draft.pk:
        raise ValueError("a revision of another draft")
    freeze(draft)
    kept: list[Contents] = revision.articles
    there = set(_pictures(draft.account_id).filter(pk__in=[one["cover"] for one in kept]).values_list("pk", flat=True))
    wanted = [one if one["cover"] in there else Contents(**{**one, "cover": None}) for one in kept]
    return save(draft, wanted, seen_version=draft.version, by=by, automatic=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What is different in one article: its fields, and its body block by block as (op, before, after)."""

    number: int
    title: str
    is_new: bool = False
    is_gone: bool = False
    fields: list[FieldChange] = field(default_factory=list)
    body: list[tuple[str, str, str]] = field(default_factory=list)
    body_differs: bool = False

    @property
    def is_same(self) -> bool:
        return not (self.is_new or self.is_gone or self.fields or self.body_differs)

    @property
    def is_only_formatting(self) -> bool:
        """The bodies read the same and look different."""
        return self.body_differs and all(op == "equal" for op, _before, _after in self.body)


def compare(before: Revision, after: Revision) -> list[ArticleChange]:
    """This will be the differences of two revisions, article by article in their order; covers by their names."""
    chosen = {one["cover"] for revision in (before, after) for one in revision.articles if one["cover"]}
    names = dict(MediaAsset.objects.filter(pk__in=chosen).values_list("pk", "name"))
    count = max(len(before.articles), len(after.articles))
    return [_change(number, _nth(before, number), _nth(after, number), names) for number in range(1, count + 1)]


def _nth(revision: Revision, number: int) -> Contents | None:
    return revision.articles[number - 1] if number <= len(revision.articles) else None


def _change(number: int, before: Contents | None, after: Contents | None, names: dict[int, str]) -> ArticleChange:
    old, new = before or article_contents.empty(), after or article_contents.empty()
    changed = [name for name in (*TEXTS, "cover", *SWITCHES) if name != "body" and old[name] != new[name]]
    return ArticleChange(
        number=number,
        title=new["title"] or old["title"],
        is_new=before is None,
        is_gone=after is None,
        fields=[FieldChange(LABELS[name], _shown(old[name], names), _shown(new[name], names)) for name in changed],
        body=list(bodies.differences(old["body"], new["body"])),
        body_differs=old["body"] != new["body"],
    )


def _shown(value: object, names: dict[int, str]) -> str:
    if isinstance(value, bool):
        return str(_("switched on") if value else _("switched off"))
    if isinstance(value, int):
        return names.get(value, str(_("deleted picture")))
    return str(value or "")


def problems(draft: Draft) -> list[Problem]:
    """This will be everything in the draft that WeChat would refuse, without asking WeChat."""
    return article_contents.problems(article_contents.of(draft), draft.account)


def obstacles(draft: Draft) -> list[OperatorError]:
    """This will be what stands in the way of deleting a draft."""
    campaign = draft.campaigns.first()
    if campaign is not None:
        return [DraftInUse(campaign=campaign.name)]
    return [DraftPublished()] if draft.publications.exists() else []


def delete(draft: Draft) -> None:
    """This will delete a draft with its revisions; a copy in WeChat's draft box stays there.

    Raises DraftInUse while a campaign uses it, DraftPublished when it was published.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        for obstacle in obstacles(locked):
            raise obstacle
        # They protect the revisions that they were made of.
        locked.remote.all().delete()
        locked.delete()
