# The developer's habits. `./run.sh` and `./test.sh` need no make.
PY := .venv/bin/python
export DEBUG ?= 1

.PHONY: setup run test test-services histories lint format types pins bench screens demo migrations vendor look

setup:
	@bash -c 'source deploy/environment.sh && prepare_environment requirements.txt requirements-dev.txt'

run:
	./run.sh

test:
	./test.sh

# The same suite on PostgreSQL and Redis.
test-services: setup
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/hbs_portal} \
	REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/9} REQUIRE_SERVICES=1 ./test.sh

# The engine against the simple implementation on thousands of random histories; DATABASE_URL chooses the database.
histories: setup
	HISTORIES=$${HISTORIES:-3000} $(PY) -m pytest -q reports/tests/naive

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html' 'templates/**/*.html')

format: setup
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .
	-.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html' 'templates/**/*.html')

# The typed core (docs/decisions.md): the engine and the library strictly; what writes, reads and converts as Django allows.
TYPED := $(wildcard */services */services.py */selectors */importers */exporters campaigns/pages */exported_lists.py) training/workflow.py \
	accounts/access.py accounts/audit.py accounts/exports.py accounts/export_pages.py accounts/exported_audit.py accounts/job_progress.py accounts/job_results.py accounts/jobs.py accounts/requests.py accounts/versions.py campaigns/current.py

types: setup
	.venv/bin/mypy --strict --follow-imports=silent reports/progress reports/periods hbs_portal/lib
	.venv/bin/mypy --follow-imports=silent $(TYPED)

pins: setup
	.venv/bin/python -m pip install --quiet uv
	.venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --no-header requirements.in -o requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

# BENCH_POSTGRES_URL=postgres://postgres@127.0.0.1:5432 measures PostgreSQL too (docs/bench.md).
bench: setup
	$(PY) bench/figures.py
	$(PY) bench/dashboard.py
	$(PY) bench/imports.py
	$(PY) bench/exports.py

screens: setup
	$(PY) bench/screens.py

# Pages of the workbook as pictures, for somebody to look at; needs LibreOffice and poppler-utils.
look: setup
	mkdir -p $${LOOK_FOLDER:-/tmp/look}
	LOOK_FOLDER=$${LOOK_FOLDER:-/tmp/look} $(PY) -m pytest -q reports/tests/exporters/test_looks.py

demo:
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py load_demo

migrations:
	$(PY) manage.py makemigrations --check --dry-run
