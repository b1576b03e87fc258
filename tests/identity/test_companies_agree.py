"""Organisations: both engines' arithmetic is one, decisions too, and a full run finds who is who."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest

from dangol.demo.sources.companies import BOOKS, COLUMNS, companies, company_records
from dangol.identity.matching.company_outcomes import CompanyLevels
from dangol.identity.matching.full import load, match, records_table
from dangol.identity.matching.kinds import ORGANISATION
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import weigh
from dangol.identity.reading.organisations import Organisation


def organisations(number: int, seed: int) -> tuple[list[Organisation], list[int]]:
    """Records of the generated books, and whose they are."""
    found = list(company_records(companies(number, seed), BOOKS, seed))
    raw = [dict(zip(COLUMNS, values, strict=True)) for _who, values in found]
    return [ORGANISATION.read(one, 2026)[0] for one in raw], [who for who, _values in found]


@pytest.mark.parametrize("seed", [1, 2])
def test_splink_and_python_weigh_and_decide_every_pair_the_same(seed: int) -> None:
    read, _who = organisations(500, seed)
    con, usual = duckdb.connect(), ORGANISATION.usual
    load(con, records_table(read, list(range(len(read))), ORGANISATION), ORGANISATION)
    match(con, Thresholds(join=6.0, review=-30.0), usual, kind=ORGANISATION)
    rows = con.execute("select name, count(*) / ? from records group by 1", [len(read)])
    shares = dict(rows.fetchall())
    for column in ORGANISATION.shared:
        known = {v for (v,) in con.execute(f"select distinct {column} from records").fetchall()}
        for one in read:
            if getattr(one, column) not in known:
                setattr(one, column, "")
    compared = ORGANISATION.comparisons
    gammas = ", ".join(f"gamma_{c.key}" for c in compared)
    pairs = con.execute(
        f"select id_l, id_r, match_weight, {ORGANISATION.one_sql}, {ORGANISATION.odd_sql}, {gammas} from pairs"
    ).fetchall()
    assert len(pairs) > 2000
    for left, right, weight, one, odd, *levels in pairs:
        ours = weigh(read[left], read[right], usual, shares, compared)
        for comparison, number in zip(compared, levels, strict=True):
            told = "" if number < 0 else comparison.levels[len(comparison.levels) - 1 - number].key
            assert ours.level(comparison.key) == told, (comparison.key, read[left], read[right])
        assert ours.weight == pytest.approx(weight, abs=1e-6)
        said = CompanyLevels(**{key: ours.level(key) for key in ORGANISATION.deciding})
        assert (said.one, said.odd) == (one, odd), said


def test_every_combination_of_levels_is_decided_alike() -> None:
    con = duckdb.connect()
    numbers = {
        key: [("", -1), *((v.key, ORGANISATION.numbers[f"{key}_{v.key}"]) for v in c.levels)]
        for c in ORGANISATION.comparisons
        for key in [c.key]
        if key in ORGANISATION.deciding
    }
    keys = list(numbers)
    every = list(product(*numbers.values()))[::7]
    listed = ", ".join(
        f"({at}, {', '.join(str(n) for _k, n in row)})" for at, row in enumerate(every)
    )
    names = ", ".join(f"gamma_{key}" for key in keys)
    told = con.execute(
        f"select {ORGANISATION.one_sql}, {ORGANISATION.odd_sql} from (values {listed}) t(nr, {names})"
        " order by nr"
    ).fetchall()
    for row, (one, odd) in zip(every, told, strict=True):
        said = CompanyLevels(**{key: level for key, (level, _n) in zip(keys, row, strict=True)})
        assert (said.one, said.odd) == (one, odd), said


def test_a_full_run_finds_which_company_is_which() -> None:
    read, who = organisations(1500, 3)
    con = duckdb.connect()
    load(con, records_table(read, list(range(len(read))), ORGANISATION), ORGANISATION)
    found = match(con, Thresholds(), kind=ORGANISATION)
    joined, true = _pairs(found.clusters.labels), _pairs(who)
    assert len(joined & true) / len(joined) >= 0.999
    assert len(joined & true) / len(true) >= 0.97


def _pairs(labels: list[int]) -> set[tuple[int, int]]:
    by_label: dict[int, list[int]] = {}
    for at, label in enumerate(labels):
        by_label.setdefault(label, []).append(at)
    return {(a, b) for group in by_label.values() for a in group for b in group if a < b}
