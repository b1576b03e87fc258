"""Child processes that never outlive their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

PARENT = "DANGOL_PARENT"
SERVER = "DANGOL_SERVER"


def stop_with_parent() -> None:
    """In a child of `dangol up`: end when the parent is gone, even by kill -9."""
    os.environ[SERVER] = str(os.getpid())
    parent = os.environ.get(PARENT)
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


def stop_with_server() -> None:
    """In a worker process of web or live: end when the process that serves is gone."""
    server = os.environ.get(SERVER)
    if not server or os.getpid() == int(server):
        return

    def watch() -> None:
        while os.getppid() == int(server):
            time.sleep(0.2)
        os._exit(1)  # nobody is left to ask in order; the port must be free for the next

    threading.Thread(target=watch, daemon=True, name="server-watch").start()


def spawn(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start `dangol …` as a child in its own session: Ctrl-C reaches the parent only."""
    return subprocess.Popen(
        [sys.executable, "-m", "dangol", *arguments],
        env={**os.environ, **environment, PARENT: str(os.getpid())},
        start_new_session=True,
    )


def end(children: list[subprocess.Popen[bytes]], patience: float = 10) -> None:
    """Ask every child to stop, wait, and kill what does not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
