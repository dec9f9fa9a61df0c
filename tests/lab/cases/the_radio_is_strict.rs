//! The virtual radio against itself, with two hosts of its own library on it: what that library waves through, a wrong key
//! above all, is noticed. A radio that lets it pass would make every other case worthless.

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
    ensure!(status.success(), "the radio fails its self-check:\n{}", check.all());
    Ok(())
}
