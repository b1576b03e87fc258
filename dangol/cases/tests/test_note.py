"""Notes stand in full on the page of their case."""

import pytest
from django.core.exceptions import ValidationError

from dangol.cases.actions import add_note
from dangol.cases.actions.work import LONGEST_NOTE
from dangol.cases.models import Note
from dangol.cases.tests.factories import a_case


def test_a_note_longer_than_a_page_bears_is_refused(world):
    case = a_case(world)
    with pytest.raises(ValidationError, match="파일로"):
        add_note(case, "긴" * (LONGEST_NOTE + 1), by=world.grace)
    assert not Note.objects.exists()
    assert add_note(case, "긴" * LONGEST_NOTE, by=world.grace).text
