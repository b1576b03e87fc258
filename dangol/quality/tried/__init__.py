"""What trying says: the rate of wrong contact points by source, site, month, age and kind, and its cost."""
