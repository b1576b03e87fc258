"""Sums kept beside the lake follow each change and equal the recomputation."""

from __future__ import annotations

import datetime as dt
import errno
import os
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.cubes.sums.keeping import MOST_PARTS, all_kept, brought_up
from dangol.cubes.sums.shaping import ROWS, folded, summed
from dangol.purchases.models import Transaction
from dangol.surveys.actions import make_default_surveys, withdraw_response
from dangol.surveys.models import Answer
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def as_kept(kept, seen):
    """The cells of an aggregate as a sorted list."""
    cells = kept.cells(kept.standing(), seen)
    made = folded(cells, kept.aggregate.keys, kept.source.sums)
    return ordered(seen.run(made.filter(made[ROWS] != 0)))


def recomputed(kept, seen):
    """The same from all facts."""
    return ordered(seen.run(summed(kept.source, seen.table(kept.source.fact), kept.aggregate)))


def ordered(rows):
    return sorted(tuple(str(v) for v in row.values()) for row in rows.to_pylist())


def everywhere_equal(subject):
    seen = lake()
    for kept in all_kept(SUBJECTS[subject]):
        brought_up(kept, seen, build=True)
        assert as_kept(kept, seen) == recomputed(kept, seen), kept.name


def test_answers_that_come_change_and_are_withdrawn(world, lake_folder):
    surveys = make_default_surveys()
    first = completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=NOON)
    copy_changes()
    everywhere_equal("satisfaction")
    day = all_kept(SUBJECTS["satisfaction"])[0]
    whole = day.standing().parts[0]
    completed(surveys["sales"], world.place("MAPO"), BAD, at=NOON)
    copy_changes()
    everywhere_equal("satisfaction")
    assert day.standing().parts[0] == whole, "what was kept is not written again"
    assert day.standing().parts[1].rows < whole.rows * 2
    withdraw_response(first, reason="잘못 걸린 전화", by=world.anna)
    copy_changes()
    everywhere_equal("satisfaction")
    Answer.objects.filter(question="overall").update(score=1234)
    copy_changes()
    everywhere_equal("satisfaction")


def test_many_small_files_become_one(world, lake_folder):
    for n in range(MOST_PARTS + 3):
        a_sale(a_customer(), n, place=world.place("MAPO"))
        copy_changes()
        everywhere_equal("sales")
    assert all(len(k.standing().parts) <= MOST_PARTS + 1 for k in all_kept(SUBJECTS["sales"]))


@pytest.mark.parametrize("seed", range(3))
def test_refunds_currencies_moves_and_deletions(world, lake_folder, seed):
    dice = random.Random(seed)
    places = [world.place(code) for code in ("GANGNAM", "MAPO", "HAEUNDAE")] + [None]
    customers = [a_customer() for _n in range(6)]
    for _round in range(4):
        for _n in range(12):
            at = NOON - dt.timedelta(days=dice.randrange(900))
            a_sale(dice.choice(customers), dice.randrange(-50, 500), place=dice.choice(places), at=at,
                   currency=dice.choice(["KRW", "USD", "EUR"]))  # fmt: skip
        rows = list(Transaction.objects.order_by("pk"))
        changed = dice.choice(rows)
        changed.place, changed.amount = dice.choice(places), Decimal("-7.25")
        changed.save()
        Transaction.objects.filter(pk=dice.choice(rows).pk).delete()
        copy_changes()
        everywhere_equal("sales")
        everywhere_equal("repurchase")


def test_a_lake_made_anew_makes_them_anew(world, lake_folder):
    a_sale(a_customer(), 5, place=world.place("MAPO"))
    copy_changes()
    everywhere_equal("sales")
    a_sale(a_customer(), 6, place=world.place("MAPO"))
    copy_changes(rebuild=["transactions", "lines"])
    everywhere_equal("sales")


def test_a_lost_file_is_made_again(world, lake_folder):
    a_sale(a_customer(), 5, place=world.place("MAPO"))
    copy_changes()
    everywhere_equal("sales")
    kept = all_kept(SUBJECTS["sales"])[0]
    (kept.folder / kept.standing().parts[0].name).unlink()
    everywhere_equal("sales")


def test_a_damaged_file_is_never_read(world, lake_folder):
    a_sale(a_customer(), 5, place=world.place("MAPO"))
    copy_changes()
    everywhere_equal("sales")
    kept = all_kept(SUBJECTS["sales"])[0]
    path = kept.folder / kept.standing().parts[0].name
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    assert kept.standing() is None
    everywhere_equal("sales")


def test_cases_and_calls_and_checks_too(world, lake_folder):
    from dangol.campaigns.tests.factories import customer, programme, stage, target
    from dangol.cases.tests.factories import a_case

    a_case(world)
    target(stage(programme(world.place("HQ"))), customer())
    copy_changes()
    for subject in ("cases", "calls", "quality"):
        everywhere_equal(subject)


def test_two_at_once_leave_one_whole_state(world, lake_folder):
    for n in range(4):
        a_sale(a_customer(), n, place=world.place("MAPO"))
    copy_changes()
    everywhere_equal("sales")
    a_sale(a_customer(), 77, place=world.place("GANGNAM"))
    copy_changes()
    seen, kept = lake(), all_kept(SUBJECTS["sales"])[0]
    with ThreadPoolExecutor(6) as pool:
        standings = set(pool.map(lambda _n: brought_up(kept, seen, build=True), range(12)))
    assert standings == {kept.standing()} and len(kept.standing().parts) == 2
    assert as_kept(kept, seen) == recomputed(kept, seen)


def test_a_full_disk_leaves_what_was_kept(world, lake_folder, monkeypatch):
    a_sale(a_customer(), 5, place=world.place("MAPO"))
    copy_changes()
    everywhere_equal("sales")
    a_sale(a_customer(), 6, place=world.place("MAPO"))
    copy_changes()
    kept = all_kept(SUBJECTS["sales"])[0]
    before = kept.standing()

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError):
            brought_up(kept, lake(), build=True)
    assert kept.standing() == before
    assert {p.name for p in kept.folder.glob("*.parquet")} == {part.name for part in before.parts}
    everywhere_equal("sales")
