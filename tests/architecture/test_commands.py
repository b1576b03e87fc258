"""Every command of `dangol` can be asked what it does, before anything is set up."""

import os
import subprocess
import sys

import pytest

from dangol.cli import COMMANDS


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"manage"}))
def test_help(name):
    done = subprocess.run(
        [sys.executable, "-m", "dangol", name, "--help"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"dangol {name}" in done.stdout


def test_a_database_without_tables_gets_a_sentence(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "dangol", "cells"],
        capture_output=True, text=True, check=False,
        env=environment | {"DANGOL_VAR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "run `dangol migrate` first" in done.stderr and "Traceback" not in done.stderr


def test_cells_compares_and_finds_no_difference(transactional_db):
    from dangol.surveys.commands import cells

    options = cells_options()
    assert not cells.run(options)


def cells_options():
    """What the command line gives without arguments."""
    import argparse

    from dangol.surveys.commands import cells

    parser = argparse.ArgumentParser()
    cells.add_arguments(parser)
    return parser.parse_args([])
