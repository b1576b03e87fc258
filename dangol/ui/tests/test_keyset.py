import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import TextField, Value
from django.db.models.functions import NullIf

from dangol.core.keyset import BadCursor, Keyset, may_be_empty
from dangol.ui.models import SavedView

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def rows(owner):
    views = [
        SavedView(
            user=owner,
            list_key=f"list{n % 3}",
            name=f"{n:02}",
            query="" if n % 4 == 0 else f"q{n % 5}",
            created_at=NOON + timedelta(microseconds=n // 2),
        )
        for n in range(23)
    ]
    SavedView.objects.bulk_create(views)
    return SavedView.objects.annotate(asked=NullIf("query", Value("", output_field=TextField())))


def walk(rows, order, size=4):
    """Every row as a person meets it who always asks for more."""
    cursor = ""
    ordered = order.sort(rows)
    while True:
        some = list((order.after(ordered, cursor) if cursor else ordered)[:size])
        yield from some
        if len(some) < size:
            return
        cursor = order.cursor(some[-1])


ORDERS = ["created_at", "list_key", "name", "asked", "user__name", "id", "pk"]


@pytest.mark.parametrize(("path", "sign"), list(itertools.product(ORDERS, ["", "-"])))
def test_paging_meets_every_row_once_in_order(rows, path, sign):
    order = Keyset.of(sign + path)
    assert [v.pk for v in walk(rows, order)] == [v.pk for v in order.sort(rows)]


@pytest.mark.parametrize("sign", ["", "-"])
def test_empty_values_come_last_both_ways(rows, sign):
    empty = [view.asked is None for view in walk(rows, Keyset.of(f"{sign}asked"))]
    assert empty == sorted(empty)
    assert empty.count(True) == 6


def test_a_row_added_before_the_cursor_shifts_nothing(rows, owner):
    order = Keyset.of("name")
    first = list(order.sort(rows)[:5])
    SavedView.objects.create(user=owner, list_key="x", name="00a")
    second = list(order.after(order.sort(rows), order.cursor(first[-1]))[:5])
    assert [v.name for v in second] == ["05", "06", "07", "08", "09"]


@pytest.mark.parametrize("cursor", ["nonsense", "a:b:c", "", "."])
def test_a_cursor_that_is_not_ours_is_refused(rows, cursor):
    with pytest.raises(BadCursor):
        Keyset.of("name").after(rows, cursor)


def test_a_cursor_of_another_order_is_refused(rows):
    row = Keyset.of("name").sort(rows)[0]
    with pytest.raises(BadCursor):
        Keyset.of("-name").read(Keyset.of("name").cursor(row))


def test_a_column_that_is_never_empty_keeps_its_index(rows):
    assert not may_be_empty(rows, "created_at")
    assert may_be_empty(rows, "asked")
    assert "NULLS" not in str(Keyset.of("-created_at").sort(rows).query)
