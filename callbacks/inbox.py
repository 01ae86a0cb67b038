"""From a request to a stored callback: whose account, is it WeChat, is it readable.

This is the hot path: after a mass send WeChat pushes as fast as followers react. The accounts are remembered for a few
seconds, so that a push costs one statement.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from threading import Lock

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from callbacks.models import Callback
from wxcore.errors import OperatorError
from wxcore.models import MessageMode, OfficialAccount
from wxcore.wechat import crypto, messages

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


class Unreadable(OperatorError):
    code = "unreadable"
    message = _("The body is not a message of WeChat's.")
    fix = _("Compare message mode, EncodingAESKey and AppID with WeChat's server configuration.")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What the hot path needs of an account, decrypted."""

    account_id: int
    appid: str
    token: str
    encrypted: bool
    keys: tuple[bytes, ...]


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


def verify(box: Mailbox, query: dict[str, str], *, name: str = "signature", ciphertext: str | None = None) -> None:
    """This will check that WeChat signed the query, in constant time. Raises MissingParameter, WrongSignature."""
    for required in (name, "timestamp", "nonce"):
        if not query.get(required):
            raise MissingParameter(name=required)
    parts = [box.token, query["timestamp"], query["nonce"]] + ([ciphertext] if ciphertext is not None else [])
    if not crypto.signature_matches(query[name], *parts):
        raise WrongSignature


def read(box: Mailbox, query: dict[str, str], body: bytes) -> tuple[bytes, messages.Push]:
    """This will verify, decrypt and parse a push: its plain body and its meaning.

    Raises MissingParameter, WrongSignature, Unreadable.
    """
    try:
        if box.encrypted:
            # The plain fields of compatible mode are not covered by any signature: only the encrypted part counts.
            verify(box, query)
            ciphertext = messages.encrypted_part(body)
            verify(box, query, name="msg_signature", ciphertext=ciphertext)
            body = _decrypt(box, ciphertext)
        else:
            verify(box, query)
        return body, messages.parse(body)
    except messages.MalformedPush:
        raise Unreadable from None


def _decrypt(box: Mailbox, ciphertext: str) -> bytes:
    for key in box.keys:
        try:
            return crypto.decrypt(ciphertext, key=key, appid=box.appid)
        except crypto.DecryptError:
            continue  # the previous key comes second: messages may be under way when it changes
    raise Unreadable


def store(box: Mailbox, body: bytes, push: messages.Push, *, now: dt.datetime) -> bool:
    """This will store the push as a row. Answers False if WeChat has sent it before."""
    row = Callback(
        account_id=box.account_id,
        dedup_key=messages.dedup_key(push),
        openid=push.from_user[:64],
        msg_type=push.msg_type[:32],
        event=push.event[:64],
        body=body.decode("utf-8", "replace"),
        pushed_at=dt.datetime.fromtimestamp(push.create_time, dt.UTC),
        received_at=now,
        due_at=now,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError:
        # Only a repetition may be dropped; what else could not be stored must make WeChat repeat it.
        if not Callback.objects.filter(account=box.account_id, dedup_key=row.dedup_key).exists():
            raise
        return False
    return True
