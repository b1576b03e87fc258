"""Recognising one customer in many records, and keeping one golden record of each."""
