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
fonts=.cache/train-fonts
if ! cmp -s deploy/train-fonts.txt "$fonts/installed.txt"; then
  echo "  Tải phông chữ viết tay · fetching script faces into $fonts ..." >&2
  rm -rf "$fonts" && mkdir -p "$fonts"
  while read -r package folder; do
    case $package in
      @fontsource/*) faces='*-latin-400-normal.woff' ;;
      *) faces='*.ttf' ;;
    esac
    to="$fonts/$folder" && mkdir -p "$to" &&
      packed=$(cd "$fonts" && npm pack --silent "$package") &&
      tar -xzf "$fonts/$packed" -C "$to" --transform='s#.*/##' --wildcards "$faces" &&
      rm "$fonts/$packed" || {
      echo "sohoa: Không tải được phông chữ $package. Cần npm (apt-get install npm) và mạng." \
        "· the face $package could not be fetched: it needs npm (apt-get install npm) and the network." >&2
      exit 4
    }
  done <deploy/train-fonts.txt
  for step in completed alternates; do
    PYTHONPATH=. "$venv/bin/python" -m "ocr.engines.own.training.$step" "$fonts" "$fonts/unseen"
  done
  cp deploy/train-fonts.txt "$fonts/installed.txt"
fi
PYTHONPATH=. exec "$venv/bin/python" -m ocr.engines.own.training "$@"
