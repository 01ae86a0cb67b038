"""`manage.py apitoken USERNAME`: a token of the API from the shell, for scripts that set a machine up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wxcore import apitokens
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount, Scope


class Command(BaseCommand):
    help = "Make an API token and print its secret, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose rights it has")
        parser.add_argument("--name", required=True, help="which program it is for")
        parser.add_argument("--scope", action="append", choices=Scope.values, required=True, help="may be repeated")
        parser.add_argument("--account", action="append", metavar="SLUG", help="may be repeated; without it: all")
        parser.add_argument("--days", type=int, default=apitokens.USUAL_LIFE.days)

    def handle(self, *args: Any, username: str, name: str, scope: list[str], **options: Any) -> None:
        owner = get_user_model().objects.filter(username=username).first()
        if owner is None:
            raise CommandError(f"There is nobody called {username}.")
        now = timezone.now()
        until = now + dt.timedelta(days=options["days"])
        accounts = self._accounts(options["account"])
        try:
            _token, secret = apitokens.issue(
                owner, name=name, scopes=scope, accounts=accounts, expires_at=until, now=now
            )
        except OperatorError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(str(secret))

    def _accounts(self, slugs: list[str] | None) -> list[OfficialAccount] | None:
        if slugs is None:
            return None
        found = list(OfficialAccount.objects.filter(slug__in=slugs))
        if missing := set(slugs) - {account.slug for account in found}:
            raise CommandError(f"There is no account {', '.join(sorted(missing))}.")
        return found
