"""Own attributes: what a company wants to know of its customers beyond what every company does."""
