"""Live mode: agents and customers of the demo company play, so that the boards move.

Everything goes through the same actions as the pages: Next, dial, answers, finish; sites solve
their cases; solved cases are confirmed by calls.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from dangol.campaigns.due_calls import make_due_calls
from dangol.cases.actions import resolve_case
from dangol.cases.models import Case, Holder
from dangol.contact_centre.actions import change_state, hang_up
from dangol.contact_centre.models import State
from dangol.core.models import User
from dangol.customers.actions import add_contact_point, add_customer
from dangol.demo.names import mobile_numbers, person_names
from dangol.demo.truth import BASE, CUTS, EXPERIENCE, ITEMS, NOISE
from dangol.demo.voices import BAD, GOOD, RESOLUTIONS
from dangol.desk.actions import dial, finish, pulse, take_next
from dangol.desk.models import Handling
from dangol.interactions.models import Outcome
from dangol.places.models import Place
from dangol.purchases.actions import record_transaction
from dangol.purchases.models import Product

TALK = (60.0, 200.0)
SOLVE_EVERY = 60.0
SELL_EVERY = 12.0
DUE_EVERY = 20.0
LEFT_OPEN = 25
SALE_AGE = timedelta(days=7)
VISIT_AGE = timedelta(days=3)
SOLD = {"parent__parent__code": "CARS"}
SERVED = {"code__startswith": "SVC-"}


def play(*, agents: int, speed: float) -> None:
    """Play until told to stop: each second of the wall is `speed` seconds of talk."""
    players = list(User.objects.filter(email__startswith="player").order_by("email")[:agents])
    quality = site_quality()
    clocks = {"solve": 0.0, "sell": 0.0, "due": 0.0}
    while True:
        began = time.monotonic()
        for player in players:
            with_patience(lambda player=player: turn_of(player, quality, speed))
        for name, every, work in (
            ("due", DUE_EVERY, make_due_calls),
            ("solve", SOLVE_EVERY / speed, solve_one),
            ("sell", SELL_EVERY / speed, sell_one),
        ):
            if began - clocks[name] >= every:
                clocks[name] = began
                with_patience(work)
        time.sleep(max(0.2, 1.0 - (time.monotonic() - began)))


def with_patience(work: Any) -> None:
    """A lost database comes back: wait for it and go on; a refused step is left for the next turn."""
    try:
        work()
    except (OperationalError, InterfaceError):
        connection.close()
        time.sleep(2)
    except ValidationError as refusal:
        print(f"demo: {'; '.join(refusal.messages)}", flush=True)


def site_quality() -> dict[str, float]:
    """The hidden quality of each site, if this database was made by the demo."""
    path = settings.VAR / "demo" / "truth.npz"
    if not path.exists():
        return {}
    kept = np.load(path)
    return dict(zip(kept["site_keys"].tolist(), kept["site_quality"].tolist(), strict=True))


def turn_of(agent: User, quality: dict[str, float], speed: float) -> None:
    """One second in an agent's life: take a call, dial, talk, write down the answers."""
    handling = pulse(agent)
    if handling is None:
        if random.random() < 0.4:
            change_state(agent, State.AVAILABLE, by=agent)
            if (fresh := take_next(agent)) and has_phone(fresh):
                dial(agent)
        return
    talk = handling.interaction
    if talk is None:
        if has_phone(handling):
            dial(agent)
        return
    talk.refresh_from_db()
    if talk.ended_at:
        close_call(agent, handling, quality)
    elif talk.answered_at:
        talked = (timezone.now() - talk.answered_at).total_seconds() * speed
        if talked > random.Random(talk.pk.int).uniform(*TALK):
            hang_up(talk.call, by=agent)
            close_call(agent, handling, quality)


def has_phone(handling: Handling) -> bool:
    """Whether the customer can be called at all."""
    return handling.target.customer.contact_points.filter(
        kind="phone", ended_at=None, state__in=["verified", "unverified"]
    ).exists()


def close_call(agent: User, handling: Handling, quality: dict[str, float]) -> None:
    """End the call with what it brought."""
    talk = handling.interaction
    talk.refresh_from_db()
    if not talk.answered_at:
        finish(agent, handling, talk.outcome or Outcome.NO_ANSWER)
        return
    response = handling.response
    answers = answers_of(response, quality.get(response.place_id.hex, 0.0)) if response else None
    finish(agent, handling, Outcome.DONE, answers=answers)


def answers_of(response: Any, quality: float) -> dict[str, Any]:
    """Answers drawn as in the made past; a confirmation is good in five of six cases."""
    given: dict[str, Any] = {}
    temper = random.gauss(0, 0.45) + random.gauss(0, EXPERIENCE)
    for question in response.version.body:
        match question["type"]:
            case "scale":
                latent = BASE + quality + temper + ITEMS.get(question.get("item", ""), 0)
                given[question["key"]] = 1 + int(
                    np.searchsorted(CUTS, latent + random.gauss(0, NOISE))
                )
            case "nps":
                given[question["key"]] = max(
                    0, min(10, 2 * given.get("overall", 4) + random.randint(-2, 1))
                )
            case "yesno" if question["key"] == "solved":
                given["solved"] = random.random() < 0.83
            case "yesno":
                given[question["key"]] = given.get("overall", 5) == 1 and random.random() < 0.3
    said = words_of(response.process, given.get("overall", 5))
    if said and any(q["key"] == "voice" for q in response.version.body):
        given["voice"] = said
    if given.get("solved") is False:
        given.pop("handling", None)
        given["remaining"] = "아직 연락을 받지 못했어요."
    return given


def words_of(process: str, overall: int) -> str:
    """What the customer says in their own words, if anything."""
    if overall <= 2 and random.random() < 0.7:
        return random.choice(BAD.get(process, BAD["service"]))
    if overall == 5 and random.random() < 0.25:
        return random.choice(GOOD.get(process, GOOD["service"]))
    return ""


def solve_one() -> None:
    """A site solves one of its open cases; some are always left, so that clocks are seen running."""
    waiting = Case.objects.filter(closed_at=None, resolved_at=None, holder=Holder.SITE)
    if waiting.count() > LEFT_OPEN and (case := waiting.order_by("?").first()):
        resolve_case(case, random.choice(RESOLUTIONS), by=None)


@transaction.atomic
def sell_one() -> None:
    """Someone new bought a car or came for service, so many days ago that the call falls due today.

    Half of it happens in the region whose manager is a demo account, a quarter at the demo site.
    """
    rng = np.random.default_rng()
    places = Place.objects.filter(kind="site").order_by("?")
    where = random.random()
    if where < 0.25:
        places = places.filter(grants__user__email="site@demo.dangol")
    elif where < 0.5:
        places = places.filter(parent__grants__user__email="region@demo.dangol")
    site = places.first() or Place.objects.filter(kind="site").order_by("?").first()
    sale = site is not None and site.site_kind == "sales_office"
    products = Product.objects.filter(**SOLD if sale else SERVED)
    product = products.order_by("?").first()
    if site is None or product is None:
        return
    at = timezone.now() - (SALE_AGE if sale else VISIT_AGE)
    key = f"P{timezone.now():%y%m%d-%H%M%S-%f}"
    customer = add_customer(
        name=str(person_names(rng, 1)[0]), home_place=site, source="demo", source_key=key, by=None
    )
    add_contact_point(customer, "phone", str(mobile_numbers(rng, 1)[0]), by=None)
    record_transaction(
        customer=customer, place=site, kind="sale" if sale else "service", at=at,
        lines=[(product, Decimal(1), Decimal(32_000_000 if sale else 120_000))],
        source="demo", source_key=key, by=None,
    )  # fmt: skip
