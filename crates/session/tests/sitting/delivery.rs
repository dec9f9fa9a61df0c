//! Promises 9, 10 and 11 on whatever may happen: every accepted event is recorded exactly once and in its place,
//! nothing is acknowledged that is not on the disk, and the transcript replays.

use std::collections::BTreeSet;

use coach::Key;
use core::time::Duration;
use proptest::prelude::*;
use session::Input;
use transcript::{Entry, Kind};
use wire::{Cue, Means, Report};

use crate::clicker::{Clicker, EventId};
use crate::desk::{Desk, Disk, at, rating};

/// One thing that may happen.
#[derive(Debug, Clone)]
enum Happening {
    Press(Means),
    Key(Key),
    Wait(u64),
    /// The clicker sends what it has; `lost` names frames that do not arrive, `twice` frames that do so again.
    Send {
        lost: u16,
        twice: u16,
    },
    Beat,
    Cut,
    Connect,
    Reset,
    Disk(Disk),
    Answer(bool),
    Gap(u64),
    Kill {
        /// Whether the batch under way reached the disk.
        written: bool,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    let means = prop_oneof![
        4 => (1_u8..=10).prop_map(rating),
        1 => Just(Means::Sharp),
        1 => Just(Means::Stop),
        1 => Just(Means::Less),
        2 => prop::sample::select(vec![Means::Yes, Means::No, Means::Spot, Means::Again, Means::Slipped]),
    ];
    let key = prop::sample::select(vec![
        Key::GoOn,
        Key::Yes,
        Key::No,
        Key::AlreadyWarm,
        Key::Stop,
        Key::Again,
        Key::Spot,
    ]);
    let disk = prop::sample::select(vec![Disk::Takes, Disk::Takes, Disk::Fails, Disk::Waits]);
    prop_oneof![
        8 => means.prop_map(Happening::Press),
        2 => key.prop_map(Happening::Key),
        4 => (0_u64..3_000).prop_map(Happening::Wait),
        8 => (any::<u16>(), any::<u16>()).prop_map(|(lost, twice)| Happening::Send { lost, twice }),
        4 => Just(Happening::Beat),
        1 => Just(Happening::Cut),
        2 => Just(Happening::Connect),
        1 => Just(Happening::Reset),
        2 => disk.prop_map(Happening::Disk),
        2 => any::<bool>().prop_map(Happening::Answer),
        1 => (1_000_u64..100_000).prop_map(Happening::Gap),
        1 => any::<bool>().prop_map(|written| Happening::Kill { written }),
    ]
}

/// A desk, a clicker, and a link between them that loses and repeats.
struct Played {
    desk: Desk,
    clicker: Clicker,
    linked: bool,
}

impl Played {
    fn new() -> Self {
        Self { desk: Desk::new(), clicker: Clicker::new(), linked: false }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), TestCaseError> {
        let now = self.desk.now.as_millis();
        match happening {
            Happening::Press(means) => self.clicker.press(now, means),
            Happening::Key(key) => self.desk.key(key),
            Happening::Wait(ms) => self.desk.wait(ms),
            Happening::Send { lost, twice } => self.send(lost, twice),
            Happening::Beat => self.frame(self.clicker.beat(now)),
            Happening::Cut => self.cut(),
            Happening::Connect => self.connect(),
            Happening::Reset => {
                self.cut();
                self.clicker.reset(now);
            }
            Happening::Disk(disk) => self.desk.disk = disk,
            Happening::Answer(success) => self.desk.answer(success),
            Happening::Gap(ms) => {
                self.desk.now = at(now + ms);
                self.desk.input(Input::Gap(Duration::from_millis(ms)));
            }
            Happening::Kill { written } => self.kill(written),
        }
        self.listen()
    }

    fn frame(&mut self, report: Report) {
        if self.linked {
            self.desk.report(report);
        }
    }

    fn send(&mut self, lost: u16, twice: u16) {
        for (index, report) in self.clicker.window().into_iter().enumerate() {
            let bit = 1_u16.checked_shl(u32::try_from(index).unwrap()).unwrap_or(0);
            if lost & bit == 0 {
                self.frame(report);
            }
            if twice & bit != 0 {
                self.frame(report);
            }
        }
    }

    fn cut(&mut self) {
        if self.linked {
            self.linked = false;
            self.desk.input(Input::Disconnected);
        }
    }

    fn connect(&mut self) {
        if !self.linked {
            self.linked = true;
            self.desk.input(Input::Connected);
            self.frame(self.clicker.hello());
        }
    }

    /// A session that has finished is not taken up again, so it is not killed either.
    fn kill(&mut self, written: bool) {
        let over = |entry: &Entry| matches!(entry.kind, Kind::Finished { .. });
        if self.desk.happened.iter().chain(&self.desk.stored).any(over) {
            return;
        }
        if written && let Some((_, entries)) = self.desk.open.take() {
            self.desk.stored.extend(entries);
        }
        self.linked = false;
        let desk = core::mem::replace(&mut self.desk, Desk::new());
        self.desk = desk.killed().unwrap();
    }

    /// The clicker hears what was sent, and what it hears is held against the disk.
    fn listen(&mut self) -> Result<(), TestCaseError> {
        for cue in self.desk.cues() {
            if let Cue::AlarmStored { boot, seq } = cue {
                prop_assert!(alarms(&self.desk.stored).contains(&(boot, seq)), "{cue:?} before it was");
            }
            self.clicker.hear(cue);
        }
        let stored: BTreeSet<EventId> = clicks(&self.desk.stored).into_iter().map(|click| click.0).collect();
        let acknowledged = self.clicker.acknowledged;
        for (place, _) in self.clicker.accepted.iter().filter(|accepted| accepted.0 < acknowledged) {
            prop_assert!(stored.contains(place), "{place:?} acknowledged and not on the disk");
        }
        Ok(())
    }

    /// The disk takes everything, the link holds, and the clicker gets rid of all it has.
    fn heal(&mut self) -> Result<(), TestCaseError> {
        self.desk.mend();
        self.cut();
        self.connect();
        self.listen()?;
        for _ in 0..200 {
            self.desk.wait(400);
            self.send(0, 0);
            self.frame(self.clicker.beat(self.desk.now.as_millis()));
            self.listen()?;
            if self.clicker.is_idle() && self.desk.open.is_none() {
                return Ok(());
            }
        }
        Err(TestCaseError::fail(format!("still kept: {:?}", self.clicker)))
    }
}

fn clicks(entries: &[Entry]) -> Vec<(EventId, transcript::Means)> {
    let click = |entry: &Entry| match entry.kind {
        Kind::Click { boot, seq, means, .. } => Some(((boot, seq), means)),
        _ => None,
    };
    entries.iter().filter_map(click).collect()
}

fn alarms(entries: &[Entry]) -> Vec<EventId> {
    let alarm = |entry: &Entry| match entry.kind {
        Kind::Alarm { boot, seq, .. } => Some((boot, seq)),
        _ => None,
    };
    entries.iter().filter_map(alarm).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_happens_the_record_is_what_the_clicker_accepted(
        happenings in prop::collection::vec(happening(), 1..80),
    ) {
        let mut played = Played::new();
        for happening in happenings {
            played.happen(happening)?;
        }
        played.heal()?;

        let Played { desk, clicker, .. } = played;
        let recorded = clicks(&desk.stored);
        let places = |list: &[(EventId, transcript::Means)]| list.iter().map(|it| it.0).collect::<Vec<_>>();
        let accepted: Vec<EventId> = clicker.accepted.iter().map(|it| it.0).collect();
        prop_assert_eq!(places(&recorded), accepted, "exactly once and in order");

        let alarmed = |means: &transcript::Means| means.click().is_none();
        let mut ordered: Vec<EventId> = recorded.iter().filter(|it| alarmed(&it.1)).map(|it| it.0).collect();
        let mut acted = alarms(&desk.stored);
        ordered.sort_unstable();
        acted.sort_unstable();
        prop_assert_eq!(acted, ordered, "every alarm acted once, whichever way it came");
        prop_assert_eq!(transcript::difference(&desk.stored), Ok(None));
        prop_assert!(desk.stored.is_sorted_by_key(|entry| entry.at_ms), "time runs forward");
    }

    /// The driver may come late: what is recorded is the same.
    #[test]
    fn a_late_driver_records_the_same(
        waits in prop::collection::vec((0_u64..3_000, 0_u8..4), 1..40),
    ) {
        let play = |on_time: bool| {
            let mut desk = Desk::connected();
            for (index, (ms, what)) in waits.iter().enumerate() {
                if on_time { desk.wait(*ms) } else { desk.late(*ms) }
                let uptime = u32::try_from(desk.now.as_millis()).unwrap();
                match what {
                    0 => desk.report(crate::desk::beat(1, uptime, None, 0, 1)),
                    1 => desk.key(Key::GoOn),
                    2 => desk.key(Key::AlreadyWarm),
                    _ => desk.report(Report::Alarm {
                        boot: 1,
                        seq: u32::try_from(index).unwrap(),
                        uptime,
                        what: wire::Alarm::Stop,
                    }),
                }
            }
            desk.stored
        };
        prop_assert_eq!(play(true), play(false));
    }
}
