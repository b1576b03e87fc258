"""Versions of the lake: each a small file that names the data files which belong together.

A version is written beside, made durable, and given its name in one step that fails if the name is
taken; a reader opens one and keeps to its files, which are never changed, only removed once no
version names them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

FORMAT = 1
READ_MOST = 20
READ: dict[tuple[str, int, int], Manifest] = {}
"""Versions that this process has read, by name, inode and time of change: a page asks for one."""


class NoLake(LookupError):
    """There is no such version: nothing was copied yet, or it is no longer kept."""


class Damaged(RuntimeError):
    """A file of the lake is missing, cut short or altered."""


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file: what is in it, and the sum that it must still have."""

    path: str
    rows: int
    bytes: int
    checksum: str
    low: int
    high: int
    """Numbers of its first and last row."""
    earliest: str = ""
    latest: str = ""
    """The first and last moment or day in it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version did to a table: rows that came and rows that went (a correction is both)."""

    added: tuple[File, ...] = ()
    removed: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One table in one version; `changes` is None where everything has to be read again."""

    schema: tuple[tuple[str, str], ...]
    fingerprint: str
    files: tuple[File, ...] = ()
    changes: Changes | None = None
    customer: str = ""
    """The column that says whose row it is."""
    changed_in: int = 0
    """The version that last changed it; 0 until that has its number."""

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return sum(f.rows for f in self.files)

    @property
    def bytes(self) -> int:
        """Its size on disk."""
        return sum(f.bytes for f in self.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version."""

    version: int
    kind: str
    as_of: str
    """When the source was read: the lake holds what was committed by then."""
    token: str
    agreed: str
    """The database's token when this was made: what came between the two is a crash or a restore."""
    tables: dict[str, TableVersion] = field(default_factory=dict)

    @property
    def read_at(self) -> dt.datetime:
        """When the source was read."""
        return dt.datetime.fromisoformat(self.as_of)

    def files(self) -> Iterator[File]:
        """Every file that it names."""
        for table in self.tables.values():
            yield from table.files
            if table.changes:
                yield from table.changes.added
                yield from table.changes.removed


def root() -> Path:
    """The lake's folder."""
    return Path(settings.LAKE)


def folder() -> Path:
    """Where versions lie."""
    return root() / "versions"


def versions() -> list[int]:
    """The kept versions, oldest first."""
    if not folder().is_dir():
        return []
    names = (p.name for p in os.scandir(folder()))
    return sorted(int(n[:-5]) for n in names if n.endswith(".json") and n[:-5].isdigit())


def path_of(version: int) -> Path:
    """Where a version is written."""
    return folder() / f"{version:012}.json"


def load(version: int) -> Manifest:
    """A version; NoLake if it is not kept, Damaged if its text was altered."""
    path = path_of(version)
    try:
        seen = path.stat()
        mark = (str(path), seen.st_ino, seen.st_mtime_ns)
        if mark in READ:
            return READ[mark]
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NoLake(f"version {version} of the lake is not kept") from None
    body, _newline, checksum = text.rstrip("\n").rpartition("\n")
    if hashlib.sha256(body.encode()).hexdigest() != checksum:
        raise Damaged(f"version {version} of the lake is damaged")
    if len(READ) >= READ_MOST:
        READ.clear()
    READ[mark] = read(json.loads(body))
    return READ[mark]


def newest() -> Manifest:
    """The present version; NoLake where nothing was copied yet."""
    for version in reversed(versions()):
        try:
            return load(version)
        except NoLake:
            continue  # removed between listing and reading: an older one cannot be meant
    raise NoLake("nothing was copied into the lake yet")


def read(body: dict[str, Any]) -> Manifest:
    """A version from its JSON."""
    if body["format"] != FORMAT:
        raise NoLake(f"the lake was written in another format ({body['format']})")
    return Manifest(
        body["version"], body["kind"], body["as_of"], body["token"], body["agreed"],
        {name: table_of(table) for name, table in body["tables"].items()},
    )  # fmt: skip


def table_of(body: dict[str, Any]) -> TableVersion:
    """A table from its JSON."""
    changes = body["changes"] and Changes(
        *(tuple(File(*f) for f in body["changes"][side]) for side in ("added", "removed"))
    )
    return TableVersion(
        tuple((n, t) for n, t in body["schema"]), body["fingerprint"],
        tuple(File(*f) for f in body["files"]), changes, body["customer"], body["changed_in"],
    )  # fmt: skip


def written(manifest: Manifest) -> str:
    """A version as text: its JSON in one line, then the sum of that line."""

    def rows(files: tuple[File, ...]) -> list[tuple[Any, ...]]:
        return [dataclasses.astuple(f) for f in files]

    tables = {
        name: {
            "schema": t.schema, "fingerprint": t.fingerprint, "files": rows(t.files),
            "changes": t.changes and {
                "added": rows(t.changes.added), "removed": rows(t.changes.removed),
            },
            "customer": t.customer, "changed_in": t.changed_in,
        }
        for name, t in manifest.tables.items()
    }  # fmt: skip
    body = json.dumps(
        {
            "format": FORMAT, "version": manifest.version, "kind": manifest.kind,
            "as_of": manifest.as_of, "token": manifest.token, "agreed": manifest.agreed,
            "tables": tables,
        }
    )  # fmt: skip
    return f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n"


def publish(manifest: Manifest, *, instead: bool = False) -> None:
    """Make a version visible, whole or not at all; a version that is there already is refused."""
    folder().mkdir(parents=True, exist_ok=True)
    beside = folder() / f".{uuid.uuid4().hex}"
    try:
        with beside.open("w", encoding="utf-8") as out:
            out.write(written(manifest))
            out.flush()
            os.fsync(out.fileno())
        if instead:
            os.replace(beside, path_of(manifest.version))
        else:
            os.link(beside, path_of(manifest.version))
    finally:
        beside.unlink(missing_ok=True)
    sync(folder())


def sync(directory: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
