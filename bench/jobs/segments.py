"""Fills the database with followers, tags and what they received, then counts as it is asked: `[case, side]` in,
milliseconds and the count out. `python -m bench.jobs.segments COUNT`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from typing import Any

# Conditions beside what somebody would write by hand; places are filled with primary keys.
CASES: dict[str, tuple[list[list[dict[str, Any]]], str]] = {
    "by attributes": (
        [[{"kind": "language", "values": ["en"]}, {"kind": "interaction", "mode": "within", "days": 30}]],
        "language = 'en' AND last_interaction_at >= {month_ago}",
    ),
    "one tag and not another": (
        [[{"kind": "tags", "all": ["common"], "none": ["half"]}]],
        (
            "EXISTS (SELECT 1 FROM followers_tagging t WHERE t.follower_id = f.id AND t.tag_id = {common}) "
            "AND NOT EXISTS (SELECT 1 FROM followers_tagging t WHERE t.follower_id = f.id AND t.tag_id = {half})"
        ),
    ),
    "one tag or received a campaign": (
        [[{"kind": "tags", "all": ["common"]}], [{"kind": "received", "mode": "received", "campaign": "sent"}]],
        (
            "id IN (SELECT t.follower_id FROM followers_tagging t WHERE t.tag_id = {common} UNION "
            "SELECT r.follower_id FROM campaigns_recipient r JOIN campaigns_broadcast b ON b.id = r.broadcast_id "
            "WHERE b.campaign_id = {sent} AND b.status = 'finished')"
        ),
    ),
    "did not receive a campaign": (
        [[{"kind": "received", "mode": "not_received", "campaign": "sent"}]],
        (
            "NOT EXISTS (SELECT 1 FROM campaigns_recipient r JOIN campaigns_broadcast b ON b.id = r.broadcast_id "
            "WHERE r.follower_id = f.id AND b.campaign_id = {sent} AND b.status NOT IN ('failed', 'cancelled'))"
        ),
    ),
    "quota left": (
        [[{"kind": "quota"}]],
        (
            "NOT EXISTS (SELECT 1 FROM (SELECT r.follower_id FROM campaigns_recipient r "
            "JOIN campaigns_broadcast b ON b.id = r.broadcast_id "
            "WHERE b.status = 'finished' AND b.account_id = {account} "
            "GROUP BY r.follower_id HAVING COUNT(*) >= 4) had WHERE had.follower_id = f.id)"
        ),
    ),
}
BARE = "SELECT COUNT(*) FROM followers_follower f WHERE account_id = {account} AND subscribed AND ({where})"
FOLLOWERS = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
INSERT INTO followers_follower
    (id, account_id, openid, unionid, subscribed, subscribe_time, confirmed_at, language, remark, subscribe_scene,
     qr_scene, qr_scene_str, last_interaction_at)
SELECT n, {account}, 'oBench' || CAST(1000000000000000000 + n AS TEXT), '', n %% 20 <> 0, %(now)s, %(now)s,
       CASE WHEN n %% 3 = 0 THEN 'en' ELSE 'zh_CN' END, '', '', '', '', CASE WHEN n %% 2 = 0 THEN %(now)s END
FROM number
"""
TAGGINGS = """
INSERT INTO followers_tagging (tag_id, follower_id, confirmed_at)
SELECT {tag}, id, %(now)s FROM followers_follower WHERE id %% {each} = 0
"""
RECIPIENTS = """
INSERT INTO campaigns_recipient (broadcast_id, follower_id)
SELECT {broadcast}, id FROM followers_follower WHERE id %% {each} = 0
"""


def main() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from followers import conditions
    from followers.conditions import Scope
    from wxcore.models import OfficialAccount

    now = timezone.now()
    keys = _fill(int(sys.argv[1]), now)
    account = OfficialAccount.objects.get()

    def ours(groups: Any) -> int:
        given = {"groups": json.loads(_filled(json.dumps(groups), keys))}
        return conditions.followers(conditions.read(given), Scope(account, now)).count()

    def bare(where: str) -> int:
        with connection.cursor() as cursor:
            month_ago = connection.ops.adapt_datetimefield_value(now - dt.timedelta(days=30))
            places = {"month_ago": f"'{month_ago}'", **keys}
            cursor.execute(BARE.format(account=account.pk, where=where.format(**places)))
            return cursor.fetchone()[0]

    sides = {"ours": lambda case: ours(case[0]), "bare": lambda case: bare(case[1])}
    for line in sys.stdin:
        name, side = json.loads(line)
        started = time.perf_counter()
        count = sides[side](CASES[name])
        print(json.dumps({"ms": 1000 * (time.perf_counter() - started), "count": count}), flush=True)


def _filled(text: str, keys: dict[str, int]) -> str:
    """The names of rows become their primary keys."""
    for name, key in keys.items():
        text = text.replace(f'"{name}"', str(key))
    return text


def _fill(count: int, now: Any) -> dict[str, int]:
    from django.db import connection

    from bench.jobs.account import create
    from campaigns.models import Broadcast, Campaign
    from followers.models import Tag

    keys = {"account": create("http://127.0.0.1:9")}
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWERS.format(count=count, **keys), {"now": now})
        for number, (name, each) in enumerate({"common": 10, "half": 4}.items()):
            keys[name] = Tag.objects.create(account_id=keys["account"], tag_id=100 + number, name=name).pk
            cursor.execute(TAGGINGS.format(tag=keys[name], each=each), {"now": now})
        # Every follower's first, every second's second, ...: a twelfth has had four.
        for each in (1, 2, 3, 4):
            campaign = Campaign.objects.create(account_id=keys["account"], name=f"1/{each}", text="x")
            broadcast = Broadcast.objects.create(
                account_id=keys["account"], campaign=campaign, position=1, status="finished", first_attempt_at=now
            )
            cursor.execute(RECIPIENTS.format(broadcast=broadcast.pk, each=each), {})
            keys["sent"] = campaign.pk
        cursor.execute("ANALYZE")
    return keys


if __name__ == "__main__":
    main()
