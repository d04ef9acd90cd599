# Two commands do all the set-up on a fresh machine: make demo, make test.
PY := .venv/bin/python
SHELL := /bin/bash

.PHONY: demo test fleet-test lint bench pictures setup setup-dev lock clean

demo: setup
	@$(PY) -m kiosk.main.cli demo $(ARGS)

test: setup-dev lint
	@$(PY) -m pytest

# Boots Debian hosts, so it needs root. FLEET_HOSTS=20 for the larger run of docs/fleet.md.
fleet-test: setup-dev
	@dpkg -s $$(grep -v '^#' requirements/apt-fleet-test.txt) >/dev/null 2>&1 || apt-get install -y -qq $$(grep -v '^#' requirements/apt-fleet-test.txt)
	@$(PY) -m pytest tests/fleet_hosts -s -o norecursedirs=.hypothesis

lint: setup-dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/pyright
	@.venv/bin/lint-imports

bench: setup-dev
	@$(PY) -m tests.bench $(ARGS)

pictures: setup-dev
	@$(PY) -m pytest -m picture -q

setup:
	@provisioning/bootstrap run

setup-dev:
	@provisioning/bootstrap dev

LOCK := uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate

# The smaller sets take the versions of the larger one, so that the tests run what a kiosk runs.
lock:
	@$(LOCK) requirements/dev.in -o requirements/dev.txt
	@for set in fleet run; do $(LOCK) requirements/$$set.in -c requirements/dev.txt -o requirements/$$set.txt; done

clean:
	rm -rf build .venv
