"""A site closes: its past stays, its promises go on at head office."""

import pytest
from django.core.exceptions import ValidationError

from dangol.cases.actions import (
    confirm_solution,
    hand_over_case,
    move_case,
    open_case,
    resolve_case,
)
from dangol.cases.models import Holder
from dangol.cases.tests.factories import a_case, a_category
from dangol.core.models import Notice
from dangol.places.actions import close_place, reopen_place


@pytest.fixture
def gangnam(world):
    return world.place("GANGNAM")


def test_open_cases_go_to_head_office_and_the_place_above_is_told(world, gangnam):
    waiting, resolved = a_case(world), a_case(world)
    resolve_case(resolved, "끝", by=world.grace)
    close_place(gangnam, by=world.anna)
    waiting.refresh_from_db()
    resolved.refresh_from_db()
    assert (waiting.holder, resolved.holder) == (Holder.HEAD_OFFICE, Holder.CUSTOMER)
    assert waiting.stints.count() == 2
    assert [n.user_id for n in Notice.objects.filter(text__contains="폐점")] == [world.rex.pk]
    close_place(gangnam, by=world.anna)
    assert waiting.stints.count() == 2


def test_a_closed_site_gets_no_new_turn(world, gangnam):
    before = a_case(world, site="MAPO")
    close_place(gangnam, by=world.anna)
    gangnam.refresh_from_db()
    late = open_case(
        customer=before.customer,
        place=gangnam,
        category=a_category(),
        title="문 닫은 뒤",
        by=world.sue,
    )
    assert late.holder == Holder.HEAD_OFFICE
    with pytest.raises(ValidationError, match="문을 닫은"):
        move_case(before, gangnam, by=world.sue)
    reopen_place(gangnam, by=world.anna)
    gangnam.refresh_from_db()
    assert move_case(before, gangnam, by=world.sue).place == gangnam


def test_places_below_close_first_and_the_company_never(world, client):
    with pytest.raises(ValidationError, match="2곳"):
        close_place(world.place("SEOUL"), by=world.anna)
    with pytest.raises(ValidationError, match="회사"):
        close_place(world.place("HQ"), by=world.anna)
    client.force_login(world.anna)
    seoul = world.place("SEOUL")
    client.post(f"/places/{seoul.pk}/closure/")
    seoul.refresh_from_db()
    assert seoul.closed_at is None
    for code in ("GANGNAM", "MAPO"):
        client.post(f"/places/{world.place(code).pk}/closure/")
    client.post(f"/places/{seoul.pk}/closure/")
    seoul.refresh_from_db()
    assert seoul.closed_at
    with pytest.raises(ValidationError, match="상위 조직"):
        reopen_place(world.place("MAPO"), by=world.anna)


def test_a_turn_never_comes_back_to_a_closed_site(world, gangnam):
    with_customer, resolved = a_case(world), a_case(world)
    hand_over_case(with_customer, Holder.CUSTOMER, by=world.grace)
    resolve_case(resolved, "끝", by=world.grace)
    close_place(gangnam, by=world.anna)
    with pytest.raises(ValidationError, match="문을 닫은"):
        hand_over_case(with_customer, Holder.SITE, by=world.sue)
    again = confirm_solution(resolved, solved=False, by=world.sue)
    assert (again.holder, again.resolved_at) == (Holder.HEAD_OFFICE, None)
    assert again.due_at
    assert hand_over_case(with_customer, Holder.HEAD_OFFICE, by=world.sue).due_at
