#!/usr/bin/env bash
# Brings together what an image for a board is built with, beyond the Rust that is here: the source of `core`, and libclang
# with its headers, by which the bindings to Nordic's libraries are made. A second run finds it all and ends at once. The
# last line says by which Rust: `toolchain` by the one that is in use, or `debian` by Debian's, which brings its own source.
set -euo pipefail

say() { echo "firmware: $*" >&2; }
# 3: this machine cannot build images, which is not the same as one that does not build.
give_up() { say "$*"; exit 3; }

install() {
    command -v apt-get >/dev/null || give_up "needs $*; there is no apt-get here to install it with"
    [ "$(id -u)" = 0 ] || give_up "needs $*; run as root once: apt-get install $*"
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    local get=(apt-get install -y -qq --no-install-recommends "$@")
    # An old list names packages that are gone, and a new machine has none.
    "${get[@]}" >&2 || { apt-get update -qq >&2 && "${get[@]}" >&2; } || give_up "apt-get install $* failed"
}

# The compiler itself tells bindgen where its headers are.
has_clang() {
    command -v clang >/dev/null || return 1
    [ -n "${LIBCLANG_PATH:-}" ] || [ "$(uname -s)" != Linux ] ||
        compgen -G "/usr/lib/llvm-*/lib/libclang*.so*" >/dev/null || compgen -G "/usr/lib*/libclang.so*" >/dev/null
}
has_clang || install clang libclang-dev
has_clang || give_up "needs clang and libclang; where they are not found, LIBCLANG_PATH names the folder of libclang"

# Debian's Rust has its source in the same place, once it is installed, but not the linker that comes with a toolchain.
sysroot=$(rustc --print sysroot)
packages=(rustc-web cargo-web rust-web-src lld)
has_linker() { compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" >/dev/null; }
has_source() { [ -d "$sysroot/lib/rustlib/src/rust/library/core" ]; }
has_debian() { dpkg -s "${packages[@]}" >/dev/null 2>&1; }
add_source() { command -v rustup >/dev/null && rustup component add rust-src >&2; }
# What is here is used before anything is asked for over the network.
if has_linker && { has_source || { ! has_debian && add_source; }; }; then
    echo toolchain
    exit
fi
if ! has_debian; then
    command -v apt-get >/dev/null || give_up "needs the source of Rust's core: rustup component add rust-src"
    install "${packages[@]}"
fi
echo debian
