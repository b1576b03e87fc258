"""Organisations by their numbers: found by them, loaded with them, a wrong one refused by name."""

import pytest

from dangol.core.models import AuditEntry
from dangol.customers.finding import customers_found_by
from dangol.customers.models import Customer, SourceRecord
from dangol.imports.tests.factories import counts, loaded, planned, reasons

FILE = (
    "고객번호,상호,사업자등록번호,법인등록번호,구분\n"
    "C1,한빛전자,124-81-00998,130111-0006246,\n"
    "C2,두리상사,2208162517,,법인\n"
)


@pytest.fixture
def companies(world):
    """Two companies from a file."""
    loaded("customers", FILE)
    return world


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("124-81-00998", ["한빛전자"]),
        ("1248100998", ["한빛전자"]),
        ("１２４－８１－００９９８", ["한빛전자"]),
        ("124-81", ["한빛전자"]),
        ("130111-0006246", ["한빛전자"]),
        ("1301110006246", ["한빛전자"]),
        ("220-81-62517", ["두리상사"]),
        ("999-81-00998", []),
    ],
)
def test_a_company_is_found_by_its_numbers(companies, words, expected):
    assert [c.name for c in customers_found_by(companies.anna, words)] == expected


def test_a_number_that_a_source_sent_with_hyphens_is_found_too(world):
    one = Customer.objects.create(kind="organisation", name="가람물산")
    SourceRecord.objects.create(
        source="erp", key="1", kind="organisation", customer=one,
        values={"name": "가람물산", "registration": "124-81-00998"},
    )  # fmt: skip
    assert [c.name for c in customers_found_by(world.anna, "12481009")] == ["가람물산"]


def test_the_outsider_finds_no_company_of_another_branch(world):
    content = "고객번호,상호,사업자등록번호,지점\nC1,한빛전자,124-81-00998,GANGNAM\n"
    loaded("customers", content)
    assert customers_found_by(world.eve, "124-81-00998") == []
    assert len(customers_found_by(world.grace, "124-81-00998")) == 1


def test_a_file_brings_the_numbers_in_one_form_and_says_that_it_is_an_organisation(companies):
    one = SourceRecord.objects.get(key="C1")
    assert (one.values["registration"], one.values["corporate"]) == ("1248100998", "1301110006246")
    assert (one.kind, one.customer.kind) == ("organisation", "organisation")
    assert SourceRecord.objects.get(key="C2").values["registration"] == "2208162517"
    assert counts(loaded("customers", FILE)) == (0, 0, 2, 0)


def test_a_changed_number_alone_is_a_change_with_its_audit(companies):
    run = planned("customers", FILE.replace("2208162517", "124-81-00998"))
    sample = next(s for s in run.plan["samples"] if s["verdict"] == "changed")
    assert sample["seen"] == {
        "before": {"registration": "2208162517"}, "after": {"registration": "1248100998"},
    }  # fmt: skip
    assert counts(loaded("customers", FILE.replace("2208162517", "124-81-00998"))) == (0, 1, 1, 0)
    assert SourceRecord.objects.get(key="C2").values["registration"] == "1248100998"
    audit = AuditEntry.objects.get(verb="import_customer")
    assert audit.changes == {"registration": ["2208162517", "1248100998"]}


def test_a_wrong_number_is_refused_by_name(world):
    content = (
        "고객번호,상호,사업자등록번호,법인등록번호\n"
        "A,가,124-81-00999,\nB,나,124-81-0099,\nC,다,,130111-000624\nD,라,,800101-1234567\n"
        "E,마,124-81-00998,\n"
    )
    run = loaded("customers", content)
    assert counts(run) == (1, 0, 0, 4)
    assert reasons(run) == [
        (2, "Business registration number (사업자등록번호): “124-81-00999” is not a business registration number: its check digit does not hold"),
        (3, "Business registration number (사업자등록번호): “124-81-0099” is not a business registration number: it has ten digits"),
        (4, "Corporate number (법인등록번호): “130111-000624” is not a corporate number: it has thirteen digits, the fifth and sixth say the kind of body"),
        (5, "Corporate number (법인등록번호): holds what looks like a resident registration number"),
    ]  # fmt: skip
    assert list(Customer.objects.values_list("name", flat=True)) == ["마"]
