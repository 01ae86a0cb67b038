"""`manage.py simulator`: prints where it is, and ends cleanly."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.simulator.conftest import APPID, SECRET

MANAGE = Path(__file__).parents[2] / "manage.py"


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, str(MANAGE), "simulator", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_is_told_to_stop(tmp_path, number):
    accounts = tmp_path / "accounts.json"
    seeded = {"appid": APPID, "secret": SECRET, "followers": 5, "tags": [{"name": "VIP", "share": 0.4}]}
    accounts.write_text(json.dumps([seeded]), "utf-8")
    running = start("--accounts", str(accounts))
    try:
        url = running.stdout.readline().rpartition(" ")[2].strip()
        state = requests.get(f"{url}/_sim/state", timeout=5).json()
        assert (state["accounts"][0]["appid"], state["accounts"][0]["followers"]) == (APPID, 5)
        assert [tag["count"] for tag in state["accounts"][0]["tags"]] == [0, 2]
    finally:
        running.send_signal(number)
        assert running.wait(10) == 0
    assert running.stderr.read() == ""


def test_a_bad_file_is_an_error(tmp_path):
    accounts = tmp_path / "accounts.json"
    accounts.write_text('[{"appid": "wx1", "kind": "toy"}]', "utf-8")
    running = start("--accounts", str(accounts))
    assert running.wait(20) == 1
    assert "kind is one of subscription, service, test" in running.stderr.read()
