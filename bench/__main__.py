"""`python -m bench`: measure, print, write."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wxcore.settings")

from django.conf import settings

from bench import api, bodies, callbacks, freeze, lists, report, segments, sync, tick
from bench.place import NoServer, Place
from bench.scale import FULL, QUICK, Scale

SUBJECTS = {
    "sync": sync.measure,
    "callbacks": callbacks.measure,
    "lists": lists.measure,
    "api": api.measure,
    "bodies": bodies.measure,
    "freeze": freeze.measure,
    "tick": tick.measure,
    "segments": segments.measure,
}


def main() -> int:
    options = _parser().parse_args()
    unknown = set(options.only) - set(SUBJECTS)
    if unknown:
        sys.exit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}.")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.DATA_DIR) as directory:
        rows = _measure(Path(directory), options.only, QUICK if options.quick else FULL)
    path = settings.DATA_DIR / "bench.json"
    report.write(rows, path, quick=options.quick)
    print(f"\n{report.table(rows)}\n\n{path}")
    return int(options.strict and not all(row.holds for row in rows))


def _measure(directory: Path, subjects: list[str], scale: Scale) -> list[report.Row]:
    place = Place(directory)
    place.migrate()
    rows: list[report.Row] = []
    for name in subjects:
        started = time.monotonic()
        try:
            rows += SUBJECTS[name](place, scale)
        except NoServer as reason:
            print(f"{name}: left out, {reason}", file=sys.stderr)
            continue
        print(f"{name}: measured in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Is it fast enough? See docs/speed.md.")
    names = ",".join(SUBJECTS)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(SUBJECTS), help=f"some of {names}")
    parser.add_argument("--quick", action="store_true", help="small tables, few rounds: seconds instead of minutes")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bound does not hold")
    return parser


if __name__ == "__main__":
    sys.exit(main())
