"""Makes the demo company: `dangol demo --customers N --seed S`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dangol.campaigns.due_calls import make_due_calls
from dangol.core.models import User
from dangol.demo import calls, cases, purchases
from dangol.demo.analysis import make_analyses
from dangol.demo.bulk import loaded_at_once
from dangol.demo.copying import picked
from dangol.demo.customers import Customers, make_customers
from dangol.demo.geography import PROVINCES
from dangol.demo.own import make_own_attributes
from dangol.demo.past import finish_recent_targets
from dangol.demo.people import make_people
from dangol.demo.programmes import make_programmes
from dangol.demo.purchases import Transactions, make_transactions
from dangol.demo.segments import make_segments
from dangol.demo.sites import make_sites
from dangol.demo.traits import Traits, draw_traits
from dangol.demo.truth import Truth, draw_truth
from dangol.demo.verifying import verify_by_calls
from dangol.places.models import Place
from dangol.quality.nightly import look as look_at_quality
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.models import Survey

PROGRAMME_DAYS = 14
Say = Callable[[str], None]


class CompanyExists(Exception):
    """The database holds a company already; the demo never mixes with real data."""


@transaction.atomic
def make_company(
    *, customers: int, seed: int, say: Say = print, offices: int = 500, centres: int = 800
) -> None:
    """Make everything or nothing, most of it by COPY; the hidden truth goes to var/demo/truth.npz."""
    if Place.objects.exists():
        raise CompanyExists
    began = time.monotonic()
    rng = np.random.default_rng(seed)
    today = np.datetime64(timezone.localdate())
    sites = make_sites(rng, offices, centres)
    site_keys = [str(s.pk) for s in sites]
    weight = rng.lognormal(0.0, 0.7, len(sites))
    shown = next(i for i, s in enumerate(sites) if s.site_kind == "sales_office")
    weight[shown] = weight.max() * 2
    agents = make_people(rng, sites[shown])
    surveys = make_default_surveys()
    cases.make_rules()
    say(f"places, people, surveys {time.monotonic() - began:.0f} s")
    truth = draw_truth(rng, site_keys, customers)
    with loaded_at_once():
        people = draw_traits(rng, customers)
        made, transactions = buyers(rng, people, truth, sites, weight, today)
        make_own_attributes(rng, made, people, today)
        bought = f"{customers:,} customers, {len(transactions.keys):,} purchases"
        say(f"{bought} {time.monotonic() - began:.0f} s")
        unhappy = past_calls(rng, truth, made, transactions, site_keys, agents, surveys, today)
        verify_by_calls()
        calls.settle_states()
        say(f"past calls and answers {time.monotonic() - began:.0f} s")
    say(f"indexes, checks of keys, index cells {time.monotonic() - began:.0f} s")
    programmes = make_programmes(surveys, timezone.localdate() - dt.timedelta(days=PROGRAMME_DAYS))
    analyze()
    make_due_calls()
    unhappy += finish_recent_targets(rng, truth, made, site_keys, agents, surveys, programmes)
    verify_by_calls(since=str(today - np.timedelta64(PROGRAMME_DAYS, "D")))
    calls.settle_states()
    say(f"calls of these days {time.monotonic() - began:.0f} s")
    unhappy.sort(key=lambda row: row["at"])
    count = cases.make_cases(rng, unhappy, max(60, min(2000, customers // 80)))
    make_segments()
    make_analyses("analyst@demo.dangol")
    truth.save(settings.VAR / "demo" / "truth.npz", made.keys)
    analyze()
    say(f"{count} cases; done in {time.monotonic() - began:.0f} s")


def analyze() -> None:
    """Tell the planner what was just loaded; without it each next step would search badly."""
    look_at_quality()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def buyers(
    rng: np.random.Generator,
    people: Traits,
    truth: Truth,
    sites: list[Place],
    weight: np.ndarray,
    today: np.datetime64,
) -> tuple[Customers, Transactions]:
    """Customers near an office and a service centre of their province, with what they bought.

    Sites differ in size; the demo's site manager has the largest.
    """
    site_keys, n = [str(s.pk) for s in sites], len(people.use)
    codes = {p.code: i for i, p in enumerate(PROVINCES)}
    site_province = np.array([codes[s.region_code] for s in sites])
    is_office = np.array([s.site_kind == "sales_office" for s in sites])
    shares = np.array([p.share for p in PROVINCES])
    province = rng.choice(len(PROVINCES), n, p=shares / shares.sum())
    office = np.empty(n, int)
    centre = np.empty(n, int)
    for index in range(len(PROVINCES)):
        mine = np.flatnonzero(province == index)
        for chosen, kind in ((office, is_office), (centre, ~is_office)):
            near = np.flatnonzero((site_province == index) & kind)
            share = weight[near] / weight[near].sum()
            chosen[mine] = rng.choice(near, len(mine), p=share)
    sold = purchases.working_instants(rng, purchases.sale_days(rng, n, today))
    made = make_customers(rng, n, office, site_keys, province, sold, people)
    bought = make_transactions(rng, made, people, truth, sold, site_keys, centre, today)
    return made, bought


def past_calls(
    rng: np.random.Generator,
    truth: Truth,
    customers: Customers,
    transactions: Transactions,
    site_keys: list[str],
    agents: list[User],
    surveys: dict[str, Survey],
    today: np.datetime64,
) -> list[dict[str, Any]]:
    """Calls from before the programmes of today began: some days after each transaction."""
    days_after = np.where(transactions.sale, 7, 3).astype("timedelta64[D]")
    due = transactions.at.astype("datetime64[D]") + days_after
    old = due < today - np.timedelta64(PROGRAMME_DAYS, "D")
    rows = np.flatnonzero(old & (rng.random(len(due)) < 0.55))
    unhappy: list[dict[str, Any]] = []
    for sale, key in ((True, "sales"), (False, "service")):
        part = rows[transactions.sale[rows] == sale]
        at = purchases.working_instants(rng, due[part])
        customer, site = transactions.customer[part], transactions.site[part]
        threads = calls.write_threads(
            rng, customers, site_keys, customer, site, at, picked(transactions.keys, part)
        )
        felt = transactions.experience[part]
        talk = calls.drawn_calls(rng, customers, customer, site, at, threads, len(agents), felt)
        calls.write_interactions(rng, talk, customers, site_keys, agents, "happy_call")
        done = calls.write_responses(rng, truth, talk, customers, site_keys, agents, surveys[key])
        unhappy += voices_of(talk, done, customers, site_keys, key, today)
    return unhappy


def voices_of(
    talk: calls.Calls,
    done: calls.Completed,
    customers: Customers,
    site_keys: list[str],
    process: str,
    today: np.datetime64,
) -> list[dict[str, Any]]:
    """The unhappy responses of the last 150 days that would have opened a case."""
    category = {"sales": "SALES-DELIVERY", "service": "SERVICE-REPAIR", "product": "PRODUCT"}[
        process
    ]
    at = talk.at[done.call]
    recent = np.flatnonzero(
        (done.worst <= 2) & (at > today.astype("datetime64[s]") - np.timedelta64(150, "D"))
    )
    return [
        {
            "at": f"{at[i].astype('datetime64[s]')}+00:00",
            "customer": _dashed(customers.keys[talk.customer[done.call[i]]]),
            "place": _dashed(site_keys[talk.site[done.call[i]]]),
            "thread": _dashed(talk.threads[done.call[i]]),
            "interaction": _dashed(talk.keys[done.call[i]]),
            "response": _dashed(done.keys[i]),
            "voice": done.voice[i],
            "category": "CALL" if done.low[i] else category,
        }
        for i in recent.tolist()
        if done.worst[i] == 1 or done.voice[i]
    ]


def _dashed(key: str) -> str:
    """A key as Python writes it."""
    text = key.replace("-", "")
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
