"""A united company stays united while its databases change and stewards correct it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import replace

import pytest

from dangol.customers.models import Customer, SourceRecord
from dangol.demo.sources.cutting import Cut, cut_company, write_truth
from dangol.demo.sources.placing import kind_of, put
from dangol.demo.sources.uniting import unite_company
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.splitting import split_records
from dangol.sources.models import Run
from tests.sources.company import make_customers, place, scored  # noqa: F401 - a fixture
from tests.sources.schedule import a_night

PEOPLE = 60
KEY, NAME, PHONE, _PHONE2, _EMAIL, ADDRESS = range(6)
Spot = tuple[int, int]
"""A row: the number of its database, its place there."""


def record_of(cuts: list[Cut], spot: Spot) -> SourceRecord:
    """The record that was read from a row."""
    cut = cuts[spot[0]]
    return SourceRecord.objects.get(source=cut.database.code.lower(), key=cut.rows[spot[1]][KEY])


def change(cuts: list[Cut], spot: Spot, column: int, value: str) -> None:
    """Write another value into a row."""
    rows = cuts[spot[0]].rows
    row = list(rows[spot[1]])
    row[column] = value
    rows[spot[1]] = tuple(row)


def spots_of(cuts: list[Cut]) -> list[list[Spot]]:
    """The rows of each person, of those who are one customer now; who has most rows first."""
    found: dict[str, list[Spot]] = defaultdict(list)
    for number, cut in enumerate(cuts):
        for at, owner in enumerate(cut.customers):
            found[owner].append((number, at))
    people = sorted(found.values(), key=len, reverse=True)
    return [p for p in people if len({record_of(cuts, spot).customer_id for spot in p}) == 1]


def owners() -> dict[int, uuid.UUID | None]:
    """Whose each record of the databases is."""
    rows = SourceRecord.objects.filter(source__startswith="db", gone_at=None)
    return dict(rows.values_list("pk", "customer_id"))


@pytest.mark.django_db(transaction=True)
def test_changes_of_the_databases_and_of_stewards_keep_everybody_who_they_are(place):  # noqa: F811
    make_customers(PEOPLE)
    cuts = cut_company()
    assert len(unite_company(say=lambda line: None)) == 33
    a_night()
    assert scored().precision >= 0.999
    people = spots_of(cuts)
    moved, mended, left, called, parted, one, other = people[:7]
    going, merged = corrected(cuts, parted, one, other)
    before = owners()
    gone, staying, dialled = (record_of(cuts, spots[0]) for spots in (left, parted, called))
    changed(cuts, moved, mended, left, called)
    for number, cut in enumerate(cuts):
        put(number, cut, kind_of(number, mariadb=False, endpoint=False), {}, "")
    write_truth(cuts)
    a_night()
    assert {run.state for run in Run.objects.all()} == {"finished"}
    now = owners()
    fresh = {pk: owner for pk, owner in now.items() if pk not in before}
    assert {pk: owner for pk, owner in before.items() if pk != gone.pk} == {
        pk: owner for pk, owner in now.items() if pk in before
    }
    assert len(fresh) == 3 and len(set(fresh.values())) == 1 and None not in fresh.values()
    assert not set(fresh.values()) & set(before.values())
    gone.refresh_from_db()
    assert gone.gone_at is not None and gone.pk not in now
    assert now[going] != now[staying.pk]
    assert now[merged[0]] != now[merged[1]]
    phones = Customer.objects.get(pk=now[dialled.pk]).contact_points
    assert phones.filter(value="+821087654329", ended_at=None).exists()
    assert scored().precision >= 0.999


def corrected(
    cuts: list[Cut], parted: list[Spot], one: list[Spot], other: list[Spot]
) -> tuple[int, list[int]]:
    """What a steward did: records parted, two customers merged and the merge undone."""
    going = record_of(cuts, parted[-1])
    assert going.customer is not None
    split_records(going.customer, [going.pk], by=None)
    pair = [record_of(cuts, spots[0]) for spots in (one, other)]
    merge = merge_customers(*(r.customer for r in pair), by=None, decided=True)  # type: ignore[arg-type]
    undo_merge(merge, by=None, apart=True)
    return going.pk, [r.pk for r in pair]


def changed(
    cuts: list[Cut], moved: list[Spot], mended: list[Spot], left: list[Spot], called: list[Spot]
) -> None:
    """What the systems did since: an address moved, a name mended, a row deleted, a new telephone, and
    a person whom three of them know now."""
    for spot in moved[:2]:
        change(cuts, spot, ADDRESS, "부산광역시 해운대구 센텀중앙로 97 1201호")
    names = [cuts[number].rows[at][NAME] for number, at in mended]
    for spot in mended:
        change(cuts, spot, NAME, max(set(names), key=names.count))
    for spot in called[:3]:
        change(cuts, spot, PHONE, "010-8765-4329")
    for number in (0, 8, 21):
        cut = cuts[number]
        row = list(cut.rows[0])
        row[KEY], row[NAME], row[PHONE] = f"N{number}", "선우가람", "010-2468-1357"
        row[3:] = ["", "garam@mail.example", "", "", "", ""]
        cut.rows.append(tuple(row))
        cut.customers.append("garam")
    number, at = left[0]
    cut = cuts[number]
    cuts[number] = replace(
        cut, rows=cut.rows[:at] + cut.rows[at + 1 :], customers=cut.customers[:at] + cut.customers[at + 1 :]
    )  # fmt: skip
