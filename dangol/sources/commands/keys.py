"""dangol keys: seal every password and token with a new key."""

from __future__ import annotations

import argparse

from django.conf import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--keep makes no new key: what was sealed with older ones is sealed with the newest."""
    parser.add_argument("--keep", action="store_true", help="use the newest key that there is")


def run(options: argparse.Namespace) -> int:
    """Make a key (where the environment gives none) and seal everything anew; old keys stay."""
    from dangol.core.sealing import add_key, keys
    from dangol.sources.actions import seal_anew

    if not options.keep and not settings.SEALING_KEYS:
        add_key()
    count = seal_anew()
    print(f"{count} secrets are sealed with the key {next(iter(keys()))}.")
    return 0
