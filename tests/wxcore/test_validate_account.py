"""An account that could not work, or would give its secret away, is not accepted."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from wxcore.models import MessageMode, OfficialAccount

pytestmark = pytest.mark.django_db


def wrong(account: OfficialAccount, **fields: str) -> set[str]:
    """This will be the names of the fields that are refused after the change."""
    for name, value in fields.items():
        setattr(account, name, value)
    try:
        account.full_clean()
    except ValidationError as error:
        return set(error.message_dict)
    return set()


@pytest.mark.parametrize(
    "url",
    [
        "https://api.weixin.qq.com",
        "https://sh.api.weixin.qq.com",
        "https://proxy.example.com:8443/wechat",
        "http://127.0.0.1:8001",
        "http://localhost:8001",
        "http://[::1]:8001",
    ],
)
def test_these_addresses_are_safe(account: OfficialAccount, url: str) -> None:
    assert wrong(account, api_base_url=url) == set()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.weixin.qq.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "http://10.0.0.1",
        "https://",
        "ftp://127.0.0.1",
        "api.weixin.qq.com",
        "https://[broken",
        "https://api.weixin.qq.com:port",
        "https://user:pass@api.weixin.qq.com",
        "https://api.weixin.qq.com?x=1",
    ],
)
def test_these_addresses_are_refused(account: OfficialAccount, url: str) -> None:
    assert wrong(account, api_base_url=url) == {"api_base_url"}


@pytest.mark.parametrize("token", ["abc", "A" * 32, "0a9Z"])
def test_these_tokens_are_wechats(account: OfficialAccount, token: str) -> None:
    assert wrong(account, token=token) == set()


@pytest.mark.parametrize("token", ["ab", "A" * 33, "with-dash", "汉字汉字", "abc\n", ""])
def test_these_tokens_are_refused(account: OfficialAccount, token: str) -> None:
    assert wrong(account, token=token) == {"token"}


@pytest.mark.parametrize("key", ["A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "-"])
@pytest.mark.parametrize("field", ["aes_key", "previous_aes_key"])
def test_these_keys_are_refused(account: OfficialAccount, field: str, key: str) -> None:
    assert wrong(account, **{field: key}) == {field}


@pytest.mark.parametrize("mode", [MessageMode.COMPATIBLE, MessageMode.SAFE])
def test_encryption_needs_a_key(account: OfficialAccount, mode: MessageMode) -> None:
    assert wrong(account, message_mode=mode) == {"aes_key"}
    assert wrong(account, message_mode=mode, aes_key="A" * 43) == set()
