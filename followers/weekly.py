"""How the followers of an account changed in a week."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from followers import growth
from followers.models import FollowerDay
from wxcore.models import OfficialAccount
from wxcore.weekly.report import Figure, Section, register
from wxcore.weekly.weeks import Week


def grown(account: OfficialAccount, week: Week, _reader: Any) -> Section:
    """This will be who came and went. Two queries."""
    this, before = _sums(account, week), _sums(account, week.before)
    if this["total"] is None:
        return Section(_("Followers"), empty=_("Nothing was counted in this week."))
    return Section(
        _("Followers"),
        [
            Figure(_("followers at the end of the week"), this["total"], before["total"]),
            Figure(_("new"), this["new"], before["new"]),
            Figure(_("left"), this["left"], before["left"], less_is_better=True),
            Figure(_("net growth"), this["net"], before["net"]),
        ],
    )


def _sums(account: OfficialAccount, week: Week) -> dict[str, int | None]:
    days: Any = growth.between(FollowerDay.objects.filter(account=account), week.monday, week.sunday)
    if not days:
        return dict.fromkeys(("new", "left", "net", "total"))
    return {name: sum(day[name] for day in days) for name in ("new", "left", "net")} | {"total": days[-1]["total"]}


register(10, "followers", "followers.view_follower", grown)
