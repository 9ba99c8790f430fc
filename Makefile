# The few commands that a newcomer, a developer and the build use. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup packages demo test test-postgres check bench lock messages clean

VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PEERS := build/bench-peers

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(STAMP) ## Install system packages and .venv
	@bin/packages --check || bin/packages
	@WORKBENCH_DEBUG=1 $(PYTHON) manage.py compile_messages

$(STAMP): requirements/development.txt requirements/production.txt
	@bin/packages --check || bin/packages
	@bin/python-version >/dev/null
	@echo "Installing the Python packages into $(VENV): once, for a minute or three."
	@test -x $(PYTHON) || "$$(bin/python-version)" -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@

demo: setup ## Install everything, load the demo world, start web and worker on http://127.0.0.1:8000
	@bin/demo

test: setup ## Run the whole test suite
	@$(VENV)/bin/pytest -n auto --dist loadgroup

test-postgres: setup ## Run the whole test suite on a PostgreSQL that this starts and stops
	@bin/with-postgres $(VENV)/bin/pytest -n auto --dist loadgroup

check: setup ## Lint, types, migrations, messages, layers
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@WORKBENCH_DEBUG=1 $(PYTHON) manage.py check
	@WORKBENCH_DEBUG=1 $(PYTHON) manage.py makemigrations --check --dry-run
	@WORKBENCH_DEBUG=1 $(PYTHON) manage.py check_messages

bench: setup $(PEERS) ## Print the benchmark table
	@WORKBENCH_DEBUG=1 $(PYTHON) -m tests.bench

# The peers stay out of the environment that the product runs in.
$(PEERS): requirements/bench.txt
	@$(PYTHON) -m pip install --quiet --require-hashes --target $@ --upgrade -r $<
	@touch $@

lock: ## Compile requirements/*.txt from pyproject.toml, with hashes and without addresses
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" pyproject.toml -o requirements/production.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" --extra dev -c requirements/production.txt \
		pyproject.toml -o requirements/development.txt
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" requirements/bench.in -o requirements/bench.txt

messages: setup ## Collect the texts to translate into workbench/locale
	@WORKBENCH_DEBUG=1 $(PYTHON) manage.py collect_messages

clean: ## Remove what was installed and what the demo made
	rm -rf $(VENV) var build
