"""The Spark session of a process."""

from __future__ import annotations

from typing import Any

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
}


def session(master: str) -> Any:
    """A session on a master; settings may be overridden in Spark's own configuration."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("dangol")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
