"""The style guide: every component live, in both themes, with invented data."""
