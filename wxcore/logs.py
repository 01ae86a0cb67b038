"""Logs that never show a secret."""

from __future__ import annotations

import logging
import re

# Anything that names itself a secret in a URL, in JSON or in a repr. urllib3 and requests log whole URLs, and the
# URL of every WeChat call carries the access_token.
_SECRET = re.compile(
    r"""(?P<name>\b(?:access_token|component_access_token|secret|appsecret|aes_?key|encoding_?aes_?key|password|ticket)\b
        ["']?\s*[=:]\s*["']?)(?P<value>[^\s"'&,}]+)""",
    re.IGNORECASE | re.VERBOSE,
)

# Our own API tokens, wherever they stand; their visible key stays.
_TOKEN = re.compile(r"\b(?P<shown>qf_[a-z0-9]{8}_)[\w-]{20,}")


def redact(text: str) -> str:
    """This will be `text` with the value of everything that names itself a secret replaced by three asterisks."""
    return _TOKEN.sub(r"\g<shown>***", _SECRET.sub(r"\g<name>***", text))


class RedactingFormatter(logging.Formatter):
    """Formats first, traceback included, and redacts the result: no argument can slip past."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
