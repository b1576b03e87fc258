"""What the matching shows on a customer's page."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.models import Customer, RecordVersion
from dangol.customers.queries import customer_by_id
from dangol.customers.source_names import source_name
from dangol.identity.golden.told import explained, records_of, ways
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.written import places_of, shown_value, title_of
from dangol.identity.models import Link, Merge
from dangol.identity.stewarding.look_alikes import look_alikes
from dangol.identity.stewarding.pair import comes_raw, raw_of
from dangol.identity.stewarding.words import level_words

SHOWN_VERSIONS = 100


def the_customer(request: HttpRequest, pk: uuid.UUID, ability: str = "customers.see") -> Customer:
    """A customer that this person may see, also by an old id, or 404."""
    customer = customer_by_id(request.user, pk, ability)  # type: ignore[arg-type]
    if customer is None:
        raise Http404
    return customer


@needs("customers.see")
def golden(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where each value of a customer comes from, and what it won over."""
    customer = the_customer(request, pk)
    records = records_of(customer.pk)
    record_access(request, "golden record", [customer.pk])
    trust = trust_of_sources()
    context = {
        "customer": customer, "fields": explained(customer, records, trust),
        "ways": ways(customer, records, trust), "records": len(records),
        "may_decide": request.user.can("matching.decide"),  # type: ignore[union-attr]
        "look_alikes": look_alikes(request.user, customer, [r.pk for r in records]),  # type: ignore[arg-type]
        "taken_in": Merge.objects.filter(survivor=customer, undone_at=None).count(),
    }  # fmt: skip
    return render(request, "identity/golden.html", context)


@needs("customers.see")
def records(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The records under a customer with their history, and why they belong together."""
    customer = the_customer(request, pk)
    mine = records_of(customer.pk)
    record_access(request, "source records", [customer.pk])
    return render(request, "identity/records.html", {"rows": told_records(mine)})


def told_records(mine: list[Any]) -> list[dict[str, Any]]:
    """Records with what they said before, and what ties them to the others."""
    ids = [r.pk for r in mine]
    by_id = {r.pk: r for r in mine}
    places = places_of(mine)
    versions: dict[int, list[RecordVersion]] = {}
    for one in RecordVersion.objects.filter(record__in=ids).order_by("-until")[:SHOWN_VERSIONS]:
        versions.setdefault(one.record_id, []).append(one)
    links: dict[int, list[dict[str, Any]]] = {}
    for link in Link.objects.filter(record__in=ids, other__in=ids).order_by("-weight"):
        other = by_id[link.other_id]
        links.setdefault(link.record_id, []).append(
            {
                "link": link, "source": source_name(other.source), "key": other.shown_key,
                "why": [level_words(c, lv) for c, lv, bits in link.steps if bits > 0.5],
                "against": [level_words(c, lv) for c, lv, bits in link.steps if bits < -0.5],
            }
        )  # fmt: skip
    return [
        {
            "record": r, "source": source_name(r.source), "raw": raw_of(r, places), "as_came": comes_raw(r),
            "links": links.get(r.pk, []),
            "versions": [(v, changes_of(v, r, versions[r.pk], places)) for v in versions.get(r.pk, [])],
        }
        for r in mine
    ]  # fmt: skip


def changes_of(
    version: RecordVersion, record: Any, versions: list[RecordVersion], places: dict[str, str]
) -> list[tuple[str, str, str]]:
    """What a record said until then, and what it said next."""
    at = versions.index(version)
    later = versions[at - 1].values if at else record.values
    keys = sorted({*version.values, *later})
    return [
        (
            title_of(k),
            *(shown_value(k, said.get(k), places) for said in (version.values, later)),
        )
        for k in keys
        if version.values.get(k) != later.get(k)
    ]
