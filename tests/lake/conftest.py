"""The Spark that the tests of the lake use: in processes here, under soak a real cluster."""

from __future__ import annotations

import os

import pytest

SOAK = bool(os.environ.get("DANGOL_SOAK"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """One master, two workers; None where the tests are the quick ones."""
    if not SOAK:
        yield None
        return
    from tests.lake.cluster import Cluster

    started = Cluster(tmp_path_factory.mktemp("spark"))
    yield started
    from dangol.warehouse import engine

    engine.backend(started.url).session.stop()
    started.stop()


@pytest.fixture(scope="session")
def spark(cluster):
    """The name of the engine, as DANGOL_ENGINE would say it."""
    return cluster.url if cluster else "local[2]"
