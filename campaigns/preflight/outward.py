"""The checks that ask somebody: WeChat, and the sites that the message leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from html import unescape

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import audience, limits, outside, phone
from campaigns.models import Campaign, MediaKind, MsgType
from campaigns.preflight import articles, checks
from campaigns.preflight.findings import Finding, Level, of_error, passed, with_url
from wxcore import accounts
from wxcore.errors import OperatorError
from wxcore.models import TokenEndpoint
from wxcore.wechat.broadcasts import SEND, SENDALL
from wxcore.wechat.client import WeChat
from wxcore.wechat.diagnostics import ApiQuota
from wxcore.wechat.errors import ApiError, BadCredentials, IPNotAllowed, TokenRejected, TransportError

LIBRARY = "admin:campaigns_mediaasset_changelist"
MOST_LINKS = 20
AT_ONCE = 8
SECONDS = 10.0


def wechat(campaign: Campaign) -> list[Finding]:
    """This will ask WeChat whether it lets us in (credentials, IP whitelist), whether its library has room, and
    how many calls are left today."""
    subject, quota_subject = _("Access to WeChat"), _("Calls left today")
    let_in = passed(subject, "access", _("WeChat accepts the credentials and this server's address."))
    try:
        with accounts.connect(campaign.account) as connection:
            if campaign.account.token_endpoint == TokenEndpoint.STABLE:
                # WeChat looks at our address when it gives a token. The classic endpoint would end the one in use.
                connection.diagnostics.check_token()
            room = _room(connection, campaign)
            quota = connection.diagnostics.quota(SENDALL if audience.by_wechat(campaign) else SEND)
    except (TransportError, IPNotAllowed, BadCredentials, TokenRejected) as error:
        return [of_error(error, subject)]
    except OperatorError as error:
        return [let_in, of_error(error, quota_subject, level=Level.WARNING)]
    return [let_in, *room, _quota(quota, quota_subject)]


def _room(connection: WeChat, campaign: Campaign) -> list[Finding]:
    """Whether WeChat's library has room for what the send adds to it; not asked when it adds nothing."""
    subject = _("WeChat's library")
    wanted = Counter("image" if asset.kind == MediaKind.THUMB else asset.kind for asset in checks.added(campaign))
    if not wanted:
        return []
    try:
        count = connection.materials.count()
    except ApiError as error:
        return [of_error(error, subject, level=Level.WARNING)]
    held = {"image": count.image + count.news, "voice": count.voice, "video": count.video}
    limit = limits.LIBRARY[campaign.account.media_limits]
    full = [kind for kind, number in wanted.items() if held[kind] + number > limit[kind]]
    if not full:
        return [passed(subject, "library", _("It has room for what this message needs."))]
    return [_library_full(subject, wanted[kind], held[kind], limit[kind]) for kind in full]


def _library_full(subject: str, wanted: int, held: int, limit: int) -> Finding:
    message = ngettext(
        "This message adds %(wanted)d file to the library, which holds %(held)s of %(limit)s.",
        "This message adds %(wanted)d files to the library, which holds %(held)s of %(limit)s.",
        wanted,
    ) % {"wanted": wanted, "held": f"{held:,}", "limit": f"{limit:,}"}
    fix = _("Delete material that is no longer needed, here or in WeChat's console.")
    return Finding(Level.ERROR, "library_full", subject, message, fix, 45034, url=reverse(LIBRARY))


def _quota(quota: ApiQuota, subject: str) -> Finding:
    numbers = {"left": quota.remain, "limit": quota.daily_limit}
    if quota.remain > 0:
        return passed(subject, "quota", _("%(left)d of %(limit)d calls left today.") % numbers)
    message = _("All %(limit)d calls of today are used up.") % numbers
    return Finding(Level.ERROR, "quota", subject, message, _("Schedule the campaign for tomorrow."), 45009)


def links(campaign: Campaign, *, policy: outside.Policy | None = None) -> list[Finding]:
    """This will ask the first MOST_LINKS links whether they answer, for SECONDS in all.

    Addresses inside our own network are never asked: `outside` refuses them, unless `policy` says otherwise.
    """
    urls = list(dict.fromkeys(_urls(campaign)))
    subject = _("Links")
    if not urls:
        return [passed(subject, "links", _("There are none."))]
    asked = urls[:MOST_LINKS]
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    futures = {url: pool.submit(outside.reachable, url, seconds=SECONDS, policy=policy) for url in asked}
    wait(futures.values(), timeout=SECONDS)
    # Those still under way have deadlines of their own; nobody waits for them.
    pool.shutdown(wait=False, cancel_futures=True)
    findings = [finding for url, future in futures.items() if (finding := _judge(url, future)) is not None]
    answered = len(asked) - len(findings)
    if answered:
        words = ngettext("%(n)d link answers.", "%(n)d links answer.", answered) % {"n": answered}
        findings.append(passed(subject, "links", words))
    if len(urls) > MOST_LINKS:
        words = _("Only the first %(most)d of %(all)d links were asked.") % {"most": MOST_LINKS, "all": len(urls)}
        findings.append(Finding(Level.WARNING, "links_left", subject, words, _("Open the others yourself.")))
    written = campaign.draft if campaign.msgtype == MsgType.MPNEWS else campaign
    return with_url(findings, written.get_absolute_url())


def _judge(url: str, future: Future[None]) -> Finding | None:
    subject = _("Link %(url)s") % {"url": url if len(url) <= 80 else f"{url[:79]}…"}
    if not future.done() or future.cancelled():
        fix = _("Open it yourself before you send.")
        return Finding(Level.WARNING, "link_slow", subject, _("It did not answer in time."), fix)
    error = future.exception()
    if error is None:
        return None
    if not isinstance(error, OperatorError):
        raise error
    fix = _("Open it in a browser. If it does not open there either, correct it.")
    return replace(of_error(error, subject, level=Level.WARNING), fix=fix)


def _urls(campaign: Campaign) -> Iterator[str]:
    if campaign.msgtype == MsgType.TEXT:
        yield from (unescape(link[2]) for link in phone.LINK.finditer(campaign.text))
    elif campaign.msgtype == MsgType.MPNEWS:
        for article in articles.contents(campaign):
            if article["source_url"]:
                yield article["source_url"]
            yield from articles.links(article["body"])
