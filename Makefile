# The only commands to learn.
.PHONY: run test soak check bench setup wheel

run: ## everything, at http://localhost:8000
	@sh scripts/setup.sh run
	@exec .venv/bin/dangol up $(if $(PLAY),--play) $(if $(PORT),--port $(PORT))

setup:
	@sh scripts/setup.sh test

test: setup ## all tests, real PostgreSQL and real browser
	@.venv/bin/dangol check
	@.venv/bin/python -m pytest -n 2 --dist loadgroup

soak: setup ## the long versions of the fault and fuzz tests
	@DANGOL_SOAK=1 .venv/bin/python -m pytest -s tests/faults tests/api tests/lake

check: setup ## fast: lint, format, import contracts, types, migrations, translations
	@.venv/bin/dangol check

bench: setup ## benchmarks as ratios; ONLY=claim for one
	@.venv/bin/python -m benchmarks $(ONLY)

wheel: setup ## a wheel that needs no Node
	@.venv/bin/python -m hatchling build -t wheel
