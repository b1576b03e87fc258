"""dangol live: the live screens."""

from __future__ import annotations

import argparse

from dangol.core.processes import stop_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)


def run(options: argparse.Namespace) -> None:
    """Serve until told to stop: one process, one loop, thousands of open screens."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    stop_with_parent()
    Server(
        "dangol.config.asgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=4096,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()
