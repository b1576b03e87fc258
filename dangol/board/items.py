"""What a site's index is made of: each item beside the company's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from dangol.board.standing import PROCESSES
from dangol.places.models import Place
from dangol.surveys.asking import in_words
from dangol.surveys.index import estimate
from dangol.surveys.models import Index, Process
from dangol.surveys.queries import MONTH, item_sums

NPS = "nps"


def items_of(place: Place, company: uuid.UUID, today: dt.date) -> list[dict[str, Any]]:
    """For each process the items of the last thirty days: mean, interval, the company's mean, the gap."""
    sums = item_sums({place.pk, company}, first=today - dt.timedelta(days=MONTH - 1), last=today)
    newest = Index.objects.order_by("process", "-number").distinct("process")
    named = {i.process: i.items for i in newest}
    found = []
    for process in PROCESSES:
        lines = []
        for item in named.get(process, []):
            own = estimate(*sums.get((place.pk, process, item["key"]), (0, 0, 0)))
            other = estimate(*sums.get((company, process, item["key"]), (0, 0, 0)))
            if own and other:
                lines.append(
                    {
                        "name": in_words(item["text"]),
                        "weight": item["weight"],
                        "nps": item["key"] == NPS,
                        "own": own,
                        "width": own.high - own.low,
                        "company": other.mean,
                        "gap": own.mean - other.mean,
                    }
                )
        if lines:
            found.append({"label": Process(process).label, "lines": lines})
    return found
