# Sourced: Python with packages in an environment of its own outside the tree, made once. `python_with NAME PACKAGE..`
# sets `python`. What cannot be done on this machine ends with 3, which is not the same as a file that is wrong.

give_up() { echo "${0##*/}: $*" >&2; exit 3; }

python_with() {
    local name=$1 place wanted
    shift
    place=${UNKNOT_PYTHON:-${XDG_CACHE_HOME:-$HOME/.cache}}/unknot-$name
    python=$place/venv/bin/python
    wanted="$* $(python3 -V 2>&1)" || give_up "needs python3"
    [ "$(cat "$place/stamp" 2>/dev/null)" = "$wanted" ] && return
    echo "$name: installing $*" >&2
    mkdir -p "$place"
    rm -rf "$place/venv"
    if ! python3 -m venv "$place/venv" >"$place/log" 2>&1; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || give_up "needs python3-venv; install it"
        apt-get update -qq >>"$place/log" 2>&1 || true
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >>"$place/log" 2>&1 ||
            give_up "python3-venv cannot be installed; see $place/log"
        python3 -m venv "$place/venv" >>"$place/log" 2>&1 || give_up "no environment for Python; see $place/log"
    fi
    "$place/venv/bin/pip" install -q "$@" >>"$place/log" 2>&1 || give_up "$* cannot be installed; see $place/log"
    echo "$wanted" >"$place/stamp"
}
