"""Whoever reads where a value comes from reads the name of the system, not its code."""

from __future__ import annotations

import pytest

from dangol.customers.source_names import source_name
from dangol.sources import names
from dangol.sources.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(names, "_kept", None)


def test_a_system_is_called_as_its_source_of_persons() -> None:
    rows = (("pos-t", "transaction", "POS 매출"), ("pos-c", "person", "POS 고객"))
    for code, entity, name in rows:
        Source.objects.create(
            code=code, name=name, system="pos", entity=entity, connection="folder"
        )  # fmt: skip
    assert source_name("pos") == "POS 고객"


def test_a_code_that_nobody_named_stays_as_it_is() -> None:
    assert source_name("old-erp") == "old-erp" and source_name("") == ""


def test_the_names_are_asked_once_for_a_page(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert [source_name(code) for code in ("x", "y")] == ["x", "y"]
