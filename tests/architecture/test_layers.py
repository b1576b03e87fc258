"""The map of ARCHITECTURE.md holds for foreign keys too: they point down, never sideways or up."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def levels() -> dict[str, int]:
    """App label → level; higher may point at lower; the one list is the import contract."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contract["contracts"][0]["layers"]
    return {
        name.strip(): len(layers) - i for i, layer in enumerate(layers) for name in layer.split("|")
    }


def keys():
    for config in apps.get_app_configs():
        if config.name.startswith("dangol."):
            for model in config.get_models():
                for field in model._meta.get_fields():
                    if field.is_relation and field.concrete and field.related_model:
                        yield config.label, model, field


def test_foreign_keys_point_down():
    level = levels()
    wrong = []
    for label, model, field in keys():
        target = field.related_model._meta.app_label
        if target != label and level.get(target, 0) >= level[label]:
            wrong.append(f"{model._meta.label}.{field.name} → {target}")
    assert not wrong


def test_every_app_is_on_the_map():
    level = levels()
    ours = {c.label for c in apps.get_app_configs() if c.name.startswith("dangol.")}
    assert ours <= set(level)


def test_the_contract_would_notice(tmp_path):
    """The linter is real: an import upward fails it."""
    import shutil
    import subprocess
    import sys

    shutil.copytree(
        ROOT / "dangol",
        tmp_path / "dangol",
        ignore=shutil.ignore_patterns("built", "locale", "*.html"),
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "dangol" / "core" / "upward.py").write_text("import dangol.cases.models\n")
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [tool, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "dangol.core.upward" in done.stdout


SIZES = sorted(p for p in (ROOT / "dangol").rglob("*.py") if "migrations" not in p.parts)


def test_no_file_grows_past_300_lines():
    long = {
        str(p.relative_to(ROOT)): n for p in SIZES if (n := len(p.read_text().splitlines())) > 300
    }
    assert not long


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function works in, its signature and docstring left out."""
    body = function.body
    if ast.get_docstring(function) is not None and len(body) > 1:
        body = body[1:]
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_no_function_grows_past_40_lines():
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": lines
        for path in SIZES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := lines_of(node)) > 40
    }
    assert not long


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "misc"])
def test_no_catch_all_names(name):
    assert not [p for p in SIZES if p.stem == name or name in p.relative_to(ROOT).parts]
