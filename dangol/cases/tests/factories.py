"""Cases for tests."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from dangol.cases.actions import add_category, open_case
from dangol.cases.models import Case, Category
from dangol.customers.actions import add_customer

SEOUL = ZoneInfo("Asia/Seoul")


def seoul(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of June 2026 in Seoul; the 1st is a Monday, the 3rd a public holiday (elections)."""
    return dt.datetime(2026, 6, day, hour, minute, tzinfo=SEOUL)


def a_category(minutes: int = 120) -> Category:
    found = Category.objects.filter(code="DELIVERY").first()
    return found or add_category(code="DELIVERY", name="출고", minutes=minutes, by=None)


def a_case(world, at: dt.datetime | None = None, site: str = "GANGNAM", **fields) -> Case:
    category = a_category()
    customer = add_customer(name="김철수", home_place=world.place(site), by=None)
    return open_case(
        customer=customer, place=world.place(site), category=category, title="출고가 늦어요",
        by=world.anna, at=at or seoul(1, 10), **fields,
    )  # fmt: skip
