"""Records find their customer: one by one as they come, and all together at night."""
