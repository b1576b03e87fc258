"""A system that takes webhooks: checks signatures as the Standard Webhooks scheme says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What arrived, and what is answered."""

    address: str = ""
    secret: str = ""
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers; then 200."""
    got: list[tuple[str, Any]] = field(default_factory=list)
    wrong: int = 0

    def take(self, headers: Any, body: bytes) -> int:
        """The status for a message; only well signed ones are kept."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if headers["webhook-signature"] != f"v1,{expected}":
            self.wrong += 1
            return 401
        status = self.answers.pop(0) if self.answers else 200
        self.got.append((headers["webhook-id"], json.loads(body)))
        return status


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver while it runs."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(found.take(self.headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
