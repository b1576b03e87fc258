"""What a file is that should be a table of text and is none, told by its first bytes."""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path
from typing import Any
from unicodedata import category

from django.utils.translation import gettext_noop

Told = tuple[str, dict[str, Any]]
"""A message id, and what fills it in."""

WORKBOOK = gettext_noop("“%(name)s” is no text but an Excel workbook. Give its name the ending .xlsx, or save the sheet as CSV.")  # fmt: skip
OLD_WORKBOOK = gettext_noop("“%(name)s” is an old Excel workbook (.xls), which is not read. Save it as .xlsx or as CSV.")  # fmt: skip
LOCKED = gettext_noop("“%(name)s” is locked with a password, so that nobody can read it here. Save it without one.")  # fmt: skip
OFFICE = gettext_noop("“%(name)s” is a document of an office program that is not read (such as .xlsb, .ods, .docx or .hwp). Save its table as .xlsx or as CSV.")  # fmt: skip
PACKED = gettext_noop("“%(name)s” is no text but a packed file (%(kind)s). Unpack it, and give what is in it.")  # fmt: skip
OTHER = gettext_noop("“%(name)s” is no table but a file of the kind %(kind)s. Export the data as CSV or .xlsx.")  # fmt: skip
WEB_PAGE = gettext_noop("“%(name)s” is no table but a web page (%(kind)s), perhaps one for signing in or about an error. Look where it is exported, and save the data as CSV or .xlsx.")  # fmt: skip
BINARY = gettext_noop("“%(name)s” is no text: it holds bytes that no text has. It may be damaged, encrypted by a security program, or of another kind; export the data as CSV or .xlsx.")  # fmt: skip
TEXT = gettext_noop("“%(name)s” is no workbook but text. Give its name the ending .csv.")

HEAD = 2**16
"""Bytes that are looked at."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = {
    b"PK\x03\x04": "ZIP", b"PK\x05\x06": "ZIP", b"PK\x07\x08": "ZIP", b"\x1f\x8b": "gzip", b"BZh91AY&SY": "bzip2",
    b"\xfd7zXZ\x00": "xz", b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "zstd",
    b"ALZ\x01": "ALZip", b"EGGA\x00": "ALZip",
}  # fmt: skip
OTHERS = {
    b"%PDF-": "PDF", b"{\\rtf": "RTF", b"PAR1\x15": "Parquet", b"SQLite format 3\x00": "SQLite",
    b"\x89PNG\r\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF89a": "GIF", b"\x7fELF": "ELF", b"MZ\x90": "EXE",
}  # fmt: skip
MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|table|meta|\?xml)\b", re.I)  # fmt: skip
SIGNS = bytes({*range(1, 9), *range(14, 27), *range(28, 32), 127})
"""Bytes that no text of ours has. Fields may be padded with NUL, and the end of a text be a SUB."""
MOST = 30
"""Of so many letters one may be such a sign."""


def other_than_text(path: Path) -> Told | None:
    """Why a file under the ending of a text is none; None for a text."""
    head = head_of(path)
    return by_first_bytes(path, head) or (named(path, BINARY) if is_binary(head) else None)


def other_than_workbook(path: Path) -> Told | None:
    """Why a file under the ending of a workbook is none; None for one, also for a damaged one."""
    head = head_of(path)
    told = by_first_bytes(path, head)
    if told:
        return None if told[0] == WORKBOOK or not zipfile.is_zipfile(path) and told[1].get("kind") == "ZIP" else told  # fmt: skip
    return None if is_blank(head) or is_binary(head) else named(path, TEXT)


def head_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with open(path, "rb") as file:
        return file.read(HEAD)


def named(path: Path, reason: str, **facts: Any) -> Told:
    """A refusal that names the file."""
    return reason, {"name": path.name[:100]} | facts


def by_first_bytes(path: Path, head: bytes) -> Told | None:
    """What a file is by the signature of its kind."""
    if head.startswith(OLE):
        return named(path, in_container(path))
    for start, kind in ARCHIVES.items():
        if head.startswith(start):
            reason = in_archive(path, head) if kind == "ZIP" else PACKED
            return named(path, reason, kind=kind) if reason == PACKED else named(path, reason)
    if head[257:262] == b"ustar":
        return named(path, PACKED, kind="tar")
    for start, kind in OTHERS.items():
        if head.startswith(start):
            return named(path, OTHER, kind=kind)
    if found := MARKUP.match(head):
        return named(path, WEB_PAGE, kind="XML" if found[1].lower() == b"?xml" else "HTML")
    return None


def in_archive(path: Path, head: bytes) -> str:
    """What a ZIP archive holds: a workbook, another document, or files."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return WORKBOOK if b"xl/" in head else PACKED  # cut off, or not written to its end
    if "xl/workbook.bin" in names:
        return OFFICE
    if any(name.startswith("xl/") for name in names):
        return WORKBOOK
    return OFFICE if names & {"[Content_Types].xml", "mimetype", "Contents/content.hpf"} else PACKED


def in_container(path: Path) -> str:
    """What a container of old office documents holds; workbooks with a password lie in one, too."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as said:
        if said.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            return LOCKED
        books = ("Workbook\0", "Book\0")
        return OLD_WORKBOOK if any(said.find(b.encode("utf-16-le")) >= 0 for b in books) else OFFICE


def is_blank(head: bytes) -> bool:
    """Whether nothing was written yet: room that a copy has taken in advance is all NUL."""
    return not head.strip(b"\0")


def is_binary(head: bytes) -> bool:
    """Whether these bytes are no text in any encoding that is read."""
    if is_blank(head):
        return False
    if encoding := wide(head):
        letters = head[: len(head) // 2 * 2].decode(encoding, "replace").replace("\0", "")
        odd = sum(category(c) in {"Cc", "Co", "Cn"} and c not in "\t\n\r\x0b\x0c" or c == "\ufffd" for c in letters)  # fmt: skip
        return odd * MOST > len(letters)
    said = head.replace(b"\0", b"")
    return (len(said) - len(said.translate(None, SIGNS))) * MOST > len(said)


def wide(head: bytes) -> str:
    """The encoding of a text of two bytes a letter; empty for every other."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    size = max(1, len(head[:4000]) // 2)
    even, odd = head[0:4000:2].count(0), head[1:4000:2].count(0)
    if max(even, odd) <= size * 0.3 or min(even, odd) * 2 >= max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"
