# make lessons: set up and serve the lessons.  make test: set up and run everything.  make help: the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DENO := $(BIN)/deno
# Workers side by side (tests/conftest.py), a file of tests at a time in the order of the folders: the slow ones first.
PYTEST := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder
export TF_CPP_MIN_LOG_LEVEL ?= 2
# Or every process of the tests would compile all of firstepoch again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lessons test lint lint-python lint-views frontend unit browser soak gallery pictures bench views chromium nginx clean

help:
	@echo "make lessons   set up and serve the lessons on a Voilà page; the address is printed"
	@echo "make test      set up, lint, check types, and run all tests, those in a real Chromium too"
	@echo "make soak      the tests that take long: every lesson in every front end, a student's whole course, hundreds of epochs"
	@echo "make gallery   pictures of every widget and page, in gallery/"
	@echo "make pictures  the tables and pictures of the widgets' pages, from the classes and from a real page"
	@echo "make bench     speed, as ratios against the peers in one run"
	@echo "make clean     remove the environment and everything built"

$(VENV)/installed: setup.py pyproject.toml deno.json
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "firstepoch needs Python 3.10 to 3.13. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

views: $(VENV)/installed
	@$(DENO) task --quiet build

chromium: $(VENV)/installed
	@$(BIN)/python tests/browser/chromium.py

lessons: views
	$(BIN)/firstepoch serve

test: chromium
	@$(MAKE) --no-print-directory -j2 lint frontend
	$(PYTEST) tests/browser tests/cluster tests/lessons tests/unit
	@echo "Everything passed."

lint: lint-python lint-views

lint-python: views
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p build/typing/firstepoch
	@for package in data heart widgets lessons; do ln -sfn ../../../$$package build/typing/firstepoch/$$package; done
	MYPYPATH=build/typing $(BIN)/mypy

lint-views: views
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) task check

frontend: views
	$(DENO) task test

unit: frontend chromium
	$(PYTEST) tests/unit tests/lessons

browser: views chromium
	$(PYTEST) tests/browser

$(VENV)/cluster: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[cluster]'
	@touch $@

nginx: $(VENV)/installed
	@$(BIN)/python tests/cluster/nginx.py

soak: views chromium nginx $(VENV)/cluster
	$(BIN)/pytest tests/soak
	$(BIN)/pytest -m long tests/browser tests/cluster tests/lessons tests/unit

gallery: views chromium
	$(BIN)/python tests/browser/gallery.py

pictures: views chromium
	$(BIN)/python tests/browser/widget_pages.py
	$(BIN)/python tests/browser/pictures.py

bench: views chromium
	$(BIN)/python tests/bench/bench.py

clean:
	rm -rf $(VENV) build dist *.egg-info gallery widgets/*/static node_modules
