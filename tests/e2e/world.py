"""A world for faults: real processes on the tests' own database, so that a test writes and reads rows by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.utils import timezone

from callbacks.models import Callback, Message, MessageStatus
from callbacks.states import CallbackStatus
from campaigns import drafts, library
from campaigns.management.commands.demo import Api
from campaigns.models import Audience, Broadcast, Campaign, ListedOpenid, MsgType, RemoteDraft, RemoteMedia
from campaigns.states import BroadcastStatus
from followers.models import Follower
from tests.e2e import databases
from tests.e2e.fleet import Fleet, environment
from tests.simulator_control import Control
from wxcore.models import AccessToken, OfficialAccount
from wxcore.simulator import samples

PASSWORD = "of-the-world"
_numbers = count(1)


class World:
    """Web and workers, and as many accounts with followers as a test asks for; each account is a stranger to others."""

    def __init__(self, directory: Path, control: Control, **variables: str) -> None:
        self.control = control
        self.directory = directory
        self.environment = environment(directory, databases.url()) | {
            "SECRET_KEY": settings.SECRET_KEY,
            "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
            "MEDIA_ROOT": settings.MEDIA_ROOT,
            "STATICFILES_STORAGE": settings.STORAGES["staticfiles"]["BACKEND"],
            **variables,
        }
        self.fleet = Fleet(directory, self.environment)
        self._api: Api | None = None
        # A real hash: the web server checks the password as it does in production.
        password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
        self.user = User.objects.create(username="boss", password=password, is_staff=True, is_superuser=True)

    def start(self) -> None:
        self.fleet.start_web()

    def stop(self) -> None:
        self.fleet.stop()

    def account(self, followers: int, **options: object) -> OfficialAccount:
        """This will be a new account, at the simulator and mirrored here."""
        number = next(_numbers)
        account = OfficialAccount.objects.create(
            name=f"故障 {number}",
            slug=f"fault-{number}",
            appid=f"wxfault{number:011d}",
            secret="s" * 32,
            token="callbacktoken",
            original_id=f"gh_fault{number:07d}",
            api_base_url=self.control.url,
            allow_self_approval=True,
        )
        url = self.fleet.site + account.callback_path
        given = {"secret": "s" * 32, "token": "callbacktoken", "original_id": account.original_id, "callback_url": url}
        self.control.account(account.appid, **given | options)
        self.control.followers(account.appid, followers)
        Follower.objects.bulk_create(
            Follower(account=account, openid=openid, subscribed=True, confirmed_at=timezone.now())
            for openid in self.openids(account)
        )
        return account

    def send(self, campaign: Campaign) -> None:
        """This will press "send" in the API, as somebody who knows how many it goes to."""
        if self._api is None:
            self._api = Api(self.fleet.site, self.user.username, PASSWORD)
        heads = Follower.objects.filter(account=campaign.account_id, subscribed=True).count()
        self._api.post(f"campaigns/{campaign.pk}/send/", heads=heads)

    def openids(self, account: OfficialAccount) -> list[str]:
        """This will be everybody who follows the account, as WeChat has it."""
        found: list[str] = []
        while page := self.control.openids(account.appid, limit=1000, offset=len(found)):
            found += page
        return found

    def campaign(self, account: OfficialAccount, **columns: object) -> Campaign:
        """This will be a draft of a text to everybody."""
        given = {"name": "故障", "text": "你好，群发 👋", "audience": Audience.ALL}
        return Campaign.objects.create(account=account, **given | columns)

    def to_list(self, account: OfficialAccount) -> Campaign:
        """This will be a draft of a text to a list of everybody who follows."""
        campaign = self.campaign(account, audience=Audience.LIST)
        ListedOpenid.objects.bulk_create(ListedOpenid(campaign=campaign, openid=each) for each in self.openids(account))
        return campaign

    def article(self, account: OfficialAccount) -> Campaign:
        """This will be a draft of an article with a cover and a picture, to everybody."""
        cover, inside = (
            library.store_bytes(account, samples.picture(number), name=f"图{number}.png").asset for number in (1, 2)
        )
        content = {
            "title": "会员日",
            "author": "编辑部",
            "digest": "摘要",
            "body": f'<p>正文</p><p><img src="{inside.file_url}"></p>',
            "cover": cover.pk,
            "source_url": "",
            "need_open_comment": False,
            "only_fans_can_comment": False,
        }
        return self.campaign(account, msgtype=MsgType.MPNEWS, draft=drafts.create(account, None, [content]))

    def let_leases_run_out(self) -> None:
        """As if the dead had been dead for long."""
        now = timezone.now()
        Broadcast.objects.filter(status=BroadcastStatus.SUBMITTING).update(due_at=now)
        Broadcast.objects.filter(status=BroadcastStatus.PENDING, due_at__gt=now).update(due_at=now)
        AccessToken.objects.exclude(holder="").update(holder="", lease_until=0)
        for copies in (RemoteMedia, RemoteDraft):
            copies.objects.filter(lease_until__gt=now).update(lease_until=now)
        Callback.objects.filter(status=CallbackStatus.PROCESSING).update(due_at=now)
        under_way = Message.objects.filter(status__in=[MessageStatus.PENDING, MessageStatus.SUBMITTING])
        under_way.filter(due_at__gt=now).update(due_at=now)


class ForkedWorkers:
    """The workers of tests/e2e/crashing_worker.py, which tick by themselves."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._processes: list[int] = []
        self._numbers = count(1)
        with (world.directory / "crashing.log").open("ab") as log:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.crashing_worker"],
                env=world.environment | {"DJANGO_SETTINGS_MODULE": "wxcore.settings"},
                cwd=settings.BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self, *, clock: float = 0) -> None:
        """This will start a worker whose clock is so many seconds ahead."""
        self._fork(die_at="", log="", clock=clock)

    def start_watched(self, die_at: str) -> Path:
        """This will start a worker that dies at that step, and be where it writes its steps down."""
        log = self._world.directory / f"steps-{next(self._numbers)}"
        self._fork(die_at=die_at, log=str(log), clock=0)
        return log

    def _fork(self, **order: object) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        print(json.dumps(order), file=self._parent.stdin, flush=True)
        self._processes.append(int(self._parent.stdout.readline()))

    def alive(self) -> list[int]:
        return [process for process in self._processes if Path(f"/proc/{process}").exists()]

    def kill(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._processes.clear()

    def stop(self) -> None:
        self.kill()
        self._parent.kill()
        self._parent.wait(10)
