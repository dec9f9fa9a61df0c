#!/usr/bin/env bash
# Builds the kernel of the lab in virtual time: User Mode Linux with Bluetooth, about five minutes on two cores. Caches
# it by the hash of its configuration, its patch and the version of its source. Prints its path as the last line.
# `build.sh --packages` prints the packages it needs for that.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=lab
. "$here/../../install.sh"

# 6.1 of a point release, which stays in the archive. Later ones of the security archive crash bluetoothd when a
# clicker no longer has the laptop's key (hci_chan_del).
source=linux-source-6.1
version=6.1.176-1
# Less optimisation saves a sixth of the build time, and no case notices.
flags=-O1
packages=(flex bison bc gcc make patch xz-utils libc6-dev)
if [ "${1:-}" = --packages ]; then echo "${packages[*]}"; exit; fi

[ "$(uname -sm)" = "Linux x86_64" ] || give_up "virtual time needs Linux on x86-64"
hash=$(cat "$here/config" "$here/user-offsets.patch" <(echo "$version $flags") | sha256sum | cut -c1-16)
kernel=$cache/virtual-$hash/linux
if [ -x "$kernel" ]; then echo "$kernel"; exit; fi
lock virtual
if [ -x "$kernel" ]; then echo "$kernel"; exit; fi

apt_need flex bison bc gcc make patch xz -- "${packages[@]}"
work=$cache/virtual-build
log=$cache/virtual-build.log
failed() { tail -n 20 "$log" >&2; give_up "$1; see $log"; }
rm -rf "$work" "$work.gone"
mkdir -p "$work"
cd "$work"
if ! apt-get download -qq "$source=$version" >"$log" 2>&1; then
    version=$(apt-cache policy $source | awk '$1 == "Candidate:" { print $2 }')
    say "$source 6.1.176-1 is gone from the archive; taking ${version:-none}, with which a_lost_bond_is_told may fail"
    apt-get download -qq "$source=$version" >>"$log" 2>&1 || failed "cannot download $source=$version"
fi
say "unpacking and building a kernel for virtual time"
dpkg-deb --fsys-tarfile $source*.deb | tar -xO ./usr/src/$source.tar.xz | tar -xJ --strip-components=1 >>"$log" 2>&1 || failed "cannot unpack the source"
rm -f $source*.deb
{
    patch -p1 <"$here/user-offsets.patch" &&
        make ARCH=um KCONFIG_ALLCONFIG="$here/config" allnoconfig
} >>"$log" 2>&1 || failed "user-offsets.patch or the configuration does not fit $source=$version"
# make drops an option silently if it no longer exists or lacks a dependency.
while read -r option; do
    grep -qx "$option" .config || failed "make dropped $option from the kernel's configuration"
done < <(grep '^CONFIG' "$here/config")
make ARCH=um KCFLAGS="$flags" -j"$(nproc)" linux >>"$log" 2>&1 || failed "the kernel does not build"
mkdir -p "$(dirname "$kernel")"
cp linux "$kernel.new"
mv "$kernel.new" "$kernel"
# In the background and without the lock: removing eighty thousand files takes long.
mv "$work" "$work.gone"
rm -rf "$work.gone" {lock_of}>&- >/dev/null 2>&1 &
echo "$kernel"
