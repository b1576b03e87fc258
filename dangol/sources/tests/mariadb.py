"""A real MariaDB of the test's own, unprivileged, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MISSING = shutil.which("mariadbd") is None and not Path("/usr/sbin/mariadbd").exists()
SERVER = shutil.which("mariadbd") or "/usr/sbin/mariadbd"


class Maria:
    """A server over one folder of data: it can be killed and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dangol-maria-", dir="/tmp"))
        self.user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        self.common = [f"--datadir={self.folder / 'data'}", f"--user={self.user}"]
        self.socket = str(self.folder / "s")
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *self.common],
            check=True, capture_output=True,
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        """Begin, or begin again after a crash; it answers then."""
        self.process = subprocess.Popen(
            [SERVER, "--no-defaults", *self.common, f"--socket={self.socket}", f"--pid-file={self.folder / 'pid'}", "--skip-networking",
             "--innodb-buffer-pool-size=32M", "--sql-mode="],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with self.connected():
            pass

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait(20)

    def connected(self) -> Any:
        """The administrator's connection, as soon as it answers."""
        import pymysql

        for _try in range(300):
            if self.process.poll() is not None:
                raise RuntimeError("MariaDB did not start")
            try:
                return pymysql.connect(unix_socket=self.socket, user="root", autocommit=True)
            except pymysql.err.OperationalError:
                time.sleep(0.1)
        raise TimeoutError("MariaDB did not answer")

    @property
    def reach(self) -> dict[str, Any]:
        """How its reader comes in, with the password s3cret."""
        return {"socket": self.socket, "user": "reader", "database": "others"}


@contextmanager
def mariadb_server() -> Iterator[Maria]:
    """A server with an empty database `others` while it is needed."""
    server = Maria()
    try:
        with server.connected() as admin:
            cursor = admin.cursor()
            cursor.execute("CREATE DATABASE others CHARACTER SET utf8mb4")
            cursor.execute("CREATE USER reader@localhost IDENTIFIED BY 's3cret'")
            cursor.execute("GRANT ALL ON others.* TO reader@localhost")
        yield server
    finally:
        server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def mariadb() -> Iterator[dict[str, Any]]:
    """How it is reached while it runs."""
    with mariadb_server() as server:
        yield server.reach
