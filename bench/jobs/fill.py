"""Fills the database with followers and tags, in SQL: `python -m bench.jobs.fill COUNT`.

`common` is worn by every tenth follower, `rare` by the first 50 rows, which every list shows last. Of the first
thousand rows every tenth has left. Everybody else follows.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from bench.jobs.account import create  # noqa: E402
from followers.models import Tag  # noqa: E402

FOLLOWERS = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < %(count)s)
INSERT INTO followers_follower
    (id, account_id, openid, unionid, subscribed, subscribe_time, confirmed_at, language, remark, subscribe_scene,
     qr_scene, qr_scene_str)
SELECT n, %(account)s, printf('oBench%%022d', n), '', n > 1000 OR n %% 10 <> 0, %(now)s, %(now)s, 'zh_CN', '',
       'ADD_SCENE_QR_CODE', '', '' FROM number
"""
TAGGINGS = """
INSERT INTO followers_tagging (tag_id, follower_id, confirmed_at)
SELECT %(tag)s, id, %(now)s FROM followers_follower WHERE {condition}
"""
CONDITIONS = {"common": "id %% 10 = 0", "rare": "id <= 50"}


def main() -> None:
    given = {"count": int(sys.argv[1]), "account": create("http://127.0.0.1:9"), "now": timezone.now()}
    tags = {}
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWERS, given)
        for number, (name, condition) in enumerate(CONDITIONS.items(), start=100):
            tag = Tag.objects.create(account_id=given["account"], tag_id=number, name=name)
            cursor.execute(TAGGINGS.format(condition=condition), given | {"tag": tag.pk})
            tags[name] = tag.pk
    print(json.dumps({"account": given["account"], "tags": tags}))


if __name__ == "__main__":
    main()
