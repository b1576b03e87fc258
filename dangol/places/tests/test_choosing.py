"""A place of many: searched on the server, read from plain words, never beyond the own scope."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.places.choosing import PlaceField
from dangol.places.models import Place


@pytest.fixture
def field(world):
    found = PlaceField(label="Site")
    found.within(world.anna, "customers.edit", "site")
    return found


def form_of(field, data):
    from django import forms

    class Sample(forms.Form):
        place = field

    return Sample(data)


@pytest.mark.parametrize(
    "words", ["GANGNAM", "gangnam", "강남지점", "강남지점 · GANGNAM", "아무 · GANGNAM"]
)
def test_typed_words_are_read_without_scripts(world, field, words):
    form = form_of(field, {"place": words})
    assert form.is_valid()
    assert form.cleaned_data["place"] == world.place("GANGNAM")


def test_the_key_of_what_was_chosen_counts_while_its_words_stand(world, field):
    key = str(world.place("GANGNAM").pk)
    chosen = form_of(field, {"place": "강남지점 · GANGNAM", "place-key": key})
    assert chosen.is_valid() and chosen.cleaned_data["place"] == world.place("GANGNAM")
    typed_over = form_of(field, {"place": "마포지점", "place-key": key})
    assert typed_over.is_valid() and typed_over.cleaned_data["place"] == world.place("MAPO")


def test_words_that_mean_nothing_are_refused_and_stay_in_the_field(field):
    form = form_of(field, {"place": "없는곳"})
    assert not form.is_valid()
    assert "없는곳" in form.errors["place"][0]
    assert 'value="없는곳"' in str(form["place"])


def test_words_that_mean_several_are_refused(world, field):
    Place.objects.filter(code="MAPO").update(name="강남지점")
    assert not form_of(field, {"place": "강남지점"}).is_valid()
    assert form_of(field, {"place": "강남지점 · MAPO"}).is_valid()


def test_a_form_shows_the_place_it_holds_by_name(world, field):
    form = form_of(field, None)
    form.initial["place"] = world.place("GANGNAM").pk
    html = str(form["place"])
    assert 'value="강남지점 · GANGNAM"' in html
    assert f'value="{world.place("GANGNAM").pk}"' in html


def search(client, user, **query):
    client.force_login(user)
    return client.get(reverse("places:found"), query).text


def test_the_search_answers_by_name_code_and_region(client, world):
    assert "강남지점" in search(client, world.anna, q="강남", kind="site")
    assert "강남지점" in search(client, world.anna, q="gang", kind="site")
    both = search(client, world.anna, q="서울지역", kind="site")
    assert "강남지점" in both and "마포지점" in both


def test_the_search_offers_only_the_own_scope_and_open_places(client, world):
    offered = search(client, world.grace, **{"for": "cases.work", "kind": "site"})
    assert "강남지점" in offered and "마포지점" not in offered and "해운대" not in offered
    assert "강남지점" not in search(client, world.grace, **{"for": "places.edit", "q": "강남"})
    Place.objects.filter(code="GANGNAM").update(closed_at=timezone.now())
    assert "강남지점" not in search(client, world.anna, q="강남")


def test_a_search_for_an_ability_that_does_not_exist_is_404(client, world):
    client.force_login(world.anna)
    assert client.get(reverse("places:found"), {"for": "everything"}).status_code == 404


def test_a_place_out_of_scope_cannot_be_sent_by_key(world):
    field = PlaceField()
    field.within(world.grace, "cases.work", "site")
    other = world.place("HAEUNDAE")
    form = form_of(field, {"place": "해운대서비스센터 · HAEUNDAE", "place-key": str(other.pk)})
    assert not form.is_valid()
