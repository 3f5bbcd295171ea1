# What a newcomer types. Needs Python 3.11.5 or newer and make; all else is installed into .venv.
# PORT=8001 make run serves elsewhere; ARGS="-k takedown" make test runs some tests.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Warnings of pip are about the machine that it runs on; its errors still show.
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-services lint format bench setup clean pins audit

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: $(VENV)/runs.stamp .env ## Serve the site with demo content on http://localhost:8000 (PORT=…), worker beside it
	@exec $(BIN)/python manage.py serve --port $(PORT)

PYTEST := pytest -n auto
# In CI (CI=true) nothing is left out but what is about the other database, and that is listed.
PYTEST += $(if $(CI),-rfEs)
# Which lines ran. Counted inside the code: tracing every call took half as long again. pyproject.toml says of which code.
COVER ?= --skip-covered
COVERED := $(BIN)/python -m slipcover $(COVER) -m

test: setup ## Run the tests, two or more at once; ARGS="-k takedown" for some
	@echo "The tests that need the S3 server are left to make test-services."
	@DEBUG=1 $(COVERED) $(PYTEST) -m "not s3" $(ARGS)

test-services: setup ## The same on PostgreSQL (DATABASE_URL=postgres://…) and a real S3 server
	@test -n "$(DATABASE_URL)" || { echo "Set DATABASE_URL=postgres://… first."; exit 2; }
	@echo "What no database or store changes is left to make test."
	@DEBUG=1 PIXLPIX_TEST_STORAGES=s3 $(BIN)/python -m $(PYTEST) -m "not once" $(ARGS)

lint: setup ## Check style, templates, the direction of imports, and that migrations let old code run
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@if [ -d templates ]; then $(BIN)/djlint --lint --quiet templates; fi
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/lint_migrations.py

format: setup ## Put code and templates into the house's form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: setup ## Run the benchmarks of bench/, by hand
	@for script in bench/bench_*.py; do test -e "$$script" || continue; echo "== $$script"; DEBUG=1 $(BIN)/python "$$script" || exit 1; done

# uv keeps the versions that stand in the lists already; UPGRADE="--upgrade" takes newer ones where requirements*.in allow.
PINS := $(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes --no-emit-index-url --no-strip-extras \
	--no-annotate --custom-compile-command "make pins" $(UPGRADE)

pins: setup ## Write requirements*.txt anew after a change of requirements*.in: exact versions, with hashes
	@$(PINS) requirements.in -o requirements.txt
	@$(PINS) requirements-dev.in -c requirements.txt -o requirements-dev.txt

audit: setup ## Ask whether a pinned version has a known weakness
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python scripts/audit.py

setup: $(VENV)/dev.stamp .env ## Install what running, testing and linting need

clean: ## Remove the virtual environment and local data (accounts and pictures of the demo too)
	rm -rf $(VENV) var

# --- What the targets above stand on -----------------------------------------------------------------------------------

# Local settings, once: never overwritten.
.env: | .env.example
	@cp .env.example .env && echo "Made .env from .env.example."

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5))' || \
		{ echo "PixlPix needs Python 3.11.5 or newer; $(PYTHON) is $$($(PYTHON) --version). Try PYTHON=python3.12 make run."; exit 2; }
	@echo "Making the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make it. On Debian: apt install python3-venv"; exit 2; }

# Installed again only when a list has changed since. The stamp comes last: an installation that broke off starts over.
$(VENV)/runs.stamp: requirements.txt | $(BIN)/python
	@echo "Installing what PixlPix runs on ..."
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/runs.stamp
