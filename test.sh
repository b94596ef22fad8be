#!/usr/bin/env bash
# The whole suite on SQLite. What needs a browser or a service is skipped with a word where that is absent,
# and fails instead where REQUIRE_ALL=1. Arguments go to pytest: ./test.sh reports -k k3
set -euo pipefail
cd "$(dirname "$0")"
source deploy/environment.sh
prepare_environment requirements.txt requirements-dev.txt
export DATABASE_URL="${DATABASE_URL:-sqlite:///data/test.sqlite3}"
mkdir -p data
exec .venv/bin/python -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile -rs "$@"
