"""The statements that mirror a page of followers, whatever its size.

`ON CONFLICT ... WHERE` is the reason for writing them by hand: an unsubscribe event that arrives while a page is on
its way is newer than the page, and must win. Its time is in whole seconds, so it wins for the whole of its second.

Many rows go into one execution. SQLite's driver gives up the interpreter's lock for each, and while other threads
decode WeChat's answers it may wait milliseconds to get it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from django.db import connection

from followers.models import Sex
from wxcore.wechat.users import UserInfo

Item = TypeVar("Item")
Row = tuple[object, ...]

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - see _moment

# Fewer mean more waiting for the lock; more, longer work on the placeholders, which Django translates one by one.
ROWS = 250

FOLLOWERS = """
INSERT INTO followers_follower
    (account_id, subscribed, openid, unionid, subscribe_time, confirmed_at, language, remark, subscribe_scene,
     qr_scene, qr_scene_str{more})
VALUES {rows}
ON CONFLICT (account_id, openid) DO UPDATE SET
    unionid = excluded.unionid, subscribed = excluded.subscribed, subscribe_time = excluded.subscribe_time,
    unsubscribed_at = NULL, confirmed_at = excluded.confirmed_at, language = excluded.language,
    remark = excluded.remark, subscribe_scene = excluded.subscribe_scene, qr_scene = excluded.qr_scene,
    qr_scene_str = excluded.qr_scene_str{again}
WHERE followers_follower.unsubscribed_at IS NULL OR followers_follower.unsubscribed_at < %s
"""

# What WeChat tells of almost nobody any more: for the others it is not handed over, and what was told once stays.
RARE = ("sex", "country", "province", "city")
RARE_AT = UserInfo._fields.index("sex")
RARE_EMPTY = (0, "", "", "")

# A CROSS JOIN, because SQLite keeps its order: each openid is looked up, instead of every follower.
TAGGINGS = """
WITH wearing (openid, tag_id) AS (VALUES {rows})
INSERT INTO followers_tagging (follower_id, tag_id, confirmed_at)
SELECT follower.id, wearing.tag_id, %s FROM wearing CROSS JOIN followers_follower follower
WHERE follower.account_id = %s AND follower.openid = wearing.openid AND follower.subscribed
ON CONFLICT (tag_id, follower_id) DO UPDATE SET confirmed_at = excluded.confirmed_at
"""


def upsert_followers(account_id: int, users: Iterable[UserInfo], *, asked_at: dt.datetime) -> None:
    """This will write everybody in `users` as following, unless they left in the second of `asked_at` or later."""
    adapt = connection.ops.adapt_datetimefield_value  # looked up once: the lookup costs as much as the call
    asked, left_before = adapt(asked_at), adapt(asked_at.replace(microsecond=0))

    def row(user: UserInfo) -> Row:
        return (
            user.openid,
            user.unionid,
            adapt(_moment(user.subscribe_time)),
            asked,
            user.language,
            user.remark,
            user.subscribe_scene,
            user.qr_scene,
            user.qr_scene_str,
        )

    def rare_row(user: UserInfo) -> Row:
        sex = user.sex if user.sex in Sex.values else Sex.UNKNOWN
        return (*row(user), int(sex), user.country[:64], user.province[:64], user.city[:64])

    # Once each: PostgreSQL refuses a statement that would write the same row twice. In the order of the openid: its
    # index is then walked and not jumped about in, which is a quarter of the whole cost.
    each = sorted({user.openid: user for user in users}.values())
    same = f"{account_id:d}, TRUE, "
    told = [user for user in each if user[RARE_AT:] != RARE_EMPTY]
    if told:
        columns = "".join(f", {name}" for name in RARE)
        again = "".join(f", {name} = excluded.{name}" for name in RARE)
        _execute(FOLLOWERS, rare_row, told, left_before, same=same, more=columns, again=again)
        each = [user for user in each if user[RARE_AT:] == RARE_EMPTY]
    _execute(FOLLOWERS, row, each, left_before, same=same, more="", again="")


def upsert_taggings(
    account_id: int, users: Iterable[UserInfo], tags: Mapping[int, int], *, asked_at: dt.datetime
) -> None:
    """This will write who wears which tag; `tags` maps WeChat's tag_id to our primary key."""
    asked = connection.ops.adapt_datetimefield_value(asked_at)
    wearing = {(user.openid, tags[tag_id]): None for user in users for tag_id in user.tag_ids if tag_id in tags}
    _execute(TAGGINGS, lambda row: row, list(wearing), asked, account_id)


def _execute(
    statement: str, row: Callable[[Item], Row], items: Sequence[Item], *others: object, same: str = "", **parts: str
) -> None:
    """This will execute `statement` with the rows of ROWS items at a time, and with those that remain one by one.

    `same` is SQL that every row begins with: cheaper than handing over the same value again and again. `parts` are
    the other places of the statement.
    The rows are made while the driver asks for them: made before, they would keep the interpreter's lock for long.
    """
    whole = len(items) - len(items) % ROWS
    with connection.cursor() as cursor:
        for size, part in ((ROWS, items[:whole]), (1, items[whole:])):
            if part:
                places = ", ".join([f"({same}{', '.join(['%s'] * len(row(part[0])))})"] * size)
                groups = (part[start : start + size] for start in range(0, len(part), size))
                values = ([*chain.from_iterable(map(row, group)), *others] for group in groups)
                cursor.executemany(statement.format(rows=places, **parts), values)


def _moment(epoch: int | None) -> dt.datetime | None:
    """Without a zone, which a connection takes for UTC: taking the zone off again is half of what adapting costs."""
    return EPOCH + dt.timedelta(seconds=epoch) if epoch else None
