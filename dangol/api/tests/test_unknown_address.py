"""An address that leads nowhere answers in the form of whoever asked."""

import pytest


@pytest.mark.django_db
def test_programs_get_a_problem_and_people_a_page(client):
    program = client.get("/api/v1/nothing/here")
    assert program.status_code == 404
    assert program.headers["Content-Type"] == "application/problem+json"
    person = client.get("/nothing/here/")
    assert person.status_code == 404 and b"<html" in person.content
