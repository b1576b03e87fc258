"""One building, one address: lots are said by their road address where the table of buildings knows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Min

from dangol.identity.matching.kinds import Form
from dangol.identity.models import Building


def one_building(forms: Sequence[Form]) -> None:
    """Say the building of these records by its road; without a table nothing changes.

    A lot with buildings on several roads says nothing of which one is meant: it stays a lot.
    """
    lots = {form.building for form in forms if form.building}
    if not lots:
        return
    found = Building.objects.filter(lot__in=lots).values("lot").annotate(
        n=Count("road", distinct=True), one=Min("road")
    ).filter(n=1)  # fmt: skip
    roads = dict(found.values_list("lot", "one"))
    for form in forms:
        if road := roads.get(form.building):
            form.building = road
