"""Views go out by mail at their hour, once a day, with the reader's own figures."""

from __future__ import annotations

import datetime as dt
import zlib
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from dangol.cubes.actions import end_view, save_view, subscribe
from dangol.cubes.kept.mailing import send_due
from dangol.cubes.models import Subscription
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = dt.datetime(2026, 11, 23, 8, 1, tzinfo=SEOUL)


@pytest.fixture
def view(world, lake_folder):
    surveys = make_default_surveys()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=NOON)
    completed(surveys["sales"], world.place("MAPO"), BAD, at=NOON)
    copy_changes()
    return save_view(name="지점별 지수", address="subject=satisfaction&rows=site&measures=index", sharing="everyone", by=world.alan)  # fmt: skip


def cells_of(message):
    name, content, _kind = next(a for a in message.attachments if a[0].endswith(".xlsx"))
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return name, {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2)}


def test_a_view_is_sent_at_its_hour_once_a_day_with_own_figures(world, view):
    subscribe(view, every="day", hour=8, pdf=False, by=world.grace)
    assert send_due(lake(), MONDAY - dt.timedelta(minutes=2)) == 0
    assert send_due(lake(), MONDAY) == 1
    assert send_due(lake(), MONDAY + dt.timedelta(hours=3)) == 0
    (message,) = mail.outbox
    assert message.to == ["grace@example.com"] and message.subject == "지점별 지수 · 2026-11-23"
    name, cells = cells_of(message)
    assert name == "satisfaction-2026-11-23.xlsx"
    assert cells["강남지점"] == 92.5 and "마포지점" not in cells
    assert send_due(lake(), MONDAY + dt.timedelta(days=1)) == 1


def test_weekly_ones_wait_for_monday(world, view):
    subscribe(view, every="week", hour=8, pdf=False, by=world.alan)
    assert send_due(lake(), MONDAY + dt.timedelta(days=1)) == 0
    assert send_due(lake(), MONDAY + dt.timedelta(days=7)) == 1


def test_a_pdf_is_printed(world, view):
    subscribe(view, every="day", hour=8, xlsx=False, by=world.alan)
    assert send_due(lake(), MONDAY) == 1
    ((name, content, kind),) = mail.outbox[0].attachments
    assert (name, kind) == ("satisfaction-2026-11-23.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")


def test_without_a_printer_the_mail_says_so(world, view, monkeypatch):
    monkeypatch.setenv("DANGOL_CHROMIUM", "/bin/false")
    subscribe(view, every="day", hour=8, by=world.alan)
    assert send_due(lake(), MONDAY) == 1
    assert [a[0] for a in mail.outbox[0].attachments] == ["satisfaction-2026-11-23.xlsx"]
    assert "PDF" in mail.outbox[0].body


def test_a_mail_server_that_is_away_is_tried_again(world, view, monkeypatch):
    subscribe(view, every="day", hour=8, pdf=False, by=world.alan)

    def refuse(self, messages):
        raise ConnectionRefusedError("away")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert send_due(lake(), MONDAY) == 0
    assert Subscription.objects.get().sent_on is None
    assert send_due(lake(), MONDAY) == 1


def test_an_ended_view_and_one_no_longer_shared_are_not_sent(world, view):
    subscribe(view, every="day", hour=8, pdf=False, by=world.grace)
    save_view(name=view.name, address=view.address, sharing="none", by=world.alan)
    assert send_due(lake(), MONDAY) == 0
    save_view(name=view.name, address=view.address, sharing="everyone", by=world.alan)
    end_view(view, by=world.alan)
    assert send_due(lake(), MONDAY + dt.timedelta(days=1)) == 0
    assert mail.outbox == []


def test_the_pdf_holds_the_chart_that_the_view_shows(world, view):
    """Ink is looked for: a chart that was not drawn is a picture of nothing."""
    from dangol.cubes.asking.addresses import question_of
    from dangol.cubes.asking.answer import answer
    from dangol.cubes.asking.expression import Scope
    from dangol.cubes.kept.printing import page_of, pdf_of

    def strokes(look):
        address = f"subject=satisfaction&rows=site&measures=index&period=all&look={look}"
        made = answer(question_of(address), Scope.of(world.alan), lake())
        return drawn_lines(pdf_of(page_of(made, "지수</script><script>", [])))

    table, (lines, pictures) = strokes("table"), strokes("bar")
    assert table[1] == pictures == 0, "a chart is drawn as lines, sharp at any size"
    assert lines > table[0] + 5
    assert strokes("map")[0] > table[0] + 5


def drawn_lines(pdf):
    """How many curves and slanting lines a PDF of Chromium's draws, and how many pictures it holds."""
    pieces = pdf.split(b"endobj")
    pictures = sum(b"/Subtype /Image" in p and b"/ICCBased" in p for p in pieces)
    found = 0
    for piece in pieces:
        if b"/FlateDecode" in piece and b"/Subtype" not in piece and b"/Length1" not in piece:
            body = zlib.decompressobj().decompress(piece.split(b"stream", 1)[1].lstrip(b"\r\n"))
            found += body.count(b" c\n") + body.count(b" l\n")
    return found, pictures
