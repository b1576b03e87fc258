import json

import pytest

from dangol.board.standing import Standing
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed


@pytest.fixture
def standing(world):
    sales = make_default_surveys()["sales"]
    completed(sales, world.place("GANGNAM"), GOOD)
    completed(sales, world.place("GANGNAM"), {**GOOD, "overall": 4})
    completed(sales, world.place("MAPO"), BAD)
    return Standing(NOON)


def test_a_site_knows_its_means_and_its_ranks(world, standing):
    gangnam = standing.state(world.place("GANGNAM").pk)["sales"]
    assert gangnam["today"]["mean"] == 88.8 and gangnam["month"]["n"] == 2
    assert (gangnam["rank"], gangnam["of"]) == (1, 2)
    assert (gangnam["group_rank"], gangnam["group_of"]) == (1, 2)
    mapo = standing.state(world.place("MAPO").pk)["sales"]
    assert mapo["rank"] == 2 and mapo["month"] == {"n": 1, "mean": 17.5, "low": 0.0, "high": 100.0}
    assert mapo["shrunken"] > 17.5 and gangnam["shrunken"] < 88.8
    assert standing.state(world.place("HAEUNDAE").pk)["sales"]["rank"] is None


def test_an_answer_changes_its_line_and_the_ranks_only(world, standing):
    sales = make_default_surveys()["sales"]
    completed(sales, world.place("MAPO"), {**GOOD, "overall": 5})
    rows = standing.read(NOON, [world.place("MAPO").pk])
    changed = {standing.places[standing.keys[row]]["code"] for row in rows}
    assert {"MAPO", "SEOUL", "SALES", "HQ"} <= changed and "HAEUNDAE" not in changed
    again = Standing(NOON)
    for code in ("HQ", "SALES", "SEOUL", "GANGNAM", "MAPO", "HAEUNDAE"):
        key = world.place(code).pk
        assert standing.state(key) == again.state(key)


def test_every_state_can_be_told_as_json(world, standing):
    """A figure of numpy among them would silence the live stream."""
    for key in standing.places:
        json.dumps(standing.state(key))


def test_tied_sites_are_known_and_chance_gives_no_rank(world, standing):
    row = [standing.row[world.place(code).pk] for code in ("GANGNAM", "MAPO")]
    assert [standing.figures(r, 0)["tied"] for r in row] == [False, False]
    standing.sums[row[1]] = standing.sums[row[0]]
    standing.rank()
    standing.kept.clear()
    told = [standing.figures(r, 0) for r in row]
    assert [t["rank"] for t in told] == [None, None]
    assert [t["tied"] for t in told] == [False, False]
