# Sourced by the scripts that bring together what a step needs beyond Rust. Everything lies in one folder outside the
# tree, `$UNKNOT_CACHE` or `~/.cache/unknot`; packages come by apt where this is Debian and root. A second run finds it all
# and ends at once. Several scripts may run at the same time.

cache=${UNKNOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/unknot}
# bluetoothd and others lie where only root looks by default.
PATH=$PATH:/usr/sbin:/sbin:/usr/libexec/bluetooth:/usr/lib/bluetooth

say() { echo "${script:-${0##*/}}: $*" >&2; }

# 3: this machine cannot run the step, which is not the same as a step that fails.
give_up() { say "$*"; exit 3; }

# Held until the script ends: what NAME protects is made by one of them.
lock() {
    mkdir -p "$cache" || give_up "cannot make $cache; UNKNOT_CACHE names another folder"
    exec {lock_of}>"$cache/$1.lock"
    flock "$lock_of"
}

# Whether all of these programs are there.
have() {
    local program
    for program; do command -v "$program" >/dev/null || return 1; done
}

# apt_install PACKAGE...: what of it is missing.
apt_install() {
    local log=$cache/apt.log
    have apt-get || give_up "needs $*, and there is no apt-get here to install it with"
    [ "$(id -u)" = 0 ] || give_up "needs $*; run as root once: apt-get install $*"
    say "installing $*"
    (
        lock apt
        # An old list names packages that are gone; a list of the last hours does not.
        if ! find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mmin -360 2>/dev/null | grep -q .; then
            apt-get update -qq >"$log" 2>&1 || say "apt-get update failed; going on with the lists as they are"
        fi
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1
    ) || { tail -n 20 "$log" >&2; give_up "apt-get install $* failed; see $log"; }
}

# apt_need PROGRAM... -- PACKAGE...: the packages, where one of the programs is missing.
apt_need() {
    local programs=()
    while [ "$1" != -- ]; do programs+=("$1"); shift; done
    shift
    have "${programs[@]}" && return
    apt_install "$@"
    have "${programs[@]}" || give_up "one of ${programs[*]} is missing though $* is installed"
}

# Sets `python` to one with all that the steps read with, in one environment (requirements.txt). An environment does not
# outlive the interpreter that it was made with.
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
        python3 -m venv "$place/venv" >>"$place/log" 2>&1 || give_up "no environment for Python; see $place/log"
    fi
    # Compiled are only the modules that the radio imports, which machines of the lab see and cannot write beside.
    "$place/venv/bin/pip" install -q --no-compile -r "$requirements" >>"$place/log" 2>&1 ||
        { tail -n 20 "$place/log" >&2; give_up "what requirements.txt names cannot be installed; see $place/log"; }
    "$python" -c 'import bumble.controller, bumble.device, bumble.keys, bumble.pairing, bumble.transport.tcp_client' \
        >>"$place/log" 2>&1 || give_up "Bumble cannot be imported; see $place/log"
    echo "$wanted" >"$place/stamp"
}
