"""Posts pushes as fast as the server answers, over keep-alive connections, and says how long it took.

    python -m bench.jobs.post PORT PATH COUNT SEED MODE

Raw sockets, so that the driver takes as little of the machine as it can. `SEED` makes the pushes of this call its own;
MODE is plaintext or safe.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.jobs.account import AES_KEY, SAFE_APPID, TOKEN
from wxcore.wechat import crypto

KEY = crypto.decode_aes_key(AES_KEY)

CONNECTIONS = 16
FOLLOWERS = 1000
PUSH = """<xml><ToUserName><![CDATA[gh_bench01234567]]></ToUserName>
<FromUserName><![CDATA[oBenchFollower{follower:014d}]]></FromUserName><CreateTime>{created}</CreateTime>
<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好，请问{number}号店周末几点开门？]]></Content><MsgId>{number}</MsgId></xml>"""
ENVELOPE = """<xml><ToUserName><![CDATA[gh_bench01234567]]></ToUserName><Encrypt><![CDATA[{secret}]]></Encrypt></xml>"""
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def request(path: str, port: int, number: int, mode: str) -> bytes:
    """This will be one whole request, signed and encrypted the way WeChat does it."""
    created = str(int(time.time()))
    body, nonce = PUSH.format(created=created, number=number, follower=number % FOLLOWERS), str(number)
    query = f"signature={_sign(created, nonce)}&timestamp={created}&nonce={nonce}&openid=oBench"
    if mode == "safe":
        secret = crypto.encrypt(body.encode(), key=KEY, appid=SAFE_APPID)
        query += f"&encrypt_type=aes&msg_signature={_sign(created, nonce, secret)}"
        body = ENVELOPE.format(secret=secret)
    sent = body.encode()
    head = (
        f"POST {path}?{query} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nContent-Type: text/xml\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted((TOKEN, *parts))).encode(), usedforsecurity=False).hexdigest()


def answer(connection: socket.socket) -> bytes:
    """This will be the next answer: status line, headers and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    missing = int(length.group(1)) - len(body) if length else 0
    while missing > 0:
        more = _some(connection)
        missing -= len(more)
        received += more
    return received


def _some(connection: socket.socket) -> bytes:
    if not (some := connection.recv(65536)):
        raise ConnectionError("the server hung up")
    return some


def talk(port: int, requests: Sequence[bytes], gate: threading.Barrier) -> list[float]:
    """This will make the requests one after the other, and be how many seconds each took.

    Raises RuntimeError when one is not answered with success.
    """
    taken = []
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gate.wait()
        for each in requests:
            started = time.perf_counter()
            connection.sendall(each)
            answered = answer(connection)
            if not (answered.startswith(b"HTTP/1.1 200") and answered.endswith(b"\r\n\r\nsuccess")):
                raise RuntimeError(answered[:500])
            taken.append(time.perf_counter() - started)
    return taken


def main() -> None:
    port, path, count, seed, mode = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    requests = [request(path, port, seed * count + number, mode) for number in range(1, count + 1)]
    gate = threading.Barrier(CONNECTIONS + 1)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        talks = [pool.submit(talk, port, requests[start::CONNECTIONS], gate) for start in range(CONNECTIONS)]
        gate.wait()
        started = time.perf_counter()
        taken = sorted(each for done in talks for each in done.result())
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "p99": taken[len(taken) * 99 // 100]}))


if __name__ == "__main__":
    main()
