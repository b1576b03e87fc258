"""Our comparisons as a model of Splink: learned and run by it, on DuckDB or on Spark."""

from __future__ import annotations

from typing import Any

from splink import Linker, SettingsCreator

from dangol.identity.matching.blocking import PEOPLE_RULES, Rule
from dangol.identity.matching.comparisons import PEOPLE, Comparison
from dangol.identity.matching.parameters import LEAST, SLIP, Parameters

SURE = (Rule("sure", ("name", "birth")), Rule("sure", ("name", "phone")))
SURE_RECALL = 0.9
"""Share of a company's true pairs that agree in name and day of birth, or in name and telephone."""

START = 1e-5
"""The prior before learning."""


def settings(
    parameters: Parameters | None = None,
    comparisons: tuple[Comparison, ...] = PEOPLE,
    rules: tuple[Rule, ...] = PEOPLE_RULES,
    kept: tuple[str, ...] = (),
) -> SettingsCreator:
    """Splink's settings of a model, learned or not."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[_comparison(c, parameters) for c in comparisons],
        blocking_rules_to_generate_predictions=[{"blocking_rule": r.sql} for r in rules],
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
        if level.frequency:
            one |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
        if parameters:
            key = f"{comparison.key}.{level.key}"
            one["m_probability"] = parameters.m.get(key, SLIP)
            one["u_probability"] = parameters.u.get(key, LEAST)
        levels.append(one)
    return {"output_column_name": comparison.key, "comparison_levels": levels}


def learn(
    linker: Linker,
    rules: tuple[Rule, ...] = (PEOPLE_RULES[0], PEOPLE_RULES[2], PEOPLE_RULES[1]),
    pairs: float = 2e6,
) -> Parameters:
    """Estimate u from pairs drawn at random and m by expectation–maximisation within each rule."""
    linker.training.estimate_probability_two_random_records_match(
        [r.sql for r in SURE], recall=SURE_RECALL, record_sample_proportion=1.0
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=1)
    for rule in rules:
        linker.training.estimate_parameters_using_expectation_maximisation(rule.sql)
    return read_parameters(linker.misc.save_model_to_json())


def read_parameters(model: dict[str, Any]) -> Parameters:
    """Splink's saved model as ours; levels never seen get the least probability."""
    m: dict[str, float] = {}
    u: dict[str, float] = {}
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            key = f"{comparison['output_column_name']}.{level['label_for_charts']}"
            m[key] = max(level.get("m_probability") or SLIP, SLIP)
            u[key] = max(level.get("u_probability") or LEAST, LEAST)
    return Parameters(model["probability_two_random_records_match"], m, u)
