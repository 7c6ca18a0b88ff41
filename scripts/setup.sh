#!/usr/bin/env bash
# Makes .venv with the newest suitable Python and installs the pinned requirements, once for each change of them.
# usage: scripts/setup.sh run|dev      PYTHON=python3.12 scripts/setup.sh run   to choose the interpreter
set -euo pipefail
cd "$(dirname "$0")/.."

stop() { echo "setup: $*" >&2; exit 2; }

suits() { # a shim may exist and fail, so the interpreter is tried, not only found
    "$1" -c 'import sys, ssl, sqlite3; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

candidates() { echo "${PYTHON:-python3.13 python3.12 python3.11 python3}"; }

find_python() { # prints the first candidate that suits and can make a virtual environment
    local name
    for name in $(candidates); do
        if suits "$name" && "$name" -c 'import venv, ensurepip' >/dev/null 2>&1; then echo "$name"; return; fi
    done
    return 1
}

venv_package() { # the Debian package that is missing: that of a Python which is here, or Python itself
    local name
    for name in $(candidates); do
        if suits "$name"; then "$name" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; return; fi
    done
    echo "python3 python3-venv"
}

make_venv() {
    local python package
    if ! python=$(find_python); then
        package=$(venv_package)
        # shellcheck disable=SC2086  # two packages may be named
        scripts/debian.sh install $package || true
        python=$(find_python) || stop "no Python 3.11, 3.12 or 3.13 that can make a virtual environment. Install one: apt-get install $package"
    fi
    rm -rf .venv
    "$python" -m venv .venv || stop "$python -m venv .venv failed (above)"
}

fingerprint() { cat "$@" | sha256sum; }

install() { # install STAMP FILE...: all files in one step, so that pip sees every pin at once
    local stamp=".venv/.installed-$1" log=.venv/install.log want arguments=() file
    shift
    want=$(fingerprint "$@")
    [[ -f $stamp && $(<"$stamp") == "$want" ]] && return
    for file in "$@"; do arguments+=(-r "$file"); done
    echo "Installing the pinned packages of $* (a minute or two, once)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${arguments[@]}" >"$log" 2>&1 ||
        { grep -v '^WARNING: Location' "$log" >&2; stop "pip could not install $*"; }
    echo "$want" >"$stamp"
}

fetch_scripts() { # what browsers need beside our own scripts, of package-lock.json; without npm one line says what is lost
    local stamp=.venv/.installed-scripts want=none
    ! command -v npm >/dev/null || want=$(fingerprint package-lock.json)
    [[ -f $stamp && $(<"$stamp") == "$want" && ($want == none || -d node_modules/hls.js) ]] && return
    if [[ $want == none ]]; then
        echo "npm is not here: browsers that cannot play HLS by themselves will show pictures only"
    elif ! npm ci --ignore-scripts --no-audit --no-fund --silent >.venv/npm.log 2>&1; then
        echo "npm could not fetch hls.js ($(tail -n1 .venv/npm.log)): browsers that cannot play HLS by themselves will show pictures only"
        want=failed
    fi
    echo "$want" >"$stamp"
}

suits .venv/bin/python || make_venv
case "${1:-run}" in
    run) install run requirements.txt ;;
    dev) install dev requirements.txt requirements-dev.txt; fingerprint requirements.txt >.venv/.installed-run ;;
    *) stop "run or dev, not '$1'" ;;
esac
fetch_scripts
