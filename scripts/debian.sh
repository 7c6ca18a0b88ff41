#!/usr/bin/env bash
# Debian packages the house needs.
# usage: scripts/debian.sh install PACKAGE...   when the user may (root, or sudo without a password)
#        scripts/debian.sh tests                what the tests need; says what is missing; with CI=true that is a failure
set -euo pipefail

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }
}

install() { # one package after the other: one that a release lacks must not keep the others away
    local log package
    may_install || return 1
    echo "Installing Debian packages: $*"
    log=$(mktemp)
    as_root apt-get update >"$log" 2>&1 || true
    for package in "$@"; do
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" >>"$log" 2>&1 ||
            { echo "apt-get could not install $package: $(grep -m1 '^E:' "$log" || tail -n1 "$log")" >&2; }
    done </dev/null
    rm -f "$log"
}

PACKAGES=(
    chromium fonts-noto-cjk postgresql redis-server mosquitto libgl1
    python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
)
declare -A GSTREAMER=([base]=videotestsrc [good]=rtp [ugly]=x264) # what the tests use of each set of plugins

has() {
    case $1 in
        chromium) command -v chromium ;;
        fonts-noto-cjk) command -v fc-list && fc-list :lang=zh | grep . ;;
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb ;;
        redis-server) command -v redis-server ;;
        mosquitto) command -v mosquitto || [[ -x /usr/sbin/mosquitto ]] ;;
        libgl1) ldconfig -p | grep libGL.so.1 ;;
        python3-gi) /usr/bin/python3 -c 'import gi' ;;
        gir1.2-gst-rtsp-server-1.0) /usr/bin/python3 -c 'import gi; gi.require_version("GstRtspServer", "1.0")' ;;
        gstreamer1.0-plugins-*) compgen -G "/usr/lib/*/gstreamer-1.0/libgst${GSTREAMER[${1##*-}]}.so" ;;
    esac >/dev/null 2>&1
}

loss() {
    case $1 in
        chromium) echo "browser tests will not run" ;;
        fonts-noto-cjk) echo "pictures will show boxes for Chinese" ;;
        postgresql) echo "store tests on PostgreSQL will not run" ;;
        redis-server) echo "tests of the Redis hint and of streams will not run" ;;
        mosquitto) echo "tests of feeds over MQTT will not run" ;;
        libgl1) echo "tests of cameras over ONVIF will not run" ;;
        python3-gi | gir1.2-gst-rtsp-server-1.0 | gstreamer1.0-plugins-*) echo "tests of cameras over RTSP will not run" ;;
    esac
}

missing() {
    local package
    for package in "${PACKAGES[@]}"; do has "$package" || echo "$package"; done
}

tests() {
    local lacking package
    lacking=$(missing)
    [[ -z $lacking ]] && return
    # shellcheck disable=SC2086  # one word a package
    install $lacking || true
    lacking=$(missing)
    for package in $lacking; do
        echo "$package is missing: $(loss "$package"). As root: apt-get install $package" >&2
    done
    [[ -z $lacking || ${CI:-} != true ]] || { echo "With CI=true a missing package is a failure." >&2; exit 1; }
}

case "${1:-}" in
    install) shift; install "$@" ;;
    tests) tests ;;
    *) echo "usage: scripts/debian.sh install PACKAGE... | tests" >&2; exit 2 ;;
esac
