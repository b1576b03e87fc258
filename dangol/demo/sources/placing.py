"""The thirty databases put where they are read: folders of files, PostgreSQL, MariaDB, an endpoint."""

from __future__ import annotations

import csv
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
import xlsxwriter
from django.conf import settings
from django.db import connection

from dangol.demo.sources.cutting import Cut
from dangol.demo.sources.styles import columns_of, style_of, written
from dangol.sources.connecting.database import address

SCHEMA = "others"
Reached = tuple[str, dict[str, Any], str, str]
"""Connection, how it is reached, what is hidden, place."""


def kind_of(number: int, *, mariadb: bool, endpoint: bool) -> str:
    """How the n-th of thirty is kept."""
    if number < 20:
        return ("utf-8", "cp949", "xlsx", "utf-8")[number % 4]
    if number < 25:
        return "postgresql"
    if number < 29:
        return "mariadb" if mariadb else "postgresql"
    return "rest" if endpoint else "utf-8"


def put(number: int, cut: Cut, kind: str, maria: dict[str, Any], endpoint: str) -> Reached:
    """Write a database; how it is reached."""
    style = style_of(number, cut.database.birth)
    names = columns_of(style)
    rows = [written(row, style) for row in cut.rows]
    code = cut.database.code.lower()
    match kind:
        case "postgresql":
            reach, hidden = own_server()
            fill(sa.create_engine(address("postgresql", reach, hidden)), code, names, rows, SCHEMA)
            return "postgresql", reach, hidden, code
        case "mariadb":
            reach, hidden = (
                {k: v for k, v in maria.items() if k != "password"},
                maria.get("password", ""),
            )
            fill(sa.create_engine(address("mariadb", reach, hidden)), code, names, rows, None)
            return "mariadb", reach, hidden, code
        case "rest":
            write_json(code, names, rows)
            return (
                "rest",
                {"url": endpoint, "paths": code, "items": "items", "size": 1000},
                "",
                code,
            )
    folder = Path(settings.INBOX) / "demo" / code
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        write_workbook(folder / "customers.xlsx", names, rows)
    else:
        write_text(folder / "customers.csv", names, rows, kind)
    return "folder", {"folder": f"demo/{code}"}, "", "*"


def own_server() -> tuple[dict[str, Any], str]:
    """The company's own PostgreSQL, where a schema plays the other system."""
    said = connection.get_connection_params()
    host, port = str(said.get("host") or ""), str(said.get("port") or "5432")
    where = {"socket": host} if host.startswith("/") else {"host": host, "port": port}
    reach = {**where, "user": said.get("user", ""), "database": said["dbname"], "schema": SCHEMA}
    return reach, str(said.get("password") or "")


def fill(engine: sa.Engine, table: str, names: list[str], rows: list[list[str]], schema: str | None) -> None:  # fmt: skip
    """A table of texts, made anew."""
    meta = sa.MetaData()
    columns = [
        sa.Column(name, sa.String(300), primary_key=at == 0) for at, name in enumerate(names)
    ]
    made = sa.Table(table, meta, *columns, schema=schema)
    with engine.begin() as line:
        if schema:
            line.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        made.drop(line, checkfirst=True)
        made.create(line)
        found = [dict(zip(names, row, strict=True)) for row in rows]
        for at in range(0, len(found), 5000):
            line.execute(made.insert(), found[at : at + 5000])
    engine.dispose()


def write_text(path: Path, names: list[str], rows: list[list[str]], encoding: str) -> None:
    """A CSV file; what an old encoding cannot write is lost, as it was."""
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def write_workbook(path: Path, names: list[str], rows: list[list[str]]) -> None:
    """An XLSX file."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("고객")
        for number, row in enumerate([names, *rows]):
            sheet.write_row(number, 0, row)


def fixture(code: str) -> Path:
    """Where the endpoint's rows lie."""
    return Path(settings.VAR) / "demo" / f"{code}.json"


def write_json(code: str, names: list[str], rows: list[list[str]]) -> None:
    """The rows of the endpoint."""
    fixture(code).parent.mkdir(parents=True, exist_ok=True)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    fixture(code).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def serve(port: int) -> ThreadingHTTPServer:
    """The endpoint, in a thread of its own, on this machine only."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = fixture(parts.path.strip("/").replace("/", "_")[:40])
            asked = parse_qs(parts.query)
            size, page = int(asked.get("size", ["200"])[0]), int(asked.get("page", ["1"])[0])
            found = json.loads(path.read_text("utf-8")) if path.exists() else None
            items = {"items": found[(page - 1) * size : page * size]} if found is not None else {}
            body = json.dumps(items, ensure_ascii=False).encode()
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, name="demo-endpoint", daemon=True).start()
    return server
