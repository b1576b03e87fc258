"""Versions are kept for a while, small files merged, changed columns rebuilt, readers undisturbed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from dangol.warehouse import keeping, manifest
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.compacting import compact, groups
from dangol.warehouse.engine import lake
from dangol.warehouse.facts import FACTS, text
from dangol.warehouse.keeping import kept
from dangol.warehouse.manifest import File, NoLake
from tests.lake.factories import a_customer, a_sale, amounts, rows_in_lake

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


def ago(**span):
    return NOW - dt.timedelta(**span)


def test_all_of_an_hour_one_an_hour_for_a_day_one_a_day_for_a_month():
    versions = [
        (1, ago(days=40)), (2, ago(days=3, hours=2)), (3, ago(days=3)),
        (4, ago(hours=5, minutes=20)), (5, ago(hours=5, minutes=10)), (6, ago(minutes=59)),
        (7, ago(minutes=1)),
    ]  # fmt: skip
    assert kept(versions, NOW) == {3, 5, 6, 7}


def test_the_newest_is_kept_however_old_and_a_clock_that_jumped_back_forgets_nothing():
    assert kept([(1, ago(days=90)), (2, ago(days=80))], NOW) == {2}
    assert kept([(1, ago(minutes=5)), (2, NOW + dt.timedelta(days=2))], NOW) == {1, 2}


def test_old_versions_go_with_the_files_that_only_they_name(db, lake_folder):
    sale = a_sale(a_customer(), 1)
    first = copy_changes().version
    sale.amount = Decimal(2)
    sale.save()
    copy_changes()
    assert keeping.sweep(timezone.now()) == 0
    assert amounts(first) == [Decimal(1)]
    assert keeping.sweep(timezone.now() + dt.timedelta(days=60)) > 0
    with pytest.raises(NoLake):
        lake(first)
    assert amounts() == [Decimal(2)]
    named = {f.path for f in manifest.newest().files()}
    assert {f"{p.parent.name}/{p.name}" for p in lake_folder.glob("*/*.parquet")} == named


def file(low, rows):
    return File(f"t/{low}", rows, 1, "", low, low + rows - 1)


def test_eight_small_neighbours_are_merged_and_a_large_one_is_left():
    small = [file(10_000_000 + n * 10, 10) for n in range(8)]
    assert groups([file(0, 900_000), *small]) == [small]
    assert groups([file(0, 900_000), *small[:7]]) == []


def test_merging_changes_no_row(db, lake_folder):
    customer = a_customer()
    for n in range(9):
        a_sale(customer, n)
        copy_changes()
    before, version = amounts(), lake().version
    assert len(lake().manifest.tables["transactions"].files) == 9
    compact()
    assert len(lake().manifest.tables["transactions"].files) == 1
    assert amounts() == before
    seen = lake()
    came = seen.changes("transactions", since=version)
    assert seen.run(came.added).num_rows == seen.run(came.removed).num_rows == 0
    assert compact() is None


def test_a_changed_column_rebuilds_its_table_and_old_readers_go_on(db, lake_folder, monkeypatch):
    a_sale(a_customer(), 5)
    old = lake_after_copy()
    fact = FACTS["transactions"]
    wider = dataclasses.replace(fact, columns=(*fact.columns, text("words", "'x' || {currency}")))
    monkeypatch.setitem(FACTS, "transactions", wider)
    copy_changes()
    assert rows_in_lake("transactions")[0]["words"] == "xKRW"
    assert lake().changes("transactions", since=old.version) is None
    assert lake().changes("customers", since=old.version) is not None
    assert "words" not in old.run(old.table("transactions")).column_names


def lake_after_copy():
    copy_changes()
    return lake()


def test_a_clock_that_jumps_back_changes_nothing(db, lake_folder, monkeypatch):
    customer = a_customer()
    a_sale(customer, 1)
    copy_changes()
    yesterday = timezone.now() - dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: yesterday)
    a_sale(customer, 2)
    copy_changes()
    assert amounts() == [Decimal(1), Decimal(2)]


def paths():
    return [f.path for f in manifest.newest().tables["transactions"].files]


def test_new_rows_touch_no_file_and_a_correction_touches_one(db, lake_folder, monkeypatch):
    monkeypatch.setattr("dangol.warehouse.copying.BLOCK", 10)
    customer = a_customer()
    sales = [a_sale(customer, n) for n in range(30)]
    copy_changes()
    before = paths()
    assert len(before) == 3
    a_sale(customer, 99)
    copy_changes()
    assert paths()[:3] == before
    sales[15].amount = Decimal(1000)
    sales[15].save()
    copy_changes()
    after = paths()
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] != before[1]
    assert len(amounts()) == 31
    assert amounts()[15] == Decimal(1000)
