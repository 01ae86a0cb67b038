from __future__ import annotations

import pytest

from tests.callbacks.sender import Sender
from wxcore.models import OfficialAccount


@pytest.fixture
def wechat(account: OfficialAccount) -> Sender:
    """WeChat, as it pushes to the account."""
    return Sender()
