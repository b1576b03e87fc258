"""Programmes and due calls by program."""

from dangol.campaigns.api import programmes, work
from dangol.campaigns.api.router import router

__all__ = ["programmes", "work", "router"]
