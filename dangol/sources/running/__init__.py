"""A run: all of a source is read and looked at first, then applied batch by batch."""
