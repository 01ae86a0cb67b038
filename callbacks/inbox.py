"""From a request to a stored callback: whose account, is it WeChat, is it readable.

This is the hot path: after a mass send WeChat pushes as fast as followers react. The accounts are remembered for a few
seconds, so that a push costs one statement.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from callbacks import replying, storing
from callbacks.models import Callback
from wxcore.errors import OperatorError
from wxcore.models import MessageMode, OfficialAccount
from wxcore.wechat import crypto, messages, replies

logger = logging.getLogger(__name__)

# Two deliveries of one push within this time are no repetition of WeChat's.
TWICE = dt.timedelta(seconds=2)
# A changed token or key counts after this many seconds in every process.
REMEMBER_SECONDS = 5.0


class UnknownAccount(OperatorError):
    code = "unknown_account"
    message = _("No active official account has this callback address.")
    fix = _("Compare the address in WeChat's server configuration with the account's callback address.")


class MissingParameter(OperatorError):
    code = "missing_parameter"
    message = _("The query lacks “%(name)s”.")
    fix = _("Only WeChat calls this address; look for a proxy that drops the query.")


class WrongSignature(OperatorError):
    code = "wrong_signature"
    message = _("The signature is wrong.")
    fix = _("Enter the same token here and in WeChat's server configuration.")


class Undecryptable(WrongSignature):
    """Signed, but not encrypted by a key or for the AppID that we know. Told to the log, never to who posted it."""

    code = "undecryptable"
    message = _("The message cannot be decrypted.")
    fix = _("Enter the same EncodingAESKey and AppID here and in WeChat's server configuration.")


class StaleTimestamp(OperatorError):
    code = "stale_timestamp"
    message = _("The request was signed too long ago, or in the future.")
    fix = _("Compare this server's clock with the time; CALLBACK_MAX_AGE_SECONDS says what is accepted.")


class Unreadable(OperatorError):
    code = "unreadable"
    message = _("The body is not a message of WeChat's.")
    fix = _("Compare message mode, EncodingAESKey and AppID with WeChat's server configuration.")


class TooLarge(OperatorError):
    code = "too_large"
    message = _("The body is larger than CALLBACK_MAX_BYTES.")
    fix = _("WeChat sends nothing of that size: somebody else does.")


@dataclass(frozen=True, slots=True)
class Letter:
    """A push that was let in: its plain body, its meaning, and the key that it was encrypted by, None in clear."""

    body: bytes
    push: messages.Push
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """`answer` is Callback.answer: what to say now, empty for nothing. A repetition is not new."""

    is_new: bool
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What the hot path needs of an account, decrypted."""

    account_id: int
    appid: str
    token: str
    encrypted: bool
    keys: tuple[bytes, ...]


_DIGITS = re.compile(r"[0-9]{1,11}")
_mailboxes: dict[str, tuple[float, Mailbox]] = {}
_lock = Lock()


def mailbox(slug: str) -> Mailbox:
    """This will be the mailbox of the active account with this slug. Raises UnknownAccount."""
    remembered = _mailboxes.get(slug)
    if remembered and remembered[0] > time.monotonic():
        return remembered[1]
    account = OfficialAccount.objects.filter(slug=slug, is_active=True).first()
    if account is None:
        raise UnknownAccount
    box = Mailbox(
        account_id=account.pk,
        appid=account.appid,
        token=account.token,
        encrypted=account.message_mode != MessageMode.PLAINTEXT,
        keys=tuple(crypto.decode_aes_key(key) for key in (account.aes_key, account.previous_aes_key) if key),
    )
    with _lock:
        _mailboxes[slug] = (time.monotonic() + REMEMBER_SECONDS, box)
    return box


def forget_mailboxes() -> None:
    """This will make a changed account count at once in this process."""
    with _lock:
        _mailboxes.clear()


def verify(
    box: Mailbox, query: dict[str, str], *, now: dt.datetime, name: str = "signature", ciphertext: str | None = None
) -> None:
    """This will check that WeChat signed the query, in constant time and not long ago.

    Raises MissingParameter, WrongSignature, StaleTimestamp.
    """
    if not _is_signed(box, query, name, ciphertext):
        raise WrongSignature
    _check_age(query["timestamp"], now)


def read(box: Mailbox, query: dict[str, str], body: bytes, *, now: dt.datetime) -> Letter:
    """This will verify, decrypt and parse a push.

    Raises MissingParameter, WrongSignature, Undecryptable, StaleTimestamp, Unreadable.
    """
    try:
        if not box.encrypted:
            verify(box, query, now=now)
            return Letter(body, messages.parse(body))
        # The plain fields of compatible mode are not covered by any signature: only the encrypted part counts.
        clear, key = _open(box, query, messages.encrypted_part(body))
        _check_age(query["timestamp"], now)
        return Letter(clear, messages.parse(clear), key)
    except messages.MalformedPush:
        raise Unreadable from None


def _is_signed(box: Mailbox, query: dict[str, str], name: str, ciphertext: str | None) -> bool:
    for required in (name, "timestamp", "nonce"):
        if not query.get(required):
            raise MissingParameter(name=required)
    parts = [box.token, query["timestamp"], query["nonce"]] + ([ciphertext] if ciphertext is not None else [])
    return crypto.signature_matches(query[name], *parts)


def _check_age(timestamp: str, now: dt.datetime) -> None:
    """A query that somebody has recorded cannot be used for ever. WeChat's own repetitions come within seconds."""
    limit = settings.CALLBACK_MAX_AGE_SECONDS
    if limit and not (_DIGITS.fullmatch(timestamp) and abs(now.timestamp() - int(timestamp)) <= limit):
        raise StaleTimestamp


def _open(box: Mailbox, query: dict[str, str], ciphertext: str) -> tuple[bytes, bytes]:
    """The message inside, and the key that opened it.

    Signature and keys are all tried before anything is decided: a stranger who could tell by answer or time which of
    them was wrong could read messages by guessing.
    """
    signed = _is_signed(box, query, "msg_signature", ciphertext)
    opened = [(body, key) for key in box.keys if (body := _decrypted(ciphertext, key, box.appid)) is not None]
    if not signed:
        raise WrongSignature
    if not opened:
        raise Undecryptable
    return opened[0]


def _decrypted(ciphertext: str, key: bytes, appid: str) -> bytes | None:
    try:
        return crypto.decrypt(ciphertext, key=key, appid=appid)
    except crypto.DecryptError:
        return None


def keep(box: Mailbox, letter: Letter, *, now: dt.datetime) -> Kept:
    """This will choose the answer to a push, and store both as a row before anything else is done with it."""
    push = letter.push
    key, answer = messages.dedup_key(push), _answer(box, push, now)
    row = {
        "account_id": box.account_id,
        "dedup_key": key,
        "openid": push.from_user[:64],
        "msg_type": push.msg_type[:32],
        "event": push.event[:64],
        "body": letter.body.decode(),
        "answer": answer,
        "pushed_at": dt.datetime.fromtimestamp(push.create_time, dt.UTC),
        "received_at": now,
        "due_at": now,
    }
    return Kept(True, answer) if storing.insert(row) else _kept_before(box, key, now)


def _answer(box: Mailbox, push: messages.Push, now: dt.datetime) -> dict[str, Any]:
    try:
        answer = replying.choose(box.account_id, push, now)
    except DatabaseError:
        raise  # so that WeChat repeats it
    except Exception:
        # A rule that breaks costs its answer, never the push.
        logger.exception("No answer for account %s", box.account_id)
        return {}
    return answer.as_json() if answer is not None else {}


def _kept_before(box: Mailbox, key: str, now: dt.datetime) -> Kept:
    """What was stored when WeChat sent it before."""
    known = Callback.objects.filter(account=box.account_id, dedup_key=key)
    received_at, answer = known.values_list("received_at", "answer").get()
    # WeChat repeats after five seconds, because our answer did not arrive. What comes sooner is the same delivery on
    # two ways, and the first of them brings the reply.
    return Kept(False, answer if now - received_at >= TWICE else {})


def reply(box: Mailbox, letter: Letter, answer: dict[str, Any], *, nonce: str, now: dt.datetime) -> bytes | None:
    """This will be the passive reply that an answer says, encrypted like the push; None when there is none."""
    if not answer or "later" in answer:
        return None
    push, at = letter.push, int(now.timestamp())
    body = replies.render(replies.restore(answer["kind"], answer), push, now=at)
    if letter.key is None:
        return body
    keys = {"key": letter.key, "token": box.token, "appid": box.appid}
    return replies.seal(body, **keys, timestamp=str(at), nonce=nonce, is_json=push.is_json)
