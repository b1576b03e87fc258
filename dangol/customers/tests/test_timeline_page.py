import pytest

from dangol.customers.actions import add_customer


@pytest.mark.parametrize("before", ["zz", "9999-99-99T99:99", "2020-01-01T00:00:00", "\u0661"])
def test_an_instant_that_is_none_begins_at_the_latest(world, client, before):
    customer = add_customer(name="김철수", by=world.ada, home_place=world.place("GANGNAM"))
    client.force_login(world.ada)
    page = f"/customers/{customer.pk}/timeline/"
    odd, plain = client.get(page, {"before": before}), client.get(page)
    assert (odd.status_code, plain.status_code) == (200, 200)
    assert odd.content == plain.content
