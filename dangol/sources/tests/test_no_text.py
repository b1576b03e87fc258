"""A file that is no table of text fails at once, by its right name, wherever somebody meets it."""

from __future__ import annotations

import os
import random
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from dangol.customers.models import SourceRecord
from dangol.sources.actions import choose_place
from dangol.sources.connecting.folder import SETTLED
from dangol.sources.connections import connect_source
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran

pytestmark = pytest.mark.django_db


def a_workbook(path: Path) -> None:
    """Three people in a sheet."""
    book = openpyxl.Workbook()
    for row in [HEADINGS, *PEOPLE]:
        book.active.append(row)
    book.save(path)


def an_archive(path: Path) -> None:
    """Three people, packed."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "".join(",".join(row) + "\n" for row in [HEADINGS, *PEOPLE]))


MADE = {
    "an Excel workbook": a_workbook,
    "ZIP": an_archive,
    "old Excel": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook\0".encode("utf-16-le")),
    "PDF": lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n%%EOF\n"),
    "bytes that no text has": lambda path: path.write_bytes(random.Random(7).randbytes(3000)),
}  # fmt: skip


@pytest.mark.parametrize("told", MADE)
def test_a_run_names_what_came_and_asks_nothing(world, told):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    path = Path(settings.INBOX) / "people.csv"
    MADE[told](path)
    os.utime(path, (time.time() - 60,) * 2)
    run = ran(source)
    assert (run.state, run.asked) == ("failed", {})
    with translation.override("en"):
        assert told in failure_text(run) and "people.csv" in failure_text(run)
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize("told", MADE)
def test_whoever_chooses_it_is_told(told):
    MADE[told](Path(settings.INBOX) / "people.csv")
    source = connect_source(
        code="x", name="x", entity="person", connection="folder", reach={}, by=None
    )
    with pytest.raises(ValidationError) as refusal, translation.override("en"):
        choose_place(source, "people.csv", by=None)
    assert told in str(refusal.value)


def test_the_page_of_columns_says_what_the_file_has_become(world, client):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    an_archive(Path(settings.INBOX) / "people.csv")
    client.force_login(world.anna)
    page = client.get(reverse("sources:mapping", args=[source.pk])).content.decode()
    assert "압축" in page and "ZIP" in page


@pytest.mark.parametrize("place", ["people.xls", "*.xls", "*"])
def test_an_old_workbook_is_named_under_its_own_ending_too(place):
    MADE["old Excel"](Path(settings.INBOX) / "people.xls")
    source = connect_source(
        code="x", name="x", entity="person", connection="folder", reach={}, by=None
    )
    with pytest.raises(ValidationError) as refusal:
        choose_place(source, place, by=None)
    assert "people.xls" in str(refusal.value)


def test_an_ending_that_is_not_read_is_named(world, client):
    put("people.dat", [HEADINGS, *PEOPLE])
    source = connect_source(
        code="x", name="x", entity="person", connection="folder", reach={}, by=None
    )
    client.force_login(world.anna)
    page = client.get(reverse("sources:place", args=[source.pk])).content.decode()
    assert "people.dat" in page and ".tsv" in page


def test_room_taken_in_advance_is_a_file_that_is_still_written(world):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    path = Path(settings.INBOX) / "people.csv"
    path.write_bytes(b"\0" * 100_000)
    assert ran(source).state == "waits"
    os.utime(path, (time.time() - SETTLED - 1,) * 2)
    assert ran(source).state == "failed"


def test_a_workbook_that_is_text_is_told_so_and_none_waits_for_it(world):
    a_workbook(Path(settings.INBOX) / "people.xlsx")
    source = a_source(place="*.xlsx")
    put("people.xlsx", [HEADINGS, *PEOPLE])
    run = ran(source)
    assert run.state == "failed" and ".csv" in failure_text(run)
