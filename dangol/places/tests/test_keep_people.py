"""Somebody who administers one part of the company gains nothing outside it."""

import pytest

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.places.models import Grant


@pytest.fixture
def local(world):
    """The administrator of the region of Seoul."""
    user = User.objects.create_user("local@example.com", "x", name="지역 관리자")
    grant_role(user, Role.ADMINISTRATOR, world.place("SEOUL"), by=None)
    return user


def test_no_role_is_given_outside_the_own_part(world, local, client):
    client.force_login(local)
    client.post(f"/people/{local.pk}/grants/", {"role": "administrator", "place": "HQ"})
    assert set(Grant.objects.filter(user=local).values_list("place__code", flat=True)) == {"SEOUL"}
    client.post(f"/people/{world.grace.pk}/grants/", {"role": "analyst", "place": "MAPO"})
    assert Grant.objects.filter(user=world.grace, role="analyst", place__code="MAPO").exists()


@pytest.mark.parametrize("step", ["password", "ending", "edit", "grants"])
def test_people_of_head_office_are_out_of_reach(world, local, client, step):
    client.force_login(local)
    before = User.objects.get(pk=world.anna.pk)
    data = {"role": "agent", "place": "SEOUL", "name": "x", "email": "x@example.com"}
    answer = client.post(f"/people/{world.anna.pk}/{step}/", {**data, "language": "ko"})
    assert answer.status_code == 404
    after = User.objects.get(pk=world.anna.pk)
    assert (after.password, after.is_active, after.email) == (
        before.password, before.is_active, before.email)  # fmt: skip


def test_roles_of_head_office_are_not_taken_back(world, local, client):
    client.force_login(local)
    grant = Grant.objects.get(user=world.sue)
    answer = client.post(f"/people/{world.sue.pk}/grants/{grant.pk}/revocation/")
    assert answer.status_code == 404
    assert Grant.objects.get(pk=grant.pk).revoked_at is None
