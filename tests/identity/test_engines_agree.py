"""Splink over all pairs and our own arithmetic over one pair say the same, to the last bit that counts."""

from __future__ import annotations

import duckdb
import pytest

from dangol.demo.sources.population import population
from dangol.demo.sources.records import COLUMNS, records, thirty_databases
from dangol.identity.matching.comparisons import PEOPLE
from dangol.identity.matching.full import load, match, records_table
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import weigh
from dangol.identity.matching.usual import USUAL
from dangol.identity.reading.people import Person, read_person


def people(number: int, seed: int) -> tuple[list[Person], list[int]]:
    """Records of the generated sources, and whose they are."""
    found = list(records(population(number, seed), thirty_databases(), seed))
    raw = [dict(zip(COLUMNS, values, strict=True)) for _who, values in found]
    return [read_person(one, 2026)[0] for one in raw], [who for who, _values in found]


@pytest.mark.parametrize("seed", [1, 2])
def test_splink_and_python_weigh_every_pair_the_same(seed: int) -> None:
    read, _who = people(600, seed)
    con = duckdb.connect()
    load(con, records_table(read, list(range(len(read)))))
    match(con, Thresholds(join=6.0, review=-20.0), USUAL)
    shares = dict(
        con.execute("select name, count(*) / ? from records group by 1", [len(read)]).fetchall()
    )
    shares |= dict(con.execute("select * from crowd_birth").fetchall())
    without = {
        c: {v for (v,) in con.execute(f"select distinct {c} from records").fetchall()}
        for c in ("phone", "email")
    }
    for one in read:
        for column, known in without.items():
            if getattr(one, column) not in known:
                setattr(one, column, "")
    gammas = ", ".join(f"gamma_{c.key}" for c in PEOPLE)
    pairs = con.execute(f"select id_l, id_r, match_weight, {gammas} from pairs").fetchall()
    assert len(pairs) > 2000
    for left, right, weight, *levels in pairs:
        ours = weigh(read[left], read[right], USUAL, shares)
        for comparison, number in zip(PEOPLE, levels, strict=True):
            told = "" if number < 0 else comparison.levels[len(comparison.levels) - 1 - number].key
            assert ours.level(comparison.key) == told, (comparison.key, read[left], read[right])
        assert ours.weight == pytest.approx(weight, abs=1e-6)


def test_a_full_run_finds_who_is_who() -> None:
    read, who = people(3000, 3)
    con = duckdb.connect()
    load(con, records_table(read, list(range(len(read)))))
    found = match(con, Thresholds())
    joined = {(a, b) for a, b in _pairs(found.clusters.labels)}
    true = {(a, b) for a, b in _pairs(who)}
    assert len(joined & true) / len(joined) >= 0.999
    assert len(joined & true) / len(true) >= 0.97


def _pairs(labels: list[int]) -> set[tuple[int, int]]:
    by_label: dict[int, list[int]] = {}
    for at, label in enumerate(labels):
        by_label.setdefault(label, []).append(at)
    return {(a, b) for group in by_label.values() for a in group for b in group if a < b}
