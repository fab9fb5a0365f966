# Two commands for everybody: `make run` opens the kiosk in training mode, `make test` proves it.
# Both set everything up in .venv first; all they need is Python 3.11+ (with venv) and make.

PYTHON ?= python3
BIN := .venv/bin

# Where this is set, Python compiles the kiosk anew at every start: tests and figures would measure that.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test cover prove browser voice packages bench lint lock pictures sheet clean

help:
	@echo "make run    the kiosk in training mode (no real money, no network)"
	@echo "make test   every test that needs nothing but Python (up to 5 minutes)"
	@echo "make cover  which lines those tests reach, branches too"
	@echo "make prove  the long proofs (up to 40 minutes)"
	@echo "make browser  what the proofs in a browser take: Chromium, ZBar, Xvfb (on Debian; as root, or by sudo)"
	@echo "make voice  what the proofs by ear and in large letters take: eSpeak NG, and fonts"
	@echo "make bench  the figures (long)"
	@echo "make pictures  the pictures in docs/, from the running screens"
	@echo "make sheet  every screen on one sheet, docs/contact-sheet.png"
	@echo "make lock   pin the dependencies anew, with hashes"

run: .venv/run.ok
	@$(BIN)/kiosk run --training

test: .venv/dev.ok
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy & types=$$!; $(BIN)/pytest -q -n 3 --dist worksteal; tests=$$?; wait $$types && exit $$tests

cover: .venv/dev.ok
	@$(BIN)/pytest -q -n 2 --dist worksteal --cov --cov-report=term:skip-covered

prove: .venv/dev.ok browser voice
	@$(BIN)/pytest -q -n 3 --dist load --maxschedchunk 1 -m prove

browser:
	@for each in chromium zbarimg Xvfb xdotool; do command -v $$each >/dev/null || missing=yes; done; \
	  [ -z "$$missing" ] || $(MAKE) --no-print-directory packages PACKAGES="chromium zbar-tools xvfb xdotool"

voice:
	@command -v espeak-ng >/dev/null && ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || \
	  $(MAKE) --no-print-directory packages PACKAGES="espeak-ng fonts-noto-cjk fonts-wqy-microhei fonts-dejavu-core"

packages:
	@root=; [ "$$(id -u)" = 0 ] || root=sudo; echo "installing $(PACKAGES) ..." && $$root apt-get update -qq && \
	  $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null || \
	  { echo "These proofs need the Debian packages $(PACKAGES), or what has the same programs and fonts."; exit 1; }

bench: .venv/bench.ok
	@past=; for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || past="$$past $$script"; \
	  done; [ -z "$$past" ] || { echo "past their limit:$$past"; exit 1; }

lint: .venv/dev.ok
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/mypy

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "The kiosk needs Python 3.11 or newer. Set PYTHON=/path/to/python3.11 and try again."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "setting up .venv (once, about a minute) ..."
	@$(PYTHON) -m venv .venv

.venv/run.ok: .venv/bin/python requirements.lock pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.ok: .venv/run.ok requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bench.ok: .venv/dev.ok requirements-bench.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

sheet: .venv/dev.ok
	@$(BIN)/python docs/contact_sheet.py

pictures: .venv/dev.ok
	@$(BIN)/python docs/pictures.py
	@$(BIN)/python docs/counter_pictures.py

lock: .venv/dev.ok
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
	  --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --extra build --constraint requirements-dev.lock pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --extra bench --constraint requirements-dev.lock pyproject.toml -o requirements-bench.lock

clean:
	@rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .coverage
