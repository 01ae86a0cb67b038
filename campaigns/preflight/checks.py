"""The checks that ask nobody: account, audience, and what the message consists of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import audience, content, limits, services, uploading
from campaigns.models import Campaign, MediaAsset, MsgType, RemoteMedia, Target
from campaigns.preflight import articles
from campaigns.preflight.findings import Finding, Level, of_error, passed, with_url
from wxcore.errors import OperatorError
from wxcore.models import ArticleEndpoint


def local(campaign: Campaign, *, now: dt.datetime) -> list[Finding]:
    """This will look at all that can be judged from here, without a request to anybody."""
    findings = [*_account(campaign), *_content(campaign, now), *_audience(campaign)]
    return with_url(findings, campaign.get_absolute_url())


def _account(campaign: Campaign) -> Iterator[Finding]:
    subject = _("Official account")
    url = reverse("admin:wxcore_officialaccount_change", args=[campaign.account_id])
    found = [of_error(error, subject, url=url) for error in services.account_problems(campaign)]
    yield from found or [passed(subject, "account", _("It is active and has the right to send to this audience."))]


def _audience(campaign: Campaign) -> Iterator[Finding]:
    subject = _("Audience")
    try:
        heads = audience.check(campaign)
    except OperatorError as error:
        yield of_error(error, subject)
    else:
        yield passed(subject, "audience", _("%(heads)s followers would be addressed now.") % {"heads": f"{heads:,}"})


def _content(campaign: Campaign, now: dt.datetime) -> Iterator[Finding]:
    subject = campaign.get_msgtype_display()
    found = [of_error(error, subject) for error in content.problems(campaign)]
    yield from found
    match campaign.msgtype:
        case MsgType.TEXT if not found:
            yield _text_length(campaign.text)
        case MsgType.MPNEWS if not found:
            yield from articles.check(campaign, now)
        case MsgType.IMAGE:
            yield from _files(content.pictures(campaign), now)
        case MsgType.VOICE | MsgType.MPVIDEO if campaign.media:
            yield from _files([campaign.media], now)
        case MsgType.WXCARD:
            yield _card_refused()


def _text_length(text: str) -> Finding:
    subject, numbers = _("Text"), {"length": len(text), "safe": limits.TEXT_WARNING, "limit": limits.TEXT}
    if len(text) <= limits.TEXT_WARNING:
        return passed(subject, "text_length", _("%(length)d of %(limit)d characters.") % numbers)
    message = _("The text has %(length)d characters. WeChat has refused texts of more than %(safe)d.") % numbers
    fix = _("Shorten it if you can; send a preview to a phone to see whether WeChat takes it.")
    return Finding(Level.WARNING, "text_long", subject, message, fix, 45002)


def _card_refused() -> Finding:
    message = _("WeChat refuses cards in mass messages at present.")
    fix = _("Send articles that lead to the card, or ask WeChat's support whether the account is an exception.")
    return Finding(Level.WARNING, "card_refused", _("Card"), message, fix, 45113)


def _files(assets: list[MediaAsset], now: dt.datetime) -> Iterator[Finding]:
    yield from map(_large, (asset for asset in assets if _is_large(asset)))
    waiting = missing_copies(assets, now=now)
    subject = _("Copies at WeChat")
    gone = [asset for asset in waiting if not asset.file]
    for asset in gone:
        message = _("The file of “%(name)s” is not here, and WeChat no longer has it.") % {"name": asset.name}
        yield Finding(Level.ERROR, "file_missing", subject, message, _("Upload it again and choose it anew."), 40007)
    if waiting and not gone:
        message = ngettext(
            "%(number)d file is not at WeChat, or not for much longer. It is uploaded before the send.",
            "%(number)d files are not at WeChat, or not for much longer. They are uploaded before the send.",
            len(waiting),
        ) % {"number": len(waiting)}
        fix = _("Upload now, and the send has nothing to wait for.")
        yield Finding(Level.OK, "not_uploaded", subject, message, fix, action="upload_media")
    elif assets and not waiting:
        yield passed(subject, "uploaded", _("Everything is at WeChat."))


def _is_large(asset: MediaAsset) -> bool:
    return asset.kind == "image" and asset.size > limits.SAFE_IMAGE_BYTES


def _large(asset: MediaAsset) -> Finding:
    message = _("“%(name)s” has %(size)s. WeChat's pages contradict each other above %(safe)s.") % {
        "name": asset.name,
        "size": filesizeformat(asset.size),
        "safe": filesizeformat(limits.SAFE_IMAGE_BYTES),
    }
    fix = _("Upload a smaller version to be on the safe side.")
    return Finding(Level.WARNING, "picture_large", _("Pictures"), message, fix, 40006)


def added(campaign: Campaign) -> list[MediaAsset]:
    """This will be the files that a send adds to WeChat's library of permanent material; two queries."""
    if campaign.msgtype == MsgType.MPNEWS:
        if campaign.account.article_endpoint == ArticleEndpoint.UPLOADNEWS:
            return []
        covers = {article["cover"] for article in articles.contents(campaign) if article["cover"]}
        wanted = list(MediaAsset.objects.filter(pk__in=covers, account=campaign.account_id))
    else:
        sent = content.pictures(campaign) if campaign.msgtype == MsgType.IMAGE else [campaign.media]
        wanted = [asset for asset in sent if asset and uploading.is_permanent_only(asset)]
    if not wanted:
        return []
    copies = RemoteMedia.objects.filter(asset__in=wanted, target=Target.PERMANENT, variant="")
    there = set(copies.exclude(media_id="").values_list("asset", flat=True))
    return [asset for asset in dict.fromkeys(wanted) if asset.pk not in there]


def missing_copies(assets: list[MediaAsset], *, now: dt.datetime) -> list[MediaAsset]:
    """This will be the files that must be uploaded before a message can carry them; one query."""
    copies = RemoteMedia.objects.filter(asset__in=assets, target__in=[Target.TEMPORARY, Target.PERMANENT], variant="")
    lasting = copies.exclude(media_id="").values_list("asset", "target", "expires_at")
    known = {
        key
        for key, target, expires in lasting
        if target == Target.PERMANENT or (expires and expires > now + uploading.MARGIN)
    }
    return [asset for asset in assets if asset.pk not in known]
