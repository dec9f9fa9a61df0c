#!/usr/bin/env bash
# Starts one machine in virtual time: virtual.sh KERNEL SHARE MACHINE. The guest runs SHARE/MACHINE/run. Its clock stands
# while anything in it computes, and jumps to the next timer when all of it sleeps.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Its memory is a file, which wants a folder in memory.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
# It goes with whoever started it, however that ended.
exec setpriv --pdeathsig KILL "$1" time-travel=inf-cpu mem=1536M root=none rootfstype=hostfs rootflags=/ ro \
    init="$here/init-virtual" con=null ssl=null con0=null,fd:1 quiet LAB_SHARE="$2" LAB_MACHINE="$3"
