# GridHall: every task of the house. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
PY := $(BIN)/python
# Extras stay in the pins: pip seeks an extra apart from a pin without it, and finds a newer version that has no hash.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras

.PHONY: help setup setup-dev run worker test browser coverage check lint format layers types sizes bench lock connector

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## virtual environment and pinned packages, once for each change
	@scripts/setup.sh run

setup-dev: ## the same with the tools for tests and checks
	@scripts/setup.sh dev

run: setup ## fresh machine → the demo town at http://127.0.0.1:8050
	@exec $(PY) app.py $(ARGS)

worker: setup ## the worker process on its own (poller, overdue marks, folding)
	@exec $(PY) app.py worker $(ARGS)

test: setup-dev ## fresh machine → every test, browser and real servers included
	@scripts/debian.sh tests
	@exec $(PY) -m pytest $(ARGS)

browser: setup-dev ## only the tests in real Chromium
	@scripts/debian.sh tests
	@exec $(PY) -m pytest -m browser $(ARGS)

coverage: setup-dev ## every test, with branch coverage of the rooms
	@scripts/debian.sh tests
	@exec $(PY) -m pytest --cov --cov-report=term:skip-covered $(ARGS)

check: lint layers types sizes ## everything that needs no test run

lint: setup-dev ## ruff: rules and format
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && echo "lint: clean"

format: setup-dev ## let ruff mend what it can
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

layers: setup-dev ## imports only go down
	@$(PY) scripts/layers.py

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

sizes: setup-dev ## file sizes beside the reference sizes; a report, never a failure
	@$(PY) scripts/sizes.py

bench: setup-dev ## the benchmark: each figure a ratio measured in one run
	@exec $(PY) app.py bench $(ARGS)

lock: setup-dev ## pin requirements*.in again, one file for Python 3.11 to 3.13
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt

connector: setup-dev ## make connector NAME=water_meters: the files of a new connector
	@$(PY) scripts/connector.py "$(NAME)"
