"""What the periodic tasks do, in the reader's language. A test holds this to settings.CELERY_BEAT_SCHEDULE."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule


@dataclass(frozen=True, slots=True)
class Words:
    """`missed` is what does not happen while the task is switched off."""

    does: str
    missed: str


WORDS: dict[str, Words] = {
    "campaigns.tick": Words(gettext_lazy("Send campaigns"), gettext_lazy("No campaign starts, and none goes on.")),
    "campaigns.import_library": Words(
        gettext_lazy("Import WeChat's library"), gettext_lazy("Imports of material stand still.")
    ),
    "campaigns.explain": Words(
        gettext_lazy("Explain results"),
        gettext_lazy("Results do not say who was filtered for having had four messages already."),
    ),
    "campaigns.tidy": Words(
        gettext_lazy("Tidy up at WeChat"), gettext_lazy("What broadcasts leave in WeChat's draft box stays there.")
    ),
    "campaigns.sweep_files": Words(
        gettext_lazy("Remove files that belong to nothing"), gettext_lazy("The disk fills with files nobody needs.")
    ),
    "campaigns.fetch_statistics": Words(
        gettext_lazy("Fetch article statistics"), gettext_lazy("Readers and shares of articles stay as they are.")
    ),
    "callbacks.tick": Words(
        gettext_lazy("Process what WeChat pushes"),
        gettext_lazy("New followers, and what WeChat reports about a send, do not arrive."),
    ),
    "callbacks.answer": Words(
        gettext_lazy("Answer followers"), gettext_lazy("What staff and reply rules write in conversations is not sent.")
    ),
    "callbacks.sweep": Words(
        gettext_lazy("Delete old pushes and messages"),
        gettext_lazy("What followers wrote is kept longer than the account promises."),
    ),
    "callbacks.keep_files": Words(
        gettext_lazy("Keep the files of reply rules at WeChat"),
        gettext_lazy("Rules that answer with a picture, a recording or a video use up messages of conversations."),
    ),
    "callbacks.check_menus": Words(
        gettext_lazy("Compare the menus with WeChat's"),
        gettext_lazy("Nobody is warned when a menu was changed in WeChat's console."),
    ),
    "followers.tick": Words(gettext_lazy("Sync followers and tags"), gettext_lazy("Syncs do not run.")),
    "followers.sync_all": Words(
        gettext_lazy("Sync all accounts at night"), gettext_lazy("Followers that an event missed stay missing.")
    ),
    "webhooks.deliver": Words(
        gettext_lazy("Post to webhooks"), gettext_lazy("Other systems are not told what happens here.")
    ),
    "weekly.send": Words(
        gettext_lazy("Mail the weekly report"), gettext_lazy("Nobody gets the weekly report by mail.")
    ),
    "webhooks.sweep": Words(
        gettext_lazy("Delete old deliveries"), gettext_lazy("The record of what was posted to webhooks grows.")
    ),
    "followers.count_growth": Words(
        gettext_lazy("Count who came and went"), gettext_lazy("The growth of the accounts stays as it is.")
    ),
    "followers.fetch_growth": Words(
        gettext_lazy("Ask WeChat for the growth"), gettext_lazy("The growth is what our own mirror has seen.")
    ),
    "campaigns.count_received": Words(
        gettext_lazy("Count the messages of the month"),
        gettext_lazy("It is not known how many followers can still receive a message this month."),
    ),
    "api.sweep_answers": Words(
        gettext_lazy("Delete old answers of the API"), gettext_lazy("What is kept for repeated API requests grows.")
    ),
    "celery.backend_cleanup": Words(gettext_lazy("Celery's own cleaning"), gettext_lazy("Old task results are kept.")),
}


def does(task: PeriodicTask) -> str:
    known = WORDS.get(task.task)
    return str(known.does) if known else task.name


def how_often(task: PeriodicTask) -> str:
    """This will be the schedule of a task in words."""
    schedule = task.interval or task.crontab or task.solar or task.clocked
    return in_words(schedule) if schedule is not None else "-"


Schedule = IntervalSchedule | CrontabSchedule | SolarSchedule | ClockedSchedule


def in_words(schedule: Schedule) -> str:
    """This will be a schedule in words; a time of day on the wall of this site, whatever zone it is stored in."""
    if isinstance(schedule, IntervalSchedule):
        return _every(schedule.every * _SECONDS.get(schedule.period, 0)) or str(schedule)
    if isinstance(schedule, CrontabSchedule):
        return _daily(schedule) or _hourly(schedule) or expression(schedule)
    if isinstance(schedule, ClockedSchedule):
        return _("once, %(time)s") % {"time": date_format(timezone.localtime(schedule.clocked_time), "DATETIME_FORMAT")}
    place = {"event": schedule.get_event_display(), "latitude": schedule.latitude, "longitude": schedule.longitude}
    return _("%(event)s at %(latitude)s, %(longitude)s") % place


def expression(crontab: CrontabSchedule) -> str:
    """This will be the five fields of a crontab, as people who know them write them."""
    fields = (crontab.minute, crontab.hour, crontab.day_of_month, crontab.month_of_year, crontab.day_of_week)
    return f"{' '.join(fields)} ({crontab.timezone})"


_SECONDS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def _every(seconds: int) -> str:
    if not seconds:
        return ""
    if seconds in (1, 60):
        return _("every second") if seconds == 1 else _("every minute")
    if seconds % 60:
        return _("every %(n)d seconds") % {"n": seconds}
    if seconds % 3600:
        return _("every %(n)d minutes") % {"n": seconds // 60}
    if seconds % 86400:
        return _("every hour") if seconds == 3600 else _("every %(n)d hours") % {"n": seconds // 3600}
    return _("every day") if seconds == 86400 else _("every %(n)d days") % {"n": seconds // 86400}


def _hourly(crontab: CrontabSchedule) -> str:
    if {crontab.hour, crontab.day_of_week, crontab.day_of_month, crontab.month_of_year} != {"*"}:
        return ""
    return _("every hour at minute %(minute)s") % {"minute": crontab.minute} if crontab.minute.isdecimal() else ""


def _daily(crontab: CrontabSchedule) -> str:
    if (crontab.day_of_week, crontab.day_of_month, crontab.month_of_year) != ("*", "*", "*"):
        return ""
    if not (crontab.hour.isdecimal() and crontab.minute.isdecimal()):
        return ""
    today = dt.datetime.now(crontab.timezone)
    at = today.replace(hour=int(crontab.hour), minute=int(crontab.minute))
    return _("every day at %(time)s") % {"time": date_format(timezone.localtime(at), "H:i")}
