"""Live screens: an action announces, the live process tells every screen that shows the topic."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from dangol.core.events import plain

CHANNEL = "dangol_live"


def announce(topic: str, data: dict[str, Any] | None = None) -> None:
    """Tell the live process that a topic changed; it is heard when the transaction commits.

    PostgreSQL folds equal announcements of one transaction into one; the message stays
    under its limit of 8,000 bytes, so send keys and figures, never documents.
    """
    message = json.dumps({"topic": topic, "data": plain(data or {})}, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
