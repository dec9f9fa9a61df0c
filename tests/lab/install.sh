#!/usr/bin/env bash
# Brings together what the radio lab needs, in one folder outside the temporary one: a kernel with Bluetooth
# (unpacked, not installed), an initial file system with its modules, and the virtual radio in an environment of its
# own. A second run finds the stamp and ends at once. Prints the folder's path as its last line.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=${UNKNOT_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/unknot-lab}
# The radio's strict subclass leans on Bumble's inside, so the version is fixed.
bumble=bumble==0.0.236
# Debian's 6.1.0-56 takes bluetoothd down with it (hci_chan_del) when a clicker no longer has the laptop's key. This one,
# of a point release and so long in the archive, does not.
kernel=linux-image-6.1.0-50-amd64
programs=(qemu-system-x86_64 qemu-system-arm busybox cpio modprobe bluetoothd bluetoothctl btmon dbus-daemon dpkg-deb)
packages=(qemu-system-x86 qemu-system-arm busybox-static cpio kmod bluez dbus python3-venv ca-certificates)

say() { echo "lab: $*" >&2; }
# 3: this machine cannot run the lab, which is not the same as a lab that fails.
give_up() { say "$*"; exit 3; }

case $lab in
    /tmp/*|/run/*|/proc/*|/sys/*|/dev/*) give_up "UNKNOT_LAB must lie outside /tmp, /run, /proc, /sys and /dev: $lab" ;;
esac
[ "$(uname -s)" = Linux ] || give_up "the radio lab needs Linux"

# bluetoothd lies where only root looks by default.
PATH=$PATH:/usr/sbin:/sbin:/usr/libexec/bluetooth:/usr/lib/bluetooth
# The Python's own version is part of the stamp: an environment does not outlive the interpreter it was made with.
wanted="$bumble $kernel $(python3 -V 2>&1) $(cat "$here/install.sh" "$here/init" | cksum)"
if [ -x "$lab/venv/bin/python" ] && [ "$(cat "$lab/stamp" 2>/dev/null)" = "$wanted" ]; then
    missing=0
    for program in "${programs[@]}"; do command -v "$program" >/dev/null || missing=1; done
    if [ $missing = 0 ]; then echo "$lab"; exit 0; fi
fi
mkdir -p "$lab"
# Two runs at once would build into each other.
exec 9>"$lab/lock"
flock 9
# Broken off half-way it is begun again.
rm -f "$lab/stamp"

apt_ready=no
apt() {
    command -v apt-get >/dev/null || give_up "needs $*, and there is no apt-get here to install it with"
    [ "$(id -u)" = 0 ] || give_up "needs $*; run as root once: apt-get install $*"
    if [ $apt_ready = no ]; then
        # An old list names packages that are gone.
        apt-get update -qq >&2 || say "apt-get update failed; going on with the lists as they are"
        apt_ready=yes
    fi
}

for program in "${programs[@]}"; do
    if ! command -v "$program" >/dev/null; then
        say "installing ${packages[*]}"
        apt "${packages[@]}"
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$lab/apt.log" 2>&1 ||
            { tail -20 "$lab/apt.log" >&2; give_up "apt-get install failed"; }
        break
    fi
done
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || give_up "$program is missing though its package is installed"
done

if [ "$(cat "$lab/kernel/of" 2>/dev/null)" != $kernel ]; then
    say "unpacking a kernel with Bluetooth"
    apt $kernel
    rm -rf "$lab/kernel" "$lab/kernel.new"
    mkdir -p "$lab/kernel.new/deb"
    if ! (cd "$lab/kernel.new/deb" && apt-get download -qq $kernel 2>/dev/null); then
        image=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
        say "$kernel is gone from the archive; taking ${image:-none}, with which a_lost_bond_is_told may fail"
        [ -n "$image" ] || give_up "linux-image-amd64 names no kernel"
        (cd "$lab/kernel.new/deb" && apt-get download -qq "$image" 2>/dev/null) || give_up "$image cannot be downloaded"
    fi
    dpkg-deb -x "$lab"/kernel.new/deb/*.deb "$lab/kernel.new"
    rm -rf "$lab/kernel.new/deb"
    # Under emulation the kernel would need ten seconds to unpack itself.
    python3 - "$lab"/kernel.new/boot/vmlinuz-* "$lab/kernel.new/vmlinux" <<'PYTHON' || give_up "the kernel cannot be unpacked"
import lzma, sys
image = open(sys.argv[1], "rb").read()
start = image.index(b"\xfd7zXZ\0")
open(sys.argv[2], "wb").write(lzma.LZMADecompressor().decompress(image[start:]))
PYTHON
    echo $kernel >"$lab/kernel.new/of"
    mv "$lab/kernel.new" "$lab/kernel"
fi

say "building the initial file system"
version=$(ls "$lab/kernel/lib/modules")
[ -e "$lab/kernel/lib/modules/$version/modules.dep" ] || depmod -b "$lab/kernel" "$version"
root=$lab/initramfs.new
rm -rf "$root"
mkdir -p "$root"/{bin,modules,proc,sys,dev,host,upper,root}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init" "$root/init"
chmod +x "$root/init"
# `drbg` before `ctr` or `sha512_generic` fails its self-test, and pairing then cannot work.
modules="virtio_pci virtio_net virtio_console 9pnet_virtio 9p overlay ctr sha512_generic sha3_generic ccm gcm jitterentropy_rng drbg
    ecdh_generic hci_vhci bluetooth algif_hash algif_skcipher cmac ecb af_alg uhid"
for module in $modules; do
    # A line of `builtin` names one that is part of the kernel.
    modprobe -d "$lab/kernel" -S "$version" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >"$lab/modules.list"
while read -r file; do
    cp "$file" "$root/modules/"
    basename "$file"
done <"$lab/modules.list" >"$root/modules/order"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$lab/initramfs.cpio.new"
mv "$lab/initramfs.cpio.new" "$lab/initramfs.cpio"
rm -rf "$root"

if [ "$("$lab/venv/bin/python" -c 'import importlib.metadata as m; print("bumble==" + m.version("bumble"))' 2>/dev/null)" != $bumble ] ||
    [ "$("$lab/venv/bin/python" -V 2>&1)" != "$(python3 -V 2>&1)" ]; then
    say "installing the virtual radio"
    rm -rf "$lab/venv"
    python3 -m venv "$lab/venv" >"$lab/pip.log" 2>&1 && "$lab/venv/bin/pip" install -q "$bumble" >>"$lab/pip.log" 2>&1 ||
        { tail -20 "$lab/pip.log" >&2; give_up "$bumble cannot be installed"; }
    # The guest sees this folder read-only, and compiling costs seconds there.
    "$lab/venv/bin/python" -m compileall -q "$lab/venv/lib" >/dev/null 2>&1 || true
fi

echo "$wanted" >"$lab/stamp"
echo "$lab"
