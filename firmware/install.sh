#!/usr/bin/env bash
# Installs the tools that build an image for a board, beyond the Rust that is present: the source of `core`, and libclang with
# its headers for the bindings to Nordic's libraries. A second run finds everything and exits at once. The last line names the
# Rust to build with: `toolchain` for the one in use, or `debian` for Debian's, which brings its own source.
# `install.sh --packages` installs nothing and prints the Debian packages it needs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
script=firmware
. "$here/../tests/install.sh"

# Bindgen asks the compiler for its headers.
has_clang() {
    command -v clang >/dev/null || return 1
    [ -n "${LIBCLANG_PATH:-}" ] || [ "$(uname -s)" != Linux ] ||
        compgen -G "/usr/lib/llvm-*/lib/libclang*.so*" >/dev/null || compgen -G "/usr/lib*/libclang.so*" >/dev/null
}

# Debian's Rust has its source in the same place once installed, but not the linker of a rustup toolchain.
sysroot=$(rustc --print sysroot)
has_linker() { compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" >/dev/null; }
has_source() { [ -d "$sysroot/lib/rustlib/src/rust/library/core" ]; }
with=debian
packages=(clang libclang-dev rustc-web cargo-web rust-web-src lld)
has_debian() { dpkg -s rustc-web cargo-web rust-web-src lld >/dev/null 2>&1; }
add_source() { have rustup && rustup component add rust-src >&2; }
# Use what is present before the network.
if has_linker && { has_source || { ! has_debian && add_source; }; }; then
    with=toolchain
    packages=(clang libclang-dev)
fi
# For a script that installs the packages of several scripts.
if [ "${1:-}" = --packages ]; then echo "${packages[*]}"; exit; fi

has_clang || apt_install clang libclang-dev
has_clang || give_up "needs clang and libclang; where they are not found, LIBCLANG_PATH names the folder of libclang"
if [ $with = debian ] && ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    have apt-get || give_up "needs the source of Rust's core: rustup component add rust-src"
    apt_install "${packages[@]}"
fi
echo $with
