"""One sync of the bench's account, and how long it took and how much memory this process needed at most."""

from __future__ import annotations

import json
import resource
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after setup

from followers import services, sync  # noqa: E402
from followers.states import SyncStatus  # noqa: E402
from wxcore.models import OfficialAccount  # noqa: E402


def main() -> None:
    row = services.request_sync(OfficialAccount.objects.get(), now=timezone.now())
    started = time.perf_counter()
    sync.run(row, now=timezone.now())
    seconds = time.perf_counter() - started
    row.refresh_from_db()
    if row.status != SyncStatus.FINISHED:
        raise SystemExit(f"the sync is {row.status}: {row.error_message}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KB
    print(json.dumps({"seconds": seconds, "fetched": row.fetched, "peak_mb": peak}))


if __name__ == "__main__":
    main()
