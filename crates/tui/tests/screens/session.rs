//! A whole session of the real coach on the screen: every page comes up as the phase has it, with words for all that
//! is said; and nothing moves between the moments at which the board says that a frame is due.

use std::collections::BTreeSet;
use std::time::Duration;

use coach::{
    Alarm, Awaits, Click, Coach, Input, Key, Link, Moment, Output, Phase, Plan, Prompt, RatingNow, Setup,
    View,
};
use ratatui::buffer::Buffer;
use tui::{Board, Scene, Strip};

use super::people::{WORDS, draw, of, rating, sitting, text};

/// Longer than any session of the plan.
const AT_MOST: Duration = Duration::from_secs(3_600);

/// How long people take to answer.
const ANSWER: Duration = Duration::from_millis(1_300);

struct Room {
    coach: Coach,
    board: Board,
    now: Moment,
    /// Holds that are wanted before the receiver has had enough.
    holds: u32,
}

impl Room {
    fn new() -> Self {
        let coach = Coach::begin(Setup::of(Plan::partner()));
        let mut room = Self { coach, board: Board::default(), now: Moment::START, holds: 2 };
        room.tell(Input::Link(Link::Live { dial: None }));
        room
    }

    fn view(&self) -> View {
        self.coach.view(self.now)
    }

    fn tell(&mut self, input: Input) {
        self.coach.handle(self.now, input);
        self.look();
    }

    fn look(&mut self) {
        while let Some((at, output)) = self.coach.poll_output() {
            if let Output::Prompt(prompt) = output {
                self.board.said(at, prompt, WORDS.reading_time(&prompt));
            }
        }
        self.board.see(self.now, &self.coach.view(self.now));
    }

    /// Lives until this moment, or until the coach has something to do before it.
    fn live_until(&mut self, until: Moment) {
        match self.coach.poll_timeout() {
            Some(deadline) if deadline.at <= until => {
                self.now = deadline.at;
                self.coach.handle_timeout(self.now);
            }
            Some(_) | None => self.now = until,
        }
        self.look();
    }

    fn scene(&self, now: Moment) -> Scene {
        let view = self.coach.view(now);
        let mut scene = sitting(view.phase, view.rating);
        scene.view = view;
        scene.shown = self.board.shown(now);
        of(scene)
    }

    /// What somebody does who is asked for this.
    fn answer(&self) -> Option<Input> {
        let view = self.view();
        let click = |means| Some(Input::Click { means, late: false, passed: false });
        match view.awaits {
            Awaits::Page(_) => Some(Input::Key(Key::No)),
            Awaits::Where | Awaits::Partner | Awaits::GoOn => Some(Input::Key(Key::GoOn)),
            Awaits::Question(_) | Awaits::Clearance(_) | Awaits::WarmCheck | Awaits::HeardThat => {
                click(Click::Yes)
            }
            Awaits::Still(_) | Awaits::Again => click(Click::Yes),
            Awaits::Elsewhere | Awaits::Since(_) | Awaits::FeltElsewhere | Awaits::LessonOffer => {
                click(Click::No)
            }
            Awaits::WhereFelt => click(Click::Spot),
            Awaits::Lesson(_) => None,
            // It is taken when it has stood.
            Awaits::Resting | Awaits::Bother => match view.rating {
                RatingNow::Live { age, .. } if age.as_secs() < 5 => None,
                RatingNow::Live { .. } | RatingNow::None | RatingNow::Stale | RatingNow::Lost => {
                    click(Click::Rating(rating(3)))
                }
            },
            Awaits::Hand(side) => click(Click::Felt(side)),
            Awaits::TrySharp => Some(Input::Alarm(Alarm::Sharp)),
            Awaits::Spot => click(Click::Spot),
            Awaits::Rating | Awaits::Receiver => click(Click::Rating(rating(4))),
            Awaits::Next if view.holds < self.holds => click(Click::Beside),
            Awaits::Next => click(Click::Enough),
            Awaits::AfterSharp => click(Click::OnlySharp),
            Awaits::Signal => None,
            Awaits::Nothing => match (view.phase, view.rating) {
                (Phase::Warming, _) => Some(Input::Key(Key::AlreadyWarm)),
                // Up above the ceiling once, and down again.
                (Phase::Holding, RatingNow::Live { rating: now, age }) if age.as_secs() >= 6 => {
                    click(Click::Rating(rating(if now.value() == 4 { 6 } else { 2 })))
                }
                (Phase::Holding, RatingNow::Live { rating: now, age })
                    if now.value() == 6 && age > ANSWER =>
                {
                    click(Click::Rating(rating(3)))
                }
                (_, _) => None,
            },
        }
    }
}

/// Runs a session, with a look at every step: before and after whatever happens.
fn live(mut look: impl FnMut(&Room)) -> Room {
    let mut room = Room::new();
    while room.view().phase != Phase::Finished && room.now < Moment::START + AT_MOST {
        look(&room);
        let until = room.now + ANSWER;
        while room.now < until {
            room.live_until(until);
            look(&room);
        }
        if let Some(input) = room.answer() {
            room.tell(input);
        }
    }
    look(&room);
    room
}

#[test]
fn every_phase_of_a_session_comes_up_with_words_for_everything() {
    let words = words::Words::english();
    let mut phases = BTreeSet::new();
    let mut alarms = BTreeSet::new();
    let room = live(|room| {
        let picture = text(&draw(&room.scene(room.now), 80, 24));
        let phase = room.view().phase;
        assert!(picture.contains(&words.name(phase).to_uppercase()), "{phase}\n{picture}");
        assert!(!picture.contains("[screen-"), "{picture}");
        phases.insert(phase);
        alarms.extend(["!!! ALARM !!!", "!! EASE !!"].into_iter().filter(|word| picture.contains(word)));
        draw(&room.scene(room.now), 40, 12);
    });
    assert_eq!(room.view().phase, Phase::Finished, "after {:?}", room.now);
    for phase in [
        Phase::Screening,
        Phase::Warming,
        Phase::BroadStrokes,
        Phase::Locating,
        Phase::Settling,
        Phase::Holding,
        Phase::Releasing,
        Phase::Flushing,
        Phase::Moving,
        Phase::Stretching,
        Phase::Heat,
    ] {
        assert!(phases.contains(&phase), "{phase} was never drawn");
    }
    assert_eq!(alarms.len(), 2, "the ready check's alarm and that of a 6: {alarms:?}");
}

/// While nothing happens, the frame that stands is the frame that would be drawn.
#[test]
fn nothing_moves_before_a_frame_is_due() {
    let (mut frames, mut compared) = (0, 0);
    live(|room| {
        let now = room.now;
        let shows = |at: Moment| -> Buffer {
            let Scene::Sitting(mut sitting) = room.scene(at) else { unreachable!("it is a session") };
            // The strip goes on with the frame's beat, and may be a second behind.
            sitting.shown.strip = Strip::default();
            draw(&of(*sitting), 80, 24)
        };
        let due = room.board.due(now, &room.view(), false);
        let next = room.coach.poll_timeout().map(|deadline| deadline.at);
        let quiet = [due, next].into_iter().flatten().min().unwrap_or(now + ANSWER);
        let last = quiet - Duration::from_millis(1);
        frames += 1;
        if last > now {
            compared += 1;
            let (before, after) = (shows(now), shows(last));
            assert_eq!(text(&before), text(&after), "{} at {now:?}, due {due:?}", room.view().phase);
        }
    });
    assert!(compared * 2 > frames, "{compared} of {frames}: hardly anything was compared");
}

/// What the coach can say is said in large letters, whoever says it: two lines of twenty fit the least screen.
#[test]
fn an_alarm_of_two_full_lines_is_large_at_80_columns() {
    let mut room = sitting(Phase::Stretching, RatingNow::None);
    room.shown.alarm = Some(tui::Alarm { prompt: Prompt::SharpStretch, lit: true });
    let picture = text(&draw(&of(room), 80, 24));
    assert!(!picture.contains("OUT OF THE STRETCH"), "in small letters\n{picture}");
}
