"""The whole product in processes and a data folder of its own: `dangol up`, killed and started at will."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import psycopg

RUN = [sys.executable, "-m", "dangol"]


def free_port() -> int:
    """A port with its neighbour free: the live process listens next door."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Stack:
    """A running product with a small demo company; the database is as durable as in production."""

    def __init__(
        self, *, customers: int, seed: int = 7, up: tuple[str, ...] = (), **environment: str
    ):
        self.folder = Path(tempfile.mkdtemp(prefix="dangol-stack-"))
        self.folder.chmod(0o755)
        self.port, self.arguments = free_port(), up
        self.environment = {**os.environ, "DANGOL_VAR": str(self.folder), **environment}
        for name in ("DATABASE_URL", "DANGOL_POSTGRES_CONF", "DANGOL_TEST_VAR"):
            self.environment.pop(name, None)
        self.log = (self.folder / "up.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self.command("demo", "--customers", str(customers), "--seed", str(seed))

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """The address of its database."""
        return f"postgresql://postgres@/postgres?host={self.folder / 'postgres'}"

    def command(self, *arguments: str) -> str:
        """Run `dangol …` beside it; what it printed."""
        done = subprocess.run(
            [*RUN, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    def value(self, query: str) -> Any:
        """The first value of a query's first row."""
        with psycopg.connect(self.database) as line:
            row = line.execute(query).fetchone()
        assert row is not None
        return row[0]

    def until(self, query: str, want: Any, patience: float = 120) -> None:
        """Wait for the product's own worker, until a query answers what it shall."""
        end = time.monotonic() + patience
        while (found := self.value(query)) != want:
            assert time.monotonic() < end, f"{query}: {found}; {self.said()}"
            time.sleep(0.5)

    def start(self, patience: float = 60) -> float:
        """`dangol up`; the seconds until web and live answer."""
        began = time.monotonic()
        command = [*RUN, "up", "--port", str(self.port), *self.arguments]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=self.log, stderr=self.log
        )
        self.wait(patience)
        return time.monotonic() - began

    def wait(self, patience: float = 60) -> float:
        """Until web (with its database) and live answer; the seconds it took."""
        began = time.monotonic()
        for url in (f"{self.address}/health/", f"http://127.0.0.1:{self.port + 1}/live/health"):
            while not answers(url):
                assert self.process and self.process.poll() is None, self.said()
                assert time.monotonic() - began < patience, self.said()
                time.sleep(0.1)
        return time.monotonic() - began

    def said(self) -> str:
        """The end of its log."""
        return (self.folder / "up.log").read_text("utf-8", "replace")[-4000:]

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Its processes by what they do: up, web, live, work, demo, and postgres with its own."""
        found: dict[str, list[psutil.Process]] = {"postgres": self.postmasters()}
        if self.process and self.process.poll() is None:
            up = psutil.Process(self.process.pid)
            found["up"] = [up]
            for child in up.children():
                with contextlib.suppress(psutil.Error):
                    found.setdefault(child.cmdline()[3], []).append(child)
        return found

    def postmasters(self) -> list[psutil.Process]:
        """The server of its data folder, if one lives."""
        try:
            lines = (self.folder / "postgres" / "postmaster.pid").read_text().splitlines()
            return [psutil.Process(int(lines[0]))]
        except (OSError, IndexError, psutil.NoSuchProcess):
            return []

    def kill(self, role: str, *, family: bool = True) -> int:
        """kill -9 of every process of a role, with its children as a crash of the machine would."""
        killed = 0
        for process in self.processes().get(role, []):
            with contextlib.suppress(psutil.Error):
                family_of = process.children(recursive=True) if family else []
                for one in (process, *family_of):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        one.kill()
                        killed += 1
        return killed

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def remove(self) -> None:
        """Stop it and remove its data."""
        self.stop()
        for process in self.postmasters():
            process.terminate()
            process.wait(30)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def answers(url: str) -> bool:
    """Whether this address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
