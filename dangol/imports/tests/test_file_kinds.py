"""A file that is no table of text is told by what it is."""

from __future__ import annotations

import gzip
import io
import random
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from dangol.imports import file_kinds
from dangol.imports.models import Import
from dangol.imports.tests.factories import uploaded

PEOPLE = "고객번호,이름\n1,김철수\n2,이영희\n"


def zipped(*names: str) -> bytes:
    """An archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return out.getvalue()


def a_workbook() -> bytes:
    """A real workbook."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["고객번호", "이름"])
    book.save(out)
    return out.getvalue()


def a_container(name: str) -> bytes:
    """What an old office document begins with, and the name of a stream."""
    return file_kinds.OLE + b"\0" * 600 + name.encode("utf-16-le") + b"\0" * 600


KINDS = {
    "zip": (zipped("people.csv"), file_kinds.PACKED, "ZIP"),
    "workbook": (a_workbook(), file_kinds.WORKBOOK, None),
    "half a workbook": (a_workbook()[:-200], file_kinds.WORKBOOK, None),
    "xlsb": (zipped("xl/workbook.bin"), file_kinds.OFFICE, None),
    "document": (zipped("[Content_Types].xml", "word/document.xml"), file_kinds.OFFICE, None),
    "ods": (zipped("mimetype", "content.xml"), file_kinds.OFFICE, None),
    "xls": (a_container("Workbook\0"), file_kinds.OLD_WORKBOOK, None),
    "locked": (a_container("EncryptedPackage"), file_kinds.LOCKED, None),
    "hwp": (a_container("HwpSummaryInformation"), file_kinds.OFFICE, None),
    "gzip": (gzip.compress(PEOPLE.encode()), file_kinds.PACKED, "gzip"),
    "tar": (b"people.csv".ljust(257, b"\0") + b"ustar\x0000", file_kinds.PACKED, "tar"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", file_kinds.OTHER, "PDF"),
    "html": (b"\r\n<!DOCTYPE html>\n<title>Sign in</title>\n", file_kinds.WEB_PAGE, "HTML"),
    "xml": (b'<?xml version="1.0"?>\n<Workbook/>\n', file_kinds.WEB_PAGE, "XML"),
    "random": (random.Random(1).randbytes(5000), file_kinds.BINARY, None),
    "numbers": (b"".join(n.to_bytes(4, "little") for n in range(3000)), file_kinds.BINARY, None),
}


@pytest.mark.parametrize("what", KINDS)
def test_what_is_no_text_is_named(tmp_path, what):
    content, reason, kind = KINDS[what]
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    assert file_kinds.other_than_text(path) == (reason, {"name": "people.csv"} | ({"kind": kind} if kind else {}))  # fmt: skip


TEXTS = {
    "utf-8": PEOPLE.encode(), "mark": PEOPLE.encode("utf-8-sig"), "cp949": PEOPLE.encode("cp949"),
    "utf-16": PEOPLE.encode("utf-16"), "utf-16-le": PEOPLE.encode("utf-16-le"),
    "utf-16-be": PEOPLE.encode("utf-16-be"), "hangul": ("이름\n" + "".join(map(chr, range(0xAC00, 0xD7A4))) + "\n").encode("utf-16"),
    "japanese": "番号,氏名\n1,山田\n".encode("shift_jis"), "empty": b"", "room": b"\0" * 4096,
    "padded": PEOPLE.encode() + b"\0" * 4096, "end": PEOPLE.encode() + b"\x1a",
    "signs": "번호,이름\n1,\x07이영희\x1b\n2,김\x00철수\n3,박민수 서울특별시 강남구\n".encode(),
    "less": b"<none>,x\n1,2\n",
}  # fmt: skip


@pytest.mark.parametrize("what", TEXTS)
def test_a_text_is_a_text(tmp_path, what):
    path = tmp_path / "people.csv"
    path.write_bytes(TEXTS[what])
    assert file_kinds.other_than_text(path) is None


@pytest.mark.parametrize(
    ("what", "reason"),
    [("workbook", None), ("half a workbook", None), ("random", None),
     ("xls", file_kinds.OLD_WORKBOOK), ("locked", file_kinds.LOCKED), ("zip", file_kinds.PACKED),
     ("html", file_kinds.WEB_PAGE)],
)  # fmt: skip
def test_what_is_no_workbook_is_named_too(tmp_path, what, reason):
    path = tmp_path / "people.xlsx"
    path.write_bytes(KINDS[what][0])
    told = file_kinds.other_than_workbook(path)
    assert (told and told[0]) == reason


def test_text_under_the_name_of_a_workbook_is_text(tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_text(PEOPLE)
    assert file_kinds.other_than_workbook(path) == (file_kinds.TEXT, {"name": "people.xlsx"})


@pytest.mark.parametrize("what", ["zip", "workbook", "xls", "gzip", "pdf", "random"])
def test_an_upload_says_what_it_is_and_keeps_nothing(db, what):
    with pytest.raises(ValidationError) as refusal:
        uploaded("customers", KINDS[what][0], name="고객.csv")
    assert "고객.csv" in str(refusal.value)
    assert not Import.objects.exists()
