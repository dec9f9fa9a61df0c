#!/usr/bin/env bash
# Starts one machine in virtual time: virtual.sh KERNEL SHARE MACHINE. The guest runs SHARE/MACHINE/run. Its clock
# stops while anything in it computes, and jumps to the next timer when everything sleeps.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The machine's memory is a file, so its folder should be in memory.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
# Ends together with the process that started it, even after a crash.
exec setpriv --pdeathsig KILL "$1" time-travel=inf-cpu mem=1536M root=none rootfstype=hostfs rootflags=/ ro \
    init="$here/init-virtual" con=null ssl=null con0=null,fd:1 quiet LAB_SHARE="$2" LAB_MACHINE="$3"
