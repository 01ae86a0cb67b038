"""Asks the site for pages, in this process: a path in, its milliseconds and its number of rows out."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"  # with the bench's addresses

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - after setup
from django.test import Client  # noqa: E402


def main() -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("bench"))
    for line in sys.stdin:
        path = json.loads(line)
        started = time.perf_counter()
        response = client.get(path)
        milliseconds = 1000 * (time.perf_counter() - started)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}")
        is_json = response.headers["Content-Type"] == "application/json"
        told = response.json() if is_json else {"results": response.context_data["cl"].result_list}
        print(json.dumps({"ms": milliseconds, "rows": len(told["results"]), "next": told.get("next")}), flush=True)


if __name__ == "__main__":
    main()
