"""Cubes by program: figures, and everything that people keep of them."""

from dangol.cubes.api import figures, kept, standing
from dangol.cubes.api.router import router

__all__ = ["figures", "kept", "router", "standing"]
