# `make` alone lists what there is. A fresh machine needs Python 3.11+ and make, nothing else.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)
PORT ?= 8000
SCALE ?= small
PY := .venv/bin/python
COMPILE := pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo run test test-slow bench check fmt shell messages \
	screenshots requirements clean

help: ## show this list
	@echo "make TARGET, one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1: \2/p' $(MAKEFILE_LIST) \
		| awk -F': ' '{ printf "  %-13s %s\n", $$1, substr($$0, length($$1) + 3) }'

setup: ## set up Python's environment and the system's libraries
	@test -n "$(PYTHON)" || { echo "PRM needs Python 3.11 or newer as python3."; exit 1; }
	@$(PYTHON) scripts/setup.py --for demo

setup-test:
	@test -n "$(PYTHON)" || { echo "PRM needs Python 3.11 or newer as python3."; exit 1; }
	@$(PYTHON) scripts/setup.py --for test

demo: setup ## run the whole portal with example data (PORT=8000); Ctrl-C stops it
	@exec $(PY) -m prm.local.demo --port $(PORT)

run: setup ## the same for developers: reloads code, shows errors (PORT=8000)
	@exec $(PY) -m prm.local.demo --port $(PORT) --develop

test: setup-test ## run the tests (ARGS="tests/dealreg -k approve")
	@exec $(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

test-slow: setup-test ## run the fault, race and scale tests (ARGS=...)
	@exec $(PY) -m pytest -m slow $(ARGS)

bench: setup ## measure and print the table (ONLY=S2,S7 SCALE=small|full)
	@exec $(PY) -m bench --only "$(ONLY)" --scale $(SCALE)

check: setup ## format, lint, types, layers, migrations, production settings
	@exec $(PY) scripts/check.py

fmt: setup ## format the code and mend what can be mended
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} + || true

shell: setup ## Python with the models at hand, on the demo's data
	@exec $(PY) manage.py shell

messages: setup ## collect the texts to translate (docs/translating.md; needs gettext)
	@exec $(PY) scripts/messages.py

screenshots: setup-test ## take the pictures in docs/screenshots anew
	@exec $(PY) manage.py screenshots

requirements: ## compile the pinned requirements anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "Install uv first: it compiles for all systems at once."; exit 1; }
	@uv pip compile $(COMPILE) --output-file requirements.txt
	@uv pip compile $(COMPILE) --extra dev --constraints requirements.txt \
		--output-file requirements-dev.txt

clean: ## stop nothing, remove what set-up and running made: .venv, .local, caches
	@$(PYTHON) scripts/clean.py
