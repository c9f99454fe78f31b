#!/usr/bin/env bash
# Installs what is missing and nothing else, saying what it does.
#   deploy/setup.sh          what the service needs
#   deploy/setup.sh tests    and what the tests need (browser, Java judges, poppler)
# Exit code 4: something is missing that only the administrator can install.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv
say() { printf '  %s\n' "$*" >&2; }
stop() { printf 'sohoa: %s\n' "$@" >&2; exit 4; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"; return
    fi
  done
  return 1
}

# ---- system packages: judged by what they bring, not by their names
packages=()
need() { packages+=("$1"); }
has_file() { local pattern; for pattern in "$@"; do compgen -G "$pattern" >/dev/null && return 0; done; return 1; }
python=$(find_python) || { need python3; need python3-venv; python=python3; }
if [ ! -x "$venv/bin/python" ] && ! command -v uv >/dev/null 2>&1; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
fi
command -v tesseract >/dev/null 2>&1 || need tesseract-ocr
has_file "${TESSDATA_PREFIX:-/nowhere}/vie.traineddata" '/usr/share/tesseract-ocr/*/tessdata/vie.traineddata' \
  '/usr/share/tessdata/vie.traineddata' || need tesseract-ocr-vie
has_file '/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf' || need fonts-croscore
if [ "${1:-}" = tests ]; then
  command -v chromium >/dev/null 2>&1 || need chromium
  command -v javac >/dev/null 2>&1 || need openjdk-17-jdk-headless
  command -v mvn >/dev/null 2>&1 || need maven
  has_file '/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf' || need fonts-liberation2
  has_file '/usr/share/fonts/truetype/freefont/FreeSerif.ttf' || need fonts-freefont-ttf
  has_file '/usr/share/fonts/truetype/dejavu/DejaVuSans-Oblique.ttf' || need fonts-dejavu-extra
  has_file '/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyretermes-regular.otf' || need fonts-texgyre
  command -v pdftotext >/dev/null 2>&1 || need poppler-utils
  has_file '/usr/lib/postgresql/*/bin/postgres' || command -v initdb >/dev/null 2>&1 || need postgresql
  has_file '/usr/sbin/haproxy' || command -v haproxy >/dev/null 2>&1 || need haproxy
  has_file '/usr/lib/softhsm/libsofthsm2.so' '/usr/lib64/softhsm/libsofthsm2.so' || need softhsm2
fi
if [ ${#packages[@]} -gt 0 ]; then
  order="apt-get install -y --no-install-recommends ${packages[*]}"
  command -v apt-get >/dev/null 2>&1 || stop \
    "Máy này không có apt-get. Hãy nhờ quản trị cài: ${packages[*]}" \
    "This machine has no apt-get. Ask the administrator to install: ${packages[*]}"
  if [ "$(id -u)" = 0 ]; then as_root=(); elif sudo -n true 2>/dev/null; then as_root=(sudo); else stop \
    "Thiếu gói hệ thống. Hãy nhờ quản trị chạy: sudo $order" \
    "System packages are missing. Ask the administrator to run: sudo $order"; fi
  say "Cài gói hệ thống · installing system packages: ${packages[*]}"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" $order; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    stop "Không cài được gói hệ thống. Hãy chạy tay: sudo $order" \
      "System packages could not be installed. Run by hand: sudo $order"
  fi
  rm -f "$log"
  python=$(find_python) || stop "Cần Python 3.11 trở lên." "Python 3.11 or newer is needed."
fi

# ---- Python packages: exactly those of the lock file, each checked against its hash
wanted=$( { cat requirements.lock pyproject.toml; "$python" -V; } | sha256sum | cut -d' ' -f1)
if [ "$(cat $venv/sohoa-lock.stamp 2>/dev/null)" = "$wanted" ]; then exit 0; fi
say "Cài thư viện Python vào $venv · installing Python packages into $venv"
if uv=$(command -v uv); then
  [ -x "$venv/bin/python" ] || "$uv" venv -q --python "$python" "$venv"
else
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
  only_uv=$(mktemp)
  awk '/^uv==/ {found = 1} found {print} found && !/\\$/ {exit}' requirements.lock >"$only_uv"
  "$venv/bin/python" -m pip install -q --require-hashes -r "$only_uv" 2>/dev/null \
    && uv="$PWD/$venv/bin/uv" || uv=
  rm -f "$only_uv"
fi
if [ -n "$uv" ]; then
  install=("$uv" pip install -q --compile-bytecode --python "$venv/bin/python")
else
  install=("$venv/bin/python" -m pip install -q)
fi
"${install[@]}" --require-hashes -r requirements.lock || stop \
  "Không cài được thư viện Python: kiểm tra kết nối tới kho gói rồi chạy lại make setup." \
  "Python packages could not be installed: check the way to the package index, then run make setup again."
"${install[@]}" --no-deps --no-build-isolation -e .
# Where bytecode is not written on import (some servers say so), every start would compile anew.
"$venv/bin/python" -m compileall -q api demo ingest ocr repository signing vocabulary || true
echo "$wanted" >"$venv/sohoa-lock.stamp"
