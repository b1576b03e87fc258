"""A company of 1,300 sites with a month of answers and a signed-in manager at each, for the board benchmark."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.utils import timezone

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.customers.models import Customer
from dangol.interactions.models import Channel
from dangol.places.models import Grant, Place
from dangol.places.tree import renumber
from dangol.surveys.actions import make_default_surveys, start_response
from dangol.surveys.models import Response, Survey

REGIONS, SITES = 48, 1300


@dataclass
class Company:
    """What the benchmark needs: boards with their sessions, and where answers come from."""

    sites: list[Place]
    screens: list[tuple[uuid.UUID, str]]
    """(place, session key): every site but three, the company and both units."""
    surveys: dict[str, Survey]


def make_company() -> Company:
    """Places, managers with sessions, a month of answers."""
    places = make_places()
    sites = [p for p in places if p.kind == "site"]
    surveys = make_default_surveys()
    watched = [p for p in places if p.kind in ("company", "unit")] + sites[: SITES - 3]
    screens = [(p.pk, session) for p, session in zip(watched, make_sessions(watched), strict=True)]
    make_history(surveys)
    return Company(sites, screens, surveys)


def make_places() -> list[Place]:
    """Company → two units → regions → sites."""
    company = Place(code="HQ", name="한빛자동차", kind="company", lo=1, hi=1)
    units = [
        Place(code=f"U{n}", name=f"본부 {n}", kind="unit", parent=company, lo=1, hi=1)
        for n in (1, 2)
    ]
    regions = [
        Place(code=f"R{n:02}", name=f"지역 {n}", kind="region", parent=units[n % 2], lo=1, hi=1)
        for n in range(REGIONS)
    ]
    sites = [
        Place(code=f"S{n:04}", name=f"사업장 {n}", kind="site", parent=regions[n % REGIONS], lo=1, hi=1,
              site_kind=("sales_office", "service_centre")[n % 2])
        for n in range(SITES)
    ]  # fmt: skip
    Place.objects.bulk_create([company, *units, *regions, *sites])
    with transaction.atomic():
        renumber(Place)
    return list(Place.objects.all())


def make_sessions(places: list[Place]) -> list[str]:
    """A manager of each place, signed in."""
    people = [
        User(email=f"m{n}@example.com", name=f"지점장 {n}", password="!")
        for n, _ in enumerate(places)
    ]
    User.objects.bulk_create(people)
    Grant.objects.bulk_create(
        Grant(user=u, role=Role.SITE_MANAGER, place=p) for u, p in zip(people, places, strict=True)
    )
    keys = []
    for user in people:
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    return keys


def make_history(surveys: dict[str, Survey]) -> None:
    """Two responses a day at each site for thirty days, with their items, by plain SQL."""
    now, version = timezone.now(), surveys["sales"].versions.get()
    Customer.objects.bulk_create(Customer(name="홍길동", source="bench") for _ in range(10))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_response (id, created_at, survey_id, version_id, customer_id, place_id,"
            " process, channel, started_at, completed_at, day)"
            " SELECT gen_random_uuid(), %(now)s, %(survey)s, %(version)s, c.id, p.id, 'sales', 'phone',"
            " %(now)s, %(now)s, %(today)s::date - d"
            " FROM places_place p, generate_series(0, 29) d, (SELECT id FROM customers_customer LIMIT 2) c"
            " WHERE p.kind = 'site'",
            {"now": now, "survey": surveys["sales"].pk, "version": version.pk,
             "today": (now + dt.timedelta(hours=9)).date()},
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO surveys_answer (response_id, question, item, text, score)"
            " SELECT r.id, q.key, q.key, '',"
            # every site has a quality of its own, so that ranks are a real order and shift
            " 25000 * least(4, greatest(0, round(2 + random() * 2 + hashtext(r.place_id::text) % 100 / 100.0)))::int"
            " FROM surveys_response r,"
            " (VALUES (''), ('reception'), ('explanation'), ('contract'), ('delivery'), ('overall')) q (key)"
        )
        cursor.execute("ANALYZE")


def begin_responses(company: Company, count: int) -> list[Response]:
    """Responses that wait for their answers, at sites that somebody watches."""
    customer = Customer.objects.all()[0]
    return [
        start_response(
            company.surveys["sales"].questionnaire, customer=customer, channel=Channel.PHONE,
            place=company.sites[(n * 37) % (SITES - 3)],
        )
        for n in range(count)
    ]  # fmt: skip
