"""The matching's model weighs every pair the same on DuckDB and on Spark, and joins the same people."""

from __future__ import annotations

import duckdb
import pytest

from dangol.demo.sources.companies import BOOKS, companies, company_records
from dangol.demo.sources.companies import COLUMNS as OF_COMPANIES
from dangol.demo.sources.population import population
from dangol.demo.sources.records import COLUMNS, records, thirty_databases
from dangol.identity.matching.full import load, match, records_table
from dangol.identity.matching.kinds import ORGANISATION
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.usual import USUAL
from dangol.identity.reading.people import read_person
from dangol.warehouse import engine

pytestmark = pytest.mark.xdist_group("spark")
PAIRS = (
    "select id_l, id_r, round(match_weight, 9), gamma_name, gamma_address from pairs order by 1, 2"
)


def test_both_engines_find_the_same_pairs_and_the_same_people(spark):
    found = list(records(population(250, 4), thirty_databases(), 4))
    raw = [dict(zip(COLUMNS, values, strict=True)) for _who, values in found]
    people = [read_person(one, 2026)[0] for one in raw]
    con = duckdb.connect()
    load(con, records_table(people, list(range(len(people)))))
    thresholds = Thresholds(review=-10.0)
    here = match(con, thresholds, USUAL)
    pairs = con.execute(PAIRS).fetchall()
    there = match(con, thresholds, USUAL, spark=engine.backend(spark).session)
    assert con.execute(PAIRS).fetchall() == pairs and len(pairs) > 1000
    assert there.clusters.labels == here.clusters.labels


def test_both_engines_find_the_same_companies(spark):
    found = list(company_records(companies(200, 4), BOOKS, 4))
    raw = [dict(zip(OF_COMPANIES, values, strict=True)) for _who, values in found]
    read = [ORGANISATION.read(one, 2026)[0] for one in raw]
    con, thresholds, usual = duckdb.connect(), Thresholds(review=-10.0), ORGANISATION.usual
    load(con, records_table(read, list(range(len(read))), ORGANISATION), ORGANISATION)
    here = match(con, thresholds, usual, kind=ORGANISATION)
    pairs = con.execute(PAIRS).fetchall()
    session = engine.backend(spark).session
    there = match(con, thresholds, usual, spark=session, kind=ORGANISATION)
    assert con.execute(PAIRS).fetchall() == pairs and len(pairs) > 1000
    assert there.clusters.labels == here.clusters.labels
