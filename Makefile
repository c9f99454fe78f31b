# Two commands for everybody: `make run` and `make test`. The rest is for those who build.
SOHOA := .venv/bin/sohoa
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run demo test test-fast lint format bench lock screenshots bench-reading train-recogniser fuzz-api

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## install what is missing; leaves .venv/bin/sohoa ready
	@bash deploy/setup.sh

setup-tests:
	@bash deploy/setup.sh tests

run: setup ## demo office on first start, then serve on http://127.0.0.1:8000
	@$(SOHOA) demo run
	@exec $(SOHOA) serve

demo: setup ## take a demo dossier the whole way and print what was done
	@$(SOHOA) demo run

test: setup-tests lint ## install what is missing and run all tests
	@bash deploy/test.sh

test-fast: setup ## unit and contract tests on embedded parts
	@$(PY) -m pytest -m 'not servers' tests/unit tests/contract

lint: setup ## ruff, mypy strict, the arrows of the architecture
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

format: setup ## put the code into its form
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: setup-tests ## side by side with what a user would pick instead
	@$(PY) -m bench

bench-reading: setup-tests ## all figures of reading, each beside its peer; REPORT=FILE keeps them as JSON
	@$(PY) -m bench.reading $(if $(REPORT),--json $(REPORT))

train-recogniser: setup-tests ## train the line recogniser again (under two hours on two cores); ARGS=--install takes it over
	@bash deploy/train.sh $(ARGS)

screenshots: setup-tests ## pictures of every page of a running demo office, into docs/img
	@$(PY) -m tests.browser.screenshots $${URL:-http://127.0.0.1:8000} $${SOHOA_HOME:-data} docs/img

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header -q pyproject.toml --all-extras --group test -o requirements.lock

FUZZ := .cache/fuzz-venv
fuzz-api: setup-tests ## schemathesis against a served office: no server error, no undocumented answer
	@test -x $(FUZZ)/bin/schemathesis || (python3 -m venv --clear $(FUZZ) && $(FUZZ)/bin/pip install --quiet schemathesis==4.32.5)
	@$(PY) -m tests.integration.http.fuzz $(FUZZ)/bin/schemathesis
