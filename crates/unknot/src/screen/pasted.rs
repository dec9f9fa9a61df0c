//! What is pasted into a session: the text of a note, and otherwise one stray key.

use std::time::Duration;

use coach::Phase;
use tokio::time::sleep;
use transcript::{Action, Entry, Kind};

use super::lived::{Room, keeps_the_promises, lived};
use crate::keys::Press;

/// Every letter of it is a key that does something, SHARP and STOP among them.
const TEXT: &str = "please buy bread, eggs, a large melon and x z r k";

/// What anybody did, from the nth entry on.
fn done(entries: &[Entry], from: usize) -> Vec<&Kind> {
    let did = |kind: &&Kind| {
        matches!(
            kind,
            Kind::Key { .. } | Kind::Click { .. } | Kind::Alarm { .. } | Kind::Sharp {} | Kind::Note { .. }
        )
    };
    entries.iter().skip(from).map(|entry| &entry.kind).filter(did).collect()
}

/// Pastes the text, and gives what was done by that.
async fn pasted(room: &Room) -> Vec<Kind> {
    let before = room.entries.borrow().len();
    room.pastes(TEXT);
    sleep(Duration::from_millis(200)).await;
    done(&room.entries.borrow(), before).into_iter().cloned().collect()
}

/// A text on a question ended the session with a SHARP on the record that nobody had said.
#[tokio::test(start_paused = true)]
async fn where_nothing_is_pressed_a_text_presses_no_key() {
    let act = async |room: &Room| {
        for phase in [Phase::Screening, Phase::Warming] {
            room.until(|room| room.phase() == Some(phase)).await;
            assert_eq!(pasted(room).await, [], "{phase:?}");
            assert_eq!(room.phase(), Some(phase));
        }
    };
    let (_, entries, _) = lived((80, 24), act).await;
    keeps_the_promises(&entries);
}

#[tokio::test(start_paused = true)]
async fn while_hands_press_a_text_is_a_stray_key_and_stops() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Holding)).await;
        assert_eq!(pasted(room).await, [Kind::Key { action: Action::Stop }]);
        assert_eq!(room.phase(), Some(Phase::Paused));
        // The session can be gone on with: nothing was said of SHARP.
        assert_eq!(pasted(room).await, []);
        assert_eq!(room.phase(), Some(Phase::Paused));
    };
    let (_, entries, _) = lived((80, 24), act).await;
    keeps_the_promises(&entries);
    assert!(!entries.iter().any(|entry| matches!(entry.kind, Kind::Sharp {}) && entry.at_ms > 900_000));
}

#[tokio::test(start_paused = true)]
async fn in_a_note_a_text_is_its_text_and_the_note_is_kept_by_a_key() {
    let act = async |room: &Room| {
        room.until(|room| room.phase() == Some(Phase::Warming)).await;
        room.types("m");
        sleep(Duration::from_millis(100)).await;
        assert_eq!(pasted(room).await, []);
        assert!(room.pane.text().contains("Note: please buy bread"), "{}", room.pane.text());
        room.pastes(&"long ".repeat(2_000));
        sleep(Duration::from_millis(100)).await;
        room.press(Press::Enter);
        sleep(Duration::from_millis(100)).await;
        assert_eq!(room.phase(), Some(Phase::Warming));
    };
    let (_, entries, _) = lived((80, 24), act).await;
    let note = entries.iter().find_map(|entry| match &entry.kind {
        Kind::Note { text, .. } => Some(text),
        _ => None,
    });
    assert!(note.is_some_and(|note| note.starts_with(TEXT) && note.chars().count() <= 4_000), "{note:?}");
}
