"""The mail of the week: a row for each person who wants it, then once to each, in their language.

A mail cannot be taken back, and a mail server does not know a repetition. So one whose sender died in the middle is not
sent again: it failed, and its page has a button.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from email.utils import make_msgid

import css_inline
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wxcore import failures
from wxcore.errors import OperatorError, Retry
from wxcore.models import MailStatus, Membership, OfficialAccount, WeeklyMail
from wxcore.weekly import report, weeks
from wxcore.weekly.weeks import Week

logger = logging.getLogger(__name__)

# Who subscribes, or was without a worker, on Monday still gets it; on Tuesday nobody waits for it any more.
LATE = dt.timedelta(hours=24)
LEASE = dt.timedelta(minutes=5)
# Seconds until the next try when the mail server surely took nothing, by the number of tries made.
DELAYS = (300, 1800, 7200)
OPEN = (MailStatus.PENDING, MailStatus.SENDING)
BATCH = 100


class NoMailAddress(OperatorError):
    code = "no_mail_address"
    message = gettext_lazy("%(name)s has no e-mail address.")
    fix = gettext_lazy("An administrator enters it on the person's page.")


class MailFailed(OperatorError):
    code = "mail_failed"
    message = gettext_lazy("The mail could not be sent: %(reason)s")
    fix = gettext_lazy("Whoever runs this server compares EMAIL_URL with the mail server's log.")
    retry = Retry.BACKOFF


class Interrupted(OperatorError):
    code = "mail_interrupted"
    message = gettext_lazy("Sending this mail was interrupted: it may have arrived.")
    fix = gettext_lazy("If it has not, open the weekly report and choose “Send it to me now”.")


def tick(*, now: dt.datetime) -> int:
    """This will write down who is to get a mail, send what is due, and count it."""
    plan(now=now)
    due = WeeklyMail.objects.filter(status__in=OPEN, due_at__lte=now, account__is_active=True)
    mails = due.select_related("account", "user").order_by("due_at")[:BATCH]
    return sum(send(mail, now=now) for mail in mails)


def plan(*, now: dt.datetime) -> None:
    """This will write a row for everybody who subscribed to a report that has been due for less than a day."""
    wanted = Membership.objects.filter(weekly_report=True, account__is_active=True, user__is_active=True)
    rows = {}
    for member in wanted.select_related("account").order_by("pk"):
        week = weeks.last(member.account.zone, now)
        if week.due_at <= now < week.due_at + LATE:
            rows.setdefault((member.account_id, member.user_id), (week.monday, member.weekly_language))
    known = set(
        WeeklyMail.objects.filter(
            account__in={account for account, _user in rows}, week__in={monday for monday, _language in rows.values()}
        ).values_list("account", "user", "week")
    )
    WeeklyMail.objects.bulk_create(
        [
            WeeklyMail(account_id=account, user_id=user, week=monday, language=language, due_at=now)
            for (account, user), (monday, language) in rows.items()
            if (account, user, monday) not in known
        ],
        ignore_conflicts=True,
    )


def send(mail: WeeklyMail, *, now: dt.datetime) -> bool:
    """This will send a mail that is due, and record it. Answers False if another worker has it, or it was not sent."""
    if mail.status == MailStatus.SENDING:
        _record(mail, mail.due_at, status=MailStatus.FAILED, due_at=None, **failures.columns(Interrupted()))
        return False
    lease = timezone.now() + LEASE  # those before it may have taken minutes
    free = WeeklyMail.objects.filter(pk=mail.pk, status=MailStatus.PENDING, due_at__lte=now)
    if not free.update(status=MailStatus.SENDING, due_at=lease, attempts=F("attempts") + 1):
        return False
    mail.attempts += 1
    try:
        deliver(mail.account, mail.user, Week(mail.week, mail.account.zone), language=mail.language)
    except OperatorError as error:
        _try_later(mail, lease, error, now)
        return False
    _record(mail, lease, status=MailStatus.SENT, due_at=None, sent_at=timezone.now(), **failures.columns(None))
    return True


def _try_later(mail: WeeklyMail, lease: dt.datetime, error: OperatorError, now: dt.datetime) -> None:
    logger.warning("Weekly mail %s, attempt %s: %s", mail.pk, mail.attempts, error)
    if error.retry is Retry.BACKOFF and mail.attempts <= len(DELAYS):
        again = now + dt.timedelta(seconds=DELAYS[mail.attempts - 1])
        _record(mail, lease, status=MailStatus.PENDING, due_at=again, **failures.columns(error))
    else:
        _record(mail, lease, status=MailStatus.FAILED, due_at=None, **failures.columns(error))


def _record(mail: WeeklyMail, lease: dt.datetime | None, **columns: object) -> None:
    WeeklyMail.objects.filter(pk=mail.pk, status=MailStatus.SENDING, due_at=lease).update(**columns)


def deliver(account: OfficialAccount, user: User, week: Week, *, language: str) -> None:
    """This will mail the report of a week to somebody, now. Raises NoMailAddress, MailFailed, Interrupted."""
    if not user.email:
        raise NoMailAddress(name=user.get_username())
    with translation.override(language):
        message = compose(account, user, week)
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(reason=_reason(error)) from None
    try:
        connection.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise MailFailed(reason=_reason(error)) from None
    except (smtplib.SMTPException, OSError):
        # The server may have taken it before the line broke.
        raise Interrupted from None
    finally:
        connection.close()


def _reason(error: Exception) -> str:
    """Never the server's whole answer to a login: it may repeat what was sent."""
    return type(error).__name__ if isinstance(error, smtplib.SMTPAuthenticationError) else str(error)[:200]


def compose(account: OfficialAccount, user: User, week: Week) -> EmailMultiAlternatives:
    """This will be the mail, HTML and text, in the active language."""
    page = f"{settings.SITE_URL}{reverse('admin:wxcore_officialaccount_weekly', args=[account.pk])}?week={week}"
    context = {
        "report": report.build(account, week, user),
        "account": account,
        "week": week,
        "person": user.get_full_name() or user.get_username(),
        "page": page,
        "site": settings.SITE_URL,
        "language": translation.get_language(),
    }
    span = {
        "account": account.name,
        "from": date_format(week.monday, "MONTH_DAY_FORMAT"),
        "until": date_format(week.sunday, "MONTH_DAY_FORMAT"),
    }
    subject = " ".join((_("%(account)s: the week from %(from)s to %(until)s") % span).split())
    message = EmailMultiAlternatives(subject, render_to_string("weekly/mail.txt", context), to=[user.email])
    html = css_inline.inline(render_to_string("weekly/mail.html", context), load_remote_stylesheets=False,
                             keep_style_tags=True)  # fmt: skip
    message.attach_alternative(html, "text/html")
    message.extra_headers["Message-ID"] = make_msgid(idstring=f"weekly.{account.pk}.{week}.{user.pk}", domain="qunfa")
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    return message
