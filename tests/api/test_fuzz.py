"""Whatever is sent to whatever operation: no server error, and answers are as described.

DANGOL_SOAK=1 asks thirty times as much.
"""

from __future__ import annotations

import os
import random
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dangol.api.actions import make_token
from dangol.config.wsgi import application
from dangol.core.roles import ABILITIES
from tests.api.specimens import Pool, give_real_keys, make_pool

SOAK = 30 if os.environ.get("DANGOL_SOAK") else 1
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DESCRIPTION = "/api/v1/openapi.json"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def plan(examples: int) -> settings:
    """The same requests at every run; no shrinking, the first failure of an operation is told."""
    return settings(
        max_examples=SOAK * examples, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def ask_everything(secret: str, pool: Pool, examples: int) -> dict[int, int]:
    """Every operation with good and bad requests; how often each status came."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
    schema.config.generation.update(allow_x00=True)
    draw, seen = random.Random(7), {}
    headers = {"Authorization": f"Bearer {secret}"}

    def ask(case: Any) -> None:
        case.path_parameters = give_real_keys(case.path_parameters, pool, draw)
        case.body = give_real_keys(case.body, pool, draw)
        response = case.call(headers=headers)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 400:
            assert response.headers["content-type"] == ["application/problem+json"]

    count, broken = 0, []
    for found in schema.get_all_operations():
        operation, count = found.ok(), count + 1
        for mode in schemathesis.GenerationMode:
            try:
                hypothesis.given(case=operation.as_strategy(generation_mode=mode))(
                    plan(examples)(lambda case: ask(case))
                )()
            except hypothesis.errors.Unsatisfiable:
                assert mode == schemathesis.GenerationMode.NEGATIVE  # nothing can be wrong there
            except (Failure, FailureGroup, AssertionError) as failure:
                broken.append(f"{operation.label}: {failure}"[:1500])
    assert not broken, "\n\n".join(broken)
    assert count > 30
    return seen


def token(who: Any, abilities: list[str]) -> str:
    return make_token(who, name="fuzz", abilities=abilities, days=1, by=who)[1]


def test_whoever_may_everything_meets_no_server_error(world):
    pool = make_pool(world)
    seen = ask_everything(token(world.anna, [a for a in ABILITIES if world.anna.can(a)]), pool, 10)
    assert seen[200] > 50 and seen[201] > 10 and seen[422] > 50, seen


def test_whoever_may_nothing_gets_nothing(world):
    pool = make_pool(world)
    seen = ask_everything(token(world.anna, ["tokens.own"]), pool, 3)
    assert set(seen) <= {400, 403, 404, 422} and seen[403] > 60, seen
