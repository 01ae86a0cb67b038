"""What there is to say about the articles of a draft before they go out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

from django.utils.formats import localize
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import articles as article_contents
from campaigns import bodies, library, uploading
from campaigns.articles import Contents
from campaigns.models import Campaign, MediaAsset
from campaigns.preflight.findings import Finding, Level, of_error, passed
from wxcore.models import OfficialAccount

HREF = re.compile(r"""<a\s[^<>]*?href=(["'])(https?://[^"'<>\s]+)\1""", re.IGNORECASE)
# What WeChat answers when a field is missing or too long.
CODES = {"title": 45003, "author": 45110, "digest": 45004, "source_url": 41039, "body": 45166, "cover": 40007}
# Which of our fixes helps.
FIXES = {"digest": "shorten_digest"}


def contents(campaign: Campaign) -> list[Contents]:
    """This will be the articles that would go out: as confirmed once the campaign is scheduled, else as they are."""
    if campaign.revision is not None:
        return [Contents(**article) for article in campaign.revision.articles]
    return article_contents.of(campaign.draft) if campaign.draft else []


def check(campaign: Campaign, now: dt.datetime) -> Iterator[Finding]:
    """This will look at the articles one by one, and at what they have in common. The campaign has a draft."""
    articles = contents(campaign)
    url = campaign.draft.get_absolute_url()
    found = list(_fields(campaign.account, articles, url))
    yield from found or [passed(_("Articles"), "fields", _("Titles, covers, digests and lengths are fine."))]
    yield from _pictures(campaign.account, articles, url) or [
        passed(_("Pictures in articles"), "pictures", _("All of them are in the library or at WeChat."))
    ]
    yield from _dropped(articles, url) or [passed(_("Formatting"), "formatting", _("WeChat keeps it as it is."))]
    yield _reprint(campaign)
    if campaign.revision is not None and campaign.revision.articles != article_contents.of(campaign.draft):
        yield _changed_since(campaign)


def links(body: str) -> list[str]:
    """This will be where the links of a body lead, in their order."""
    return [unescape(link[2]) for link in HREF.finditer(body)]


def is_hosted(account: OfficialAccount, url: str) -> bool:
    """This will tell whether a picture is at WeChat already."""
    return uploading.is_hosted(account, urlsplit(url).netloc)


def foreign_pictures(account: OfficialAccount, article: Contents) -> list[str]:
    """This will be the addresses in a body that are neither ours nor WeChat's."""
    urls = bodies.pictures(article["body"])
    return [url for url in urls if library.asset_id(url) is None and not is_hosted(account, url)]


def _name(number: int, article: Contents) -> str:
    return _("Article %(number)d: %(title)s") % {"number": number, "title": article["title"] or "–"}


def _fields(account: OfficialAccount, articles: list[Contents], url: str) -> Iterator[Finding]:
    for problem in article_contents.problems(articles, account):
        subject = _name(problem.number, articles[problem.number - 1])
        finding = of_error(
            problem.error, subject, action=FIXES.get(problem.field, ""), url=f"{url}#article-{problem.number}"
        )
        yield replace(finding, wechat_code=finding.wechat_code or CODES[problem.field])


def _pictures(account: OfficialAccount, articles: list[Contents], url: str) -> list[Finding]:
    findings = []
    for number, article in enumerate(articles, start=1):
        subject, there = _name(number, article), f"{url}#article-{number}"
        foreign = foreign_pictures(account, article)
        if foreign:
            message = ngettext(
                "%(count)d picture is on another site, %(site)s. It is copied when the campaign is sent; if the site "
                "refuses then, nothing is sent.",
                "%(count)d pictures are on other sites, the first on %(site)s. They are copied when the campaign is "
                "sent; if a site refuses then, nothing is sent.",
                len(foreign),
            )
            words = message % {"count": len(foreign), "site": urlsplit(foreign[0]).netloc or _("the text itself")}
            fix = _("Bring over what is needed now.")
            findings.append(
                Finding(Level.WARNING, "foreign_pictures", subject, words, fix, action="bring_pictures", url=there)
            )
        lost = _lost_pictures(account, article)
        if lost:
            words = ngettext(
                "%(count)d picture is not in this account's library.",
                "%(count)d pictures are not in this account's library.",
                lost,
            ) % {"count": lost}
            fix = _("Open the article and choose them again.")
            findings.append(Finding(Level.ERROR, "pictures_lost", subject, words, fix, url=there))
    return findings


def _lost_pictures(account: OfficialAccount, article: Contents) -> int:
    wanted = {key for url in bodies.pictures(article["body"]) if (key := library.asset_id(url)) is not None}
    return len(wanted) - MediaAsset.objects.filter(pk__in=wanted, account=account).count() if wanted else 0


def _dropped(articles: list[Contents], url: str) -> list[Finding]:
    """Links that readers will not have. All else that WeChat drops is dropped when an article is saved."""
    findings = []
    for number, article in enumerate(articles, start=1):
        kept = bodies.as_kept(article["body"], is_hosted=lambda _address: True)
        lost = len(links(article["body"])) - len(links(kept))
        if lost > 0:
            message = ngettext(
                "%(count)d link leads away from WeChat; WeChat turns it into plain text.",
                "%(count)d links lead away from WeChat; WeChat turns them into plain text.",
                lost,
            ) % {"count": lost}
            fix = _("Use the link of “read the original” instead. Accounts with the right to WeChat Pay may keep them.")
            there = f"{url}#article-{number}"
            findings.append(Finding(Level.WARNING, "links_dropped", _name(number, article), message, fix, url=there))
    return findings


def _reprint(campaign: Campaign) -> Finding:
    subject = _("Originality")
    if campaign.send_ignore_reprint:
        return passed(
            subject, "reprint", _("Goes out as a reprint if WeChat finds that somebody else's is the original.")
        )
    message = _("If WeChat finds that an article is somebody else's original, it stops the whole message.")
    fix = _("Allow it to be sent as a reprint, unless all articles are your own.")
    return Finding(Level.WARNING, "reprint_stops", subject, message, fix, 30003, "allow_reprint")


def _changed_since(campaign: Campaign) -> Finding:
    when = localize(template_localtime(campaign.revision.created_at))
    message = _("The draft was changed after the campaign was scheduled. What goes out is the version of %(when)s.")
    fix = _("To send the new one, take the campaign back to draft and schedule it again.")
    return Finding(Level.WARNING, "draft_changed", _("Version"), message % {"when": when}, fix)
