# What a person or a pipeline does with this checkout. `make` alone lists it.
# Paths are relative throughout, so that the checkout may lie in a folder with spaces.

.DEFAULT_GOAL := help
.PHONY: help install run manage scale bench lighthouse test lint format messages lock clean

PORT ?= 8000
DEBUG ?=
ARGS ?=
# Another database of the server, as make scale makes them.
DATABASE ?=
N ?= 100000
FRESH ?=
ONLY ?=
LANGUAGES ?= en,de

# The newest Python from 3.11 on that starts (version managers leave names that do not).
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo "$$name"; break; fi; done)

BIN = .venv/bin/python
SERVED = $(BIN) -m directory.embedded_postgres $(if $(DATABASE),--database "$(DATABASE)") --
# The settings of a production site, for checks that never connect.
PRODUCTION = env -u DEVELOPMENT -u DEBUG SECRET_KEY=only-for-make-lint-0123456789-abcdefghijklmnopqrstuvwxyz \
	ALLOWED_HOSTS=directory.example DATABASE_URL=postgresql://lint@%2Fnonexistent/lint

help: ## List these commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'

install: ## Make .venv and install the locked packages (every other command does so by itself)
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed, and none was found. Install it, or: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@"$(PYTHON)" tools/install.py

run: install ## Serve the site with sample content: PORT=8000, DEBUG=1 for tracebacks, SAMPLE_PASSWORD=…, DATABASE=…
	@DEVELOPMENT=1 DEBUG="$(DEBUG)" exec $(SERVED) $(BIN) manage.py develop --port "$(PORT)" $(if $(DATABASE),--no-sample)

manage: install ## Run any manage.py command on the same database: ARGS="shell"
	@DEVELOPMENT=1 DEBUG="$(DEBUG)" exec $(SERVED) $(BIN) manage.py $(ARGS)

scale: install ## Load made-up profiles into a database of their own: N=1000000, FRESH=1 to make it anew
	@DEVELOPMENT=1 DEBUG= exec $(SERVED) $(BIN) -m bench.scale "$(N)" $(if $(FRESH),--fresh)

# A million unless N is given with the command.
bench: N = 1000000
bench: install ## Measure everything side by side (half an hour the first time): N=100000 for less, ONLY=site for a part
	@DEVELOPMENT=1 DEBUG= exec $(SERVED) $(BIN) -m bench "$(N)" $(if $(ONLY),--only "$(ONLY)")

lighthouse: install ## Judge pages with Lighthouse, served as in production (needs Node and openssl): docs/accessibility.md
	@CHROMIUM="$$($(BIN) tests/browser/find_chromium.py)" && export CHROMIUM DEVELOPMENT=1 DEBUG= && exec $(SERVED) $(BIN) -m tools.lighthouse

test: install ## Run all tests, browser tests included: ARGS="-k name", or a path
	@CHROMIUM="$$($(BIN) tests/browser/find_chromium.py)" && export CHROMIUM && exec $(BIN) -m pytest -n 3 $(ARGS)

lint: install ## Check style, types, templates, migrations and the production settings
	$(BIN) -m ruff check
	$(BIN) -m ruff format --check
	$(PRODUCTION) $(BIN) -m mypy conditions directory specialists tools
	$(BIN) -m djlint --quiet --lint templates
	$(PRODUCTION) $(BIN) -W "ignore:Got an error checking a consistent migration history" manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN) manage.py check --deploy --fail-level WARNING

format: install ## Rewrite code in the house style
	$(BIN) -m ruff check --fix
	$(BIN) -m ruff format

messages: install ## Bring the catalogues of translations in step with the sources (needs GNU gettext): docs/languages.md
	$(PRODUCTION) LANGUAGES="$(LANGUAGES)" $(BIN) -m tools.messages

lock: ## Renew requirements.lock and requirements-production.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	uv pip compile pyproject.toml -c requirements.lock --generate-hashes --no-emit-index-url --no-header -o requirements-production.lock

clean: ## Delete what can be made again; the database and uploads under var/ stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
