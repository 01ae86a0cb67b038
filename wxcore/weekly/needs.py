"""What needs attention now, at the end of the report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wxcore import attention, rights
from wxcore.attention import VIEW_ACCOUNT
from wxcore.models import OfficialAccount
from wxcore.weekly.report import Line, Section, register
from wxcore.weekly.weeks import Week


def waiting(account: OfficialAccount, _week: Week, reader: rights.Person) -> Section:
    """This will be what the reader may see of what waits for somebody."""
    found = attention.found(reader, account)
    lines = [Line(item.level.value, item.message, item.fix, item.url) for item in found]
    return Section(_("Needs attention"), lines=lines, empty="" if lines else _("Nothing: all is well."))


register(90, "attention", VIEW_ACCOUNT, waiting)
