"""dangol manage …: any Django management command."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed on."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> None:
    """Hand the arguments to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], *options.arguments])
