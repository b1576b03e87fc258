"""Files that mean no good, or were treated badly on their way: name, content, what must come of it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator

GOOD = "고객번호,이름,휴대폰\nC1,김철수,010-1234-5678\nC2,이영희,010-2222-3333\n"
BOTH = ("이영희", "김철수")


def encodings() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """The same two people in every encoding, separator, quoting and line end."""
    for separator in (",", ";", "\t", "|"):
        for ending in ("\n", "\r\n", "\r"):
            for quoted in (False, True):
                rows = [line.split(",") for line in GOOD.splitlines()]
                mark = '"' if quoted else ""
                text = ending.join(
                    separator.join(f"{mark}{cell}{mark}" for cell in row) for row in rows
                )
                for encoding in (
                    "utf-8",
                    "utf-8-sig",
                    "cp949",
                    "euc-kr",
                    "utf-16",
                    "utf-16-le",
                    "utf-16-be",
                ):
                    yield (
                        f"{encoding} {separator!r} {ending!r} {quoted}",
                        text.encode(encoding),
                        BOTH,
                    )


def oddities() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Single traps; the people who must come through."""
    yield "decomposed Hangul", unicodedata.normalize("NFD", GOOD).encode(), BOTH
    yield "title lines above", ("고객 명부,,\n2026년 3월,,\n" + GOOD).encode(), BOTH
    yield "lost leading zero", GOOD.replace("010-1234-5678", "1012345678").encode(), BOTH
    yield (
        "full-width digits",
        GOOD.replace("010-1234-5678", "０１０－１２３４－５６７８").encode(),
        BOTH,
    )
    yield "NUL in a name", GOOD.replace("김철수", "김\x00철수").encode(), ("이영희", "김 철수")
    yield "control characters", GOOD.replace("이영희", "\x07이영희\x1b").encode(), BOTH
    yield "blank lines", GOOD.replace("\n", "\n\n,,\n").encode(), BOTH
    yield "trailing separators", GOOD.replace("\n", ",,,\n").encode(), BOTH
    yield "10 MB cell", (GOOD + f"C3,{'가' * 3_500_000},\n").encode(), BOTH
    yield "10 MB line of cells", (GOOD + "C3" + ",x" * 5_000_000 + "\n").encode(), BOTH
    yield "10 MB without a line end", GOOD.encode() + b"x" * 10_000_000, BOTH
    yield "unclosed quote at the end", (GOOD + 'C3,"박민수,010').encode(), BOTH
    yield "bytes of another encoding", GOOD.encode() + b"C3," + b"\xff\xfe\xfa,\n", BOTH
    yield "too many cells", (GOOD + "C3,박민수,010-9999-8888,x,y,z\n").encode(), BOTH
    yield "row too short", (GOOD + "C3\n").encode(), BOTH
    yield "duplicate keys", (GOOD + "C1,다른이,\nC2,다른이,\n").encode(), BOTH
    yield "a name too long", (GOOD + f"C3,{'가' * 121},\n").encode(), BOTH
    yield "registration number", (GOOD + "C3,김 900101-1234567,\n").encode(), BOTH
    yield "bidirectional marks", GOOD.replace("이영희", "\u202e이영희\u202c").encode(), BOTH
    yield "byte order mark twice", b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode(), BOTH
    yield (
        "headings twice",
        GOOD.replace("휴대폰", "휴대폰,휴대폰").replace("5678", "5678,").encode(),
        ("김철수",),
    )
    yield (
        "date out of range",
        GOOD.replace("휴대폰", "생년월일")
        .replace("010-1234-5678", "9999-99-99")
        .replace("010-2222-3333", "1990-01-01")
        .encode(),
        ("이영희",),
    )
    for risky in "=+-@":
        name = f"{risky}cmd|' /C calc'!A0"
        yield f"formula {risky}", (GOOD + f"C3,{name},12\n").encode(), BOTH


def workbook(rows: list[list[object]]) -> bytes:
    """An XLSX file."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, change: dict[str, bytes]) -> bytes:
    """A workbook with parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">%s]>'
LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha" * 100) for n in range(9)
)


def workbooks() -> Iterator[tuple[str, bytes, tuple[str, ...] | None]]:
    """Workbooks; None where the file must be refused as a whole."""
    rows = [
        ["고객번호", "이름", "휴대폰"],
        ["C1", "김철수", 1012345678],
        ["C2", "이영희", "010-2222-3333"],
    ]
    good = workbook(rows)
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(good)) as book:
        xml = book.read(sheet)
    body = xml[xml.index(b"<worksheet") :]
    yield "good workbook", good, BOTH
    yield "leading blank rows", workbook([[], [], *rows]), BOTH
    yield (
        "external entity",
        repacked(good, {sheet: ENTITY % b"" + body.replace(b"1012345678", b"&e;")}),
        BOTH,
    )
    yield (
        "billion laughs",
        repacked(good, {sheet: ENTITY % LAUGHS + body.replace(b"1012345678", b"&l8;")}),
        ("이영희",),
    )
    yield "archive bomb", repacked(good, {"xl/media/x.bin": b"\0" * 200_000_000}), None
    yield (
        "bomb of shared strings",
        repacked(
            good,
            {
                "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                + b"<si><t>a</t></si>" * 12_000_000
                + b"</sst>"
            },
        ),
        None,
    )
    yield "cut in the middle", good[: len(good) // 2], None
    yield "a zip that is no workbook", repacked(good, {}).replace(b"xl/", b"yl/"), None
    yield "no zip at all", b"PK\x03\x04" + b"x" * 1000, None
    yield "empty sheet", workbook([]), None
