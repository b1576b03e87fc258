"""Refused rows come again with all that they said, whatever runs lie between; or it is said."""

from __future__ import annotations

import os
import time

import psycopg
import pytest

from dangol.customers.actions import add_customer
from dangol.customers.records.models import SourceRecord
from dangol.purchases.models import Product, Transaction
from dangol.sources.actions import start_run, stop_run
from dangol.sources.models import RefusedRow
from dangol.sources.tests.factories import a_source, put, ran

BOUGHT = {
    "key": {"from": ["no"]}, "customer": {"from": ["cust"]}, "at": {"from": ["day"]},
    "site": {"from": ["store"]}, "amount": {"from": ["won"]}, "kind": {"value": "sale"},
    "note": {"from": ["note"]},
}  # fmt: skip
HEADINGS = ["no", "cust", "day", "store", "won", "note", "memo"]


@pytest.fixture
def customer(world):  # type: ignore[no-untyped-def]
    """Somebody whom the till knows as 77."""
    found = add_customer(name="김철수", by=None)
    SourceRecord.objects.create(source="till", key="77", customer=found)
    return found


def a_till(*rows: list[str]):  # type: ignore[no-untyped-def]
    put("sales.csv", [HEADINGS, *rows])
    return a_source(code="till", entity="transaction", place="sales*.csv", mapping=BOUGHT, full=False)  # fmt: skip


def sale(key: str, customer: str = "78", note: str = "", memo: str = "") -> list[str]:
    return [key, customer, "2026-03-02", "MAPO", "5000", note, memo]


def test_a_stopped_run_between_forgets_no_refused_row(customer):
    source = a_till(sale("a", "77"), sale("b"))
    assert ran(source).refused == 1
    stop_run(start_run(source, by=None, now=False), by=None)
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    run = ran(source)
    assert (run.new, run.refused, run.strange["retried"]["count"]) == (1, 0, 1)


def test_a_half_written_file_between_forgets_none_either(customer):
    source = a_till(sale("b"))
    ran(source)
    path = put("sales2.csv", [HEADINGS, sale("c", "77")])
    path.write_bytes(path.read_bytes()[:-3])
    assert ran(source).state == "waits"
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    put("sales2.csv", [HEADINGS, sale("c", "77")])
    assert ran(source).new == 2


def test_a_long_cell_comes_again_whole(customer, monkeypatch):
    monkeypatch.setitem(BOUGHT, "note", {"from": ["note"], "do": [["part", "2 |"]]})
    source = a_till(sale("b", note="가" * 2500 + "|문 앞"))
    ran(source)
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    assert ran(source).new == 1
    assert Transaction.objects.get().note == "문 앞"


def test_a_number_that_was_cut_out_is_no_value_of_a_second_try(customer):
    number = "800131-1234567"
    source = a_till(sale("b", note=number), sale("c", memo=number))
    ran(source)
    assert number not in str(list(RefusedRow.objects.values_list("cells", flat=True)))
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    run = ran(source)
    assert (run.new, run.strange["retried"]["count"]) == (1, 1)
    assert run.strange["not_retried"]["count"] == 1
    assert Transaction.objects.get().source_key == "c"  # its memo is not read


def test_what_was_refused_and_comes_corrected_is_taken_once(customer, monkeypatch):
    source = a_till_of_lines(monkeypatch, sale("a"), sale("b"))
    assert ran(source).refused == 2
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    later("sales2.csv", [*sale("a")[:4], "6000", "", ""])
    run = ran(source)
    assert (run.new, run.refused, run.strange["retried"]["count"]) == (2, 0, 1)
    assert amounts() == {"a": [6000], "b": [5000]}


def test_what_was_refused_at_the_watermark_and_is_read_again_is_taken_once(
    customer, postgres_reach, monkeypatch
):
    of_lines(monkeypatch)
    others = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**others) as db:
        db.execute("CREATE TABLE sales (no text, cust int, day timestamp, store text, won int, note text, memo text)")  # fmt: skip
        db.execute("INSERT INTO sales VALUES ('a', 77, '2026-03-01', 'MAPO', 700), ('b', 78, '2026-03-02', 'MAPO', 5000)")  # fmt: skip
    source = a_source(
        code="till", entity="transaction", connection="postgresql", reach=postgres_reach,
        place="sales", mapping=BOUGHT, full=False, watermark="day",
    )  # fmt: skip
    assert ran(source).refused == 1
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    run = ran(source)
    assert (run.rows, run.new, run.refused) == (1, 1, 0) and "retried" not in run.strange
    assert amounts() == {"a": [700], "b": [5000]}


def test_a_purchase_of_which_a_line_is_damaged_is_never_taken_in_part(customer, monkeypatch):
    source = a_till_of_lines(monkeypatch, sale("a", "77"), [*sale("a", "77"), "", "too many"])
    run = ran(source)
    assert (run.new, run.refused) == (0, 2)
    later("sales2.csv", sale("b", "77"))
    run = ran(source)
    assert (run.new, run.strange["not_retried"]["count"]) == (1, 1)
    assert amounts() == {"b": [5000]}


def a_till_of_lines(monkeypatch, *rows):  # type: ignore[no-untyped-def]
    """A till whose purchases are lines of a product."""
    of_lines(monkeypatch)
    return a_till(*rows)


def of_lines(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Let each row be a line of its purchase."""
    Product.objects.create(code="P1", name="하나")
    monkeypatch.setitem(BOUGHT, "line_amount", BOUGHT["amount"])
    monkeypatch.setitem(BOUGHT, "product", {"value": "P1"})
    monkeypatch.delitem(BOUGHT, "amount")


def later(name: str, *rows: list[str]) -> None:
    """A file that came after the others."""
    os.utime(put(name, [HEADINGS, *rows]), (time.time() + 5,) * 2)


def amounts() -> dict[str, list[int]]:
    """The lines of each purchase; what it says in all is their sum."""
    found = {t.source_key: [int(line.amount) for line in t.lines.all()] for t in Transaction.objects.all()}  # fmt: skip
    assert {t.source_key: int(t.amount) for t in Transaction.objects.all()} == {key: sum(lines) for key, lines in found.items()}  # fmt: skip
    return found


def test_headings_in_another_order_lose_no_refused_row(customer):
    source = a_till(sale("b", note="문 앞"))
    ran(source)
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    turned = put("sales2.csv", [HEADINGS[::-1], sale("c", "77")[::-1]])
    os.utime(turned, (time.time() + 5,) * 2)
    assert ran(source).new == 2
    assert Transaction.objects.get(source_key="b").note == "문 앞"


def test_however_many_were_refused_all_come_again(customer, monkeypatch):
    source = a_till(sale("b"))
    run = ran(source)
    [row] = run.refused_rows.all()
    RefusedRow.objects.bulk_create(
        RefusedRow(run=run, line=n, column=row.column, reason=row.reason, facts=row.facts,
                   cells=["", *row.cells[1:]], key="")
        for n in range(2, 100_003)
    )  # fmt: skip
    SourceRecord.objects.create(source="till", key="78", customer=customer)
    run = start_run(source, by=None, now=False)
    from dangol.sources.running.holding import take_over
    from dangol.sources.running.retrying import retry_refused

    run = take_over(run.pk)
    run.names = HEADINGS
    retry_refused(run)
    assert run.rows == run.strange["retried"]["count"] == 100_002
