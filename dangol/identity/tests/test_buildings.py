"""The state's table of buildings makes one address of two."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.models import Building, Reading
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import record
from dangol.imports import actions
from dangol.imports.models import Import, RefusedRow
from dangol.imports.running import run_file

pytestmark = pytest.mark.django_db
BY_ROAD = "서울특별시 강남구 테헤란로 152, 12층"
BY_LOT = "서울특별시 강남구 역삼동 737"


def line(key: str, *, district="강남구", town="역삼동", village="", mountain="0", lot="0737", lot2="0", road="테헤란로", number="152", number2="0") -> str:  # fmt: skip
    """A building as the Ministry's files write it: 31 cells, no headings."""
    cells = ["1168010100", "서울특별시", district, town, village, mountain, lot, lot2, "116803122010",
             road, "0", number, number2, "강남파이낸스센터", "", key, "01", "1168064000", "역삼1동", "06236"]  # fmt: skip
    return "|".join(cells + [""] * 11)


def load(*lines: str) -> Import:
    """A file of CP949 as it comes."""
    file = ContentFile("\n".join(lines).encode("cp949"), "build_seoul.txt")
    taken = actions.upload_import(kind="buildings", source="juso", file=file, by=None)
    return run_file(actions.start_import(taken, by=None, now=False).pk, dry=False)


def buildings() -> list[tuple[str, str]]:
    return list(Building.objects.order_by("key").values_list("lot", "road"))


def test_a_file_without_headings_is_read_and_bad_lines_are_told():
    bad = line("3", road="")
    taken = load(line("1"), line("2", district="화성시", town="봉담읍", village="와우리", lot="12", lot2="3", road="와우안길", number="17", number2="1"), bad, line("4", mountain="1"))  # fmt: skip
    assert (taken.new, taken.same, taken.refused) == (2, 1, 1)
    assert buildings() == [
        ("강남구|역삼동 737", "강남구|테헤란로 152"), ("봉담읍|와우리 12-3", "봉담읍|와우안길 17-1"),
    ]  # fmt: skip
    assert RefusedRow.objects.get().column == "road"
    again = load(line("1"), line("2", number="19"))
    assert (again.new, again.changed, again.same) == (0, 1, 1)


def read(address: str) -> str:
    one = record(name="홍서연", address=address)
    match_waiting()
    return Reading.objects.get(pk=one.pk).building


def test_a_lot_is_said_by_its_road_and_without_the_table_as_before():
    assert read(BY_LOT) == "강남구|역삼동 737"
    load(line("1"))
    assert SourceRecord.objects.filter(unread=True).count() == 1
    match_waiting()
    assert Reading.objects.get().building == "강남구|테헤란로 152"
    assert read(BY_LOT) == read(BY_ROAD) == "강남구|테헤란로 152"


def test_a_lot_with_buildings_on_two_roads_stays_a_lot():
    load(line("1"), line("2", road="역삼로", number="3"))
    assert read(BY_LOT) == "강남구|역삼동 737"


def test_two_records_of_one_building_find_each_other():
    load(line("1"))
    for source, address in (("erp", BY_ROAD), ("old", BY_LOT)):
        SourceRecord.objects.create(
            source=source, key="1", kind="organisation", values={"name": "한빛건설", "owner": "홍서연", "address": address},
        )  # fmt: skip
    match_waiting()
    assert Customer.objects.count() == 1
