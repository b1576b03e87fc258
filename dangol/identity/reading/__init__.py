"""A record as it came, read for comparison: one form for names, phones, addresses, days, numbers."""
