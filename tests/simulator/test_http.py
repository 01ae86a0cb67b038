"""HTTP/1.1 as clients of all kinds speak it."""

import socket
from urllib.parse import urlsplit

import pytest

TOKENS = "/cgi-bin/stable_token"


@pytest.fixture
def talk(simulator):
    """Sends bytes, and reads until the server closes or `answers` answers have come."""
    address = urlsplit(simulator.url)

    def talking(*sent, answers=1):
        with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
            received = b""
            for piece in sent:
                connection.sendall(piece)
            while received.count(b"HTTP/1.1 ") < answers or not received.endswith((b"}", b"\r\n\r\n")):
                piece = connection.recv(65_536)
                if not piece:
                    break
                received += piece
        return received.decode()

    return talking


def get(path, *headers, version="HTTP/1.1"):
    return "\r\n".join([f"GET {path} {version}", "Host: x", *headers, "", ""]).encode()


def test_a_connection_serves_many_requests(talk):
    answer = talk(get("/_sim/state") * 3, answers=3)
    assert answer.count("HTTP/1.1 200 OK") == 3
    assert answer.count("Connection: keep-alive") == 3


@pytest.mark.parametrize(
    "request_bytes", [get("/_sim/state", "Connection: close"), get("/_sim/state", version="HTTP/1.0")]
)
def test_it_closes_when_asked(talk, request_bytes):
    answer = talk(request_bytes * 2, answers=2)
    assert answer.count("HTTP/1.1 200 OK") == 1
    assert "Connection: close" in answer


def test_a_body_may_come_in_chunks(talk):
    head = f"POST {TOKENS} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    answer = talk(head, b'9\r\n{"grant_t\r\n', b'8\r\nype":""}\r\n', b"0\r\n\r\n")
    assert '"errcode":40002' in answer


def test_a_client_may_ask_whether_to_send(talk):
    head = f"POST {TOKENS} HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode()
    answer = talk(head, b"{}", answers=2)
    assert answer.startswith("HTTP/1.1 100 Continue\r\n\r\n")
    assert '"errcode":40002' in answer


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ],
)
def test_nonsense_is_a_bad_request(talk, nonsense):
    assert talk(nonsense).startswith("HTTP/1.1 400 Bad Request")
