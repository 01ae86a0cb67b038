"""However many threads and processes start together, WeChat is asked for one token."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.simulator_control import Control
from tests.wechat.conftest import APPID, SECRET, Connect
from tests.wechat.host import TOKEN, Host
from tests.wechat.sqlite_token_store import SqliteTokenStore

ROOT = Path(__file__).resolve().parents[2]
TAGS = "/cgi-bin/tags/get"
PROCESS = """
import sys
from pathlib import Path
from tests.wechat.sqlite_token_store import SqliteTokenStore
from wxcore.wechat.client import Credentials, connect

url, appid, secret, path = sys.argv[1:]
with connect(Credentials(appid, secret, url), tokens=SqliteTokenStore(Path(path))) as wechat:
    print("ready", flush=True)
    sys.stdin.readline()
    wechat.tags.list()
    print("done")
"""


def test_sixteen_threads_fetch_one_token(host: Host, connect_to: Connect) -> None:
    wechat = connect_to(host.url, sleep=time.sleep)
    together = threading.Barrier(16)

    def call(_: int) -> int:
        together.wait(10)
        return len(wechat.tags.list())

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(call, range(16))) == [0] * 16
    assert (host.tokens_given, len(host.calls(TAGS))) == (1, 16)


def test_sixteen_threads_replace_a_rejected_token_once(host: Host, connect_to: Connect) -> None:
    wechat = connect_to(host.url, sleep=time.sleep)
    wechat.tags.list()
    host.revoked.add(TOKEN + "1")
    together = threading.Barrier(16)

    def call(_: int) -> int:
        together.wait(10)
        return len(wechat.tags.list())

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(call, range(16))) == [0] * 16
    assert host.tokens_given == 2


def test_eight_processes_fetch_one_token(control: Control, tmp_path: Path) -> None:
    control.account(APPID, secret=SECRET)
    path = tmp_path / "token.sqlite3"
    SqliteTokenStore(path)
    command = [sys.executable, "-c", PROCESS, control.url, APPID, SECRET, str(path)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    try:
        assert [process.stdout.readline() for process in started] == ["ready\n"] * 8
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=30)[0] for process in started] == ["done\n"] * 8
    finally:
        for process in started:
            process.kill()
            process.wait()
    counts = control.calls()["counts"]
    assert (counts["/cgi-bin/stable_token"], counts[TAGS]) == (1, 8)
