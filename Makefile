# newsbeam: `make demo` shows what it does, `make test` that it works. Both need Python 3.11 and a package index.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
NEWSBEAM_DATA ?=

.PHONY: help demo test test-browser check check-deploy bench evaluate docs golden lock test-objects flink-up flink-down test-flink clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The lock files name every package of the closure with its digests; pip alone installs them. What comes as source only
# (langdetect) is built with the locked setuptools, so nothing is resolved at install time.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(READY): requirements/build.lock requirements/dev.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --require-hashes -r requirements/build.lock
	$(PIP) --require-hashes --no-build-isolation -r requirements/dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## set up, ingest examples/wires, say how to look at the tables
	@rm -rf demo-output
	$(BIN)/newsbeam ingest examples/wires --output demo-output --max-reject-rate 0.2
	@$(BIN)/python examples/look.py demo-output
	@echo
	@echo "The tables are below demo-output/. Look at them:"
	@echo "  $(BIN)/newsbeam inspect examples/wires/summit.txt"
	@echo "  $(BIN)/newsbeam show demo-output ID          (an id from the list above; its first digits do)"
	@echo "  $(BIN)/newsbeam verify demo-output"
	@echo "  $(BIN)/python -c \"import pandas; print(pandas.read_parquet('demo-output/articles'))\""

test: $(READY)  ## set up, run all tests
	$(BIN)/python -m pytest -p no:cacheprovider -n auto --dist worksteal

test-browser: $(READY)  ## the report in a headless Chromium alone; needs one: apt-get install chromium
	$(BIN)/python -m pytest -p no:cacheprovider tests/browser

check: $(READY)  ## style, types, import contracts, deployment files, docs in step with code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) check-deploy
	$(BIN)/python docs/render.py --check

check-deploy: $(READY)  ## every file below deploy/: schemas, linters, a run of the Airflow DAG
	$(BIN)/python -m deploy.check

bench: $(READY)  ## 20,000 articles through newsbeam and through a plain loop, in turn
	$(BIN)/python benchmarks/throughput.py

evaluate: $(READY)  ## quality of tagging on NEWSBEAM_DATA, one table; WRITE=1 keeps it in docs/quality.md
	NEWSBEAM_DATA="$(abspath $(NEWSBEAM_DATA))" $(BIN)/python -m benchmarks.quality.evaluate $(if $(WRITE),--write)

docs: $(READY)  ## render what is generated in docs/ and README.md
	$(BIN)/python docs/render.py

golden: $(READY)  ## rewrite the expected results beside golden inputs; then read the diff
	for script in tests/golden/rewrite.py tests/golden/editorial/rewrite_editorial.py tests/golden/artifacts/rewrite.py; do $(BIN)/python $$script; done

LOCK := $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --python-platform linux --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

lock: $(READY)  ## resolve the closures anew: to build, to run, to develop
	$(LOCK) --group build --output-file requirements/build.lock
	$(LOCK) pyproject.toml --output-file requirements/run.lock
	$(LOCK) pyproject.toml deploy/dataflow/requirements.in --constraint requirements/run.lock --output-file requirements/dataflow.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements/run.lock --output-file requirements/dev.lock

build/objects/versitygw:
	GOBIN="$(abspath build/objects)" go install github.com/versity/versitygw/cmd/versitygw@v1.8.0

test-objects: $(READY) build/objects/versitygw  ## tables in a real S3 server, runs killed on the way; needs Go 1.25
	$(BIN)/python -m pytest -p no:cacheprovider -n auto tests/objects

flink-up: $(READY)  ## a Flink cluster on this machine, for --runner=FlinkRunner; needs Java 17 and Maven
	PYTHON=$(abspath $(BIN))/python deploy/flink/up

flink-down: $(READY)  ## stop it
	PYTHON=$(abspath $(BIN))/python deploy/flink/down

test-flink: $(READY) build/objects/versitygw  ## the same tables from a Flink cluster, with a TaskManager killed on the way
	$(BIN)/python -m pytest -p no:cacheprovider tests/flink

clean:  ## remove everything that was made here
	rm -rf $(VENV) demo-output build *.egg-info .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
