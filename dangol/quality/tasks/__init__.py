"""Correction tasks: contact points that are probably wrong, checked by the site that knows the customer."""
