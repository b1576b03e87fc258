"""The steward's work: pairs that the matching could not decide."""
