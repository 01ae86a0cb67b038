from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from campaigns import importing
from campaigns.models import LibraryImport
from campaigns.models.library import OPEN
from wxcore.models import OfficialAccount
from wxcore.wechat import transport

RunImport = Callable[[], LibraryImport]

LIST = "/cgi-bin/material/batchget_material"
GET = "/cgi-bin/material/get_material"
DRAFTS = "/cgi-bin/draft/batchget"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def _retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats as often as ever, without the pauses."""
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def run_import(wechat_account: OfficialAccount) -> RunImport:
    """`run_import()` carries the open import, or a new one, as far as it goes, whenever it is due."""

    def run() -> LibraryImport:
        now = timezone.now()
        row = LibraryImport.objects.filter(account=wechat_account, status__in=OPEN).first()
        row = row or importing.request(wechat_account, by=None, now=now)
        importing.run(row, now=max(now, row.due_at))
        row.refresh_from_db()
        return row

    return run
