"""Data that nobody here made, turned into files that the import takes."""
