"""A machine makes its own secrets once, however many processes start together."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.fernet import Fernet

from wxcore.keys import Secrets, load_or_create_secrets


def test_they_are_kept(tmp_path: Path) -> None:
    made = load_or_create_secrets(tmp_path / "secrets.json")

    assert load_or_create_secrets(tmp_path / "secrets.json") == made
    assert len(made.secret_key) >= 50
    Fernet(made.encryption_key)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    load_or_create_secrets(tmp_path / "secrets.json")

    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_many_at_once_agree(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def load(_: int) -> Secrets:
        together.wait(10)
        return load_or_create_secrets(tmp_path / "secrets.json")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
