"""A company's many customer databases, cut from one hidden truth: for shows, tests and benchmarks."""
