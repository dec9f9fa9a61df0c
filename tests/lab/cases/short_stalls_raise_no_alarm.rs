//! A moment's interference is no loss: seven tenths of a second without a packet, again and again in a hold, and nothing
//! is said of the signal; the hold comes to its end as if nothing had been.

use std::time::Duration;

use anyhow::ensure;
use coach::Freshness;
use transcript::Kind;

use crate::cases::{Case, Program};
use crate::guest::{Couple, Lab, same_clicks, wait};

pub(crate) const CASE: Case = Case {
    name: "short_stalls_raise_no_alarm",
    about: "stalls of 700 ms in a hold: neither Stale nor Lost, and the hold is done",
    limit: Duration::from_secs(360),
    needs: &[Program::Unknot, Program::Clicker],
    run,
};

const SOON: Duration = Duration::from_secs(20);
const STALL: Duration = Duration::from_millis(700);

fn run(lab: &mut Lab) -> anyhow::Result<()> {
    let mut couple = Couple::pair(lab)?;
    couple.sit_down(lab)?;
    couple.get_ready()?;
    couple.reach_the_first_hold()?;
    for _ in 0..6 {
        lab.radio.stall(STALL)?;
        wait(STALL * 4);
        couple.hand("press logo")?; // "Same as before", so that the rating does not grow old.
    }
    couple.says("Has it softened?", Duration::from_secs(50))?;
    couple.hand("long logo")?;
    couple.says("Hold done", SOON)?;
    couple.end()?;
    let entries = couple.transcript()?;
    same_clicks(&entries, &couple.clicker.made())?;
    let alarmed = entries
        .iter()
        .find(|entry| matches!(entry.kind, Kind::Freshness { state: Freshness::Stale | Freshness::Lost }));
    ensure!(alarmed.is_none(), "a stall of {STALL:?} was told as {alarmed:?}");
    couple.audit(lab)
}
