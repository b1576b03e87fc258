"""The same model on Spark: where the records are too many for one machine."""

from __future__ import annotations

import json
from typing import Any

import duckdb
from splink import Linker

from dangol.identity.matching.full import crowd_of, with_crowds
from dangol.identity.matching.kinds import PERSON, Kind
from dangol.identity.matching.parameters import Parameters
from dangol.identity.matching.splink_model import settings

WORDS = {"jaro_winkler_similarity(": "jaro_winkler(", "starts_with(": "startswith("}
"""What Spark and the functions that Splink brings to it call otherwise than DuckDB."""


def score(
    con: duckdb.DuckDBPyConnection,
    session: Any,
    parameters: Parameters,
    least: float,
    kind: Kind = PERSON,
) -> str:
    """Weigh the pairs of the table `records` on Spark; the name of DuckDB's table that holds them."""
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location

    session.sql(f"ADD JAR '{similarity_jar_location()}'")
    frame = session.createDataFrame(con.sql("select * from records").to_arrow_table())
    frame.createOrReplaceTempView("records")
    told = json.dumps(settings(parameters, kind).create_settings_dict("spark"))
    for ours, theirs in WORDS.items():
        told = told.replace(ours, theirs)
    api = SparkAPI(spark_session=session, break_lineage_method="persist")
    linker = Linker(api.register("records"), json.loads(told), log_level=None)
    crowds = {}
    for column in kind.crowded:
        crowd = session.createDataFrame(
            con.sql(f"select * from {crowd_of(column)}").to_arrow_table()
        )
        crowd.createOrReplaceTempView(crowd_of(column))
        crowds[column] = crowd_of(column)
    with_crowds(linker, api, kind, crowds)
    found = linker.inference.predict(threshold_match_weight=least)
    con.register("weighed", found.as_spark_dataframe().toArrow())
    con.execute("create or replace table weighed_on_spark as select * from weighed")
    con.unregister("weighed")
    return "weighed_on_spark"
