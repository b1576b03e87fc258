"""Dangol (단골): one customer, one loop."""

__version__ = "0.1.0"
