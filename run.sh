#!/usr/bin/env bash
# Serves the portal with demo data (SQLite, no service): needs only python3 and python3-venv.
# PORT (8000) and HOST (127.0.0.1) may be set; Ctrl+C ends everything that was started here.
set -euo pipefail
cd "$(dirname "$0")"
source deploy/environment.sh
prepare_environment requirements.txt

export DEMO="${DEMO:-1}" PORT="${PORT:-8000}" HOST="${HOST:-127.0.0.1}"
if ! .venv/bin/python deploy/port_is_free.py "$HOST" "$PORT"; then
    echo "Cổng $PORT đang có chương trình khác dùng. Hãy chạy: PORT=8001 ./run.sh" >&2
    exit 1
fi

.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py load_demo --if-empty

pids=()
finish() {
    [ -z "${finished:-}" ] || return 0
    finished=1
    trap - EXIT
    for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    # A second Ctrl+C may cut a wait short: what is still there after that is ended the hard way.
    for pid in "${pids[@]}"; do
        for _ in $(seq 1 60); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null || true
    done
    echo "Đã dừng."
}
trap 'finish; exit 0' INT TERM
trap finish EXIT

.venv/bin/python manage.py run_jobs &
pids+=($!)
.venv/bin/gunicorn hbs_portal.wsgi --bind "$HOST:$PORT" --workers 2 --threads 4 --limit-request-line 8190 \
    --graceful-timeout 3 --no-control-socket --log-level warning &
pids+=($!)

cat <<TXT

  Cổng "Bình dân học vụ số" - Dữ liệu minh họa
  Địa chỉ:   http://$HOST:$PORT/
  Mật khẩu chung của các tài khoản minh họa: hoc-so-2026
    quantri   quản trị
    canbo     cán bộ phòng Văn hóa - Xã hội
    lanhdao   lãnh đạo UBND
    truong    người nhập của một trường tiểu học
    thon      người nhập của một thôn
    tocns     thành viên tổ công nghệ số cộng đồng
  Nhấn Ctrl+C để dừng.

TXT
wait -n
