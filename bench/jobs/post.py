"""Posts pushes as fast as the server answers, over keep-alive connections, and says how long it took.

    python -m bench.jobs.post PORT PATH COUNT SEED

Raw sockets, so that the driver takes as little of the machine as it can. `SEED` makes the pushes of this call its own.
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

from bench.jobs.account import TOKEN

CONNECTIONS = 16
CREATED = 1_750_000_000
PUSH = """<xml><ToUserName><![CDATA[gh_bench01234567]]></ToUserName>
<FromUserName><![CDATA[oBenchAdministrator000000000]]></FromUserName><CreateTime>{created}</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[MASSSENDJOBFINISH]]></Event><MsgID>{job}</MsgID>
<Status><![CDATA[send success]]></Status><TotalCount>100</TotalCount><FilterCount>80</FilterCount>
<SentCount>75</SentCount><ErrorCount>5</ErrorCount><CopyrightCheckResult><Count>0</Count><ResultList/>
<CheckState>0</CheckState></CopyrightCheckResult></xml>"""
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def request(path: str, port: int, number: int) -> bytes:
    """This will be one whole request, signed the way WeChat signs."""
    body = PUSH.format(created=CREATED, job=number).encode()
    timestamp, nonce = str(CREATED), str(number)
    signature = hashlib.sha1("".join(sorted((TOKEN, timestamp, nonce))).encode(), usedforsecurity=False).hexdigest()
    head = (
        f"POST {path}?signature={signature}&timestamp={timestamp}&nonce={nonce}&openid=oBench HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


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


def talk(port: int, requests: Sequence[bytes], gate: threading.Barrier) -> None:
    """This will make the requests one after the other. Raises RuntimeError when one is not answered with success."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gate.wait()
        for each in requests:
            connection.sendall(each)
            answered = answer(connection)
            if not (answered.startswith(b"HTTP/1.1 200") and answered.endswith(b"\r\n\r\nsuccess")):
                raise RuntimeError(answered[:500])


def main() -> None:
    port, path, count, seed = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    requests = [request(path, port, seed * count + number) for number in range(1, count + 1)]
    gate = threading.Barrier(CONNECTIONS + 1)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        talks = [pool.submit(talk, port, requests[start::CONNECTIONS], gate) for start in range(CONNECTIONS)]
        gate.wait()
        started = time.perf_counter()
        for done in talks:
            done.result()
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "request_bytes": len(requests[-1])}))


if __name__ == "__main__":
    main()
