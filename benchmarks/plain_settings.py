"""The product's settings with the plain pages in place of its own."""

from dangol.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.plain_pages"
