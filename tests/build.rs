//! A scenario that is added or removed is a test that is added or removed.

fn main() {
    println!("cargo::rerun-if-changed=scenarios");
}
