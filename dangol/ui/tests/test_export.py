import csv
import io
from decimal import Decimal

import pytest

from dangol.core.keyset import Keyset
from dangol.ui.lists import Column
from dangol.ui.lists.export import harmless, pieces
from dangol.ui.models import SavedView

RISKY = [
    "=1+1",
    "+82 10",
    "-1",
    "@cmd",
    "\tx",
    "\rx",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "  =1",
    "\u3000=1",
]


@pytest.mark.parametrize("text", RISKY)
def test_text_that_a_spreadsheet_would_run_is_neutralised(text):
    assert harmless(text).startswith("'")
    assert "\x00" not in harmless(text)


@pytest.mark.parametrize("value", [-5, Decimal("-1.50"), 3.2, "김서연", "a=b", "02-123-4567"])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert harmless(value) == value


@pytest.mark.django_db
def test_a_file_of_several_pieces_holds_every_row_once(owner, monkeypatch):
    monkeypatch.setattr("dangol.ui.lists.export.PIECE", 7)
    SavedView.objects.bulk_create(
        SavedView(user=owner, list_key="k", name=f"이름 {n:03}") for n in range(40)
    )
    columns = [Column("name", "이름"), Column("user.name", "누구")]
    rows = SavedView.objects.select_related("user")
    body = b"".join(pieces(rows, Keyset.of("name"), columns)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(body)))
    assert lines[0] == ["이름", "누구"]
    assert [line[0] for line in lines[1:]] == [f"이름 {n:03}" for n in range(40)]
    assert {line[1] for line in lines[1:]} == {"김서연"}


def test_a_file_holds_the_word_that_the_screen_shows_not_its_code():
    class Row:
        state = "open"

        def get_state_display(self):
            return "처리 중"

    column = Column("state", "상태", meanings={"open": "info"})
    assert column.told(Row()) == "처리 중"
    assert Column("state", "상태").told(Row()) == "open"
