import argparse

import pytest

from dangol.core.models import User
from dangol.places.commands import admin
from dangol.places.models import Grant, Place


def ask(email: str, **more: str) -> int:
    given = {"name": "", "company": "한빛자동차", **more}
    return admin.run(argparse.Namespace(email=email, **given))


@pytest.mark.django_db
def test_an_empty_database_gets_its_company_and_its_administrator(client, capsys):
    assert ask("Boss@example.com", name="김대표") == 0
    assert list(Place.objects.values_list("code", "name", "kind")) == [
        ("HQ", "한빛자동차", "company")
    ]
    boss = User.objects.get()
    assert (boss.email, boss.name) == ("boss@example.com", "김대표")
    password = capsys.readouterr().out.split("Password: ")[1].split()[0]
    assert boss.check_password(password)
    client.force_login(boss)
    pages = ["/", "/places/", "/people/", "/customers/", "/cases/", "/interactions/", "/answers/",
             "/purchases/", "/purchases/products/", "/programmes/", "/imports/", "/audit/", "/surveys/",
             "/access/", "/agents/", "/cases/rules/", "/quality/", "/views/",
             "/places/new/", "/customers/new/", "/cases/new/", "/programmes/new/", "/surveys/new/",
             f"/board/{Place.objects.get().pk}/", f"/board/{Place.objects.get().pk}/wall/"]  # fmt: skip
    assert {p: s for p in pages if (s := client.get(p, follow=True).status_code) != 200} == {}


def test_asking_twice_keeps_one_company_and_one_grant(world):
    before = Place.objects.count()
    assert ask("boss@example.com") == ask("boss@example.com") == 0
    assert Place.objects.count() == before
    assert Grant.objects.filter(user__email="boss@example.com").count() == 1


def test_an_address_that_is_none_makes_nobody(world):
    before = User.objects.count()
    assert ask("boss") == 2
    assert User.objects.count() == before
