//! Every file in `scenarios/` is a test of its own, named by what it pins.

use std::path::PathBuf;

use rstest::rstest;

#[rstest]
fn scenario(#[files("scenarios/*.toml")] file: PathBuf) {
    let wrong = tests::play(&file);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
