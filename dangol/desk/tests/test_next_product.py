"""What the customer is likely to buy next is worth saying on the desk."""

from dangol.desk.hints import next_product
from dangol.scores import offering
from dangol.scores.tests.factories import ran
from dangol.scores.tests.test_next import buys, nothing_kept, shop  # noqa: F401
from tests.lake.factories import a_customer


def test_the_desk_says_it_from_memory(shop, world):  # noqa: F811
    car, _warranty, _tyres = shop
    new = a_customer()
    assert next_product(new.pk, world.ada) == []  # nothing learned yet
    buys(new, car, 700)
    ran("next")
    offering.MISSED.clear()  # a minute later
    (hint,) = next_product(new.pk, world.ada)
    assert (hint.title, hint.text) == ("보증 연장", "차 고객이 약 2년 뒤에 사요")
    assert next_product(a_customer().pk, world.ada) == []
