import pytest
from django.urls import reverse

from dangol.customers.actions import add_customer

pytestmark = pytest.mark.django_db


def test_who_may_not_see_purchases_is_not_told_that_nothing_happened(world, client):
    customer = add_customer(name="김단골", home_place=world.place("GANGNAM"), by=None)
    url = reverse("customers:timeline", args=[customer.pk])
    client.force_login(world.dana)
    page = client.get(url, {"of": "purchases"}).content.decode()
    assert "볼 권한이 없는 항목" in page and "아직 기록이 없어요" not in page
    client.force_login(world.anna)
    page = client.get(url, {"of": "purchases"}).content.decode()
    assert "아직 기록이 없어요" in page and "볼 권한이 없는 항목" not in page
