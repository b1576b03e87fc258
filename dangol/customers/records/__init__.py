"""Source records: what each system says of a customer, kept as it came; the customer lies over them."""
