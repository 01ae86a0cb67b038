# Every target works as the first command after a clone: it needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export PORT ?= 8000
export SIMULATOR_PORT ?= 8001

.PHONY: run demo test test-services lint bench screenshots lock clean

run: $(VENV)/run.stamp
	@$(PY) manage.py run

demo: $(VENV)/run.stamp
	@$(PY) manage.py demo

test: $(VENV)/dev.stamp lint
	$(PY) -m pytest -n 2 --dist loadgroup

# What touches the database and what starts processes, on PostgreSQL (DATABASE_URL) and Redis (CELERY_BROKER_URL).
test-services: $(VENV)/dev.stamp
	TEST_SERVICES=1 $(PY) -m pytest -n 2 --dist loadgroup

lint: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy
	$(PY) manage.py makemigrations --check --dry-run
	@sh -c 'set -a; . ./tests/production.env; exec $(PY) manage.py check --deploy --fail-level WARNING'

bench: $(VENV)/dev.stamp
	$(PY) -m bench

# The pictures of the guides, of a product of its own. Needs chromium; look at each before it is committed.
screenshots: $(VENV)/dev.stamp
	$(PY) -m docs.screenshots

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Qunfa needs Python 3.11 or newer: make PYTHON=python3.11")'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.txt (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing the development tools of requirements-dev.txt (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Pins and hashes, from the versions in pyproject.toml. Needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-dev.txt

clean:
	rm -rf $(VENV) var
