"""Cases by program."""

from dangol.cases.api import cases, rules
from dangol.cases.api.router import router

__all__ = ["cases", "rules", "router"]
