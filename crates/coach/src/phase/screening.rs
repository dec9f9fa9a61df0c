//! Screening: where, the skin, the pages of questions, the ratings at rest. Nothing is pressed before it is passed
//! (promise 6).

use core::time::Duration;

use crate::What;
use crate::body::Area;
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal, Screened};
use crate::past::{Before, Cleared, Day};
use crate::phase::{Back, Finished, Warming, choosing, halt, tell_signal};
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
    /// Of the page at hand: what was answered before the page was put.
    ahead: Vec<Question>,
    /// The rating at rest, above the ceiling: no holds today, once the screening is passed.
    resting_high: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Where,
    Page(Page),
    /// How the place is now at which the SHARP with this index was.
    Since(usize),
    /// Whether what was told on this day still holds.
    Still {
        page: Page,
        cleared: Cleared,
    },
    /// One question: at this place of its page, or ahead of the page.
    Question {
        page: Page,
        index: Option<usize>,
        question: Question,
    },
    Clearance {
        page: Page,
        index: Option<usize>,
        question: Question,
    },
    Elsewhere,
    Resting(Candidate),
    Bother(Candidate),
}

/// A rating that is taken once it has stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate(Option<(Rating, Moment)>);

impl Screening {
    pub(crate) fn new(room: &Room) -> Self {
        Self { began: room.now, asks: Asks::Where, ahead: Vec::new(), resting_high: false }
    }

    pub(crate) fn enter(&mut self, room: &mut Room) {
        if self.asks == Asks::Where {
            // Where it begins anew after a long pause, everything is asked anew.
            room.looked.clear();
        }
        self.ask(room);
    }

    pub(crate) fn act(mut self, room: &mut Room, by: By, act: Act) -> Step {
        match (self.asks, act) {
            (Asks::Where, Act::Nudge(toward)) => self.choose(room, room.area.stepped(toward)),
            (Asks::Where, Act::Where(area)) => self.choose(room, area),
            (Asks::Where, Act::Spot | Act::Go) => {
                if let Some(why) = room.closed_area(room.area) {
                    return Step::Refuse { stay: self.into(), what: What::Where, why };
                }
                if room.is_region_used(room.area) {
                    return Step::Refuse { stay: self.into(), what: What::Where, why: Refusal::RegionToday };
                }
                room.spot = None;
                // What a hold before this was felt by was felt from another place.
                room.may_refer = false;
                room.emit(Output::Screening(Screened::Where(room.area)));
                if let Some((holds, ago)) = room.worked_in(room.area) {
                    room.say(Prompt::Worked { holds, hours: choosing::hours(ago) });
                }
                self.put(room, Asks::Page(Page::Skin))
            }
            (Asks::Page(page), Act::No) => {
                for &question in page.questions() {
                    if !self.ahead.contains(&question) {
                        record(room, question, Answer::No, None);
                    }
                }
                self.after_page(room, page)
            }
            (Asks::Page(page), Act::Yes) => self.question(room, page, 0),
            (Asks::Since(index), Act::No) => {
                since(room, index, Answer::No);
                self.after_since(room, index + 1)
            }
            (Asks::Since(index), Act::Yes) => {
                since(room, index, Answer::Yes);
                Step::to(Finished::stopped(room, Advice::SinceSharp), Because::StopAnswer)
            }
            (Asks::Still { page, cleared }, Act::Yes) => {
                record(room, cleared.question, Answer::Cleared, Some(cleared.on));
                self.ahead.push(cleared.question);
                self.page(room, page)
            }
            // It no longer does: it is asked as if it had never been.
            (Asks::Still { page, cleared: Cleared { question, .. } }, Act::No) => {
                self.put(room, Asks::Question { page, index: None, question })
            }
            (Asks::Question { page, index, question }, Act::No) => {
                record(room, question, Answer::No, None);
                self.next(room, page, index, question)
            }
            (Asks::Question { page, index, question }, Act::Yes) => match question.weight() {
                Weight::ClosesArea => {
                    record(room, question, Answer::Yes, None);
                    if !room.closed_areas.contains(&room.area) {
                        room.closed_areas.push(room.area);
                    }
                    self.next(room, page, index, question)
                }
                Weight::StopsUnlessCleared => self.put(room, Asks::Clearance { page, index, question }),
                Weight::Stops | Weight::Emergency => stopped(room, question),
            },
            (Asks::Clearance { page, index, question }, Act::Yes) => {
                record(room, question, Answer::Cleared, room.past.today);
                self.next(room, page, index, question)
            }
            (Asks::Clearance { question, .. }, Act::No) => stopped(room, question),
            (Asks::Elsewhere, Act::Yes) => self.put(room, Asks::Where),
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
                Asks::Page(Page::General) | Asks::Since(_) | Asks::Still { page: Page::General, .. } => {
                    self.anew(room, Page::Skin)
                }
                Asks::Page(Page::Cautions) | Asks::Still { page: Page::Cautions, .. } => {
                    self.anew(room, Page::General)
                }
                Asks::Page(Page::Emergency) => self.anew(room, Page::Cautions),
                Asks::Question { page, .. } | Asks::Clearance { page, .. } => self.anew(room, page),
                Asks::Still { page: page @ (Page::Skin | Page::Emergency), .. } => self.anew(room, page),
                Asks::Resting(_) => self.anew(room, Page::Emergency),
                Asks::Bother(_) => self.put(room, Asks::Resting(Candidate(None))),
            },
            (
                Asks::Where
                | Asks::Page(_)
                | Asks::Since(_)
                | Asks::Still { .. }
                | Asks::Question { .. }
                | Asks::Clearance { .. }
                | Asks::Elsewhere
                | Asks::Resting(_)
                | Asks::Bother(_),
                Act::Go
                | Act::Yes
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
            | Asks::Since(_)
            | Asks::Still { .. }
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
            | Asks::Since(_)
            | Asks::Still { .. }
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
            | Asks::Since(_)
            | Asks::Still { .. }
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => Step::stay(self),
        }
    }

    pub(crate) fn mode(&self, _room: &Room) -> Mode {
        match self.asks {
            Asks::Where => Mode::Locate,
            Asks::Page(_)
            | Asks::Since(_)
            | Asks::Still { .. }
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => Mode::Ask,
            Asks::Resting(_) | Asks::Bother(_) => Mode::Rate,
        }
    }

    pub(crate) fn awaits(&self, room: &Room) -> Awaits {
        match self.asks {
            Asks::Where => Awaits::Where,
            Asks::Page(page) => Awaits::Page(page),
            Asks::Since(index) => {
                Awaits::Since(sharp(room, index).map_or(room.area, |sharp| sharp.spot.area()))
            }
            Asks::Still { cleared, .. } => Awaits::Still(cleared.question),
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
            | Asks::Since(_)
            | Asks::Still { .. }
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => {}
        }
    }

    fn choose(self, room: &mut Room, area: Area) -> Step {
        room.area = area;
        self.put(room, Asks::Where)
    }

    /// A page, behind what is asked ahead of it: whether what was told on an earlier day still holds.
    fn page(self, room: &mut Room, page: Page) -> Step {
        let told = |cleared: &&Cleared| {
            page.questions().contains(&cleared.question) && !self.ahead.contains(&cleared.question)
        };
        match room.past.cleared.iter().find(told) {
            Some(&cleared) => self.put(room, Asks::Still { page, cleared }),
            None => self.put(room, Asks::Page(page)),
        }
    }

    /// A page, with nothing of it answered.
    fn anew(mut self, room: &mut Room, page: Page) -> Step {
        self.ahead.clear();
        self.page(room, page)
    }

    /// The first question of the page from `index` on that is not answered yet, or what follows the page.
    fn question(self, room: &mut Room, page: Page, index: usize) -> Step {
        let mut rest = page.questions().iter().copied().enumerate().skip(index);
        match rest.find(|(_, question)| !self.ahead.contains(question)) {
            Some((index, question)) => self.put(room, Asks::Question { page, index: Some(index), question }),
            None => self.after_page(room, page),
        }
    }

    /// What follows one question, which stood in its page or ahead of it.
    fn next(mut self, room: &mut Room, page: Page, index: Option<usize>, question: Question) -> Step {
        match index {
            Some(index) => self.question(room, page, index + 1),
            None => {
                self.ahead.push(question);
                self.page(room, page)
            }
        }
    }

    fn after_page(mut self, room: &mut Room, page: Page) -> Step {
        self.ahead.clear();
        match page {
            Page::Skin if Area::all().all(|area| room.closed_areas.contains(&area)) => {
                Step::to(Finished::stopped(room, Advice::AllClosed), Because::AllClosed)
            }
            Page::Skin if room.closed_areas.contains(&room.area) => self.put(room, Asks::Elsewhere),
            Page::Skin => {
                room.looked.push(room.area);
                self.after_since(room, 0)
            }
            Page::General => self.page(room, Page::Cautions),
            Page::Cautions => self.page(room, Page::Emergency),
            Page::Emergency => self.put(room, Asks::Resting(Candidate(None))),
        }
    }

    /// From the SHARP with this index on: how each place is now, and then the pages.
    fn after_since(self, room: &mut Room, index: usize) -> Step {
        if sharp(room, index).is_some() {
            self.put(room, Asks::Since(index))
        } else {
            self.page(room, Page::General)
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
        if room.is_day_used() {
            room.say(Prompt::DayUsed);
        }
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
            room.looked.retain(|&area| area != room.area);
        }
        self.ask(room);
        Step::stay(self)
    }

    fn ask(&self, room: &mut Room) {
        let prompt = self.prompt(room);
        room.ask(prompt);
    }

    fn prompt(&self, room: &Room) -> Prompt {
        let Area { side, region } = room.area;
        match self.asks {
            Asks::Where => Prompt::Where { side, region },
            Asks::Page(page) if self.ahead.is_empty() => Prompt::AskPage { page },
            Asks::Page(page) => Prompt::AskRest { page },
            Asks::Since(index) => {
                let (Area { side, region }, ago) = sharp(room, index)
                    .map_or((room.area, Duration::ZERO), |sharp| (sharp.spot.area(), room.age(sharp.ago)));
                Prompt::AskSince { side, region, hours: choosing::hours(ago) }
            }
            Asks::Still { cleared: Cleared { question, on }, .. } => {
                let (year, month, day) = on.parts();
                Prompt::AskStill { question, year, month, day }
            }
            Asks::Question { question, .. } => Prompt::AskQuestion { question },
            Asks::Clearance { question, .. } => Prompt::AskClearance { question },
            Asks::Elsewhere => Prompt::AreaClosed { side, region },
            Asks::Resting(_) => Prompt::AskResting,
            Asks::Bother(_) => Prompt::AskBother,
        }
    }
}

fn record(room: &mut Room, question: Question, answer: Answer, on: Option<Day>) {
    room.emit(Output::Screening(Screened::Answered { question, answer, on }));
}

/// The SHARP of an earlier session with this index.
fn sharp(room: &Room, index: usize) -> Option<Before> {
    room.past.sharps.get(index).copied()
}

fn since(room: &mut Room, index: usize, answer: Answer) {
    if let Some(Before { spot, .. }) = sharp(room, index) {
        room.emit(Output::Screening(Screened::Since { spot, answer }));
    }
}

/// A stop answer: recorded, advised, and final.
fn stopped(room: &mut Room, question: Question) -> Step {
    record(room, question, Answer::Yes, None);
    let advice = question.advice().unwrap_or(Advice::AskFirst);
    Step::to(Finished::stopped(room, advice), Because::StopAnswer)
}
