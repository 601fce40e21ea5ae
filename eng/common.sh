# Shared by the scripts in eng/ and by ./test; sourced, never run.
# shellcheck shell=bash

# Everything that outlives a run and is not the repository's: the private engine, image tarballs.
BLUEGREEN_CACHE="${BLUEGREEN_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bluegreen}"

# One line of progress per long step; stdout stays free for what a script answers.
step() { printf '· %s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Runs a command silently; on failure shows the end of what it said.
quietly() {
    local log
    log="$(mktemp)"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# Debian packages can be installed: the way out where no engine or registry is at hand.
can_install() { [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; }

# Installs what is missing of the named Debian packages.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    step "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    quietly apt-get install -y --no-install-recommends "${missing[@]}" 2>/dev/null && return 0
    quietly apt-get update || true
    quietly apt-get install -y --no-install-recommends "${missing[@]}"
}

# Serialises callers that would otherwise start two engines or build one image twice: locked NAME COMMAND…
locked() {
    local name="$1"
    shift
    mkdir -p "$BLUEGREEN_CACHE"
    exec 9>"$BLUEGREEN_CACHE/$name.lock"
    flock 9
    "$@"
    exec 9>&-
}
