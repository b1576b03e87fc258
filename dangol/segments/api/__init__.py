"""Segments by program."""

from dangol.segments.api import members, rules
from dangol.segments.api.router import router

__all__ = ["members", "router", "rules"]
