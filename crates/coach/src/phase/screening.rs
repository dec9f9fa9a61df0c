//! Screening: where, the skin, the pages of questions, the ratings at rest. Nothing is pressed before it is passed
//! (promise 6).

use core::time::Duration;

use crate::What;
use crate::body::Area;
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal, Screened};
use crate::phase::{Back, Finished, Warming, halt, tell_signal};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::room::{Room, Signal};
use crate::rules;
use crate::screening::{Advice, Answer, Page, Question, Weight};
use crate::stage::{Act, By, Halt, Rated, Step};
use crate::time::Moment;
use crate::view::{Awaits, Count};

/// The questions, and which of them is being asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Screening {
    pub(crate) began: Moment,
    asks: Asks,
    /// The rating at rest, above the ceiling: no holds today, once the screening is passed.
    resting_high: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Where,
    Page(Page),
    Question { page: Page, index: usize, question: Question },
    Clearance { page: Page, index: usize, question: Question },
    Elsewhere,
    Resting(Candidate),
    Bother(Candidate),
}

/// A rating that is taken once it has stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate(Option<(Rating, Moment)>);

impl Screening {
    pub(crate) fn new(room: &Room) -> Self {
        Self { began: room.now, asks: Asks::Where, resting_high: false }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        ask(room, self.asks);
    }

    pub(crate) fn act(self, room: &mut Room, by: By, act: Act) -> Step {
        match (self.asks, act) {
            (Asks::Where, Act::Nudge(toward)) => self.choose(room, room.area.stepped(toward)),
            (Asks::Where, Act::Where(area)) => self.choose(room, area),
            (Asks::Where, Act::Spot | Act::Go | Act::Yes) => {
                if let Some(why) = room.closed_area(room.area) {
                    return Step::Refuse { stay: self.into(), what: What::Where, why };
                }
                room.spot = None;
                room.emit(Output::Screening(Screened::Where(room.area)));
                self.put(room, Asks::Page(Page::Skin))
            }
            (Asks::Page(page), Act::No | Act::Go) => {
                for &question in page.questions() {
                    record(room, question, Answer::No);
                }
                self.after_page(room, page)
            }
            (Asks::Page(page), Act::Yes) => self.question(room, page, 0),
            (Asks::Question { page, index, question }, Act::No | Act::Go) => {
                record(room, question, Answer::No);
                self.question(room, page, index + 1)
            }
            (Asks::Question { page, index, question }, Act::Yes) => match question.weight() {
                Weight::ClosesArea => {
                    record(room, question, Answer::Yes);
                    if !room.closed_areas.contains(&room.area) {
                        room.closed_areas.push(room.area);
                    }
                    self.question(room, page, index + 1)
                }
                Weight::StopsUnlessCleared => self.put(room, Asks::Clearance { page, index, question }),
                Weight::Stops | Weight::Emergency => stopped(room, question),
            },
            (Asks::Clearance { page, index, question }, Act::Yes) => {
                record(room, question, Answer::Cleared);
                self.question(room, page, index + 1)
            }
            (Asks::Clearance { question, .. }, Act::No | Act::Go) => stopped(room, question),
            (Asks::Elsewhere, Act::Yes | Act::Go) => self.put(room, Asks::Where),
            (Asks::Elsewhere, Act::No) => {
                Step::to(Finished::stopped(room, Advice::AllClosed), Because::AllClosed)
            }
            (Asks::Resting(candidate), Act::Go) => match candidate.0 {
                Some((rating, _)) => self.resting(room, rating),
                None => Step::refuse(self, act, Refusal::ClickFirst),
            },
            (Asks::Bother(candidate), Act::Go) => match candidate.0 {
                Some((rating, _)) => self.bother(room, rating),
                None => Step::refuse(self, act, Refusal::ClickFirst),
            },
            (asks, Act::Back) => match asks {
                Asks::Where => Step::refuse(self, act, Refusal::NothingToUndo),
                Asks::Page(Page::Skin) | Asks::Elsewhere => self.put(room, Asks::Where),
                Asks::Page(Page::General) => self.put(room, Asks::Page(Page::Skin)),
                Asks::Page(Page::Cautions) => self.put(room, Asks::Page(Page::General)),
                Asks::Page(Page::Emergency) => self.put(room, Asks::Page(Page::Cautions)),
                Asks::Question { page, .. } | Asks::Clearance { page, .. } => {
                    self.put(room, Asks::Page(page))
                }
                Asks::Resting(_) => self.put(room, Asks::Page(Page::Emergency)),
                Asks::Bother(_) => self.put(room, Asks::Resting(Candidate(None))),
            },
            (
                Asks::Where
                | Asks::Page(_)
                | Asks::Question { .. }
                | Asks::Clearance { .. }
                | Asks::Elsewhere
                | Asks::Resting(_)
                | Asks::Bother(_),
                Act::Yes
                | Act::No
                | Act::Spot
                | Act::Nudge(_)
                | Act::Where(_)
                | Act::AlreadyWarm
                | Act::Next(_)
                | Act::Sharp(_)
                | Act::Felt(_)
                | Act::More
                | Act::LetGo,
            ) => {
                let why = match by {
                    By::Receiver => Refusal::NotNow,
                    By::Partner => Refusal::ScreeningFirst,
                };
                Step::refuse(self, act, why)
            }
        }
    }

    pub(crate) fn rated(mut self, room: &mut Room, rated: Rated) -> Step {
        let candidate = Candidate(Some((rated.rating, room.now)));
        match self.asks {
            // Late, it can only be gentler to heed it: a high one at rest means no holds.
            Asks::Bother(_) if rated.late => Step::stay(self),
            Asks::Resting(_) if rated.same => self.resting(room, rated.rating),
            Asks::Bother(_) if rated.same => self.bother(room, rated.rating),
            Asks::Resting(_) => {
                self.asks = Asks::Resting(candidate);
                Step::stay(self)
            }
            Asks::Bother(_) => {
                self.asks = Asks::Bother(candidate);
                Step::stay(self)
            }
            Asks::Where
            | Asks::Page(_)
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => Step::Refuse { stay: self.into(), what: What::Rating, why: Refusal::NotNow },
        }
    }

    pub(crate) fn less(self, _room: &mut Room, _late: bool) -> Step {
        Step::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, room: &mut Room, before: Signal, restarted: bool) -> Step {
        tell_signal(room, before, restarted);
        Step::stay(self)
    }

    pub(crate) fn halt(self, room: &mut Room, what: Halt) -> Step {
        let back = Back::Screening(Box::new(self.clone()));
        halt(self, room, what, back, Prompt::SharpResting)
    }

    pub(crate) fn due(&self, _room: &Room) -> Option<Deadline> {
        match self.asks {
            Asks::Resting(Candidate(Some((_, at)))) | Asks::Bother(Candidate(Some((_, at)))) => {
                Some(Deadline { at: at + rules::RATING_TAKEN, reason: Reason::Stood })
            }
            Asks::Resting(Candidate(None))
            | Asks::Bother(Candidate(None))
            | Asks::Where
            | Asks::Page(_)
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => None,
        }
    }

    pub(crate) fn timeout(self, room: &mut Room, _deadline: Deadline) -> Step {
        match self.asks {
            Asks::Resting(Candidate(Some((rating, _)))) => self.resting(room, rating),
            Asks::Bother(Candidate(Some((rating, _)))) => self.bother(room, rating),
            Asks::Resting(Candidate(None))
            | Asks::Bother(Candidate(None))
            | Asks::Where
            | Asks::Page(_)
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => Step::stay(self),
        }
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        match self.asks {
            Asks::Where => Mode::Locate,
            Asks::Page(_) | Asks::Question { .. } | Asks::Clearance { .. } | Asks::Elsewhere => Mode::Ask,
            Asks::Resting(_) | Asks::Bother(_) => Mode::Rate,
        }
    }

    pub(crate) fn awaits(&self, _room: &Room) -> Awaits {
        match self.asks {
            Asks::Where => Awaits::Where,
            Asks::Page(page) => Awaits::Page(page),
            Asks::Question { question, .. } => Awaits::Question(question),
            Asks::Clearance { question, .. } => Awaits::Clearance(question),
            Asks::Elsewhere => Awaits::Elsewhere,
            Asks::Resting(_) => Awaits::Resting,
            Asks::Bother(_) => Awaits::Bother,
        }
    }

    pub(crate) fn count(&self, _room: &Room, _now: Moment) -> Option<Count> {
        None
    }

    pub(crate) fn shift(&mut self, by: Duration) {
        self.began += by;
        match &mut self.asks {
            Asks::Resting(Candidate(Some((_, at)))) | Asks::Bother(Candidate(Some((_, at)))) => *at += by,
            Asks::Resting(Candidate(None))
            | Asks::Bother(Candidate(None))
            | Asks::Where
            | Asks::Page(_)
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => {}
        }
    }

    fn choose(self, room: &mut Room, area: Area) -> Step {
        room.area = area;
        self.put(room, Asks::Where)
    }

    /// The question at `index` of the page, or what follows the page.
    fn question(self, room: &mut Room, page: Page, index: usize) -> Step {
        match page.questions().get(index) {
            Some(&question) => self.put(room, Asks::Question { page, index, question }),
            None => self.after_page(room, page),
        }
    }

    fn after_page(self, room: &mut Room, page: Page) -> Step {
        match page {
            Page::Skin if Area::all().all(|area| room.closed_areas.contains(&area)) => {
                Step::to(Finished::stopped(room, Advice::AllClosed), Because::AllClosed)
            }
            Page::Skin if room.closed_areas.contains(&room.area) => self.put(room, Asks::Elsewhere),
            Page::Skin => self.put(room, Asks::Page(Page::General)),
            Page::General => self.put(room, Asks::Page(Page::Cautions)),
            Page::Cautions => self.put(room, Asks::Page(Page::Emergency)),
            Page::Emergency => self.put(room, Asks::Resting(Candidate(None))),
        }
    }

    fn resting(mut self, room: &mut Room, rating: Rating) -> Step {
        room.emit(Output::Screening(Screened::Resting(rating)));
        self.resting_high = rating > Rating::CEILING;
        if self.resting_high {
            room.say(Prompt::NoHoldsToday);
        }
        self.put(room, Asks::Bother(Candidate(None)))
    }

    fn bother(self, room: &mut Room, rating: Rating) -> Step {
        room.emit(Output::Screening(Screened::Bother { rating, after: false }));
        room.no_holds |= self.resting_high;
        // What was rated here is not what a touch does.
        room.forget_rating();
        Step::to(Warming::new(room), Because::Answered)
    }

    /// Puts a question.
    fn put(mut self, room: &mut Room, asks: Asks) -> Step {
        self.asks = asks;
        if asks == Asks::Page(Page::Skin) {
            // Asked anew after a step back: what was answered by mistake is taken back.
            room.closed_areas.retain(|&area| area != room.area);
        }
        ask(room, asks);
        Step::stay(self)
    }
}

fn ask(room: &mut Room, asks: Asks) {
    let Area { side, region } = room.area;
    room.ask(match asks {
        Asks::Where => Prompt::Where { side, region },
        Asks::Page(page) => Prompt::AskPage { page },
        Asks::Question { question, .. } => Prompt::AskQuestion { question },
        Asks::Clearance { question, .. } => Prompt::AskClearance { question },
        Asks::Elsewhere => Prompt::AreaClosed { side, region },
        Asks::Resting(_) => Prompt::AskResting,
        Asks::Bother(_) => Prompt::AskBother,
    });
}

fn record(room: &mut Room, question: Question, answer: Answer) {
    room.emit(Output::Screening(Screened::Answered { question, answer }));
}

/// A stop answer: recorded, advised, and final.
fn stopped(room: &mut Room, question: Question) -> Step {
    record(room, question, Answer::Yes);
    let advice = question.advice().unwrap_or(Advice::AskFirst);
    Step::to(Finished::stopped(room, advice), Because::StopAnswer)
}
