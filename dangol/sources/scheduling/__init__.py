"""What runs when: the sources' cron lines, and the product's own recurring jobs."""
