# Sourced by run.sh, test.sh and .ci/run: one virtual environment, made again only when its pins changed.

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Cần Python 3.11 trở lên (Debian: apt-get install python3 python3-venv)." >&2
    return 1
}

# prepare_environment FILE...: .venv with exactly the pinned packages of the files (hashes checked, wheels only).
prepare_environment() {
    local python stamp wanted
    python=$(find_python)
    stamp=".venv/.installed-$(basename "${!#}")"
    wanted=$(cat "$@" | cksum)
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
    echo "Chuẩn bị môi trường Python (chỉ lần đầu)…"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    local file arguments=()
    for file in "$@"; do arguments+=(-r "$file"); done
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: "${arguments[@]}"
    echo "$wanted" >"$stamp"
}
