"""`manage.py account add|list|check`: official accounts from the shell."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wxcore import accounts
from wxcore.errors import OperatorError
from wxcore.models import Kind, MessageMode, OfficialAccount, TokenEndpoint

# Asked for, or read from these variables: an argument would stay in the shell's history and in the process list.
SECRETS = {
    "secret": ("WECHAT_SECRET", "AppSecret"),
    "token": ("WECHAT_TOKEN", "Callback token"),
    "aes_key": ("WECHAT_AES_KEY", "EncodingAESKey"),
}
MARKS = {accounts.Level.OK: "ok     ", accounts.Level.WARNING: "warning", accounts.Level.ERROR: "ERROR  "}


class Command(BaseCommand):
    help = "Add, list and check official accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        self._arguments_of_add(verbs.add_parser("add", help="add an account; secrets are asked for"))
        verbs.add_parser("list", help="list the accounts")
        verbs.add_parser("check", help="ask WeChat whether an account works").add_argument("slug", nargs="*")

    def _arguments_of_add(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name; the callback is /wechat/<short name>/")
        parser.add_argument("--name", help="as people call it (default: the short name)")
        parser.add_argument("--appid", required=True)
        parser.add_argument("--original-id", default="", help="gh_...")
        parser.add_argument("--kind", choices=Kind.values, default=Kind.SERVICE)
        parser.add_argument("--unverified", action="store_true", help="WeChat has not verified the account")
        parser.add_argument("--mode", choices=MessageMode.values, default=MessageMode.PLAINTEXT)
        parser.add_argument("--token-endpoint", choices=TokenEndpoint.values, default=TokenEndpoint.STABLE)
        parser.add_argument("--api-base-url", default=OfficialAccount._meta.get_field("api_base_url").default)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            {"add": self._add, "list": self._list, "check": self._check}[verb](**options)
        except OperatorError as error:
            raise CommandError(str(error)) from None

    def _add(self, slug: str, appid: str, mode: str, unverified: bool, **options: Any) -> None:
        account = OfficialAccount(
            slug=slug,
            name=options["name"] or slug,
            appid=appid,
            original_id=options["original_id"],
            kind=options["kind"],
            is_verified=not unverified,
            message_mode=mode,
            token_endpoint=options["token_endpoint"],
            api_base_url=options["api_base_url"],
            secret=self._ask("secret"),
            token=self._ask("token"),
            aes_key=self._ask("aes_key") if mode != MessageMode.PLAINTEXT else "",
        )
        try:
            account.full_clean()
        except ValidationError as error:
            lines = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
            raise CommandError("Not added.\n  " + "\n  ".join(lines)) from None
        account.save()
        self.stdout.write(f"Added {account.name}. In WeChat's server configuration enter {account.callback_path}")
        self.stdout.write(f"Next: manage.py account check {account.slug}")

    def _ask(self, field: str) -> str:
        variable, label = SECRETS[field]
        return os.environ.get(variable) or getpass.getpass(f"{label} (or set {variable}): ")

    def _list(self, **options: Any) -> None:
        rows = OfficialAccount.objects.order_by("slug")
        for account in rows:
            state = "" if account.is_active else "  (switched off)"
            self.stdout.write(f"{account.slug:<20} {account.kind:<13} {account.appid:<20} {account.name}{state}")
        if not rows:
            self.stdout.write("No account yet. Add one: manage.py account add SLUG --appid wx...")

    def _check(self, slug: list[str], **options: Any) -> None:
        chosen = OfficialAccount.objects.filter(slug__in=slug) if slug else OfficialAccount.objects.all()
        if missing := set(slug) - {account.slug for account in chosen}:
            raise CommandError(f"No account is called {', '.join(sorted(missing))}. See: manage.py account list")
        healthy = True
        for account in chosen:
            self.stdout.write(f"{account.name} ({account.slug})")
            healthy = self._report(account) and healthy
        if not healthy:
            raise CommandError("At least one account needs attention.")

    def _report(self, account: OfficialAccount) -> bool:
        try:
            findings = accounts.check(account)
        except OperatorError as error:
            self.stdout.write(f"  {MARKS[accounts.Level.ERROR]} {error}")
            return False
        for finding in findings:
            self.stdout.write(f"  {MARKS[finding.level]} {finding.subject}: {finding.message}")
            if finding.fix:
                self.stdout.write(f"          -> {finding.fix}")
        return all(finding.level is not accounts.Level.ERROR for finding in findings)
