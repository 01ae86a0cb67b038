"""Two accounts, in clear and in safe mode, each with reply rules that every push is held against: their keys."""

from __future__ import annotations

import json

import django

django.setup()

from bench.jobs import account  # noqa: E402 - after setup
from callbacks.models import Match, ReplyRule, Trigger  # noqa: E402
from wxcore.models import MessageMode, OfficialAccount  # noqa: E402

RULES = 20


def main() -> None:
    keys = {MessageMode.PLAINTEXT: account.create("http://127.0.0.1:9")}
    safe = OfficialAccount.objects.create(
        name="Safe",
        slug=account.SAFE_SLUG,
        appid=account.SAFE_APPID,
        secret=account.SECRET,
        token=account.TOKEN,
        aes_key=account.AES_KEY,
        message_mode=MessageMode.SAFE,
        api_base_url="http://127.0.0.1:9",
    )
    keys[MessageMode.SAFE] = safe.pk
    ReplyRule.objects.bulk_create(
        ReplyRule(
            account_id=key,
            name=f"{number}",
            position=number,
            trigger=Trigger.KEYWORD,
            match=Match.values[number % 3],
            words=f"关键词{number}\n价格{number}",
            text="答",
        )
        for key in keys.values()
        for number in range(RULES)
    )
    print(json.dumps(keys))


if __name__ == "__main__":
    main()
