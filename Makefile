# Every command of the project. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run dev test bench pictures lint format lock python

help: ## List the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Serve the catalogue on http://127.0.0.1:8000 (PORT=… to change it)
	@$(BIN)/python manage.py prepare --port "$(PORT)"
	@exec $(BIN)/python -m gunicorn --config python:initiatives.runtime.gunicorn --bind "127.0.0.1:$(PORT)" initiatives.wsgi

dev: .venv/dev.stamp ## The same with auto-reload and error pages for developers
	@env DEBUG=true $(BIN)/python manage.py prepare --port "$(PORT)"
	@exec env DEBUG=true $(BIN)/python manage.py runserver "127.0.0.1:$(PORT)"

test: .venv/dev.stamp ## Run every test: SQLite, PostgreSQL, browser (ARGS=… goes to pytest)
	@$(BIN)/python tests/run.py $(ARGS)

bench: .venv/dev.stamp ## Measure pages, exports and the server beside yardsticks (ARGS=--help)
	@$(BIN)/python -m tests.bench $(ARGS)

pictures: .venv/dev.stamp ## Take the pictures of the guide of the desk again, in the browser of the tests
	@$(BIN)/python -m tests.pictures

lint: .venv/dev.stamp ## Check format and style of Python and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --check templates
	$(BIN)/djlint --quiet --lint templates

format: .venv/dev.stamp ## Format Python and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-$(BIN)/djlint --quiet --reformat templates

lock: .venv/dev.stamp ## Lock the requirements again, with hashes
	$(BIN)/uv pip compile pyproject.toml -q -U $(LOCK) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml -q -U --extra dev -c requirements.txt $(LOCK) -o requirements-dev.txt

LOCK := --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header

python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python 3.11 or newer is needed: '$(PYTHON)' was not found (PYTHON=… names another one)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1)." >&2; exit 1; }

.venv/bin/python: | python
	@echo "Creating the environment in .venv/ …"
	@$(PYTHON) -m venv .venv || { \
	  echo "The environment could not be created: on Debian, install the package python3-venv." >&2; rm -rf .venv; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing the locked requirements …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	@echo "Installing the locked requirements for developers …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.stamp
