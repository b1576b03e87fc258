"""Every link of the pages of data quality leads somewhere, whoever sees the page."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.utils import timezone

from dangol.quality.measures.keeping import measure_records
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point, a_task, checked, looked
from dangol.quality.tried.counting import count_checks

MINE = (
    "/quality/", "/quality/rates/", "/quality/decay/", "/quality/measures/", "/quality/definitions/",
    "/quality/points/", "/quality/checks/", "/quality/records/", "/quality/tasks/", "/quality/settings/",
)  # fmt: skip


@pytest.fixture
def worked(world):
    """Checks, chances, measures and tasks at two sites."""
    checked(a_point(world, days=10), "verified")
    checked(a_point(world, kind="address", days=500, source="event"), "wrong")
    checked(a_point(world, "HAEUNDAE", "email", days=40, source="web"), "moved")
    a_task(world)
    a_task(world, "HAEUNDAE")
    looked()
    count_checks()
    today = timezone.localdate()
    for day in (today - dt.timedelta(days=1), today):
        measure_records(policy_in_use(), day)
    return world


def links_of(address: str, page: str) -> set[str]:
    """Where the page leads: its own links, tabs and rows, without files and what is no page of ours."""
    found = re.findall(r'(?:\shref|data-href)="([^"]*)"', page)
    whole = {urljoin(address, unescape(link)).split("#")[0] for link in found if link}
    return {link for link in whole if link.startswith("/") and not link.startswith("/static/")}


@pytest.mark.parametrize(
    "who", ["anna", "sue", "ada", "grace", "rex", "mark", "alan", "pia", "dana"]
)
def test_no_link_of_a_page_that_somebody_sees_is_refused(worked, client, who):
    user = getattr(worked, who)
    client.force_login(user)
    assert client.get("/quality/").status_code == (200 if user.can("quality.see") else 403)
    refused, seen = {}, set()
    for address in MINE:
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        for link in links_of(address, answer.content.decode()) - seen:
            seen.add(link)
            status = client.get(link).status_code
            if status not in (200, 302):
                refused[address, link] = status
    assert refused == {}
    figures = {"/quality/rates/", "/quality/decay/", "/quality/definitions/"}
    assert seen & figures == (figures if user.can("quality.see") else set())
    assert ("/quality/points/" in seen) == user.can("customers.see")
