#!/usr/bin/env bash
# Installs what the radio lab needs: install.sh KIND, where KIND is
#   virtual    machines in virtual time (a kernel built here)
#   emulated   machines in real time (QEMU, and Debian's kernel: unpacked, not installed)
#   board      only the emulated board and the radio
# Prints `python PATH`, and `kernel PATH` or `machine FOLDER`, as its last lines. A second run ends at once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=lab
. "$here/../install.sh"

kind=${1:-}
[ "$(uname -s)" = Linux ] || give_up "the radio lab needs Linux"
bluetooth() {
    apt_need bluetoothd bluetoothctl btmon dbus-daemon dbus-send ip -- bluez dbus iproute2
}
case $kind in
    virtual)
        bluetooth
        kernel=$("$here/kernel/build.sh")
        python_environment
        echo "kernel $kernel"
        echo "python $python"
        exit
        ;;
    board)
        apt_need qemu-system-arm -- qemu-system-arm
        python_environment
        echo "python $python"
        exit
        ;;
    emulated) ;;
    *) sed -n '2,6s/^# \?//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac

# Debian's 6.1.0-56 crashes bluetoothd (hci_chan_del) when a clicker no longer has the laptop's key. This one, of a
# point release and therefore kept in the archive, does not.
kernel=linux-image-6.1.0-50-amd64
machine=$cache/emulated
case $machine in
    /run/*|/proc/*|/sys/*|/dev/*) give_up "UNKNOT_CACHE must lie outside /run, /proc, /sys and /dev: $machine" ;;
esac
bluetooth
apt_need qemu-system-x86_64 qemu-system-arm busybox cpio modprobe dpkg-deb -- \
    qemu-system-x86 qemu-system-arm busybox-static cpio kmod
python_environment
told() { echo "machine $machine"; echo "python $python"; exit; }

wanted="$kernel $(cat "$here/install.sh" "$here/init-emulated" | cksum)"
[ "$(cat "$machine/stamp" 2>/dev/null)" = "$wanted" ] && told
lock emulated
[ "$(cat "$machine/stamp" 2>/dev/null)" = "$wanted" ] && told
# An interrupted installation starts again.
rm -f "$machine/stamp"
mkdir -p "$machine"

if [ "$(cat "$machine/kernel/of" 2>/dev/null)" != $kernel ]; then
    say "unpacking a kernel with Bluetooth"
    rm -rf "$machine/kernel" "$machine/kernel.new"
    mkdir -p "$machine/kernel.new/deb"
    if ! (cd "$machine/kernel.new/deb" && apt-get download -qq $kernel 2>/dev/null); then
        image=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
        say "$kernel is gone from the archive; taking ${image:-none}, with which a_lost_bond_is_told may fail"
        [ -n "$image" ] || give_up "linux-image-amd64 depends on no kernel package"
        (cd "$machine/kernel.new/deb" && apt-get download -qq "$image" 2>/dev/null) || give_up "cannot download $image"
    fi
    dpkg-deb -x "$machine"/kernel.new/deb/*.deb "$machine/kernel.new"
    rm -rf "$machine/kernel.new/deb"
    # Uncompressed, because under emulation the kernel would take ten seconds to unpack itself.
    python3 - "$machine"/kernel.new/boot/vmlinuz-* "$machine/kernel.new/vmlinux" <<'PYTHON' || give_up "cannot unpack the kernel"
import lzma, sys
image = open(sys.argv[1], "rb").read()
start = image.index(b"\xfd7zXZ\0")
open(sys.argv[2], "wb").write(lzma.LZMADecompressor().decompress(image[start:]))
PYTHON
    echo $kernel >"$machine/kernel.new/of"
    mv "$machine/kernel.new" "$machine/kernel"
fi

say "building the initial file system"
version=$(ls "$machine/kernel/lib/modules")
[ -e "$machine/kernel/lib/modules/$version/modules.dep" ] || depmod -b "$machine/kernel" "$version"
root=$machine/initramfs.new
rm -rf "$root"
mkdir -p "$root"/{bin,modules,proc,sys,dev,host,upper,root}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init-emulated" "$root/init"
chmod +x "$root/init"
# If `drbg` is loaded before `ctr` or `sha512_generic`, its self-test fails and pairing cannot work.
modules="virtio_pci virtio_net virtio_console 9pnet_virtio 9p overlay ctr sha512_generic sha3_generic ccm gcm jitterentropy_rng drbg
    ecdh_generic hci_vhci bluetooth algif_hash algif_skcipher cmac ecb af_alg uhid"
for module in $modules; do
    # A line of `builtin` names a module that is part of the kernel.
    modprobe -d "$machine/kernel" -S "$version" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >"$machine/modules.list"
while read -r file; do
    cp "$file" "$root/modules/"
    basename "$file"
done <"$machine/modules.list" >"$root/modules/order"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$machine/initramfs.cpio.new"
mv "$machine/initramfs.cpio.new" "$machine/initramfs.cpio"
rm -rf "$root"
echo "$wanted" >"$machine/stamp"
told
