"""The telephone: one interface, its contract, and its drivers."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from dangol.contact_centre.telephony.driver import Driver

DEFAULT = "dangol.contact_centre.telephony.simulator.Simulator"


def telephony() -> Driver:
    """The driver that this installation uses."""
    chosen = getattr(settings, "TELEPHONY", {})
    return _driver(chosen.get("driver", DEFAULT))


@cache
def _driver(path: str) -> Driver:
    return import_string(path)()  # type: ignore[no-any-return]


__all__ = ["Driver", "telephony"]
