"""dangol demo: make the demo company, let it play, or cut it into thirty databases."""

from __future__ import annotations

import argparse
import sys
import threading

from dangol.core.processes import stop_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large, and from which seed; or play."""
    parser.add_argument(
        "what", nargs="?", default="company", choices=["company", "sources"],
        help="sources: cut the company's customers into thirty databases and connect them",
    )  # fmt: skip
    parser.add_argument("--customers", type=int, default=100_000, help="of the company")
    parser.add_argument("--people", type=int, default=0, help="sources: of so many; 0: of all")
    parser.add_argument(
        "--mariadb", default="", help="sources: mysql://user:password@/base?unix_socket=…"
    )
    parser.add_argument(
        "--endpoint", type=int, default=0, help="sources: serve one by REST on this port"
    )
    parser.add_argument("--run", action="store_true", help="sources: read all of them now")
    parser.add_argument("--seed", type=int, default=1, help="of chance: the same company again")
    parser.add_argument("--play", action="store_true", help="agents and customers play live")
    parser.add_argument("--agents", type=int, default=12, help="agents that play")
    parser.add_argument("--speed", type=float, default=6.0, help="how much faster than life")


def run(options: argparse.Namespace) -> int:
    """Make or play."""
    from django.core.management import call_command

    stop_with_parent()
    if options.what == "sources":
        return cut(options)
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


def cut(options: argparse.Namespace) -> int:
    """Cut the company into thirty databases, connect them, and read them if that is asked for."""
    import sqlalchemy as sa

    from dangol.demo.sources.placing import serve
    from dangol.demo.sources.uniting import unite_company
    from dangol.sources.actions import start_run
    from dangol.sources.running.carrying import carry_on

    maria = {}
    if options.mariadb:
        url = sa.make_url(options.mariadb)
        maria = {
            "host": url.host or "", "user": url.username or "", "password": url.password or "",
            "database": url.database or "", "port": str(url.port or 3306),
            "socket": str(url.query.get("unix_socket", "")),
        }  # fmt: skip
    server = serve(options.endpoint) if options.endpoint else None
    address = f"http://127.0.0.1:{options.endpoint}" if server else ""
    made = unite_company(most=options.people, seed=options.seed, mariadb=maria, endpoint=address)
    for source in made:
        if options.run:
            run = carry_on(start_run(source, by=None, now=False).pk)
            print(f"{source.code}: {run.state}, {run.new:,} new, {run.refused:,} refused, {run.seconds:.1f} s")  # fmt: skip
    if server and not options.run:
        print(f"The endpoint answers at {address} until this command is ended.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0
