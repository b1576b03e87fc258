"""Uploaded lists: who is taken, which lines are refused and why, and rules that ask for them."""

from __future__ import annotations

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from dangol.customers.actions import add_contact_point
from dangol.segments import counting
from dangol.segments.models import CustomerList, Listed
from dangol.segments.reading import read
from dangol.segments.refreshing import refresh_segments
from dangol.segments.state import State
from dangol.segments.state.measures import ALIVE
from dangol.segments.tests.factories import a_segment, members_of, somebody
from dangol.segments.uploading import end_list, upload_list
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.fixture
def people(world):
    """One known by number, one by phone, one by e-mail, two who share a phone, one elsewhere."""
    made = {name: somebody(world, name=name) for name in ("번호", "전화", "메일", "형", "동생")}
    made["부산"] = somebody(world, "HAEUNDAE", name="부산")
    type(made["번호"]).objects.filter(pk=made["번호"].pk).update(source="crm", source_key="A-17")
    add_contact_point(made["전화"], "phone", "010-1111-2222", by=None)
    add_contact_point(made["메일"], "email", "mail@example.com", by=None)
    add_contact_point(made["부산"], "phone", "010-5555-6666", by=None)
    for name in ("형", "동생"):
        add_contact_point(made[name], "phone", "010-3333-4444", by=None)
    return made


def a_file(text, name="list.csv"):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def taken(made):
    """The names of those whom a list names."""
    return set(made.listed.values_list("customer__name", flat=True))


def test_numbers_phones_and_addresses_without_a_heading(world, people):
    text = "A-17\n01011112222\nMAIL@example.com\n010 3333 4444\nnobody\n900101-1234567\nA-17\n"
    made = upload_list(a_file(text), name="명단", place=world.place("HQ"), by=world.mark)
    assert taken(made) == {"번호", "전화", "메일"}
    assert made.refusals[1:] == [
        [5, "nobody", "no such customer whom you may see"],
        [6, "", "holds what looks like a resident registration number"],
    ]
    assert made.refusals[0][0] == 4 and made.refusals[0][2] == "fits several customers"
    assert "3333" not in made.refusals[0][1]
    assert (made.read, made.taken, made.repeated, made.refused) == (7, 3, 1, 3)


def test_a_workbook_with_headings_in_korean(world, people):
    book = Workbook()
    for row in (
        ["성명", "휴대폰", "이메일"],
        ["가", "010-1111-2222", ""],
        ["나", "", "mail@example.com"],
        ["다", "없음", ""],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    made = upload_list(
        a_file(out.getvalue(), "명단.xlsx"), name="명단", place=world.place("HQ"), by=world.mark
    )
    assert taken(made) == {"전화", "메일"}
    assert made.refusals == [[4, "없음", "no customer number, phone or e-mail address"]]


def test_lines_read_are_those_taken_those_named_again_and_those_refused(world, people):
    text = "고객번호,전화\nA-17,\n\nA-17,\n20231234,\n,010-9999-8888\n,없음\n"
    made = upload_list(a_file(text), name="명단", place=world.place("HQ"), by=world.mark)
    assert (made.read, made.taken, made.repeated, made.refused) == (5, 1, 1, 3)
    assert [(line, told) for line, told, _why in made.refusals] == [
        (5, "20231234"), (6, "010-****-8888"), (7, "없음"),
    ]  # fmt: skip


def test_refused_lines_leave_as_a_file(client, world, people):
    text = "고객번호\n=1+1\n20231234\n"
    made = upload_list(a_file(text), name="명단", place=world.place("HQ"), by=world.mark)
    client.force_login(world.mark)
    told = client.get(f"/segments/lists/{made.pk}/refusals.csv").content.decode()
    assert "2,'=1+1,볼 수 있는 고객 가운데 없음" in told and "3,20231234," in told
    client.force_login(world.alan)
    assert client.get(f"/segments/lists/{made.pk}/refusals.csv").status_code == 403


def test_nobody_outside_the_scope_is_taken(world, people):
    made = upload_list(
        a_file("010-5555-6666\n"), name="부산", place=world.place("HQ"), by=world.rex
    )
    assert taken(made) == set()
    assert made.refusals[0][2] == "no such customer whom you may see"


def test_hostile_files_are_refused_in_words(world):
    place, by = world.place("HQ"), world.mark
    with pytest.raises(ValidationError):
        upload_list(a_file(b"not a workbook", "x.xlsx"), name="x", place=place, by=by)
    made = upload_list(a_file(b"\x00\xff\xfe\n=cmd|' /C calc'!A0\n"), name="y", place=place, by=by)
    assert made.taken == 0 and made.refused >= 1
    assert not Listed.objects.exists()


def test_a_rule_asks_who_is_in_a_list(world, people):
    made = upload_list(a_file("A-17\n"), name="명단", place=world.place("HQ"), by=world.mark)
    segment = a_segment(world, {"not": {"list": str(made.pk)}})
    copy_changes()
    refresh_segments()
    assert members_of(segment) == {"전화", "메일", "형", "동생", "부산"}
    with pytest.raises(ValidationError):
        end_list(made, by=world.mark)
    assert taken(made) == {"번호"}


def test_the_pages(client, world, people):
    client.force_login(world.mark)
    place = world.place("HQ")
    sent = {
        "name": "행사",
        "place": str(place),
        "place-key": str(place.pk),
        "file": a_file("A-17\nnobody\n"),
    }
    answer = client.post("/segments/lists/new/", sent, follow=True)
    page = answer.content.decode()
    assert "행사" in page and "볼 수 있는 고객 가운데 없음" in page
    assert "행사" in client.get("/segments/lists/").content.decode()
    made = CustomerList.objects.get()
    assert f"/segments/new/?list={made.pk}" in page
    begun = client.get(f"/segments/new/?list={made.pk}").content.decode()
    assert f'{{"list": "{made.pk}"}}' in begun and f'"{made.pk}": {json.dumps("행사")}' in begun
    client.force_login(world.alan)
    assert client.get("/segments/lists/new/").status_code == 403


def test_a_list_is_counted_before_the_lake_has_it_and_a_segment_on_it_waits_for_that(world, people):
    copy_changes()
    elsewhere = a_segment(world, {"everyone": True})
    refresh_segments()  # the state stands for a version without the list
    made = upload_list(
        a_file("A-17\n01011112222\n"), name="명단", place=world.place("HQ"), by=world.mark
    )
    rule = {"list": str(made.pk)}
    base = a_segment(world, rule)
    nested = {"minus": [{"segment": str(elsewhere.pk)}, {"segment": str(base.pk)}]}
    assert count_of(rule) == 2
    assert count_of(nested) == len(people) - 2
    State.newest().path(ALIVE).unlink()  # nothing is kept: the rule is asked from all facts
    counting.KEPT.clear()
    assert count_of(nested) == len(people) - 2
    refresh_segments()
    base.refresh_from_db()
    assert (base.size, base.counted_at) == (None, None)
    copy_changes()
    refresh_segments()
    base.refresh_from_db()
    assert base.size == 2 and not base.changes.exists()
    assert count_of(rule) == 2


def count_of(rule):
    """What the builder shows."""
    return counting.found(read(rule), None, lake(), timezone.localdate()).size
