"""Where the files of the library are used, and how a file goes when nothing that is still to be sent needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, F, Max, ProtectedError, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns import library, thumbnails
from campaigns.models import (
    Article,
    Campaign,
    CampaignImage,
    Draft,
    MediaAsset,
    MediaKind,
    Publication,
    RemoteMedia,
    Target,
)
from campaigns.states import Status
from wxcore.accounts import connect
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import InvalidMediaId

# Of each kind of use; whoever uses a picture in more places reads no longer list.
SHOWN = 100
ON_ITS_WAY = (Status.SCHEDULED, Status.SENDING)
CACHED_SECONDS = 3600


class FileInUse(OperatorError):
    code = "file_in_use"
    message = _("“%(asset)s” is used by “%(by)s” and cannot be deleted.")
    fix = _("Take a scheduled campaign off its schedule first. What was sent stays on record with its files.")


class FileGone(Conflict):
    code = "file_gone"
    message = _("Somebody else has deleted this file in the meantime.")
    fix = _("Reload the library.")


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses a file. It `holds` the file when deleting that is out of the question."""

    what: str | Promise
    name: str
    row: Any
    holds: bool

    @property
    def url(self) -> str:
        """Of the page where it is used."""
        return self.row.get_absolute_url()


class User(Protocol):
    """Another kind of thing that uses files, of an app which campaigns must not know."""

    def find(self, asset: MediaAsset) -> Iterable[Use]:
        """This will be the places that use the file, at most SHOWN."""

    def count(self, ids: Sequence[int]) -> Mapping[int, int]:
        """This will be how many places use each of the files, by its primary key."""


_users: list[User] = []


def register_user(user: User) -> None:
    """This will make known another kind of thing that uses files."""
    _users.append(user)


def usage(asset: MediaAsset) -> list[Use]:
    """This will be the places that use the file, those that hold it first, at most SHOWN of each kind."""
    uses = [*_campaigns(asset), *_articles(asset), *_publications(asset)]
    uses += [use for user in _users for use in user.find(asset)]
    return sorted(uses, key=lambda use: not use.holds)


def counts(assets: Sequence[MediaAsset]) -> Counter[int]:
    """This will be, by id, how many campaigns and articles use each of the files."""
    ids = [asset.pk for asset in assets]
    found: Counter[int] = Counter()
    for rows in (
        Campaign.objects.filter(media__in=ids).values_list("media").annotate(Count("pk")),
        CampaignImage.objects.filter(asset__in=ids).values_list("asset").annotate(Count("pk")),
        Article.objects.filter(cover__in=ids).values_list("cover").annotate(Count("pk")),
    ):
        found.update(dict(rows.order_by()))
    for user in _users:
        found.update(user.count(ids))
    for account in {asset.account_id for asset in assets if asset.kind == MediaKind.IMAGE}:
        shown = _shown_in_bodies(account)
        found.update({pk: shown[pk] for pk in ids if pk in shown})
    return found


def delete(asset: MediaAsset, *, at_wechat: bool) -> int:
    """This will remove the file from the library and from the drafts that use it.

    1. at WeChat, if that is wanted: a refusal there leaves all as it was, 2. here, where campaigns that are drafts lose
    it, and articles lose it as their cover. Answers how many copies were deleted at WeChat.
    Raises FileInUse, FileGone, and what WeChat raises.
    """
    _require_unheld(asset)
    deleted = _delete_at_wechat(asset) if at_wechat else 0
    try:
        with transaction.atomic():
            locked = MediaAsset.objects.select_for_update().filter(pk=asset.pk).first()
            if locked is None:
                raise FileGone
            _take_out_of_drafts(locked)
            _require_unheld(locked)
            paths = [locked.file.name, thumbnails.path_of(locked)] if locked.file else []
            locked.delete()
            transaction.on_commit(lambda: _remove(paths), robust=True)
    except ProtectedError as error:
        # A campaign took it up in this moment.
        held_by = next(iter(error.protected_objects))
        raise FileInUse(asset=asset.name, by=getattr(held_by, "campaign", held_by)) from None
    return deleted


def _campaigns(asset: MediaAsset) -> Iterator[Use]:
    using = Campaign.objects.filter(Q(media=asset) | Q(campaign_images__asset=asset)).distinct()
    named = {campaign.pk: campaign for campaign in using.only("name", "status").order_by("-pk")[:SHOWN]}
    for campaign in _sending_articles_with(asset):
        named.setdefault(campaign.pk, campaign)
    for campaign in named.values():
        name = f"{campaign.name} · {campaign.get_status_display()}"
        yield Use(_("campaign"), name, campaign, campaign.status != Status.DRAFT)


def _sending_articles_with(asset: MediaAsset) -> Iterator[Campaign]:
    """Campaigns on their way whose articles show the file, as confirmed and not as the draft is now."""
    under_way = Campaign.objects.filter(account=asset.account_id, status__in=ON_ITS_WAY).exclude(draft=None)
    for campaign in under_way.select_related("revision").only("name", "status", "draft", "revision__articles"):
        if campaign.revision is not None:
            shows = _is_in(campaign.revision.articles, asset)
        else:
            shows = _articles_with(asset).filter(draft=campaign.draft_id).exists()
        if shows:
            yield campaign


def _articles_with(asset: MediaAsset) -> QuerySet[Article]:
    of_account = Article.objects.filter(draft__account=asset.account_id)
    return of_account.filter(Q(cover=asset) | Q(body__contains=asset.file_url))


def _articles(asset: MediaAsset) -> Iterator[Use]:
    found = _articles_with(asset).select_related("draft").only("title", "draft__title").order_by("-pk")
    for article in found[:SHOWN]:
        draft = article.draft
        yield Use(_("article"), article.title or str(draft), draft, False)


def _publications(asset: MediaAsset) -> Iterator[Use]:
    open_ones = Publication.objects.filter(account=asset.account_id, finished_at=None)
    for publication in open_ones.select_related("revision", "draft").only("revision__articles", "draft__title"):
        if _is_in(publication.revision.articles, asset):
            draft = publication.draft
            yield Use(_("publication"), str(draft), draft, True)


def _is_in(articles: Iterable[dict[str, Any]], asset: MediaAsset) -> bool:
    return any(
        article.get("cover") == asset.pk or asset.pk in library.asset_ids(article.get("body", ""))
        for article in articles
    )


def _shown_in_bodies(account_id: int) -> Counter[int]:
    """How many articles show each file. All bodies are read for it, so it is kept until a draft changes."""
    drafts = Draft.objects.filter(account=account_id)
    state = drafts.aggregate(number=Count("pk"), last=Max("pk"), saves=Sum("version"))
    key = f"media-in-bodies:{account_id}:{state['number']}:{state['last']}:{state['saves']}"
    found: Counter[int] | None = cache.get(key)
    if found is None:
        bodies = Article.objects.filter(draft__account=account_id, body__contains="/mediaasset/")
        found = Counter()
        for body in bodies.order_by().values_list("body", flat=True).iterator(chunk_size=100):
            found.update(library.asset_ids(body))
        cache.set(key, found, CACHED_SECONDS)
    return found


def _require_unheld(asset: MediaAsset) -> None:
    held_by = next((use for use in usage(asset) if use.holds), None)
    if held_by is not None:
        raise FileInUse(asset=asset.name, by=held_by.name)


def _take_out_of_drafts(asset: MediaAsset) -> None:
    drafts = Campaign.objects.filter(status=Status.DRAFT)
    # Locked: a campaign that is scheduled in this moment either sees its file gone, or keeps it.
    using = drafts.filter(Q(media=asset) | Q(pk__in=CampaignImage.objects.filter(asset=asset).values("campaign")))
    ids = list(using.select_for_update().values_list("pk", flat=True))
    CampaignImage.objects.filter(asset=asset, campaign__in=ids).delete()
    Campaign.objects.filter(pk__in=ids, media=asset).update(media=None)
    # Whoever has one of the drafts open is told that it changed.
    Draft.objects.filter(articles__cover=asset).update(version=F("version") + 1)


def _delete_at_wechat(asset: MediaAsset) -> int:
    copies = RemoteMedia.objects.filter(asset=asset, target=Target.PERMANENT).exclude(media_id="")
    deleted = 0
    account: OfficialAccount = asset.account
    with connect(account) as wechat:
        for copy in copies:
            try:
                wechat.materials.delete(copy.media_id)
                deleted += 1
            except InvalidMediaId:
                pass  # WeChat has it no more
            copy.delete()
    return deleted


def _remove(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
