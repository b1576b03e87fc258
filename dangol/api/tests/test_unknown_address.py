"""An address that leads nowhere answers in the form of whoever asked."""

import pytest


@pytest.mark.django_db
def test_programs_get_a_problem_and_people_a_page(client):
    program = client.get("/api/v1/nothing/here")
    assert program.status_code == 404
    assert program.headers["Content-Type"] == "application/problem+json"
    person = client.get("/nothing/here/")
    assert person.status_code == 404 and b"<html" in person.content


def test_two_schemas_never_share_a_name():
    """The description knows a schema by its name alone: one would stand for the other."""
    from ninja import Schema

    def all_below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from all_below(one)

    ours = {one for one in all_below(Schema) if one.__module__.startswith("dangol.")}
    names = sorted(one.__name__ for one in ours if "[" not in one.__name__)
    assert [name for name, after in zip(names, names[1:], strict=False) if name == after] == []
