"""dangol demo: make the demo company, or let its agents and customers play."""

from __future__ import annotations

import argparse
import sys

from dangol.core.processes import stop_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large, and from which seed; or play."""
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--play", action="store_true", help="agents and customers play live")
    parser.add_argument("--agents", type=int, default=12, help="agents that play")
    parser.add_argument("--speed", type=float, default=6.0, help="how much faster than life")


def run(options: argparse.Namespace) -> int:
    """Make or play."""
    from django.core.management import call_command

    stop_with_parent()
    if options.play:
        from dangol.demo.play import play

        play(agents=options.agents, speed=options.speed)
        return 0
    from dangol.demo.company import CompanyExists, make_company

    call_command("migrate", interactive=False, verbosity=0)
    try:
        make_company(customers=options.customers, seed=options.seed)
    except CompanyExists:
        print("dangol: this database holds a company already; the demo never mixes with it."
              " Point DANGOL_VAR or DATABASE_URL at an empty one.", file=sys.stderr)  # fmt: skip
        return 1
    return 0
