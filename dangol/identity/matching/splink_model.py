"""Our comparisons as a model of Splink: learned and run by it, on DuckDB or on Spark."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
from splink import Linker, SettingsCreator

from dangol.identity.matching.blocking import Rule
from dangol.identity.matching.comparisons import Comparison
from dangol.identity.matching.kinds import PERSON, Kind
from dangol.identity.matching.parameters import LEAST, SLIP, Parameters

log = logging.getLogger(__name__)
SURE_RECALL = 0.9
"""Share of a company's true pairs that agree in one of the sure ways, such as name and telephone."""

START = 1e-5
"""The prior before learning."""


def settings(
    parameters: Parameters | None = None,
    kind: Kind = PERSON,
    kept: tuple[str, ...] = (),
) -> SettingsCreator:
    """Splink's settings of a model, learned or not."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[_comparison(c, parameters) for c in kind.comparisons],
        blocking_rules_to_generate_predictions=[{"blocking_rule": r.sql} for r in kind.rules],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=list(kept),
        probability_two_random_records_match=parameters.prior if parameters else START,
    )


def _comparison(comparison: Comparison, parameters: Parameters | None) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": comparison.unknown_sql,
            "label_for_charts": "unknown",
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        one: dict[str, Any] = {"sql_condition": level.sql or "ELSE", "label_for_charts": level.key}
        key = f"{comparison.key}.{level.key}"
        if level.frequency and (parameters or not level.crowd):
            one |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
        if level.crowd and parameters:
            one["tf_minimum_u_value"] = parameters.u.get(key, LEAST)
        if parameters:
            one["m_probability"] = parameters.m.get(key, SLIP)
            one["u_probability"] = parameters.u.get(key, LEAST)
        levels.append(one)
    return {"output_column_name": comparison.key, "comparison_levels": levels}


ENOUGH_PAIRS = 300


def learn(
    con: duckdb.DuckDBPyConnection, linker: Linker, kind: Kind = PERSON, pairs: float = 2e6
) -> Parameters:
    """Estimate u from pairs drawn at random, and m by expectation–maximisation within each rule.

    Rules with too few pairs teach nothing; without two that do, m stays the product's own.
    """
    by_key = {rule.key: rule for rule in kind.rules}
    rules = [by_key[key] for key in kind.teaching if pairs_of(con, by_key[key]) >= ENOUGH_PAIRS][:3]
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [r.sql for r in kind.sure], recall=SURE_RECALL, record_sample_proportion=1.0
    )
    training.estimate_u_using_random_sampling(max_pairs=pairs, seed=1)
    for rule in rules:
        try:
            training.estimate_parameters_using_expectation_maximisation(rule.sql)
        except ValueError as failure:  # a share of nought: among its pairs a level never occurs
            log.warning("pairs of the rule %s teach nothing: %s", rule.key, failure)
    return read_parameters(linker.misc.save_model_to_json(), kind.usual)


def teachable(con: duckdb.DuckDBPyConnection, kind: Kind) -> bool:
    """Whether any two records agree in what is sure: without them there is nothing to learn from."""
    return any(pairs_of(con, rule) for rule in kind.sure)


def pairs_of(con: duckdb.DuckDBPyConnection, rule: Rule) -> int:
    """How many pairs of records agree in a rule."""
    known = " and ".join(f"{c} <> ''" for c in rule.columns)
    rows = con.execute(
        f"select coalesce(sum(n * (n - 1) / 2), 0)::bigint from (select count(*) n from records"
        f" where {known} group by {', '.join(rule.columns)})"
    ).fetchall()
    return int(rows[0][0])


def read_parameters(model: dict[str, Any], usual: Parameters) -> Parameters:
    """Splink's saved model as ours; levels never seen get the least probability.

    A comparison of which no level was seen (no record has the field) keeps what is usual: with the
    least probability for all, two different values would speak for one.
    """
    m: dict[str, float] = {}
    u: dict[str, float] = {}
    for comparison in model["comparisons"]:
        seen = any(level.get("u_probability") for level in comparison["comparison_levels"])
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            key = f"{comparison['output_column_name']}.{level['label_for_charts']}"
            m[key] = max(level.get("m_probability") or usual.m.get(key, SLIP), SLIP)
            found = level.get("u_probability") if seen else usual.u.get(key)
            u[key] = max(found or LEAST, LEAST)
    return Parameters(model["probability_two_random_records_match"], m, u)
