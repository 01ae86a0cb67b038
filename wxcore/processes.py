"""Several processes that live together: prefixed output, restart with back-off, a clean stop."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

STOP_SECONDS = 15.0
# Seconds before a process that died is started again, by how often it has died in a row.
BACKOFF = (0.5, 1, 2, 5, 10, 30)
STABLE_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """One child: its name in the output, its command, what its environment has besides ours, and what must be done
    when it had died and runs again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    on_restart: Callable[[], None] | None = None
    popen: subprocess.Popen[str] | None = None
    deaths: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None


class Supervisor:
    """Starts children and keeps them running until `stop`. They stop with it, even when it is killed (on Linux)."""

    def __init__(self) -> None:
        self._processes: list[Process] = []
        self._stopping = threading.Event()
        self._output = threading.Lock()

    def start(self, process: Process) -> None:
        self._processes.append(process)
        self._launch(process)

    def watch(self) -> None:
        """This will restart what dies, until `stop` is called from a signal handler or another thread."""
        while not self._stopping.wait(0.2):
            self.revive()

    def revive(self) -> None:
        """This will start again what has died, when its time has come."""
        for process in self._processes:
            if not process.is_running:
                self._revive(process)

    def stop(self) -> None:
        """This will end all children: SIGTERM, and SIGKILL for what is still there after a while."""
        self._stopping.set()
        running = [process.popen for process in reversed(self._processes) if process.popen and process.is_running]
        for popen in running:
            popen.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for popen in running:
            try:
                popen.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                popen.kill()
                popen.wait()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def request_stop(self, *_: object) -> None:
        """A signal handler: `watch` returns soon after."""
        self._stopping.set()

    def say(self, name: str, line: str) -> None:
        with self._output:
            sys.stdout.write(f"{name:>9} | {line.rstrip()}\n")
            sys.stdout.flush()

    def _launch(self, process: Process) -> None:
        process.started_at = time.monotonic()
        process.restart_at = 0.0
        process.popen = subprocess.Popen(  # noqa: S603 - our own commands
            process.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **process.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # a Ctrl-C is for us; we end the children in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        threading.Thread(target=self._relay, args=(process, process.popen), daemon=True).start()

    def _relay(self, process: Process, popen: subprocess.Popen[str]) -> None:
        assert popen.stdout is not None  # noqa: S101 - for the type checker: we asked for a pipe
        for line in popen.stdout:
            self.say(process.name, line)

    def _revive(self, process: Process) -> None:
        now = time.monotonic()
        if not process.restart_at:
            stable = now - process.started_at > STABLE_SECONDS
            process.deaths = 1 if stable else process.deaths + 1
            delay = BACKOFF[min(process.deaths, len(BACKOFF)) - 1]
            process.restart_at = now + delay
            code = process.popen.returncode if process.popen else None
            self.say(process.name, f"ended with {code}; starting again in {delay} s")
        elif now >= process.restart_at:
            self._launch(process)
            if process.on_restart is not None:
                process.on_restart()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """This will be a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
