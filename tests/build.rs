//! Rebuilds the tests when a scenario file is added or removed.

fn main() {
    println!("cargo::rerun-if-changed=scenarios");
}
