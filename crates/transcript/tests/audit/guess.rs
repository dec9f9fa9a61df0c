//! A guess in its place, and out of it.

use coach::Phase;
use transcript::{Action, Entry, Kind};

use crate::play::{Play, rating};
use crate::{assert_broken, assert_clean, find, moves_to};

/// A hold at 4, and in its flush a guess of 6.
fn guessed() -> Vec<Entry> {
    let mut play = Play::holding();
    play.hold_well();
    play.wait(1_000);
    play.key(Action::Guess(rating(6)));
    play.wait(1_000);
    play.entries
}

const fn is_guess(kind: &Kind) -> bool {
    matches!(kind, Kind::Guess { .. })
}

#[test]
fn a_guess_in_the_flush_is_in_its_place() {
    let entries = guessed();
    assert_clean(&entries);
    assert_eq!(entries[find(&entries, is_guess)].kind, Kind::Guess { value: rating(6), of: rating(4) });
}

#[test]
fn a_guess_beside_a_rating_that_was_none_is_found() {
    let mut entries = guessed();
    let at = find(&entries, is_guess);
    entries[at].kind = Kind::Guess { value: rating(6), of: rating(7) };
    assert_broken(9, &entries, "a guess stands beside 7, which was no rating of that hold");
}

#[test]
fn a_guess_in_the_hold_itself_is_found() {
    let mut entries = guessed();
    let guess = entries.remove(find(&entries, is_guess));
    let held = find(&entries, moves_to(Phase::Holding));
    let at_ms = entries[held].at_ms;
    entries.insert(held + 1, Entry { at_ms, ..guess });
    assert_broken(9, &entries, "a guess was taken where no hold is flushed");
}
