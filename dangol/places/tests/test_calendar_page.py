from dangol.places.models import Calendar


def test_a_country_without_known_holidays_is_refused_and_nothing_changes(world, client):
    client.force_login(world.anna)
    calendar = Calendar.objects.get()
    answer = client.post(
        f"/places/calendars/{calendar.pk}/", {"name": calendar.name, "country": "ZZZ", "day0": ""}
    )
    assert answer.status_code == 200
    assert "ZZZ" in answer.content.decode()
    assert Calendar.objects.get().country == "KR"


def test_a_name_in_use_is_refused(world, client):
    client.force_login(world.anna)
    data = {"name": Calendar.objects.get().name, "country": "KR", "day0": "09:00-18:00"}
    assert client.post("/places/calendars/new/", data).status_code == 200
    assert Calendar.objects.count() == 1
