# The only commands anyone needs. Each does its own set-up: a virtual environment, the pages, a browser for the tests.
.PHONY: demo test check fix bench docs help
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
WITH_NODE := tools/with-node
PAGES := liaoran/web_dist/index.html

help:
	@echo "make demo    a running demo with two years of data; prints its address"
	@echo "make test    all tests, on a real PostgreSQL and in a real browser"
	@echo "make check   formatting, lint, types, import direction, generated files"
	@echo "make fix     mend what check can mend by itself"
	@echo "make bench   measure speed against bare SQL (SIZE=small takes two minutes)"
	@echo "make docs    write the generated reference pages"

$(VENV)/.ready: requirements/dev.txt pyproject.toml tools/make-venv
	tools/make-venv
	@touch $@

web/node_modules/.ready: web/package-lock.json $(VENV)/.ready
	cd web && ../$(WITH_NODE) npm ci --no-audit --no-fund
	@touch $@

$(PAGES): web/node_modules/.ready $(shell find web/src web/public web/index.html web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
	cd web && ../$(WITH_NODE) npm run build
	@touch $@

demo: $(PAGES)
	$(BIN)/liaoran demo

test: $(PAGES)
	cd web && ../$(WITH_NODE) npm test
	tools/find-chromium || true
	# what fails while everything runs at once is run again by itself: it has to pass there, or the whole has failed
	$(BIN)/pytest -n 2 --dist loadfile || $(BIN)/pytest --last-failed --last-failed-no-failures none

check: $(VENV)/.ready web/node_modules/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && ../$(WITH_NODE) npm run check
	cd web && ../$(WITH_NODE) npm run fresh
	$(BIN)/python -m tools.reference --check
	$(BIN)/python -m tools.audit

fix: $(VENV)/.ready web/node_modules/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd web && ../$(WITH_NODE) npm run fix

bench: $(VENV)/.ready
	$(BIN)/python -m bench --size $(or $(SIZE),full)

docs: $(VENV)/.ready web/node_modules/.ready
	$(BIN)/python -m tools.reference
	cd web && ../$(WITH_NODE) npm run generate
