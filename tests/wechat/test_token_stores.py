"""Every store keeps the contract: of one process, of the tests, of all machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wechat.sqlite_token_store import SqliteTokenStore
from tests.wechat.token_store_contract import TokenStoreContract
from wxcore.models import OfficialAccount
from wxcore.tokens import DatabaseTokenStore
from wxcore.wechat.tokens import MemoryTokenStore, StoredToken


class TestMemoryTokenStore(TokenStoreContract):
    @pytest.fixture
    def store(self) -> MemoryTokenStore:
        return MemoryTokenStore()


class TestSqliteTokenStore(TokenStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> SqliteTokenStore:
        return SqliteTokenStore(tmp_path / "token.sqlite3")


@pytest.mark.django_db(transaction=True)
class TestDatabaseTokenStore(TokenStoreContract):
    @pytest.fixture
    def store(self, account: OfficialAccount) -> DatabaseTokenStore:
        return DatabaseTokenStore(account)


def test_a_token_is_not_in_its_repr() -> None:
    assert "s3cret" not in repr(StoredToken("s3cret", 1.0))
