"""What customers said, as a board may show it: names and numbers hidden."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dangol.core.masking import masked_name, masked_text
from dangol.places.models import Place
from dangol.surveys.queries import latest_voices


def voices(place: Place, count: int) -> list[dict[str, Any]]:
    """The newest words at a place and below, masked for everybody: a board hangs on a wall."""
    return [
        {
            "text": masked_text(answer.text),
            "name": masked_name(answer.response.customer.name),
            "customer_id": answer.response.customer_id,
            "place": str(answer.response.place),
            "process": answer.response.get_process_display(),
            "at": answer.response.completed_at,
            "url": reverse("surveys:response", args=[answer.response_id]),
        }
        for answer in latest_voices(place, count)
    ]
