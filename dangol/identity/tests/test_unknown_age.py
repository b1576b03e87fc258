"""A contact point knows since when its source says so, or that nobody knows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.models import ContactPoint, SourceRecord
from dangol.identity import actions
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db
OLD = timezone.now() - dt.timedelta(days=900)


@pytest.fixture(params=["one by one", "all together"])
def matched(request):
    """Match what waits, either way."""
    return {"one by one": match_waiting, "all together": actions.run_full}[request.param]


@pytest.mark.parametrize(
    ("told", "undated", "since"),
    [
        ({"raw": {"a": "1"}}, True, None),
        ({"raw": {"a": "1"}, "as_of": OLD}, False, OLD),
        ({"raw": {"a": "1"}, "times": {"phone": OLD.isoformat()}}, False, OLD),
        ({}, False, None),  # a file that somebody loaded: as old as the load
    ],
)
def test_what_a_source_brings(matched, told, undated, since) -> None:
    one = record(**HONG)
    SourceRecord.objects.filter(pk=one.pk).update(**told)
    matched()
    point = ContactPoint.objects.get(kind="phone")
    assert (point.undated, point.said_since) == (undated, since)
