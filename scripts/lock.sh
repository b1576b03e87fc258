#!/bin/sh
# Pins every dependency with its hashes; the files name no index.
set -eu
cd "$(dirname "$0")/.."
uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml -o requirements/base.txt
uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-annotate --group dev pyproject.toml -o requirements/dev.txt
uv pip compile -q --no-deps --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --no-annotate requirements/data.in -o requirements/data.txt
