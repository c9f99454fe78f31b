#!/usr/bin/env bash
# Runs all tests, in three groups side by side, each with servers of its own:
#   waits     tests of faults and of real servers: mostly waiting for leases, restarts, limits
#   signs     signatures and files before independent judges, real papers, and the unit tests:
#             computing; and, so that no group is much longer than the others, the faults that
#             need no server (alone)
#   the rest  the service over HTTP, its pages, its commands
# Three on two processors: while one waits, the others compute. What a group says follows when
# all have ended, the last group's as it comes.
#   deploy/test.sh [arguments of pytest for all groups]
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
waits=(tests/faults tests/integration/servers tests/integration/search tests/contract tests/deploy)
# samples first: how large its readers grew is known only before any judge was started
signs=(tests/integration/{samples,signing,types,pdfa} tests/unit)
alone=(tests/faults/test_{kills,surroundings,bounded_children,forked_readers}.py tests/contract/ocr_engines)
options=(--durations=25 --durations-min=3 "$@")
mkdir -p .cache
ignored=()
for folder in "${waits[@]}" "${signs[@]}"; do ignored+=(--ignore="$folder"); done

beside=()
aside() { # NAME FOLDER...: a group beside the others
  # what the servers are built from first: no test's time limit counts for that
  bash -c '[ "$0" != waits ] || "$1" -m tests.servers.prepare; exec "$1" -m pytest "${@:2}"' \
    "$1" "$python" -o cache_dir=".cache/pytest-$1" "${options[@]}" "${@:2}" >".cache/tests-$1.log" 2>&1 &
  beside+=($!)
}
trap 'kill "${beside[@]}" 2>/dev/null' INT TERM

echo "three groups of tests run side by side; what two of them say follows at the end" >&2
aside waits "${waits[@]}" "${alone[@]/#/--ignore=}"
aside signs "${signs[@]}" "${alone[@]}"
"$python" -m pytest "${options[@]}" "${ignored[@]}" tests
failed=$?
for group in "${beside[@]}"; do wait "$group" || failed=1; done
cat .cache/tests-signs.log .cache/tests-waits.log
exit "$failed"
