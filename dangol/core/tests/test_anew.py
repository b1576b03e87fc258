"""A deed that lost a race is done again; one that is refused for its own sake is not."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection

from dangol.core.anew import TRIES, anew
from dangol.core.models import User

pytestmark = pytest.mark.django_db


def refuse(code: str) -> None:
    """The database refuses with this code."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")


@pytest.mark.parametrize("code", ["40P01", "40001", "55P03", "23503"])
def test_what_was_written_before_the_race_was_lost_is_written_once(world, code) -> None:
    turns = []

    @anew("a work")
    def deed() -> str:
        turns.append(1)
        User.objects.filter(pk=world.ada.pk).update(name=f"에이다 {len(turns)}")
        if len(turns) < 3:
            refuse(code)
        return "done"

    assert deed() == "done"
    assert (len(turns), User.objects.get(pk=world.ada.pk).name) == (3, "에이다 3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize(("code", "times"), [("23505", 1), ("57014", 1), ("40P01", TRIES)])
def test_any_other_refusal_is_raised_at_once_and_a_race_after_eight(code, times) -> None:
    turns = []

    @anew()
    def deed() -> None:
        turns.append(1)
        refuse(code)

    with pytest.raises((DatabaseError, IntegrityError)):
        deed()
    assert len(turns) == times
