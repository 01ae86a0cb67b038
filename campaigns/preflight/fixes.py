"""What a button of the pre-flight page can put right by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns import articles as article_contents
from campaigns import bodies, bringing, content, drafts, limits, services, uploading
from campaigns.models import Campaign, MediaAsset, MsgType
from campaigns.preflight import articles, checks
from campaigns.states import NotAllowedNow, Status
from wxcore import accounts
from wxcore.errors import OperatorError


class NothingToFix(OperatorError):
    code = "nothing_to_fix"
    message = gettext_lazy("There is nothing to put right here any more.")
    fix = gettext_lazy("Look at the list again.")


def fix(campaign: Campaign, action: str, *, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    """This will carry out the fix that a finding named, and say what was done.

    Raises NothingToFix, NotAllowedNow once the campaign is no draft any more, and what stands in the way.
    """
    if action not in _FIXES:
        raise NothingToFix
    if campaign.status != Status.DRAFT:
        raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
    return _FIXES[action](campaign, by, now)


def _upload_media(campaign: Campaign, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    assets = content.pictures(campaign) if campaign.msgtype == MsgType.IMAGE else [campaign.media]
    waiting = checks.missing_copies([asset for asset in assets if asset is not None], now=now)
    with accounts.connect(campaign.account) as wechat:
        uploading.concurrently(partial(_upload, wechat, now), waiting)
    return ngettext("%(n)d file uploaded.", "%(n)d files uploaded.", len(waiting)) % {"n": len(waiting)}


def _upload(wechat: accounts.client.WeChat, now: dt.datetime, asset: MediaAsset) -> str:
    return uploading.media_id(wechat, asset, now=now)


def _allow_reprint(campaign: Campaign, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    campaign.send_ignore_reprint = True
    services.save_draft(campaign)
    return _("The articles may go out as reprints.")


def _shorten_digest(campaign: Campaign, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    def shorten(article: article_contents.Contents) -> None:
        if len(article["digest"]) > limits.DIGEST:
            article["digest"] = article["digest"][: limits.DIGEST - 1] + "…"

    return _rewrite(campaign, shorten, by, _("Digests are cut to %(limit)d characters.") % {"limit": limits.DIGEST})


def _bring_pictures(campaign: Campaign, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    def bring(article: article_contents.Contents) -> None:
        foreign = articles.foreign_pictures(campaign.account, article)
        ours = {url: bringing.bring(campaign.account, url, by=by).file_url for url in foreign}
        if ours:
            article["body"] = bodies.replace_pictures(article["body"], ours)

    return _rewrite(campaign, bring, by, _("The pictures are in the library now."))


def _rewrite(
    campaign: Campaign,
    change: Callable[[article_contents.Contents], None],
    by: AbstractBaseUser | None,
    said: str,
) -> str:
    """A save like any other: a new version, refused when somebody else was faster."""
    if campaign.draft is None:
        raise NothingToFix
    stored = article_contents.of(campaign.draft)
    for article in stored:
        change(article)
    drafts.save(campaign.draft, stored, seen_version=campaign.draft.version, by=by, automatic=False)
    return said


_FIXES: dict[str, Callable[[Campaign, AbstractBaseUser | None, dt.datetime], str]] = {
    "upload_media": _upload_media,
    "allow_reprint": _allow_reprint,
    "shorten_digest": _shorten_digest,
    "bring_pictures": _bring_pictures,
}
