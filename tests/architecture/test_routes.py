"""Every route × every role × both branches, from the one table of routes.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from dangol.api.actions import make_token
from dangol.campaigns.tests.factories import programme, stage
from dangol.cases.actions import attach_file, set_rule
from dangol.cases.tests.factories import a_case, a_category
from dangol.core.models import User
from dangol.core.notices import notify
from dangol.core.roles import ABILITIES, COMPANY_WIDE, Role
from dangol.cubes.actions import save_view, set_goal, set_watch
from dangol.cubes.models import Issue
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.relations import add_relation
from dangol.identity.models import Run
from dangol.identity.tests.factories import a_merge, a_pair, a_split
from dangol.imports.tests.factories import uploaded
from dangol.places.actions import grant_role
from dangol.places.models import Calendar
from dangol.purchases.actions import record_transaction
from dangol.quality.tests.factories import a_risk, a_task
from dangol.scores.actions import begin_use
from dangol.segments.models import CustomerList
from dangol.segments.tests.factories import a_segment
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.models import Delivery
from dangol.sources.tests.factories import a_source_of_files, ran
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import completed, conversation
from dangol.ui.models import SavedView
from tests.architecture.routes import ROUTES, SCOPED

NUMBERS = count(1)
NOT_OURS = {"accounts", "api"}


def named_routes() -> Iterator[str]:
    """The names of every route that is ours, as the resolver knows them."""

    def walk(resolver: Any, space: str, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                if address.split("/")[0] not in NOT_OURS:
                    yield f"{space}:{pattern.name}" if space else str(pattern.name)
            else:
                inner = ":".join(filter(None, (space, pattern.namespace)))
                yield from walk(pattern, inner, address)

    return walk(get_resolver(), "", "")


def test_every_route_has_a_row_and_every_row_a_route():
    assert set(named_routes()) == set(ROUTES)


def test_every_ability_of_the_table_exists():
    assert {who for who, _method, _about in ROUTES.values()} <= {"open", "member", *ABILITIES}


SCALES = ("reception", "explanation", "contract", "delivery", "overall")
Specimen = Callable[[Any], list[Any]]


def _customer(world: Any) -> Any:
    return add_customer(name="강남고객", home_place=world.place("GANGNAM"), by=None)


def _customer_point(world: Any) -> list[Any]:
    customer = _customer(world)
    return [customer.pk, add_contact_point(customer, "phone", "010-1234-5678", by=None).pk]


def _customer_relation(world: Any) -> list[Any]:
    one, other = _customer(world), _customer(world)
    return [one.pk, add_relation(one, other, "household", by=None).pk]


def _case_file(world: Any) -> list[Any]:
    case = a_case(world)
    return [case.pk, attach_file(case, SimpleUploadedFile("a.txt", b"a"), by=world.anna).pk]


def _stage(world: Any) -> list[Any]:
    made = stage(programme(world.place("GANGNAM")))
    return [made.campaign_id, made.pk]


def _watch(world: Any) -> Any:
    return set_watch(
        name=str(next(NUMBERS)), address="subject=sales&rows=site", measure="transactions",
        test="sudden", owner=world.anna, by=world.anna,
    )  # fmt: skip


def _cube_view(world: Any, sharing: str) -> Any:
    return save_view(name=str(next(NUMBERS)), address="subject=sales", sharing=sharing, by=world.anna)  # fmt: skip


def _use(world: Any) -> list[Any]:
    customers = [_customer(world).pk for _number in range(4)]
    return [begin_use(name="u", hold_out=0.5, days=9, customers=customers, by=world.anna).pk]


def _rule(world: Any) -> list[Any]:
    return [set_rule(name="낮음", question="x", at_most=20, category=a_category(), by=None).pk]


def _subscriber(world: Any) -> Any:
    said = {"entity": "site", "way": "webhook", "address": "https://shop.example/h"}
    return subscribe(name=f"s{next(NUMBERS)}", by=world.anna, **said)[0].pk


def _delivery(world: Any) -> list[Any]:
    key = _subscriber(world)
    return [key, Delivery.objects.create(subscriber_id=key, body="{}").pk]


def _source_run(world: Any) -> list[Any]:
    source = a_source_of_files(f"s{next(NUMBERS)}", by=world.anna)
    return [source.pk, ran(source).pk]


SPECIMENS: dict[str, Specimen] = {
    "source": lambda world: [a_source_of_files(f"s{next(NUMBERS)}", by=world.anna).pk],
    "source+run": _source_run,
    "subscriber": lambda world: [_subscriber(world)],
    "subscriber+delivery": _delivery,
    "": lambda world: [],
    "fact table": lambda world: ["transactions"],
    "score model": lambda world: ["rfm"],
    "use": _use,
    "use side": lambda world: [*_use(world), "treated"],
    "case": lambda world: [a_case(world).pk],
    "case+file": _case_file,
    "customer": lambda world: [_customer(world).pk],
    "customer+point": _customer_point,
    "customer+relation": _customer_relation,
    "attribute": lambda world: [
        make_attribute(key=f"a{next(NUMBERS)}", name="나이", kind="number", by=None).key
    ],
    "point": lambda world: [_customer_point(world)[1]],
    "correction": lambda world: [a_task(world).pk],
    "risk": lambda world: [a_risk(world).pk],
    "interaction": lambda world: [conversation(world.place("GANGNAM")).pk],
    "response": lambda world: [
        completed(
            make_default_surveys()["sales"], world.place("GANGNAM"), dict.fromkeys(SCALES, 4)
        ).pk
    ],
    "place": lambda world: [world.place("GANGNAM").pk],
    "purchase": lambda world: [
        record_transaction(
            customer=_customer(world),
            place=world.place("GANGNAM"),
            kind="sale",
            by=None,
            at=timezone.now(),
            source="test",
            source_key=str(next(NUMBERS)),
        ).pk
    ],
    "calendar": lambda world: [Calendar.objects.get().pk],
    "person": lambda world: [world.grace.pk],
    "person+grant": lambda world: [world.grace.pk, world.grace.grants.get().pk],
    "agent": lambda world: [somebody(world, Role.AGENT, "GANGNAM").pk],
    "programme": lambda world: [programme(world.place("GANGNAM")).pk],
    "stage": _stage,
    "segment": lambda world: [a_segment(world, place=world.place("GANGNAM")).pk],
    "list": lambda world: [
        CustomerList.objects.create(name="명단", place=world.place("GANGNAM")).pk
    ],
    "segment+day": lambda world: [
        a_segment(world, place=world.place("GANGNAM")).pk,
        "entered",
        "2026-03-09",
    ],
    "rule": _rule,
    "survey": lambda world: [make_default_surveys()["sales"].pk],
    "process": lambda world: (make_default_surveys(), ["sales"])[1],
    "link": lambda world: ["no-such-link"],
    "goal": lambda world: [
        set_goal(
            name="응답",
            subject="satisfaction",
            measure="answers",
            place=world.place("GANGNAM"),
            value=100,
            first=dt.date(2026, 1, 1),
            last=dt.date(2026, 12, 31),
            by=None,
        ).pk
    ],
    "watch": lambda world: [_watch(world).pk],
    "issue": lambda world: [
        Issue.objects.create(
            watch=_watch(world),
            member="GANGNAM",
            label="강남지점",
            place=world.place("GANGNAM"),
            address="subject=sales",
            value=1,
            owner=world.anna,
            due_at=timezone.now(),
        ).pk
    ],
    "shared cube view": lambda world: [_cube_view(world, "everyone").pk],
    "own cube view": lambda world: [_cube_view(world, "none").pk],
    "import": lambda world: [uploaded("customers", "이름\n김철수\n", by=world.anna).pk],
    "view": lambda world: [
        SavedView.objects.create(user=world.anna, list_key="cases", name=str(next(NUMBERS))).pk
    ],
    "notice": lambda world: [notify(world.anna, lambda: "시계가 멈췄어요").pk],
    "token": lambda world: [
        make_token(world.anna, name="t", abilities=["cases.see"], days=1, by=world.anna)[0].pk
    ],
    "question": lambda world: [a_pair(world.place("GANGNAM")).pk],
    "merge": lambda world: [a_merge(world.place("GANGNAM")).pk],
    "split": lambda world: [a_split(world.place("GANGNAM")).pk],
    "matching run": lambda world: [Run.objects.create(kind="full").pk],
    "own interaction": lambda world: [conversation(world.place("GANGNAM")).pk],
    "handling": lambda world: [_customer(world).pk],
}
OWN_ONLY = {
    "use",
    "use side",
    "own cube view",
    "view",
    "notice",
    "token",
    "handling",
    "point",
    "own interaction",
}
"""About one person's own things: whoever else asks gets 404, which is no leak and no refusal."""


def somebody(world: Any, role: Role, code: str) -> User:
    """A person with one role at one place."""
    email = f"{role}-{code.lower()}-{next(NUMBERS)}@example.com"
    user = User.objects.create(email=email, name=f"{role} {code}")
    grant_role(user, role, world.place(code), by=None)
    return user


def ask(client: Any, method: str, address: str, user: User | None) -> int:
    """The status that this person gets; a redirect to sign-in counts as 401."""
    client.logout()
    if user is not None:
        client.force_login(user)
    client.raise_request_exception = False
    response = client.generic(method, address)
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return 401
    return response.status_code


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route(name, client, world):
    who, method, about = ROUTES[name]

    def address() -> str:
        """The route about a fresh specimen, so that one request does not change the next."""
        return reverse(name, args=SPECIMENS[about](world))

    stranger = ask(client, method, address(), None)
    assert stranger == 401 if who != "open" else stranger not in {401, 403, 500}
    for role in Role:
        may = who in {"open", "member"} or role in ABILITIES[who]
        if may and who in COMPANY_WIDE:
            # what belongs to no single place is nothing for the administrator of a branch
            assert ask(client, method, address(), somebody(world, role, "GANGNAM")) == 403
        where = "HQ" if who in COMPANY_WIDE else "GANGNAM"
        inside = ask(client, method, address(), somebody(world, role, where))
        if not may:
            assert inside == 403, (name, role)
            assert ask(client, method, address(), somebody(world, role, "HAEUNDAE")) == 403
            continue
        assert inside < 500, (name, role, inside)
        whole = about != "customer" or role in ABILITIES["customers.see"]
        if about not in OWN_ONLY and about != "link" and whole:
            assert inside not in {401, 403, 404}, (name, role, inside)
        if about in SCOPED and who not in COMPANY_WIDE:
            outside = ask(client, method, address(), somebody(world, role, "HAEUNDAE"))
            assert outside == 404, (name, role, outside)
    nobody = ask(client, method, address(), world.nobody)
    assert nobody == 403 if who not in {"open", "member"} else nobody < 500
