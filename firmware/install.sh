#!/usr/bin/env bash
# Brings together what an image for a board is built with, beyond the Rust that is here: the source of `core`, and libclang
# with its headers, by which the bindings to Nordic's libraries are made. A second run finds it all and ends at once. The
# last line says by which Rust: `toolchain` by the one that is in use, or `debian` by Debian's, which brings its own source.
# `install.sh --packages` installs nothing and prints what of Debian's it wants.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=firmware
. "$here/../tests/install.sh"

# The compiler itself tells bindgen where its headers are.
has_clang() {
    command -v clang >/dev/null || return 1
    [ -n "${LIBCLANG_PATH:-}" ] || [ "$(uname -s)" != Linux ] ||
        compgen -G "/usr/lib/llvm-*/lib/libclang*.so*" >/dev/null || compgen -G "/usr/lib*/libclang.so*" >/dev/null
}

# Debian's Rust has its source in the same place, once it is installed, but not the linker that comes with a toolchain.
sysroot=$(rustc --print sysroot)
has_linker() { compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" >/dev/null; }
has_source() { [ -d "$sysroot/lib/rustlib/src/rust/library/core" ]; }
with=debian
packages=(clang libclang-dev rustc-web cargo-web rust-web-src lld)
has_debian() { dpkg -s rustc-web cargo-web rust-web-src lld >/dev/null 2>&1; }
add_source() { have rustup && rustup component add rust-src >&2; }
# What is here is used before anything is asked for over the network.
if has_linker && { has_source || { ! has_debian && add_source; }; }; then
    with=toolchain
    packages=(clang libclang-dev)
fi
# For a script that installs what several want.
if [ "${1:-}" = --packages ]; then echo "${packages[*]}"; exit; fi

has_clang || apt_install clang libclang-dev
has_clang || give_up "needs clang and libclang; where they are not found, LIBCLANG_PATH names the folder of libclang"
if [ $with = debian ] && ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    have apt-get || give_up "needs the source of Rust's core: rustup component add rust-src"
    apt_install "${packages[@]}"
fi
echo $with
