# Everything a newcomer needs: run, test, ui, check, bench. Each sets up what it needs by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NEWS_PIPELINE_DATA ?= data
export override NEWS_PIPELINE_DATA := $(abspath $(NEWS_PIPELINE_DATA))
export DAGSTER_HOME ?= $(NEWS_PIPELINE_DATA)/dagster_home

.DEFAULT_GOAL := help
.PHONY: help setup run test ui lint check clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-7s %s\n", $$1, $$2}'

setup: $(READY) ## Create .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("news_pipeline needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) $(DAGSTER_HOME)/dagster.yaml ## Process what is new in data/raw and show a first query
	@$(BIN)/news-pipeline run

ui: $(READY) $(DAGSTER_HOME)/dagster.yaml ## Open Dagster on http://127.0.0.1:3000 with its daemon; sensors run
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p $${PORT:-3000}

$(DAGSTER_HOME)/dagster.yaml: dagster.yaml
	@mkdir -p $(DAGSTER_HOME)
	@cp dagster.yaml $@

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest

lint: $(READY) ## Lint, format check, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(READY) $(DAGSTER_HOME)/dagster.yaml ## Load the definitions the ways Dagster does
	$(BIN)/dg check defs
	$(BIN)/dagster definitions validate -w workspace.yaml

clean: ## Remove everything generated: tables, history, catalog, environment
	find data -mindepth 1 -maxdepth 1 ! -name raw ! -name lexicon ! -name README.md -exec rm -rf {} +
	rm -rf $(VENV)
