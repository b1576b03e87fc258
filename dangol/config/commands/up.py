"""dangol up: everything on one machine, stopped together."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from dangol.config import database, postgres
from dangol.core import processes

RESTART_AFTER = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; what to begin with."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("DANGOL_PORT", 8000)))
    parser.add_argument("--workers", type=int, default=1, help="web processes")
    parser.add_argument("--empty", action="store_true", help="no demo company on first start")
    parser.add_argument(
        "--play", action="store_true", help="agents and customers play by themselves"
    )


class Stop(Exception):
    """Somebody asked to stop."""


def run(options: argparse.Namespace) -> int:
    """Migrate, make the demo company on first start, then serve until told to stop."""
    from django.core.management import call_command

    lock = (database.var_folder() / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(
            "dangol: it is running from this folder already. Stop that, or give this one a folder"
            " of its own with DANGOL_VAR.",
            file=sys.stderr,
        )
        return 2
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask_to_stop)
    for port in (options.port, options.port + 1):
        if not free(options.host, port):
            print(
                f"dangol: port {port} of {options.host} is taken by another program."
                f" Stop that, or choose other ports: dangol up --port {port + 10}",
                file=sys.stderr,
            )
            return 2
    children: list[subprocess.Popen[bytes]] = []
    try:
        call_command("migrate", interactive=False, verbosity=0)
        if not options.empty:
            first_start()
        serve(options, children)
    except Stop:
        print("\n· stopping", flush=True)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_IGN)
        processes.end(children)
        if not os.environ.get("DATABASE_URL"):
            database.stop()  # also one that an earlier run, killed, left behind
        lock.close()
    return 0


def ask_to_stop(number: int, frame: FrameType | None) -> None:
    """A signal becomes an exception, so that whatever runs is left in order."""
    raise Stop


def free(host: str, port: int) -> bool:
    """Whether nobody listens there; a closing server is waited for."""
    for _ in range(20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return True
            except OSError:
                time.sleep(0.25)
    return False


def first_start() -> None:
    """Make the demo company when there is no company yet."""
    from dangol.places.models import Place

    if Place.objects.exists():
        return
    from dangol.demo.company import make_company

    print("· making the demo company (first start only)", flush=True)
    make_company(customers=20_000, seed=1, say=lambda line: print(f"  {line}", flush=True))


def serve(options: argparse.Namespace, children: list[subprocess.Popen[bytes]]) -> None:
    """Start the processes, say where, and start again whichever dies."""
    live_port = str(options.port + 1)
    environment = {"DANGOL_LIVE_PORT": live_port}
    host = ("--host", options.host)
    plans = [
        ("web", *host, "--port", str(options.port), "--workers", str(options.workers)),
        ("live", *host, "--port", live_port),
        ("work",),
    ]
    if options.play:
        plans.append(("demo", "--play"))
    for plan in plans:
        children.append(processes.spawn(*plan, **environment))
    address = (
        f"http://{'localhost' if options.host == '127.0.0.1' else options.host}:{options.port}"
    )
    wait_until_served(f"http://{options.host}:{options.port}/accounts/login/", children)
    welcome(address)
    while True:
        time.sleep(RESTART_AFTER)
        keep_database()
        for i, child in enumerate(children):
            if child.poll() is not None:
                print(f"· {plans[i][0]} ended ({child.returncode}); starting it again", flush=True)
                children[i] = processes.spawn(*plans[i], **environment)


def keep_database() -> None:
    """Start the embedded server again if it died; a server of yours is yours to keep."""
    if not database.will_start():
        return
    print("· PostgreSQL ended; starting it again", flush=True)
    try:
        postgres.restart(database.data_folder())
    except (OSError, subprocess.SubprocessError) as error:
        print(f"· PostgreSQL does not start yet ({error}); trying again", flush=True)


def wait_until_served(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until the sign-in page answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            if children[0].poll() is not None:
                raise SystemExit("dangol: the web process ended at once; see above.") from None
            time.sleep(0.2)


def welcome(address: str) -> None:
    """Say where it is, and who may come in."""
    from dangol.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, demo_accounts_exist
    from dangol.places.first_administrator import nobody_can_sign_in

    print(f"\nDangol is open at {address}   (Ctrl-C stops everything)\n")
    if demo_accounts_exist():
        print(f"Demo accounts, password {DEMO_PASSWORD}")
        for email, role in DEMO_ACCOUNTS.items():
            print(f"  {email:28} {role}")
    elif nobody_can_sign_in():
        print("Nobody can sign in yet. In another terminal make the first administrator:")
        print('  dangol admin you@example.com --name "Your name" --company "Your company"')
    print(flush=True)
