"""The keys that a single machine makes for itself, and the printer of new ones: `python -m wxcore.keys`."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from cryptography.fernet import Fernet


class Secrets(NamedTuple):
    secret_key: str
    encryption_key: str


def generate() -> Secrets:
    return Secrets(secret_key=secrets.token_urlsafe(50), encryption_key=Fernet.generate_key().decode())


def load_or_create_secrets(path: Path) -> Secrets:
    """This will be the secrets kept in `path`, made at the first call.

    Several processes may start at once: the file is written aside and linked, so that exactly one set ever exists.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as aside:  # mode 0600
            json.dump(generate()._asdict(), aside)
        try:
            os.link(aside.name, path)
        except FileExistsError:
            # Another process was first: its keys count.
            return Secrets(**json.loads(path.read_text()))
        finally:
            os.unlink(aside.name)
    return Secrets(**json.loads(path.read_text()))


if __name__ == "__main__":
    new = generate()
    sys.stdout.write(f"SECRET_KEY={new.secret_key}\nENCRYPTION_KEYS={new.encryption_key}\n")
