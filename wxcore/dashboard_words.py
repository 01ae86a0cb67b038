"""Every word that the dashboard's scripts write, in the reader's language.

`{name}` is filled in by the script; where a number decides there are two: for one, and for any other number.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_WORDS = {
    # Of every panel.
    "try_again": _("Try again"),
    "no_connection": _("The server cannot be reached."),
    "no_connection_fix": _("Look at your connection, then try again."),
    "show_numbers": _("Show the numbers"),
    "day": pgettext_lazy("date", "Day"),
    "live": _("Live"),
    "live_polling": _("Refreshed every few seconds"),
    "live_off": _("Connection lost, trying again"),
    "updated_at": _("As of {time}"),
    # First steps.
    "no_accounts": _("There is no official account yet."),
    "no_accounts_fix": _("You need its AppID, its AppSecret and the token of WeChat's server configuration."),
    "add_account": _("Add an official account"),
    "no_rights": _("You do not work for an official account yet, so there is nothing to see."),
    "no_rights_fix": _("Ask an administrator of the account to add you under “Members” on the account's page."),
    # Key figures.
    "followers": _("Followers"),
    "net_days": _("{number} in {days} days"),
    "delivered_month": _("Delivered this month"),
    "of_addressed": _("of {number} addressed"),
    "readers_days": _("Readers in {days} days"),
    "shares_days": _("Shares in {days} days"),
    "last_week": _("{number} in the last 7 days"),
    "waiting_answers": _("Waiting for an answer"),
    "nobody_waits": _("Nobody waits"),
    "answer_now": _("Answer within 48 hours"),
    # What needs attention.
    "all_well": _("Nothing needs you at the moment."),
    "level_error": _("Broken"),
    "level_warning": _("To do"),
    "level_info": _("Good to know"),
    "more_items": _("Show {count} more"),
    # Campaigns.
    "no_campaigns": _("No campaign is scheduled or on its way."),
    "no_campaigns_fix": _("Write one: nothing is sent before you have seen how many followers it will reach."),
    "new_campaign": _("New campaign"),
    "calendar": _("Calendar"),
    "status_scheduled": _("scheduled"),
    "status_sending": _("sending"),
    "status_paused": _("paused"),
    "status_finished": _("finished"),
    "status_failed": _("failed"),
    "status_cancelled": _("cancelled"),
    "status_approved": _("approved"),
    "sync": _("Mirroring of the followers"),
    "import": _("Import of material"),
    "to_recipients_one": _("to {count} recipient"),
    "to_recipients": _("to {count} recipients"),
    "waits_for_report": _("WeChat has not reported yet"),
    "sent_of": _("{sent} delivered"),
    "failed_count": _("{count} failed"),
    "starts": _("starts {when}"),
    "ended": _("“{name}”: {status}"),
    "progress": _("Progress of “{name}”"),
    "fetched_of": _("{done} of {total}"),
    # Quotas.
    "no_quota": _("No account is active."),
    "jobs_today": _("Mass sends today"),
    "jobs_month": _("Messages to everybody this month"),
    "calls_today": _("Calls to WeChat today"),
    "left": _("{count} left"),
    "used_of": _("{used} of {limit} used"),
    "planned_count": _("{count} planned"),
    "received_title": _("Messages received this month"),
    "received_n": _("{count} messages"),
    "received_one": _("{count} message"),
    "received_full": _("{count} can receive no more this month"),
    "not_counted": _("Counted within the next hours."),
    # Growth.
    "no_growth": _("Nobody has been counted yet."),
    "no_growth_fix": _("Sync the followers first; from then on every day is recorded."),
    "sync_now": _("Sync now"),
    "new_followers": pgettext_lazy("growth", "New"),
    "left_followers": pgettext_lazy("growth", "Left"),
    "net": pgettext_lazy("growth", "Net"),
    "total_followers": pgettext_lazy("growth", "Total"),
    "growth_summary": _("{new} new, {left} left, {net} net"),
    # Results.
    "no_results": _("No campaign has finished yet."),
    "no_results_fix": _("When the first has, you see here whom it reached and who read it."),
    "step_heads": _("Recipients"),
    "step_reached": _("Left after filtering"),
    "step_sent": _("Delivered"),
    "step_readers": _("Readers"),
    "step_shares": _("Shared"),
    "campaign": _("Campaign"),
    "delivered_rate": _("Delivery rate"),
    "read_rate": _("Read rate"),
    "shares": _("Shares"),
    "not_told": _("not reported"),
    "funnel_of": _("Funnel of “{name}”"),
    # Articles.
    "no_reads": _("No reads in this time."),
    "no_reads_fix": _("WeChat reports the readers of articles on the morning after each day."),
    "readers": _("Readers"),
    "reads_summary": _("{readers} readers, {shares} shares"),
    "top_articles": _("Most read"),
    "untitled": _("Untitled"),
    # Conversations.
    "no_waiting": _("Everybody has an answer."),
    "no_waiting_fix": _("New messages of followers appear here by themselves."),
    "all_conversations": _("All conversations"),
    "no_text": _("(no text)"),
    # Theme.
    "theme_light": _("Light"),
    "theme_dark": _("Dark"),
    "theme_auto": _("System"),
    "theme_is": _("Appearance: {name}"),
}


def words() -> dict[str, str]:
    """This will be all of them in the language of the request."""
    return {name: str(text) for name, text in _WORDS.items()}
