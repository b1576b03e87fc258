import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dangol.places.actions import change_place
from dangol.places.models import Place


def lines() -> dict[str, str | None]:
    return dict(Place.objects.values_list("code", "parent__code"))


@pytest.mark.parametrize("kind", ["unit", "site"])
def test_a_place_never_stands_below_its_own_child(world, kind):
    before = lines()
    with pytest.raises(ValidationError):
        change_place(world.place("SALES"), parent=world.place("SEOUL"), kind=kind, by=world.anna)
    assert lines() == before


def test_a_place_never_stands_below_itself(world):
    before = lines()
    with pytest.raises(ValidationError):
        change_place(world.place("SEOUL"), parent=world.place("SEOUL"), by=world.anna)
    assert lines() == before


def test_a_level_stays_above_the_levels_below(world):
    with pytest.raises(ValidationError, match=r"at the same level|단계"):
        change_place(world.place("SALES"), kind="region", by=world.anna)
    assert Place.objects.get(code="SALES").kind == "unit"


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle(world):
    """Each would be right alone: a region may become the lower one of two regions' line."""
    both = threading.Barrier(2)
    change_place(world.place("SEOUL"), parent=world.place("HQ"), by=world.anna)
    change_place(world.place("BUSAN"), parent=world.place("HQ"), by=world.anna)
    Place.objects.filter(code__in=["GANGNAM", "MAPO", "HAEUNDAE"]).update(parent=world.place("HQ"))

    def move(code: str, below: str) -> None:
        both.wait(5)
        try:
            change_place(world.place(code), parent=world.place(below), kind="site", by=None)
        except ValidationError:
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=move, args=pair)
        for pair in [("SEOUL", "BUSAN"), ("BUSAN", "SEOUL")]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    above = lines()
    assert sorted([above["SEOUL"], above["BUSAN"]]) in [["BUSAN", "HQ"], ["HQ", "SEOUL"]]


def test_a_time_zone_that_does_not_exist_is_refused(world):
    with pytest.raises(ValidationError):
        change_place(world.place("GANGNAM"), time_zone="Mars/Olympus", by=world.anna)
    for machines_own in ("localtime", "Factory"):
        with pytest.raises(ValidationError):
            change_place(world.place("GANGNAM"), time_zone=machines_own, by=world.anna)
    assert Place.objects.get(code="GANGNAM").time_zone == "Asia/Seoul"
