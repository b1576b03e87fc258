"""Working minutes equal the naive minute loop: over lunch, holidays, exceptions, summer time."""

import datetime as dt

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dangol.places.tests.naive import minutes_between, works_at
from dangol.places.working_time import Timetable

UTC = dt.UTC
# Where the clock changes, by how much, and when within the day; and where it never does.
ZONES = {
    "Asia/Seoul": "KR", "Europe/Berlin": "DE", "America/New_York": "US",
    "Australia/Lord_Howe": "AU", "America/Sao_Paulo": "BR", "Asia/Kolkata": "",
}  # fmt: skip
FIRST, LAST = dt.date(2025, 12, 1), dt.date(2027, 1, 31)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def day_spans(draw):
    """Zero to three spans of a day that do not touch; the second is after lunch."""
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), min_size=0, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return [[clock(a), clock(b)] for a, b in zip(edges[::2], edges[1::2], strict=True)]


weeks = st.fixed_dictionaries({str(day): day_spans() for day in range(7)})
days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 20))
changing = st.sampled_from(
    [dt.date(2026, 3, 8), dt.date(2026, 3, 29), dt.date(2026, 4, 5), dt.date(2026, 10, 4),
     dt.date(2026, 10, 25), dt.date(2026, 11, 1), dt.date(2026, 2, 16), dt.date(2026, 9, 24)]
)  # fmt: skip
instants = st.builds(
    lambda day, minute: dt.datetime.combine(day, dt.time(), UTC) + dt.timedelta(minutes=minute),
    days | changing,
    st.integers(-900, 24 * 60),
)


def ambiguous(hours, zone, exceptions):
    """Whether a span begins or ends inside an hour that a clock skips or repeats.

    What such an edge means is a matter of choice, and the loop chooses another way than we do.
    """
    spans = [s for day in [*hours.values(), *exceptions.values()] for s in day]
    return any("00:00" < edge < "03:31" for span in spans for edge in span) and zone not in (
        "Asia/Seoul", "Asia/Kolkata",
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(weeks, st.sampled_from(sorted(ZONES)), instants, st.integers(0, 4 * 24 * 60), st.dictionaries(days | changing, day_spans(), max_size=6))  # fmt: skip
def test_minutes_between_two_instants_equal_the_loop(hours, zone, start, length, exceptions):
    assume(not ambiguous(hours, zone, exceptions))
    end = start + dt.timedelta(minutes=length)
    table = Timetable(
        hours, zone=zone, country=ZONES[zone], exceptions=exceptions, first=FIRST, last=LAST
    )
    slow = minutes_between(start, end, hours, zone=zone, country=ZONES[zone], exceptions=exceptions)
    assert table.minutes_between(start, end) == slow
    assert table.minutes_between(end, start) == -slow


@settings(max_examples=100, deadline=None)
@given(weeks, st.sampled_from(sorted(ZONES)), instants, st.integers(1, 600))
def test_the_instant_after_some_minutes_has_just_that_many_before_it(hours, zone, start, minutes):
    table = Timetable(hours, zone=zone, country=ZONES[zone], first=FIRST, last=LAST)
    try:
        then = table.after(start, minutes)
    except ValueError:
        assert table.minutes_between(start, dt.datetime(2027, 2, 2, tzinfo=UTC)) < minutes
        return
    assert table.minutes_between(start, then) == minutes
    assert table.minutes_between(start, then - dt.timedelta(minutes=1)) < minutes
    assert table.minutes_between(table.before(then, minutes), then) == minutes


@settings(max_examples=100, deadline=None)
@given(weeks, st.sampled_from(sorted(ZONES)), instants)
def test_open_now_and_the_next_opening_agree_with_the_wall_clock(hours, zone, instant):
    from zoneinfo import ZoneInfo

    import holidays

    assume(not ambiguous(hours, zone, {}))
    table = Timetable(hours, zone=zone, country=ZONES[zone], first=FIRST, last=LAST)
    free = holidays.country_holidays(ZONES[zone]) if ZONES[zone] else holidays.HolidayBase()
    assert table.is_open(instant) == works_at(instant, hours, ZoneInfo(zone), free, {})
    try:
        opens = table.next_open(instant)
    except ValueError:
        return
    assert opens >= instant
    assert table.is_open(opens)
    assert table.minutes_between(instant, opens) == 0


def test_a_day_of_23_hours_counts_its_real_minutes():
    always = {str(day): [["00:00", "24:00"]] for day in range(7)}
    table = Timetable(always, zone="Europe/Berlin", first=FIRST, last=LAST)
    begins = dt.datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert table.minutes_between(begins, begins + dt.timedelta(hours=23)) == 23 * 60
    assert table.after(begins, 23 * 60) == dt.datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_lunch_seollal_and_a_closed_saturday_are_free():
    week = {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)}
    table = Timetable(week, zone="Asia/Seoul", country="KR", first=FIRST, last=LAST)
    friday = dt.datetime(2026, 2, 13, 8, 30, tzinfo=UTC)  # 17:30 in Seoul
    # Seollal 2026 is 16 to 18 February: Monday to Wednesday.
    assert table.after(friday, 60) == dt.datetime(2026, 2, 19, 0, 30, tzinfo=UTC)
    noon = dt.datetime(2026, 2, 20, 2, 50, tzinfo=UTC)  # 11:50
    assert table.after(noon, 20) == dt.datetime(2026, 2, 20, 4, 10, tzinfo=UTC)
