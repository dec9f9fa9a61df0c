//! Sessions on a screen, in virtual time, whose computer fails them: a full disk, a suspend in a hold.

use std::time::Duration;

use coach::Phase;
use tokio::time::sleep;
use transcript::Kind;

use super::lived::{Room, keeps_the_promises, lived, lived_on};
use crate::live::{Ending, Why};
use crate::store::Store;

/// "The session is paused and stored" was said of one that was not.
#[tokio::test(start_paused = true)]
async fn what_a_full_disk_does_not_take_is_not_called_stored() {
    let away = async |_: &Room| sleep(Duration::from_secs(2)).await;
    let (ending, ..) = lived_on(|_| Store::full(), (80, 24), away).await;
    assert_eq!(ending, Ending::Left(Why::Unstored));
    let (ending, ..) = lived((80, 24), away).await;
    assert_eq!(ending, Ending::Left(Why::InputEnded), "the control");
}

/// The gap was taken off a time that it had never been part of: a hold of 38 s was stored as 0 s.
#[tokio::test(start_paused = true)]
async fn a_suspend_in_a_hold_is_one_gap_and_counts_as_pressed() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Holding)).await;
        room.types("b");
        sleep(Duration::from_secs(13)).await;
        room.ahead.set(Duration::from_secs(20));
        sleep(Duration::from_secs(2)).await;
    };
    let (_, entries, _) = lived((120, 40), act).await;
    let gaps = entries.iter().filter(|entry| matches!(entry.kind, Kind::Gap { .. }));
    assert_eq!(gaps.count(), 1);
    let pressed = transcript::pressings(&entries).pop().unwrap().pressed.lasted.as_secs();
    assert!((37..=40).contains(&pressed), "5 s of leaning, 13 s of holding and 20 s of sleep: {pressed}");
    keeps_the_promises(&entries);
}
