# Sourced by the scripts that install what a step needs beyond Rust. Everything is in one folder outside the tree,
# `$UNKNOT_CACHE` or `~/.cache/unknot`; packages come from apt on Debian as root. A second run finds everything and
# ends at once. Several scripts may run at the same time.

cache=${UNKNOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/unknot}
# bluetoothd and others are in folders that are only in root's PATH by default.
PATH=$PATH:/usr/sbin:/sbin:/usr/libexec/bluetooth:/usr/lib/bluetooth

say() { echo "${script:-${0##*/}}: $*" >&2; }

# Exit code 3: this machine cannot run the step, as opposed to a step that failed.
give_up() { say "$*"; exit 3; }

# Held until the script ends, so that only one script at a time makes what NAME protects.
lock() {
    mkdir -p "$cache" || give_up "cannot create $cache; set UNKNOT_CACHE to another folder"
    exec {lock_of}>"$cache/$1.lock"
    flock "$lock_of"
}

# Whether all of these programs are installed.
have() {
    local program
    for program; do command -v "$program" >/dev/null || return 1; done
}

# apt_install PACKAGE...: installs the missing ones.
apt_install() {
    local log=$cache/apt.log
    have apt-get || give_up "needs $*; install it by hand, because there is no apt-get"
    [ "$(id -u)" = 0 ] || give_up "needs $*; run as root once: apt-get install $*"
    say "installing $*"
    (
        lock apt
        # An old package list names versions that are gone; one of the last hours does not.
        if ! find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mmin -360 2>/dev/null | grep -q .; then
            apt-get update -qq >"$log" 2>&1 || say "apt-get update failed; going on with the lists as they are"
        fi
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1
    ) || { tail -n 20 "$log" >&2; give_up "apt-get install $* failed; see $log"; }
}

# apt_need PROGRAM... -- PACKAGE...: installs the packages if one of the programs is missing.
apt_need() {
    local programs=()
    while [ "$1" != -- ]; do programs+=("$1"); shift; done
    shift
    have "${programs[@]}" && return
    apt_install "$@"
    have "${programs[@]}" || give_up "one of ${programs[*]} is missing though $* is installed"
}

# Sets `python` to an environment with all libraries of the steps (requirements.txt). An environment does not outlive
# the interpreter that it was made with.
python_environment() {
    local place=$cache/python wanted requirements
    requirements=$(dirname "${BASH_SOURCE[0]}")/requirements.txt
    python=$place/venv/bin/python
    wanted="$(python3 -V 2>&1) $(cksum <"$requirements")" || give_up "needs python3"
    [ "$(cat "$place/stamp" 2>/dev/null)" = "$wanted" ] && return
    lock python
    [ "$(cat "$place/stamp" 2>/dev/null)" = "$wanted" ] && return
    say "making an environment for Python"
    rm -rf "$place"
    mkdir -p "$place"
    if ! python3 -m venv "$place/venv" >"$place/log" 2>&1; then
        apt_install python3-venv
        python3 -m venv "$place/venv" >>"$place/log" 2>&1 || give_up "cannot create the Python environment; see $place/log"
    fi
    # Compiles only the modules that the radio imports; machines of the lab see them and cannot write beside them.
    "$place/venv/bin/pip" install -q --no-compile -r "$requirements" >>"$place/log" 2>&1 ||
        { tail -n 20 "$place/log" >&2; give_up "cannot install requirements.txt; see $place/log"; }
    "$python" -c 'import bumble.controller, bumble.device, bumble.keys, bumble.pairing, bumble.transport.tcp_client' \
        >>"$place/log" 2>&1 || give_up "cannot import Bumble; see $place/log"
    echo "$wanted" >"$place/stamp"
}
