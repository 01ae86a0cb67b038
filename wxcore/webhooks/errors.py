"""What can be wrong with a webhook or a delivery."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wxcore.errors import Conflict, OperatorError, Retry


class WrongAddress(OperatorError):
    code = "webhook_address"
    message = _("We cannot post to this address.")
    fix = _("Use one that begins with https:// or http://, without a user name or password in it.")


class PrivateAddress(OperatorError):
    code = "webhook_private_address"
    message = _("The address leads into a private network, so nothing was posted.")
    fix = _("Use a public address. Whoever runs this server may allow private ones: WEBHOOK_ALLOW_PRIVATE.")


class NoEvents(OperatorError):
    code = "webhook_no_events"
    message = _("Without an event nothing would ever be posted.")
    fix = _("Choose at least one.")


class UnknownEvent(OperatorError):
    code = "webhook_unknown_event"
    message = _("There is no event “%(name)s”.")
    fix = _("Choose from the list of events.")


class TooMany(OperatorError):
    code = "webhook_too_many"
    message = _("An official account has at most %(most)d webhooks.")
    fix = _("Delete one that is not needed any more, or let one receiver pass events on.")


class Answered(OperatorError):
    code = "webhook_answered"
    message = _("The receiver answered %(status)d.")
    fix = _("Look at its log. Only an answer from 200 to 299 counts as delivered.")
    retry = Retry.BACKOFF


class Redirected(OperatorError):
    code = "webhook_redirected"
    message = _("The receiver answered %(status)d and wanted to lead us elsewhere. We do not follow.")
    fix = _("Enter the address to which it leads.")
    retry = Retry.BACKOFF


class NoAnswer(OperatorError):
    code = "webhook_no_answer"
    message = _("The receiver could not be reached: %(reason)s.")
    fix = _("Look whether it runs, and whether it answers within ten seconds.")
    retry = Retry.BACKOFF


class SwitchedOff(OperatorError):
    code = "webhook_switched_off"
    message = _("The webhook was switched off before this could be delivered.")
    fix = _("Switch it on and choose “Send again”.")


class KeptFailing(OperatorError):
    code = "webhook_kept_failing"
    message = _("Switched off by itself: nothing has arrived for %(days)d days.")
    fix = _("Mend the receiver, send it a ping, and switch the webhook on again. What it missed can be sent again.")


class UnderWay(Conflict):
    code = "webhook_under_way"
    message = _("This delivery is waiting or on its way already.")
    fix = _("Wait for its outcome.")


class NothingLeft(Conflict):
    code = "webhook_nothing_left"
    message = _("What this delivery said was erased.")
    fix = _("There is nothing to send any more.")


class IsOff(Conflict):
    code = "webhook_is_off"
    message = _("The webhook is switched off.")
    fix = _("Switch it on first.")
