# make demo    two real jobs, on data that comes with scikit-learn
# make test    everything that has to hold: style, types, imports, tests, docs, and the wheel in a fresh environment
# make check   style, types and imports only
# make docs    run every block of code in the docs, and build the site: site/index.html
# make browser a Chromium for the tests of the pages, where there is none and root may install one
# make bench   every script in benchmarks/, on this machine
# make peers   the libraries that tacit is compared with, each in an environment of its own: .peers (6 GB, minutes)
# make show    run what benchmarks/ledger.jsonl lacks, one command at a time (hours); it goes on where it was stopped
# make clean   remove what the others made

PYTHON ?= python3
BIN := .venv/bin
CODE := $(wildcard src tests benchmarks examples)
INSTALL := python -m pip install -qq --disable-pip-version-check -c constraints.txt
quietly = $(1) > .venv/said.txt 2>&1 || { cat .venv/said.txt; exit 1; }

.PHONY: demo test check docs browser bench peers show wheel clean

demo: .venv/base
	@echo "demo: examples/demo.py"
	@$(BIN)/python examples/demo.py

test: check browser
	@echo "test: pytest, docs included"
	@$(BIN)/python -m pytest -q
	@$(MAKE) --no-print-directory wheel

check: .venv/dev
	@echo "check: ruff, mypy, import-linter"
	@$(call quietly,$(BIN)/ruff format --check $(CODE))
	@$(call quietly,$(BIN)/ruff check $(CODE))
	@$(call quietly,$(BIN)/mypy)
	@$(call quietly,$(BIN)/lint-imports)

docs: .venv/dev
	@echo "docs: every block of code on every page"
	@$(BIN)/python -m pytest -q tests/test_docs.py
	@echo "docs: the site, strictly"
	@$(call quietly,NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict)
	@echo "docs: site/index.html"

# Without one the tests that need it are skipped, each with this reason; nothing else depends on it.
browser:
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } > /dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && echo "browser: installing chromium" \
	     && { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } > /dev/null 2>&1; } \
	|| echo "browser: there is no Chromium, so the tests of the pages in one are skipped.  next: sudo apt-get install chromium"

bench: .venv/dev
	@for script in benchmarks/*.py; do echo "bench: $$script"; $(BIN)/python $$script || exit 1; done

# --no-deps: the lists are whole, and nothing may choose a build of torch that brings gigabytes for an accelerator.
peers: $(patsubst benchmarks/peers/%.txt,.peers/%/made,$(wildcard benchmarks/peers/*.txt))

.peers/%/made: benchmarks/peers/%.txt
	@echo "peers: $*"
	@mkdir -p .peers && echo '*' > .peers/.gitignore
	@$(PYTHON) -m venv .peers/$*
	@.peers/$*/bin/$(INSTALL) --no-deps -r $<
	@touch $@

show: .venv/dev
	@$(BIN)/python benchmarks/show.py --run
	@$(BIN)/python benchmarks/show.py

wheel: .venv/dev
	@echo "wheel: build it, install it into an environment of its own, ask it for help"
	@rm -rf build dist
	@$(call quietly,$(BIN)/python -m build --wheel --no-isolation .)
	@$(BIN)/python -m venv build/fresh
	@build/fresh/bin/$(INSTALL) dist/*.whl
	@cd build && fresh/bin/tacit --help > help.txt && fresh/bin/python -c "import tacit; print('wheel: tacit', tacit.__version__, 'works')"

.venv/base: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("tacit needs Python 3.11 or newer.  next: make PYTHON=python3.12")'
	@echo ".venv: tacit and what it needs"
	@$(PYTHON) -m venv .venv
	@$(BIN)/$(INSTALL) -e .
	@touch $@

.venv/dev: .venv/base
	@echo ".venv: what its tests need"
	@$(BIN)/$(INSTALL) -e ".[dev,docs]"
	@touch $@

clean:
	@echo "clean: .venv, build, dist and caches"
	@rm -rf .venv .peers build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	@find src tests examples -name __pycache__ -type d -prune -exec rm -rf {} +
