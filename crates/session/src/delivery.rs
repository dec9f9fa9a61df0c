//! The laptop's side of delivery: which event is the next, which was taken before, what may be acknowledged.
//!
//! The clicker sends go-back-N: the order is (boot, seq), seq counts from 0 in each boot, and what is not acknowledged
//! comes again. This side takes only the next one, drops what it has and what follows a gap. A SHARP or STOP comes
//! round the order too, and again in its place: whichever comes first steers, the other only completes the record.
//!
//! A clicker sends events of a later boot only after every event of the boots before has been acknowledged. So the
//! first event of a later boot is the next one, whatever was expected of the boot before.

use std::collections::BTreeMap;

use wire::Cue;

/// Alarms remembered at most. It is the number of events a clicker keeps, so an honest one never has more open; of a
/// dishonest one the oldest are forgotten, and at worst act twice.
const ALARMS: usize = 1_024;

/// Id of an event; ids are ordered as the events are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EventId {
    /// The boot of the clicker.
    pub(crate) boot: u16,
    /// The number in that boot, from 0.
    pub(crate) seq: u32,
}

/// Events taken, and events on the disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Delivery {
    /// The next event to take; `None` before the first hello.
    next: Option<EventId>,
    /// Every event before this is on the disk.
    stored: Option<EventId>,
    /// Alarms taken ahead of the order whose ordered copy has not arrived, and whether they are on the disk.
    alarms: BTreeMap<EventId, bool>,
}

/// What to do with an event that came in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// It is the next one. `steers` is false where its alarm came round the order before.
    Take {
        /// Whether an alarm in it is news.
        steers: bool,
    },
    /// It was taken before.
    Repeated,
    /// One before it is missing.
    Early,
}

/// What to do with an alarm that came round the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// It is news: act on it.
    Take,
    /// It was taken before, and is not on the disk yet.
    Repeated,
    /// It is on the disk.
    Stored,
}

/// Result of comparing a hello with the events taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HelloCheck {
    /// It fits the events taken.
    Welcome,
    /// It no longer keeps the events from here to where it begins, and they were never taken.
    Lost {
        /// The first one missing.
        from: EventId,
    },
    /// Its boots are fewer than those of the clicker whose events were taken.
    Stranger {
        /// The boot of the last event taken.
        known: u16,
    },
}

/// An event or alarm in a batch that the clicker waits to have acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// An event in the order.
    Event(EventId),
    /// An alarm round the order.
    Alarm(EventId),
}

impl Delivery {
    /// Notes an event found in a stored transcript.
    pub(crate) fn recall(&mut self, receipt: Receipt) {
        match receipt {
            Receipt::Event(id) => {
                self.take(id);
                self.stored = self.next;
            }
            Receipt::Alarm(id) => self.remember(id, true),
        }
    }

    /// The next event of the order.
    pub(crate) fn next(&self) -> Option<EventId> {
        self.next
    }

    /// The clicker, in its boot `boot`, says that the oldest event it keeps is `first`.
    pub(crate) fn hello(&mut self, boot: u16, first: EventId) -> HelloCheck {
        let Some(next) = self.next else {
            self.next = Some(first);
            self.stored = Some(first);
            return HelloCheck::Welcome;
        };
        if boot < next.boot {
            return HelloCheck::Stranger { known: next.boot };
        }
        if first <= next {
            return HelloCheck::Welcome;
        }
        self.next = Some(first);
        self.stored = Some(first);
        // The clicker forgets only what was acknowledged, and what was acknowledged was taken. So a later beginning
        // in the same boot, or one past the first event of a later boot, means that events are gone.
        if first.boot == next.boot {
            return HelloCheck::Lost { from: next };
        }
        match first.seq {
            0 => HelloCheck::Welcome,
            _ => HelloCheck::Lost { from: EventId { boot: first.boot, seq: 0 } },
        }
    }

    /// An event came in the order.
    pub(crate) fn event(&mut self, id: EventId) -> Event {
        let Some(next) = self.next else { return Event::Early };
        if id < next {
            return Event::Repeated;
        }
        if id != next && !(id.boot > next.boot && id.seq == 0) {
            return Event::Early;
        }
        let steers = !self.alarms.contains_key(&id);
        self.take(id);
        Event::Take { steers }
    }

    /// An alarm came round the order.
    pub(crate) fn alarm(&mut self, id: EventId) -> Alarm {
        let before = |bound: Option<EventId>| bound.is_some_and(|bound| id < bound);
        match self.alarms.get(&id) {
            Some(true) => Alarm::Stored,
            Some(false) => Alarm::Repeated,
            None if before(self.stored) => Alarm::Stored,
            None if before(self.next) => Alarm::Repeated,
            None => {
                self.remember(id, false);
                Alarm::Take
            }
        }
    }

    /// Acknowledgements for the receipts of a batch that is on the disk.
    pub(crate) fn stored(&mut self, receipts: &[Receipt]) -> Vec<Cue> {
        let mut cues = Vec::new();
        let mut further = false;
        for receipt in receipts {
            match *receipt {
                Receipt::Event(EventId { boot, seq }) => {
                    self.stored = self.stored.max(Some(EventId { boot, seq: seq.saturating_add(1) }));
                    further = true;
                }
                Receipt::Alarm(id) => {
                    if let Some(stored) = self.alarms.get_mut(&id) {
                        *stored = true;
                    }
                    cues.push(alarm_stored(id));
                }
            }
        }
        cues.extend(self.acknowledgement().filter(|_| further));
        cues
    }

    /// Acknowledgement of everything on the disk; may be sent repeatedly.
    pub(crate) fn acknowledgement(&self) -> Option<Cue> {
        self.stored.map(|EventId { boot, seq }| Cue::Ack { boot, next: seq })
    }

    fn take(&mut self, id: EventId) {
        self.next = Some(EventId { boot: id.boot, seq: id.seq.saturating_add(1) });
        // From here on the order itself remembers it, and every one before.
        self.alarms.retain(|alarm, _| *alarm > id);
    }

    fn remember(&mut self, id: EventId, stored: bool) {
        if self.alarms.len() >= ALARMS {
            self.alarms.pop_first();
        }
        self.alarms.insert(id, stored);
    }
}

/// "The alarm is on the disk."
pub(crate) fn alarm_stored(EventId { boot, seq }: EventId) -> Cue {
    Cue::AlarmStored { boot, seq }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn id(boot: u16, seq: u32) -> EventId {
        EventId { boot, seq }
    }

    /// Boot 3, events 0 to 4 taken, 0 to 2 stored.
    fn midway() -> Delivery {
        let mut delivery = Delivery::default();
        assert_eq!(delivery.hello(3, id(3, 0)), HelloCheck::Welcome);
        for seq in 0..5 {
            assert_eq!(delivery.event(id(3, seq)), Event::Take { steers: true });
        }
        delivery.stored(&[Receipt::Event(id(3, 0)), Receipt::Event(id(3, 2))]);
        delivery
    }

    #[rstest]
    #[case::the_next(id(3, 5), Event::Take { steers: true })]
    #[case::the_last_again(id(3, 4), Event::Repeated)]
    #[case::one_too_far(id(3, 6), Event::Early)]
    #[case::an_earlier_boot(id(2, 900), Event::Repeated)]
    #[case::a_later_boot(id(4, 0), Event::Take { steers: true })]
    #[case::a_boot_that_kept_nothing(id(9, 0), Event::Take { steers: true })]
    #[case::within_a_later_boot(id(4, 1), Event::Early)]
    fn only_the_next_event_is_taken(#[case] event: EventId, #[case] verdict: Event) {
        assert_eq!(midway().event(event), verdict);
    }

    #[rstest]
    #[case::kept_from_what_is_stored(3, id(3, 3), HelloCheck::Welcome, id(3, 5))]
    #[case::nothing_kept(3, id(3, 5), HelloCheck::Welcome, id(3, 5))]
    #[case::after_a_reset_some_kept(4, id(3, 3), HelloCheck::Welcome, id(3, 5))]
    #[case::after_a_reset_nothing_kept(4, id(4, 0), HelloCheck::Welcome, id(4, 0))]
    #[case::events_gone(3, id(3, 7), HelloCheck::Lost { from: id(3, 5) }, id(3, 7))]
    #[case::events_of_a_new_boot_gone(4, id(4, 2), HelloCheck::Lost { from: id(4, 0) }, id(4, 2))]
    #[case::another_clicker(2, id(2, 0), HelloCheck::Stranger { known: 3 }, id(3, 5))]
    fn a_hello_is_held_against_what_was_taken(
        #[case] boot: u16,
        #[case] first: EventId,
        #[case] check: HelloCheck,
        #[case] next: EventId,
    ) {
        let mut delivery = midway();
        assert_eq!(delivery.hello(boot, first), check);
        assert_eq!(delivery.next(), Some(next));
    }

    #[test]
    fn a_session_begins_where_the_clicker_does() {
        let mut delivery = Delivery::default();
        assert_eq!(delivery.event(id(7, 41)), Event::Early, "nobody has said where it begins");
        delivery.hello(7, id(7, 41));
        assert_eq!(delivery.event(id(7, 41)), Event::Take { steers: true });
    }

    #[test]
    fn only_what_is_stored_is_acknowledged() {
        let mut delivery = midway();
        assert_eq!(delivery.acknowledgement(), Some(Cue::Ack { boot: 3, next: 3 }));
        let cues = delivery.stored(&[Receipt::Event(id(3, 3)), Receipt::Event(id(3, 4))]);
        assert_eq!(cues, [Cue::Ack { boot: 3, next: 5 }]);
    }

    #[test]
    fn an_alarm_acts_once_and_its_place_in_the_order_steers_nothing() {
        let mut delivery = midway();
        assert_eq!(delivery.alarm(id(3, 6)), Alarm::Take);
        assert_eq!(delivery.alarm(id(3, 6)), Alarm::Repeated);
        assert_eq!(delivery.stored(&[Receipt::Alarm(id(3, 6))]), [alarm_stored(id(3, 6))]);
        assert_eq!(delivery.alarm(id(3, 6)), Alarm::Stored);
        assert_eq!(delivery.event(id(3, 5)), Event::Take { steers: true });
        assert_eq!(delivery.event(id(3, 6)), Event::Take { steers: false });
    }

    #[test]
    fn an_alarm_after_its_place_in_the_order_is_no_news() {
        let mut delivery = midway();
        assert_eq!(delivery.alarm(id(3, 4)), Alarm::Repeated);
        assert_eq!(delivery.alarm(id(3, 2)), Alarm::Stored);
    }

    #[test]
    fn an_alarm_acts_before_the_clicker_has_said_hello() {
        assert_eq!(Delivery::default().alarm(id(1, 0)), Alarm::Take);
    }

    #[test]
    fn a_transcript_gives_back_what_was_taken() {
        let mut delivery = Delivery::default();
        delivery.recall(Receipt::Event(id(3, 4)));
        delivery.recall(Receipt::Alarm(id(3, 6)));
        assert_eq!(delivery.hello(3, id(3, 2)), HelloCheck::Welcome);
        assert_eq!(delivery.acknowledgement(), Some(Cue::Ack { boot: 3, next: 5 }));
        assert_eq!(delivery.alarm(id(3, 6)), Alarm::Stored);
        assert_eq!(delivery.event(id(3, 4)), Event::Repeated);
        assert_eq!(delivery.event(id(3, 5)), Event::Take { steers: true });
    }

    #[test]
    fn forgetting_the_oldest_alarm_keeps_the_memory_bounded() {
        let mut delivery = midway();
        for seq in 10..2_000 {
            assert_eq!(delivery.alarm(id(3, seq)), Alarm::Take);
        }
        assert_eq!(delivery.alarms.len(), ALARMS);
        assert_eq!(delivery.alarm(id(3, 1_999)), Alarm::Repeated);
    }

    proptest! {
        /// Whatever arrives, and however often, what is taken is the order itself without a hole.
        #[test]
        fn what_is_taken_is_the_order_itself(arrivals in prop::collection::vec((0_u16..3, 0_u32..6), 0..200)) {
            let mut delivery = Delivery::default();
            delivery.hello(0, id(0, 0));
            let mut taken = Vec::new();
            for (boot, seq) in arrivals {
                if matches!(delivery.event(id(boot, seq)), Event::Take { .. }) {
                    taken.push(id(boot, seq));
                }
            }
            for pair in taken.windows(2) {
                let follows = pair[1].boot == pair[0].boot && pair[1].seq == pair[0].seq + 1;
                let begins = pair[1].boot > pair[0].boot && pair[1].seq == 0;
                prop_assert!(follows || begins, "{:?} after {:?}", pair[1], pair[0]);
            }
            prop_assert!(taken.first().is_none_or(|first| first.seq == 0));
        }
    }
}
