//! Sessions with a clicker in the receiver's hand, in virtual time: the real loop, clicker, session and screen, over links
//! that end and come back, and over ways on which something stands.

use std::time::Duration;

use coach::{Outcome, Phase};
use link::NotReached;
use tokio::time::sleep;
use transcript::{Entry, Kind, LinkState};

use super::lived::{Room, keeps_the_promises, lived_in_hand};
use crate::air::{LinkStatus, Reaching};
use crate::keys::Press;
use crate::live::{Ending, Why};

const NOTHING: [NotReached; 0] = [];

async fn seconds(n: u64) {
    sleep(Duration::from_secs(n)).await;
}

async fn up_to_a_rated_hold(room: &Room) {
    room.until(|room| room.phase() == Some(Phase::Holding)).await;
    room.types("b");
    seconds(2).await;
    assert!(room.line(0).contains("link live"), "{}", room.line(0));
}

fn links(entries: &[Entry], wanted: LinkState) -> usize {
    let is = |entry: &&Entry| matches!(entry.kind, Kind::Link { state, .. } if state == wanted);
    entries.iter().filter(is).count()
}

fn sharps(entries: &[Entry]) -> usize {
    entries.iter().filter(|entry| matches!(entry.kind, Kind::Sharp {})).count()
}

#[tokio::test(start_paused = true)]
async fn a_whole_session_is_lived_through_with_the_clicker_in_the_hand() {
    let (ending, entries, last) = lived_in_hand(NOTHING, async |room| room.until(Room::is_over).await).await;
    assert_eq!(ending, Ending::Finished);
    assert!(last.contains("One hold"), "{last}");
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn a_link_that_ends_in_a_hold_and_comes_back_is_taken_up_and_the_hold_goes_on() {
    let act = async |room: &Room| {
        up_to_a_rated_hold(room).await;
        let air = room.air.as_ref().unwrap();
        air.cut(Duration::from_secs(4));
        air.tell.send(LinkStatus::Reaching(Reaching::Scanning)).unwrap();
        seconds(3).await;
        assert!(room.line(0).contains("NO SIGNAL: searching"), "{}", room.line(0));
        assert!(room.pane.text().contains("ALARM"), "{}", room.pane.text());
        assert_eq!(room.phase(), Some(Phase::Holding));
        seconds(2).await;
        air.tell.send(LinkStatus::Reaching(Reaching::Connected)).unwrap();
        // A fresh rating of 5 or less, and it goes on.
        room.types("b");
        seconds(5).await;
        assert!(room.line(0).contains("link live"), "{}", room.line(0));
        assert_eq!(room.phase(), Some(Phase::Holding));
        room.until(Room::is_over).await;
    };
    let (ending, entries, _) = lived_in_hand(NOTHING, act).await;
    assert_eq!(ending, Ending::Finished);
    assert_eq!(links(&entries, LinkState::Lost), 1);
    let done = |entry: &Entry| matches!(entry.kind, Kind::Hold { outcome: Outcome::Done, .. });
    assert!(entries.iter().any(done));
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn a_link_that_stays_away_cuts_the_hold_and_the_session_waits_for_it() {
    let act = async |room: &Room| {
        up_to_a_rated_hold(room).await;
        let air = room.air.as_ref().unwrap();
        for away in [60, 3, 40] {
            air.cut(Duration::from_secs(away));
            seconds(away + 5).await;
            assert!(room.line(0).contains("link live"), "{}", room.pane.text());
        }
        room.until(Room::is_over).await;
    };
    let (ending, entries, _) = lived_in_hand(NOTHING, act).await;
    assert_eq!(ending, Ending::Finished);
    let cut = |entry: &Entry| matches!(entry.kind, Kind::Hold { outcome: Outcome::Cut, .. });
    assert!(entries.iter().any(cut));
    assert_eq!(links(&entries, LinkState::Lost), 3);
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn what_a_person_has_to_mend_is_told_until_it_is_mended() {
    let forgotten = || NotReached::ForgottenByClicker;
    let act = async |room: &Room| {
        seconds(3).await;
        assert!(room.line(0).contains("NO SIGNAL: look below"), "{}", room.line(0));
        let told = "The clicker no longer knows this laptop";
        assert!(room.pane.text().contains(told), "{}", room.pane.text());
        // Asked again after 5 seconds, and told no second time.
        seconds(5).await;
        assert!(room.pane.text().contains(told), "{}", room.pane.text());
        seconds(5).await;
        room.air.as_ref().unwrap().tell.send(LinkStatus::Reaching(Reaching::Connected)).unwrap();
        seconds(2).await;
        assert!(room.line(0).contains("link live"), "{}", room.line(0));
        assert!(!room.pane.text().contains(told), "{}", room.pane.text());
    };
    let (ending, entries, _) = lived_in_hand([forgotten(), forgotten()], act).await;
    assert_eq!(ending, Ending::Left(Why::InputEnded));
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn a_clicker_that_is_gone_for_good_is_waited_for_without_a_circle() {
    let act = async |room: &Room| {
        let before = room.pane.frames();
        seconds(60).await;
        // The screening stands, and nothing but it.
        assert!(room.pane.frames() - before < 10, "{} frames", room.pane.frames() - before);
    };
    let (ending, ..) = lived_in_hand([NotReached::Gone], act).await;
    assert_eq!(ending, Ending::Left(Why::InputEnded));
}

#[tokio::test(start_paused = true)]
async fn the_clickers_keys_are_the_receivers() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Warming)).await;
        for key in "ablABLxz,./".chars() {
            room.key(Press::Char(key));
            sleep(Duration::from_millis(100)).await;
            assert!(room.pane.text().contains("That is the receiver's word"), "{key}: {}", room.pane.text());
            assert_eq!(room.phase(), Some(Phase::Warming));
            // The notice goes, so that the next is its own.
            seconds(7).await;
        }
        up_to_a_rated_hold(room).await;
        room.key(Press::Char('l'));
        sleep(Duration::from_millis(100)).await;
        assert_eq!(room.phase(), Some(Phase::Holding), "the receiver's word is no stop of the partner's");
        assert!(room.pane.text().contains("That is the receiver's word"), "{}", room.pane.text());
        room.key(Press::Char('x'));
        sleep(Duration::from_millis(100)).await;
        assert_ne!(room.phase(), Some(Phase::Holding));
    };
    let (_, entries, _) = lived_in_hand(NOTHING, act).await;
    // That of the ready check, which the receiver made.
    assert_eq!(sharps(&entries), 1);
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn the_table_of_keys_tells_what_the_clicker_does_and_no_keys_for_it() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Warming)).await;
        room.key(Press::Char('?'));
        sleep(Duration::from_millis(100)).await;
        for _ in 0..30 {
            room.key(Press::Down);
        }
        sleep(Duration::from_millis(100)).await;
        let text = room.pane.text();
        assert!(text.contains("in the receiver's hand") && text.contains("A+B"), "{text}");
        assert!(!text.contains("played on the keyboard"), "{text}");
    };
    lived_in_hand(NOTHING, act).await;
}

#[tokio::test(start_paused = true)]
async fn a_battery_stands_in_the_status_line_with_its_age() {
    let act = async |room: &Room| {
        let air = room.air.as_ref().unwrap();
        let old = Duration::from_secs(3 * 60);
        air.tell.send(LinkStatus::Battery { percent: 83, age: old }).unwrap();
        seconds(1).await;
        assert!(room.line(0).contains("battery 83 % 3 min ago"), "{}", room.line(0));
        air.tell.send(LinkStatus::Battery { percent: 82, age: Duration::ZERO }).unwrap();
        seconds(1).await;
        assert!(room.line(0).trim_end().ends_with("battery 82 %"), "{}", room.line(0));
        assert!(!room.line(0).contains("practice"), "{}", room.line(0));
    };
    lived_in_hand(NOTHING, act).await;
}
