"""Surveys and answers by program."""

from dangol.surveys.api import answers, design
from dangol.surveys.api.router import router

__all__ = ["answers", "design", "router"]
