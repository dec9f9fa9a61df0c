//! Power loss at every step: everything confirmed is there, in order and exactly once.

use handheld::{ALARM_CAPACITY, EVENT_CAPACITY};

use crate::lifecycle::Life;
use crate::model::{Cells, Rng};

/// Seeds of the random sequences.
const SEEDS: std::ops::Range<u64> = 1..4;

#[test]
fn the_first_start_may_be_cut_short_anywhere() {
    let mut life = Life::begin(Cells::blank(), 1);
    life.watch_twice(3);
    life.reset();
    life.pair(0, false);
    life.own(0, Some(1));
    life.click();
}

#[test]
fn no_bond_and_no_event_is_lost_or_doubled_wherever_the_power_goes() {
    for seed in SEEDS {
        let mut rng = Rng(seed * 1_000_003);
        let mut life = Life::begin(Cells::blank(), seed);
        for _ in 0..8 {
            life.watch(1);
            for _ in 0..30 {
                life.anything(&mut rng);
            }
            // Continue in another part of the flash.
            life.unwatch();
            for _ in 0..100 + rng.below(100) {
                life.click();
                life.acknowledge(1);
            }
        }
    }
}

#[test]
fn the_turn_of_a_page_may_be_cut_short_twice() {
    for seed in SEEDS {
        let mut life = Life::begin(Cells::blank(), seed);
        // Once round the ring, so that the page to be erased was used before; and to just before its end.
        for _ in 0..6 * 240 - 3 {
            life.click();
            life.acknowledge(1);
        }
        life.watch_twice(19);
        for _ in 0..24 {
            life.click();
        }
        life.acknowledge(7);
        life.own(1, None);
    }
}

#[test]
fn bonds_outlive_the_turn_of_their_page() {
    let mut life = Life::begin(Cells::blank(), 7);
    for number in 0..4 {
        life.pair(number, false);
    }
    for change in 0..44 {
        // 21 records fit in a page.
        if change % 21 > 17 {
            life.watch_twice(11);
        }
        life.pair(change % 4, change % 8 < 4);
        life.unwatch();
    }
    life.watch(1);
    life.forget_bonds();
}

#[test]
fn as_many_events_as_were_promised_are_kept_wherever_the_ring_stands() {
    let promised = EVENT_CAPACITY + ALARM_CAPACITY;
    for (seed, used) in [(1, 0), (2, 100), (3, 253), (4, 700), (5, 1500)] {
        let mut life = Life::begin(Cells::blank(), seed);
        for _ in 0..used {
            life.click();
            life.acknowledge(1);
        }
        for kept in 0..promised {
            if kept % 64 == 0 {
                life.watch(7);
            }
            life.click();
            life.unwatch();
        }
        assert_eq!(life.truth().waiting(), promised);
        life.reset();
        // It drains one by one, and each time another event is stored.
        for drained in 0..300 {
            life.acknowledge(1);
            if drained % 50 == 0 {
                life.watch(7);
            }
            life.click();
            life.unwatch();
        }
        assert_eq!(life.truth().waiting(), promised);
        life.acknowledge(promised);
        life.reset();
    }
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_lost() {
    let mut life = Life::begin(Cells::blank(), 3);
    for _ in 0..400 {
        life.click();
        life.acknowledge(1);
    }
    while !life.click_in_vain() {}
    let waiting = life.truth().waiting();
    assert!(waiting > EVENT_CAPACITY + ALARM_CAPACITY);
    assert!(life.click_in_vain());
    life.reset();
    assert!((waiting..waiting + 16).contains(&life.truth().waiting()));
    life.acknowledge(300);
    life.click();
    life.reset();
}

#[test]
fn a_full_clicker_may_be_reset_for_ever() {
    let mut life = Life::begin(Cells::blank(), 3);
    for _ in 0..EVENT_CAPACITY + ALARM_CAPACITY {
        life.click();
    }
    for _ in 0..200 {
        life.reset();
        life.own(1, Some(5));
    }
    assert_eq!(life.truth().waiting(), EVENT_CAPACITY + ALARM_CAPACITY);
}
