"""What is refused stays refused, in words, and nothing of it is stored."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.segments.actions import change_segment, checked_rule, end_segment, resume_segment
from dangol.segments.models import CustomerList, SegmentVersion
from dangol.segments.reading import BadRule, read
from dangol.segments.tests.factories import REGULARS, a_segment
from dangol.segments.uploading import end_list, upload_list

pytestmark = pytest.mark.django_db


def a_list(world, content=b"C1\n", place="HQ", name="list.csv"):
    file = SimpleUploadedFile(name, content)
    return upload_list(file, name="목록", place=world.place(place), by=world.anna)


def test_a_second_press_does_not_overwrite_what_was_refused(world, client):
    segment = a_segment(world)
    client.force_login(world.mark)
    page = reverse("segments:change", args=[segment.pk])
    sent = {
        "name": "내 이름", "name_en": "", "description": "", "place": str(segment.place_id),
        "rule": '{"count": {"of": "transactions"}, "from": 9}', "revision": str(segment.revision),
    }  # fmt: skip
    change_segment(segment, by=world.alan, rule={**REGULARS, "from": 3})
    for _press in range(2):
        again = client.post(page, sent)
        assert f'name="revision" value="{sent["revision"]}"' in again.content.decode()
    versions = SegmentVersion.objects.filter(segment=segment).order_by("number")
    assert [v.rule["from"] for v in versions] == [2, 3]


def test_what_has_ended_is_not_asked_for_again(world):
    inner = a_segment(world)
    outer = a_segment(world, {"segment": str(inner.pk)})
    end_segment(outer, by=world.mark)
    end_segment(inner, by=world.mark)
    with pytest.raises(ValidationError):
        resume_segment(outer, by=world.mark)
    with pytest.raises(BadRule):
        a_segment(world, {"segment": str(inner.pk)})
    outer.refresh_from_db()
    assert outer.ended_at is not None
    listed = a_list(world)
    asks = a_segment(world, {"list": str(listed.pk)})
    end_segment(asks, by=world.mark)
    end_list(listed, by=world.mark)
    with pytest.raises(ValidationError):
        resume_segment(asks, by=world.mark)


def test_nobody_asks_for_a_list_of_another_branch(world):
    grant_role(world.eve, Role.MARKETER, world.place("HAEUNDAE"), by=None)
    secret = a_list(world, place="GANGNAM")
    with pytest.raises(BadRule):
        checked_rule({"list": str(secret.pk)}, by=world.eve)
    assert checked_rule({"list": str(secret.pk)}, by=world.mark)


def test_a_picture_is_no_list(world, client):
    made = a_list(world, b"C1\0\x01\nC2\0\n")
    assert (made.taken, made.refused) == (0, 2)
    client.force_login(world.mark)
    given = {"name": "빈 파일", "place": str(world.place("HQ").pk)}
    empty = {"file": SimpleUploadedFile("a.csv", b"")}
    answer = client.post(reverse("segments:upload"), given | empty)
    assert answer.status_code == 422 and "빈 파일" in answer.content.decode()
    assert CustomerList.objects.count() == 1


@pytest.mark.parametrize(
    "window", [{"start": "", "end": ""}, {"start": "2026-03-02", "end": "2026-03-01"}, {"of": []}]
)
def test_a_window_that_says_nothing_is_not_taken_for_ever(window):
    with pytest.raises(BadRule):
        read({"count": {"of": "transactions", **window}, "from": 1})


@pytest.mark.parametrize(
    "rule",
    [
        {"attribute": "kind", "known": True, "is": ["organisation"]},
        {"attribute": "birth_band", "is": [1980], "from": 1970},
        {"attribute": "birth_band", "known": True, "to": 1990},
        {"attribute": "tier", "is": [f"t{n}" for n in range(201)]},
    ],
)
def test_no_part_of_a_condition_is_dropped_in_silence(rule):
    with pytest.raises(BadRule):
        read(rule)
