#!/usr/bin/env bash
# Trains the line recogniser in an environment of its own: torch is large, and the product
# never needs it. Arguments go to `python -m ocr.engines.own.training` (--help lists them).
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.cache/train-venv
if ! cmp -s deploy/train-requirements.txt "$venv/installed.txt"; then
  echo "  Cài torch · installing torch (several GB) into $venv ..." >&2
  python=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
  "$python" -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet -r deploy/train-requirements.txt || {
    echo "sohoa: Không cài được torch. Cần mạng và khoảng 6 GB." \
      "· torch could not be installed: it needs the network and some 6 GB." >&2
    exit 4
  }
  cp deploy/train-requirements.txt "$venv/installed.txt"
fi
PYTHONPATH=. exec "$venv/bin/python" -m ocr.engines.own.training "$@"
