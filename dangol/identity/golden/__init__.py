"""The golden record: which of all that sources say of a customer is taken for true, and why."""
