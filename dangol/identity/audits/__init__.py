"""Automatic decisions checked by lot: how precise the matching is, and what it misses."""
