from __future__ import annotations

import pytest

from tests.callbacks.sender import Sender
from wxcore.models import OfficialAccount


@pytest.fixture
def wechat(account: OfficialAccount) -> Sender:
    """WeChat, as it pushes to the account."""
    return Sender()


@pytest.fixture
def other_account(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t")
