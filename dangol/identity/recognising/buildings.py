"""One building, one address: lots are said by their road address where the table of buildings knows it."""

from __future__ import annotations

from collections.abc import Sequence

from dangol.identity.matching.kinds import Form
from dangol.identity.models import Building


def one_building(forms: Sequence[Form]) -> None:
    """Say the building of these records by its road; without a table nothing changes."""
    lots = {form.building for form in forms if form.building}
    if not lots:
        return
    roads = dict(
        Building.objects.filter(pk__in=lots).exclude(road="").values_list("lot", "road")
    )
    for form in forms:
        if road := roads.get(form.building):
            form.building = road
