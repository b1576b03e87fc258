"""Real rows for the fuzzer, so that it reaches behind "there is no such thing"."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.utils import timezone

from dangol.campaigns.tests.factories import programme, stage, target
from dangol.cases.tests.factories import a_case
from dangol.cubes import actions as cubes
from dangol.cubes.models import Issue
from dangol.identity.models import Run as Matching
from dangol.identity.tests.factories import a_merge, a_pair, a_split
from dangol.segments.tests.factories import a_segment
from dangol.sources.models import GoneSite
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.models import Delivery
from dangol.sources.tests.factories import a_source_of_files, ran
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import GOOD, begun, completed

Pool = dict[str, list[Any]]
QUESTION = {"subject": "satisfaction", "rows": ["site"], "measures": ["index"]}


def make_pool(world: Any) -> Pool:
    """Keys by the name under which the API asks for them."""
    surveys = make_default_surveys()
    place, ada = world.place("GANGNAM"), world.anna
    cases = [a_case(world) for _ in range(3)]
    open_ones = [begun(surveys["sales"], place, ada) for _ in range(4)]
    done = completed(surveys["sales"], place, GOOD, by=ada)
    made = programme(place, starts_on=timezone.localdate() - dt.timedelta(days=30))
    first = stage(made)
    held = [
        target(first, r.customer, at=timezone.now(), leased_by=ada, leased_at=timezone.now())
        for r in open_ones
    ]
    return (
        {
            "case_id": [str(c.pk) for c in cases],
            "category_id": [str(cases[0].category_id)],
            "customer_id": [str(r.customer_id) for r in open_ones],
            "thread_id": [str(r.thread_id) for r in open_ones],
            "interaction_id": [str(r.interaction_id) for r in open_ones],
            "response_id": [str(r.pk) for r in (*open_ones, done)],
            "survey_id": [str(s.pk) for s in surveys.values()],
            "questionnaire_id": [str(s.pk) for s in surveys.values()],
            "place_id": [str(p.pk) for p in world.places.values()],
            "programme_id": [str(made.pk)],
            "segment_id": [str(a_segment(world).pk) for _ in range(2)],
            "due_call_id": [str(t.pk) for t in held],
        }
        | kept_of_figures(place, world.anna)
        | of_sources(world.anna)
        | of_matching(world)
    )


def of_sources(by: Any) -> Pool:
    """A source with a run, and who is kept in step."""
    source = a_source_of_files("fuzzed", by=by)
    told = [subscribe(name=f"s{n}", entity="site", way="api", by=by)[0] for n in range(2)]
    sent = Delivery.objects.create(subscriber=told[0], body="{}")
    return {
        "source_id": [str(source.pk)], "source_run_id": [str(ran(source).pk)],
        "subscriber_id": [str(s.pk) for s in told], "delivery_id": [str(sent.pk)],
    }  # fmt: skip


def of_matching(world: Any) -> Pool:
    """What the matching was told and did."""
    place = world.place("GANGNAM")
    source = a_source_of_files("gone", by=world.anna)
    asked = [GoneSite.objects.create(source=source, place=world.place(code), gone_at=timezone.now())
             for code in ("GANGNAM", "MAPO")]  # fmt: skip
    return {
        "gone_site_id": [str(item.pk) for item in asked],
        "matching_run_id": [str(Matching.objects.create(kind="full").pk)],
        "pk": [str(one.pk) for one in (a_pair(place), a_merge(place), a_split(place))],
        "version": [1],
    }  # fmt: skip


def kept_of_figures(place: Any, by: Any) -> Pool:
    """What somebody keeps of analyses, and questions that can be asked."""
    asked, day = "subject=satisfaction&rows=site&measures=index", timezone.localdate()
    views = [cubes.save_view(name=f"보기 {n}", address=asked, by=by) for n in range(3)]
    watch = cubes.set_watch(name="급변", address=asked, measure="index", test="sudden", owner=by, by=by)  # fmt: skip
    goal = cubes.set_goal(
        name="지수", subject="satisfaction", measure="index", place=place, value=85.0, first=day,
        last=day, by=by,
    )  # fmt: skip
    issues = [
        Issue.objects.create(
            watch=watch, member=str(n), label="강남지점", place=place, address=asked, value=1.0,
            owner=by, due_at=timezone.now(),
        )
        for n in range(4)
    ]  # fmt: skip
    mailed = [cubes.subscribe(view, every="day", hour=8, by=by) for view in views[:2]]
    return {
        "cube_view_id": [str(v.pk) for v in views],
        "cube_subscription_id": [str(s.pk) for s in mailed],
        "cube_goal_id": [str(goal.pk)],
        "cube_watch_id": [str(watch.pk)],
        "cube_issue_id": [str(i.pk) for i in issues],
        "question": [QUESTION],
        "subject": ["satisfaction", "sales"],
        "measure": ["index", "transactions"],
    }


def give_real_keys(given: Any, pool: Pool, draw: random.Random) -> Any:
    """Mostly real keys where the API asks for one."""
    if not isinstance(given, dict):
        return given
    return {
        name: draw.choice(pool[name]) if name in pool and draw.random() < 0.8 else value
        for name, value in given.items()
    }
