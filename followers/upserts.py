"""The two statements that mirror a page of followers, whatever its size.

`ON CONFLICT ... WHERE` is the reason for writing them by hand: an unsubscribe event that arrives while a page is on
its way is newer than the page, and must win. Its time is in whole seconds, so it wins for the whole of its second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import connection

from wxcore.wechat.users import UserInfo

FOLLOWERS = """
INSERT INTO followers_follower
    (account_id, openid, unionid, subscribed, subscribe_time, confirmed_at, language, remark, subscribe_scene,
     qr_scene, qr_scene_str)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (account_id, openid) DO UPDATE SET
    unionid = excluded.unionid, subscribed = excluded.subscribed, subscribe_time = excluded.subscribe_time,
    unsubscribed_at = NULL, confirmed_at = excluded.confirmed_at, language = excluded.language,
    remark = excluded.remark, subscribe_scene = excluded.subscribe_scene, qr_scene = excluded.qr_scene,
    qr_scene_str = excluded.qr_scene_str
WHERE followers_follower.unsubscribed_at IS NULL OR followers_follower.unsubscribed_at < %s
"""

TAGGINGS = """
INSERT INTO followers_tagging (follower_id, tag_id, confirmed_at)
SELECT follower.id, %s, %s FROM followers_follower follower
WHERE follower.account_id = %s AND follower.openid = %s AND follower.subscribed
ON CONFLICT (tag_id, follower_id) DO UPDATE SET confirmed_at = excluded.confirmed_at
"""


def upsert_followers(account_id: int, users: Iterable[UserInfo], *, asked_at: dt.datetime) -> None:
    """This will write everybody in `users` as following, unless they left in the second of `asked_at` or later."""
    asked = connection.ops.adapt_datetimefield_value(asked_at)
    left_before = connection.ops.adapt_datetimefield_value(asked_at.replace(microsecond=0))
    rows = [
        (
            account_id,
            user.openid,
            user.unionid,
            True,
            _moment(user.subscribe_time),
            asked,
            user.language,
            user.remark,
            user.subscribe_scene,
            user.qr_scene,
            user.qr_scene_str,
            left_before,
        )
        for user in users
    ]
    _execute(FOLLOWERS, rows)


def upsert_taggings(
    account_id: int, users: Iterable[UserInfo], tags: Mapping[int, int], *, asked_at: dt.datetime
) -> None:
    """This will write who wears which tag; `tags` maps WeChat's tag_id to our primary key."""
    asked = connection.ops.adapt_datetimefield_value(asked_at)
    rows = [
        (tags[tag_id], asked, account_id, user.openid) for user in users for tag_id in user.tag_ids if tag_id in tags
    ]
    _execute(TAGGINGS, rows)


def _execute(statement: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _moment(epoch: int | None) -> object:
    moment = dt.datetime.fromtimestamp(epoch, dt.UTC) if epoch else None
    return connection.ops.adapt_datetimefield_value(moment)
