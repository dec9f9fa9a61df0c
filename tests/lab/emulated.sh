#!/usr/bin/env bash
# Boots one emulated machine: emulated.sh FOLDER SHARE MACHINE [QEMU ARGUMENTS]. FOLDER is the one that install.sh
# made; the guest runs SHARE/MACHINE/run. Software emulation behaves the same on every host. The guest has no route to
# other hosts; it reaches the host's loopback, above all the radio, at 10.0.2.2.
set -euo pipefail
lab=$1 share=$2 machine=$3
shift 3
# Ends together with the process that started it, even after a crash.
exec setpriv --pdeathsig KILL qemu-system-x86_64 \
    -accel tcg,thread=multi -smp "${LAB_CPUS:-2}" -cpu max -m "${LAB_MEMORY:-1536}" \
    -nodefaults -no-user-config -display none -no-reboot \
    -kernel "$lab/kernel/vmlinux" -initrd "$lab/initramfs.cpio" \
    -append "console=ttyS0 quiet panic=-1 clocksource=tsc tsc=reliable mitigations=off LAB_MACHINE=$machine" \
    -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
    -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -fsdev local,id=lab,path="$share",security_model=none \
    -device virtio-9p-pci,fsdev=lab,mount_tag=lab \
    -netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
    "$@"
