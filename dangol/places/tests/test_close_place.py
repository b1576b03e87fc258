def test_closing_a_place_on_its_page_says_so_and_shows_the_way_back(world, client):
    place = world.place("GANGNAM")
    client.force_login(world.anna)
    answer = client.post(f"/places/{place.pk}/closure/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/places/{place.pk}/"
    page = client.get(f"/places/{place.pk}/").content.decode()
    assert (
        f"/places/{place.pk}/reopening/" in page and "운영 종료" in page and "ui-messages" in page
    )
    assert (
        client.post(f"/places/{place.pk}/reopening/").headers["Location"].endswith(f"{place.pk}/")
    )
    place.refresh_from_db()
    assert place.closed_at is None
