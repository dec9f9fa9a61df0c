//! Self-test of the virtual radio with two hosts of its own library: it detects what that library would accept, above
//! all a wrong key. A radio that misses that would make every other case worthless.

use std::time::Duration;

use anyhow::ensure;

use crate::cases::Case;
use crate::guest::Lab;

pub(crate) const CASE: Case = Case {
    name: "the_radio_is_strict",
    about: "the radio's self-check: keys compared, parameters kept, lost links ended",
    limit: Duration::from_secs(300),
    needs: &[],
    run,
};

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut check = lab.python("selftest", &["-m", "radio.selftest"])?;
    let status = check.ended(Duration::from_secs(240))?;
    ensure!(status.success(), "the radio failed its self-test:\n{}", check.all());
    Ok(())
}
