"""`manage.py translations`: which of our strings have no Chinese, and which Chinese nobody uses."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "List strings without a Chinese translation and translations nobody uses; --compile writes django.mo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--compile", action="store_true", help="write django.mo from django.po, without GNU gettext"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """This will compile when asked to, then list what is missing and what is obsolete.

        Raises CommandError when anything is, so that a script can rely on the exit code.
        """
        try:
            from wxcore import translations
        except ModuleNotFoundError as error:
            if error.name != "polib":
                raise
            raise CommandError("polib is missing. Install requirements-dev.txt, then run this again.") from error

        if options["compile"]:
            self.stdout.write(f"Wrote {translations.compile_catalog()}")
        missing, obsolete = translations.compare()
        for message, places in missing.items():
            self.stdout.write(f"missing  {message.text!r} ({', '.join(places)})")
        for message in obsolete:
            self.stdout.write(f"obsolete {message.text!r}")
        if missing or obsolete:
            raise CommandError(f"{len(missing)} missing, {len(obsolete)} obsolete in {translations.catalog_path()}")
        self.stdout.write(self.style.SUCCESS("Every string is translated."))
