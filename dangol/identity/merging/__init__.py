"""Two customers become one, and one becomes two again."""
