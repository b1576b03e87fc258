"""A small system that hands out its rows over HTTP, page by page, to those who know the token."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Mishap = Callable[[int], dict[str, Any]]
"""What is wrong with a page by its number: status, cut, shows (another page), size."""


@contextmanager
def endpoint(
    objects: list[dict[str, Any]], *, token: str, mishap: Mishap = lambda number: {}
) -> Iterator[str]:
    """Its address while it runs; a mishap says what goes wrong with a page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if self.headers.get("Authorization") != token:
                return self.say(401, {})
            if parts.path != "/people":
                return self.say(404, {})
            asked = parse_qs(parts.query)
            size = int(asked.get("size", ["500"])[0])
            number = int(asked.get("page", ["1"])[0])
            wrong = mishap(number)
            size, shown = wrong.get("size", size), wrong.get("shows", number)
            items = objects[(shown - 1) * size : shown * size]
            body = {"data": {"items": items, "total": len(objects)}}
            return self.say(wrong.get("status", 200), body, wrong.get("cut", ""))

        def say(self, status: int, body: Any, cut: str = "") -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            if cut != "silently":
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text[: len(text) // 2] if cut else text)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
