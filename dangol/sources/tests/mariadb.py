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


@contextmanager
def mariadb() -> Iterator[dict[str, Any]]:
    """How it is reached, with an empty database `others` and the password s3cret, while it runs."""
    folder = Path(tempfile.mkdtemp(prefix="dangol-maria-", dir="/tmp"))
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    data, socket = folder / "data", folder / "s"
    common = [f"--datadir={data}", f"--user={user}"]
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *common],
        check=True, capture_output=True,
    )  # fmt: skip
    server = subprocess.Popen(
        [SERVER, "--no-defaults", *common, f"--socket={socket}", f"--pid-file={folder / 'pid'}", "--skip-networking",
         "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--sql-mode="],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        prepare(str(socket), server)
        yield {"socket": str(socket), "user": "reader", "database": "others", "process": server.pid}
    finally:
        server.kill()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(socket: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until it answers; make the database and its reader."""
    import pymysql

    for _try in range(300):
        if server.poll() is not None:
            raise RuntimeError("MariaDB did not start")
        try:
            with pymysql.connect(unix_socket=socket, user="root", autocommit=True) as admin:
                cursor = admin.cursor()
                cursor.execute("CREATE DATABASE others CHARACTER SET utf8mb4")
                cursor.execute("CREATE USER reader@localhost IDENTIFIED BY 's3cret'")
                cursor.execute("GRANT ALL ON others.* TO reader@localhost")
            return
        except pymysql.err.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("MariaDB did not answer")
