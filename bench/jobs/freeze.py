"""Freezes an audience on PostgreSQL, and writes the same rows bare, in turns: `python -m bench.jobs.freeze COUNT`.

A line on stdin is a turn. Each side is one transaction, with the checks of foreign keys that its COMMIT makes.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from bench.jobs.account import create  # noqa: E402
from campaigns import audience  # noqa: E402
from campaigns.models import Audience, Campaign, Recipient  # noqa: E402
from followers.models import Segment  # noqa: E402

TABLE = Recipient._meta.db_table
KEEP = f"CREATE TABLE bench_rows AS SELECT broadcast_id, follower_id FROM {TABLE} ORDER BY id"  # noqa: S608
BARE = f"INSERT INTO {TABLE} (broadcast_id, follower_id) SELECT broadcast_id, follower_id FROM bench_rows"  # noqa: S608
FOLLOWERS = """
INSERT INTO followers_follower
    (account_id, openid, unionid, subscribed, subscribe_time, confirmed_at, language, remark, subscribe_scene,
     qr_scene, qr_scene_str)
SELECT %(account)s, 'oBench' || lpad(n::text, 22, '0'), '', true, %(now)s, %(now)s, 'zh_CN', '', 'ADD_SCENE_QR_CODE',
    '', '' FROM generate_series(1, %(count)s) n
"""
# A column that no index has: every follower is looked at.
EVERYBODY = {"groups": [[{"kind": "language", "values": ["zh_CN"]}]]}


def main() -> None:
    count = int(sys.argv[1])
    account = create("http://127.0.0.1:9")
    _sql(FOLLOWERS, {"count": count, "account": account, "now": timezone.now()})
    _sql("VACUUM ANALYZE followers_follower")
    segment = Segment.objects.create(account_id=account, name="Everybody", conditions=EVERYBODY)
    for line in sys.stdin:
        name = f"turn {json.loads(line)}"
        campaign = Campaign.objects.create(
            account_id=account, name=name, audience=Audience.SEGMENT, segment=segment, started_at=timezone.now()
        )
        answer = {"freeze": _freeze(campaign), "rows": Recipient.objects.count()}
        answer |= {"broadcasts": campaign.broadcasts.count(), "bare": _bare()}
        _sql(f"TRUNCATE {TABLE}")
        answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KB
        print(json.dumps(answer), flush=True)


def _freeze(campaign: Campaign) -> float:
    _settle()
    started = time.perf_counter()
    with transaction.atomic():
        audience.freeze(campaign)
    return time.perf_counter() - started


def _bare() -> float:
    """The same rows in the same order, from a table that has nothing else."""
    _sql(KEEP)
    _sql(f"TRUNCATE {TABLE}")
    _sql("VACUUM ANALYZE bench_rows")
    _settle()
    started = time.perf_counter()
    with transaction.atomic():
        _sql(BARE)
    seconds = time.perf_counter() - started
    _sql("DROP TABLE bench_rows")
    return seconds


def _settle() -> None:
    """What an earlier turn has left to write must not be written during this one."""
    _sql("CHECKPOINT")


def _sql(statement: str, params: object = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


if __name__ == "__main__":
    main()
