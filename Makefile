# Two commands are enough: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup run test lint bench bench-addresses lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "geo-lookup needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

run: setup  ## Serve the demo edition, or EDITION=path, on http://HOST:PORT.
	$(if $(EDITION),GEO_LOOKUP_EDITION='$(EDITION)') $(BIN)/uvicorn service.app:create_app --factory --no-access-log --host $(HOST) --port $(PORT)

test: setup lint  ## Style, types, layers, then every test.
	$(BIN)/python -m pytest

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

lock:  ## Renew the locked requirements; needs uv.
	uv pip compile pyproject.toml --extra service --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	echo 'pyspark>=4.0' | uv pip compile - --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-spark.lock

clean:
	rm -rf .venv build dist
