"""Data quality by program: the same figures, scope and deeds as the pages."""

from dangol.quality.api import courses, figures, work
from dangol.quality.api.router import router

__all__ = ["courses", "figures", "router", "work"]
