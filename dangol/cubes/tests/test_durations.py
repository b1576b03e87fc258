"""Durations are written as people speak, and told as they are measured."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from django.utils.translation import override

from dangol.cubes.asking.durations import NoDuration, seconds_of, spoken
from dangol.cubes.models import Goal, Watch
from dangol.warehouse.actions import copy_changes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("1:30", 90), ("1:30:30", 90.5), ("90분", 90), ("90 min", 90), ("1시간 30분", 90),
        ("1시간30분", 90), ("1h 30m", 90), ("1.5 h", 90), ("2일", 2880), ("1,500", 1500), ("30초", 0.5),
    ],
)  # fmt: skip
def test_minutes_are_read_as_they_are_spoken(text, minutes):
    assert seconds_of(text, 60) / 60 == minutes


def test_a_duration_in_seconds_reads_a_clock_as_minutes_and_seconds():
    assert seconds_of("3:20", 1) == 200 and seconds_of("200", 1) == 200
    assert seconds_of("3분 20초", 1) == 200


@pytest.mark.parametrize(
    "text", ["", "1:75", "soon", "1시간 반", "분", "1:30분", "1e3", "nan", "5 %"]
)
def test_anything_else_is_no_duration(text):
    with pytest.raises(NoDuration):
        seconds_of(text, 60)


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 90, 1440, 123_456])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_told_can_be_written_again(minutes, language):
    with override(language):
        assert seconds_of(spoken(minutes * 60, 60), 60) == minutes * 60


def test_words_of_the_reader():
    with override("ko"):
        assert (
            spoken(5400, 60) == "1시간 30분"
            and spoken(200, 1) == "3분 20초"
            and spoken(0, 60) == "0분"
        )
    with override("en"):
        assert spoken(5400, 60) == "1 h 30 min" and spoken(45, 1) == "45 s" and spoken(3600, 1) == "1 h"  # fmt: skip


def test_a_goal_and_a_threshold_are_typed_and_shown_as_durations(client, world, lake_folder):
    copy_changes()
    client.force_login(world.alan)
    day = timezone.localdate().isoformat()
    given = {
        "name": "해결 시간", "figure": "cases.cycle_median", "place": world.place("GANGNAM").code,
        "value": "1:30", "first": day, "last": day,
    }  # fmt: skip
    refused = client.post("/cubes/goals/new/", given | {"value": "금방"})
    assert refused.status_code == 422 and not Goal.objects.exists()
    assert client.post("/cubes/goals/new/", given).status_code == 302
    goal = Goal.objects.get()
    assert goal.value == 90
    assert "1시간 30분" in client.get("/cubes/goals/").content.decode()
    assert 'value="1시간 30분"' in client.get(f"/cubes/goals/{goal.pk}/").content.decode()
    watch = {"name": "늦음", "measure": "cycle_median", "test": "above", "threshold": "26시간", "least": 1, "hours": 8}  # fmt: skip
    path = "/cubes/watches/new/?subject=cases&rows=site&measures=cycle_median"
    page = client.get(path).content.decode()
    assert set(re.findall(r'href="([^"]*)"[^>]*aria-current="page"', page)) == {"/cubes/issues/"}
    assert client.post(path, watch).status_code == 302
    assert Watch.objects.get().threshold == 26 * 60
    assert 'value="26시간"' in client.get(f"/cubes/watches/{Watch.objects.get().pk}/").content.decode()  # fmt: skip
