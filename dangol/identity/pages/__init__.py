"""Pages of the matching."""
