"""The account that every subject uses. As a program: create it, with the simulator of the first argument."""

from __future__ import annotations

import json
import sys

APPID = "wxbench0123456789a"
SECRET = "bench-secret"
TOKEN = "benchtoken"
SLUG = "bench"
SAFE_SLUG = "bench-safe"
SAFE_APPID = "wxbench0123456789b"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def create(api_base_url: str) -> int:
    """This will store the account and be its primary key."""
    from wxcore.models import OfficialAccount

    account = OfficialAccount.objects.create(
        name="Bench",
        slug=SLUG,
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        api_base_url=api_base_url,
        allow_self_approval=True,
    )
    return account.pk


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"account": create(sys.argv[1])}))
