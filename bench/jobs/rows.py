"""Fills the tables behind the API's lists, in SQL: `python -m bench.jobs.rows COUNT`. Of each, one row many times."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - after setup
from django.db.models import Model  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.jobs.account import create  # noqa: E402
from callbacks.models import Callback, Conversation, Message  # noqa: E402
from campaigns.models import Broadcast, Campaign, Recipient  # noqa: E402
from followers.models import Follower  # noqa: E402


def main() -> None:
    count, now = int(sys.argv[1]), timezone.now()
    account = create("http://127.0.0.1:9")
    campaign = Campaign.objects.create(account_id=account, name="Bench", text="Bench")
    broadcast = Broadcast.objects.create(account_id=account, campaign=campaign, position=1)
    follower = Follower.objects.create(account_id=account, openid=f"oBench{1:022d}", confirmed_at=now)
    talk = Conversation.objects.create(account_id=account, openid=follower.openid, last_message_at=now, preview="x")
    moments = {"account_id": account, "pushed_at": now, "received_at": now, "status": "processed"}
    callback = Callback.objects.create(dedup_key="1", openid=follower.openid, event="bench", body="<xml/>", **moments)
    message = Message.objects.create(conversation=talk, direction="in", kind="text", text="x", at=now, dedup_key="1")
    multiply(follower, count, openid="printf('oBench%%022d', n)")
    multiply(Recipient.objects.create(broadcast=broadcast, follower=follower), count, follower_id="n")
    multiply(campaign, count)
    multiply(broadcast, count, campaign_id="n", clientmsgid="printf('%%032d', n)")
    multiply(callback, count, dedup_key="n")
    multiply(message, count, dedup_key="n")
    multiply(talk, count, openid="printf('oBench%%022d', n)")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"account": account, "campaign": campaign.pk, "conversation": talk.pk}))


def multiply(row: Model, count: int, **others: str) -> None:
    """This will write the row again with the keys from 2 to `count`; `others` says in SQL what is different in each."""
    columns = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = ", ".join(others.get(column, f'source."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE number (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < %s) "  # noqa: S608
            f"INSERT INTO {table} (id, {names}) SELECT n, {values} FROM number, {table} source WHERE source.id = %s",
            [count, row.pk],
        )


if __name__ == "__main__":
    main()
