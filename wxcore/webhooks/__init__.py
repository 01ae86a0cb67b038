"""Telling others what happens here: `emit` in the transaction of the deed, and delivered by a worker afterwards.

events      which events there are, each with an example
emitting    an event becomes a row for each webhook that wants it
signing     the headers of a request
delivering  claim a row, post it, record the answer
services    the verbs of a webhook
retention   what is old enough goes
"""

from wxcore.webhooks.emitting import emit, emit_many, erase, forget_subscribers, is_wanted, moment

__all__ = ["emit", "emit_many", "erase", "forget_subscribers", "is_wanted", "moment"]
