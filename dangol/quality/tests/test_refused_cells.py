"""Cells that reading refused count as what they are: filled, and not valid; those of “not known” are missing."""

import pytest
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.quality.measures.keeping import measure_records
from dangol.quality.measures.reading import by_site, by_source, last_day
from dangol.quality.models import Faults, Measure
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point
from dangol.quality.tests.test_measures import listed, record

TEST_NUMBER = "010-1234-5678"


def refused(customer, source, key, cells, **values):
    """A record of which some cells were refused."""
    made = record(customer, source, key, **values)
    made.refused = cells
    made.save()
    return made


def measured(user, source, field):
    """(records, filled, valid) of a field of a source, measured now."""
    measure_records(policy_in_use(), timezone.localdate())
    counts = by_source(user, last_day())[source][field]
    return counts.records, counts.filled, counts.valid


@pytest.fixture
def customer(world):
    """A customer of 강남 whose phone the source `good` says."""
    point = a_point(world)
    SourceRecord.objects.all().delete()
    record(point.customer, "good", "g1", name="홍서연", phone=point.value)
    return point.customer


def test_a_refused_test_number_is_filled_and_not_valid(world, customer):
    refused(customer, "web", "w1", [["phone", "test_data", TEST_NUMBER]], name="홍서연")
    record(customer, "web", "w2", name="홍서연", phone="+821098761234")
    record(customer, "web", "w3", name="홍서연")
    assert measured(world.anna, "web", "phone") == (3, 2, 1)
    assert measured(world.anna, "web", "name") == (3, 3, 3)
    w1 = dict.fromkeys(Faults.objects.get(record__key="w1").named)
    assert ("phone", "invalid") in w1 and ("phone", "missing") not in w1
    counts = by_source(world.anna, last_day())["web"]["phone"]
    assert (counts.compared, counts.agreeing) == (2, 0)  # it is not what the golden record says


def test_a_number_that_stands_for_many_is_counted_as_shared(world, customer):
    for key in ("w1", "w2", "w3"):
        refused(customer, "web", key, [["phone", "test_data", TEST_NUMBER]])
    refused(customer, "web", "w4", [["phone", "registration_number", ""]])
    refused(customer, "web", "w5", [["phone", "registration_number", ""]])
    assert measured(world.anna, "web", "phone") == (5, 5, 0)
    assert by_source(world.anna, last_day())["web"]["phone"].shared == 3


@pytest.mark.parametrize(
    ("why", "cell", "counted"),
    [
        ("zero_date", "0000-00-00", (1, 0, 0)),
        ("placeholder_date", "1900-01-01", (1, 0, 0)),
        ("bad_birth", "31.31.1985", (1, 1, 0)),
    ],
)
def test_a_date_that_stands_for_not_known_is_missing_and_no_wrong_one(
    world, customer, why, cell, counted
):
    refused(customer, "web", "w1", [["born_on", why, cell]], name="홍서연")
    assert measured(world.anna, "web", "born_on") == counted


def test_what_was_kept_beside_a_refused_cell_is_judged_by_itself(world, customer):
    refused(
        customer, "web", "w1", [["address", "registration_number", ""]], address="서울 강남구 1"
    )
    refused(customer, "web", "w2", [["name", "no_name", "---"]], name="---")
    refused(customer, "web", "w3", [["phone2", "bad_phone", "12"]], phone="+821098761234")
    assert measured(world.anna, "web", "address") == (3, 1, 1)
    assert measured(world.anna, "web", "name") == (3, 1, 0)
    assert measured(world.anna, "web", "phone") == (3, 1, 1)


def test_the_list_behind_the_figure_shows_the_refused_cell_masked(world, customer, client):
    cells = [["phone", "test_data", TEST_NUMBER], ["home", "unknown_site", "모름지점"]]
    refused(customer, "web", "w1", cells, name="홍서연")
    measured(world.anna, "web", "phone")
    address = "?source=web&field=phone&fault=invalid"
    client.force_login(world.anna)
    page = listed(client, f"/quality/records/{address}")
    assert (
        "w1" in page and f"전화: {TEST_NUMBER} (테스트 데이터)" in page and "모름지점" not in page
    )
    [row] = client.get(f"/api/v1/quality/records{address}").json()["items"]
    assert [(r["field"], r["value"]) for r in row["refused"]] == [("phone", TEST_NUMBER)]
    client.force_login(world.grace)
    page = listed(client, f"/quality/records/{address}")
    assert "w1" in page and "(테스트 데이터)" in page and TEST_NUMBER not in page
    [row] = client.get(f"/api/v1/quality/records{address}").json()["items"]
    assert row["refused"][0]["value"] != TEST_NUMBER


@pytest.fixture
def companies(world, customer):
    """A source of organisations alone, and one of both kinds."""
    for source, key in (("tax", "t1"), ("tax", "t2"), ("both", "b1")):
        made = record(customer, source, key, name="한빛상사", phone="+8221234987")
        SourceRecord.objects.filter(pk=made.pk).update(kind="organisation")
    record(customer, "both", "b2", name="홍서연", gender="f")
    measure_records(policy_in_use(), timezone.localdate())


def test_organisations_lack_no_birth_and_no_gender(world, companies):
    tax, both = (by_source(world.anna, last_day())[source] for source in ("tax", "both"))
    assert set(tax) == {"name", "phone", "email", "address"}
    assert (both["gender"].records, both["gender"].filled) == (1, 1)
    assert both["born_on"].records == 1 and both["name"].records == 2
    assert {field for field, _fault in Faults.objects.get(record__key="t1").named} <= set(tax)
    assert sum(c.records for _p, c in by_site(world.anna, last_day(), "gender", "complete", 9)) == 2
    assert Measure.objects.filter(source="tax", field="born_on").count() == 0


def test_the_page_says_a_dash_and_the_summary_leaves_it_out(world, companies, client):
    client.force_login(world.anna)
    measures = client.get("/quality/measures/?measure=complete")
    [tax] = [
        row for row in measures.context["rows"] if row["records"] == 2 and row["name"] == "tax"
    ]
    assert [cell["share"] for cell in tax["cells"]] == [
        "100.0%",
        "100.0%",
        "0.0%",
        "0.0%",
        "–",
        "–",
    ]
    [tax] = [row for row in client.get("/quality/").context["sources"] if row["source"] == "tax"]
    assert tax["shares"][0][:2] == ("complete", "50%")  # name and phone of four, not of six
    rows = client.get("/api/v1/quality/measures").json()
    assert {r["field"] for r in rows if r["source"] == "tax"} == {
        "name",
        "phone",
        "email",
        "address",
    }
