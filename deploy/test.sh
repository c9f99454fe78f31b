#!/usr/bin/env bash
# Runs all tests, in two halves side by side: the tests of faults and of real servers mostly wait
# (for leases, restarts, time limits), the others compute. Each half starts servers of its own.
#   deploy/test.sh [arguments of pytest for both halves]
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
waiting=(tests/faults tests/integration/servers tests/integration/search tests/contract tests/deploy)
log=.cache/tests-that-wait.log
slowest=(--durations=25 --durations-min=3)
mkdir -p .cache
ignored=()
for folder in "${waiting[@]}"; do ignored+=(--ignore="$folder"); done

echo "tests that wait run beside the others; what they say follows at the end" >&2
"$python" -m pytest -o cache_dir=.cache/pytest-that-wait "${slowest[@]}" "$@" "${waiting[@]}" >"$log" 2>&1 &
beside=$!
trap 'kill "$beside" 2>/dev/null' INT TERM
"$python" -m pytest "${slowest[@]}" "$@" "${ignored[@]}" tests
first=$?
wait "$beside"
second=$?
cat "$log"
[ "$first" -eq 0 ] && [ "$second" -eq 0 ]
