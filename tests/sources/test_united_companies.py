"""The demo's fleet customers cut into three books, read by sources, and united again."""

from __future__ import annotations

import pytest

from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.demo.sources.companies import companies
from dangol.demo.sources.company_books import connect_books, cut_companies
from dangol.demo.sources.cutting import write_truth
from dangol.identity.actions import run_full
from dangol.identity.audits.truth import known_truth, score_against
from dangol.sources.actions import start_run
from dangol.sources.running.carrying import carry_on


@pytest.mark.django_db(transaction=True)
def test_three_books_of_companies_become_one_and_are_scored(settings, tmp_path):
    settings.VAR, settings.INBOX = tmp_path, tmp_path / "inbox"
    settings.INBOX.mkdir()
    for one in companies(120, 9):
        customer = Customer.objects.create(kind="organisation", name="㈜" + one.names[0])
        ContactPoint.objects.create(
            customer=customer, kind="phone", value="+82" + one.phones[0][1:]
        )
    books = cut_companies()
    made = connect_books(books, None, lambda line: None)
    write_truth(books)
    runs = [carry_on(start_run(source, by=None, now=False).pk) for source in made]
    assert {run.state for run in runs} == {"finished"}
    assert sum(run.strange.get("bad_registration", {}).get("count", 0) for run in runs) > 0
    assert SourceRecord.objects.filter(kind="organisation", values__has_key="corporate").exists()
    run_full()
    truth = known_truth()
    assert truth and len(truth) == sum(run.new for run in runs)
    scored = score_against(truth)
    assert scored.precision >= 0.995 and scored.recall >= 0.95
