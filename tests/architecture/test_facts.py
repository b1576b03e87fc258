"""What the apps lend to the lake: no identifiers, every reference leads somewhere, all is named."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models

from dangol.warehouse.facts import FACTS, Type
from dangol.warehouse.sources import Source

# Words of few values, and names of things: never of people.
WORDS = {
    "places.Place": {"code", "name", "name_en", "time_zone", "region_code"},
    "purchases.Product": {"code", "name", "name_en"},
    "purchases.Transaction": {"currency", "source"},
    "customers.Customer": {"gender", "language", "tier", "source"},
    "customers.ContactPoint": {"source"},
    "customers.Check": {"source"},
    "customers.Attribute": {"key"},
    "customers.AttributeValue": {"choice"},
    "core.User": {"language"},
    "interactions.Thread": {"begun_by"},
    "interactions.Interaction": {"purpose"},
    "interactions.Questionnaire": {"title", "title_en"},
    "contact_centre.Call": {"driver", "cause"},
    "campaigns.Campaign": {"name", "name_en"},
    "campaigns.Stage": {"name", "name_en"},
    "campaigns.Target": {"result"},
    "surveys.Survey": {"key"},
    "surveys.Answer": {"question", "item"},
    "scores.ScoreModel": {"key"},
    "scores.Score": {"cell", "before"},
    "cases.Category": {"code", "name", "name_en"},
}
# Read only in part: the year's band, a choice and never the text beside it.
IN_PART = {"customers.Customer.born_on": r"/ 5 \* 5", "surveys.Answer.value": r"#>> '{}'"}


def fields_read():
    """Every field that a column is made of, with the column."""
    for fact in FACTS.values():
        for column in fact.columns:
            for path in column.paths:
                *way, last = path.split(".")
                model = fact.model
                for step in way:
                    model = model._meta.get_field(step).related_model
                if last != "number":
                    yield fact, column, model, model._meta.get_field(last)


def test_no_name_phone_address_or_free_text_enters_the_lake():
    wrong = []
    for fact, column, model, field in fields_read():
        label = f"{model._meta.label}.{field.name}"
        if label in IN_PART:
            if not re.search(IN_PART[label], column.expression):
                wrong.append(f"{fact.name}.{column.name} reads {label} as it is")
        elif isinstance(field, models.TextField | models.JSONField | models.FileField):
            wrong.append(f"{fact.name}.{column.name} reads {label}, which is free text")
        elif isinstance(field, models.CharField) and not field.choices:
            if field.name not in WORDS.get(model._meta.label, ()):
                wrong.append(f"{fact.name}.{column.name} reads {label}, which may name somebody")
        elif isinstance(field, models.UUIDField):
            wrong.append(f"{fact.name}.{column.name} is a key of the product")
    assert not wrong


def test_every_customers_row_can_be_erased():
    """A table that points at customers says which column does."""
    for fact in FACTS.values():
        points = [c.name for c in fact.columns if c.of == "customers"]
        assert fact.customer or not points, fact.name


def test_every_reference_leads_to_a_table():
    for fact in FACTS.values():
        for column in fact.columns:
            if column.type == Type.REF:
                assert column.of in FACTS, f"{fact.name}.{column.name}"


def test_everything_is_named_in_both_languages():
    for fact in FACTS.values():
        assert fact.label and fact.grain
        for column in fact.columns:
            assert column.label, f"{fact.name}.{column.name}"


def test_settled_relations_are_relations_that_are_read():
    for fact in FACTS.values():
        assert set(fact.settled) <= set(Source(fact).hops), fact.name


def test_every_domain_lends_its_facts():
    lending = {fact.model._meta.app_label for fact in FACTS.values()}
    domains = {"places", "customers", "purchases", "interactions", "contact_centre", "campaigns", "surveys", "cases"}  # fmt: skip
    assert domains <= lending
    assert apps.is_installed("dangol.warehouse")
