"""`make screenshots`, or `python -m docs.screenshots [name ...]` for a few."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from docs.screenshots.table import LANGUAGES, SHOTS


def main(wanted: list[str]) -> None:
    """This will start the product, let its people work, take the pictures and drop those that nobody wants any more."""
    unknown = set(wanted) - {shot.name for shot in SHOTS}
    if unknown:
        sys.exit(f"No such picture: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="qunfa-screenshots-") as directory:
        # Before Django's settings are read: nothing here touches the data of this machine.
        os.environ |= {"DATA_DIR": directory, "DJANGO_SETTINGS_MODULE": "wxcore.settings"}
        from docs.screenshots import camera, product, story

        with product.running(Path(directory)) as started:
            names = story.tell(started)
            for file in camera.take(started, (shot for shot in SHOTS if not wanted or shot.name in wanted), names):
                print(f"{file.stat().st_size // 1000:>5} kB  {file.parent.name}/{file.name}", flush=True)
    known = {shot.file(language) for shot in SHOTS for language in LANGUAGES}
    for stale in {file for language in LANGUAGES for file in (SHOTS[0].file(language).parent).glob("*.png")} - known:
        stale.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
