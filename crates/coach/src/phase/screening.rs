//! Screening: where, the skin, the pages of questions, the ratings at rest. Nothing is pressed before it is passed
//! (promise 6).

use core::time::Duration;

use crate::What;
use crate::body::Area;
use crate::command::{By, Command, Halt, Rated};
use crate::context::{Context, Signal};
use crate::output::{Because, Deadline, Mode, Output, Reason, Refusal, Screened};
use crate::past::{Before, Cleared, Day};
use crate::phase::{Back, Finished, Warming, choosing, halt, tell_signal};
use crate::prompt::Prompt;
use crate::rating::Rating;
use crate::rules;
use crate::screening::{Advice, Answer, Page, Question, Weight};
use crate::state::Transition;
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
    pub(crate) fn new(context: &Context) -> Self {
        Self { began: context.now, asks: Asks::Where, ahead: Vec::new(), resting_high: false }
    }

    pub(crate) fn enter(&mut self, context: &mut Context) {
        if self.asks == Asks::Where {
            // Where it begins anew after a long pause, everything is asked anew.
            context.looked.clear();
        }
        self.ask(context);
    }

    pub(crate) fn command(mut self, context: &mut Context, by: By, command: Command) -> Transition {
        match (self.asks, command) {
            (Asks::Where, Command::Nudge(toward)) => self.choose(context, context.area.stepped(toward)),
            (Asks::Where, Command::Where(area)) => self.choose(context, area),
            (Asks::Where, Command::Spot | Command::Go) => {
                if let Some(why) = context.closed_area(context.area) {
                    return Transition::Refuse { stay: self.into(), what: What::Where, why };
                }
                if context.is_region_used(context.area) {
                    return Transition::Refuse {
                        stay: self.into(),
                        what: What::Where,
                        why: Refusal::RegionToday,
                    };
                }
                context.spot = None;
                // What a hold before this was felt by was felt from another place.
                context.may_refer = false;
                context.emit(Output::Screening(Screened::Where(context.area)));
                if let Some((holds, ago)) = context.worked_in(context.area) {
                    context.say(Prompt::Worked { holds, hours: choosing::hours(ago) });
                }
                self.put(context, Asks::Page(Page::Skin))
            }
            (Asks::Page(page), Command::No) => {
                for &question in page.questions() {
                    if !self.ahead.contains(&question) {
                        record(context, question, Answer::No, None);
                    }
                }
                self.after_page(context, page)
            }
            (Asks::Page(page), Command::Yes) => self.question(context, page, 0),
            (Asks::Since(index), Command::No) => {
                since(context, index, Answer::No);
                self.after_since(context, index + 1)
            }
            (Asks::Since(index), Command::Yes) => {
                since(context, index, Answer::Yes);
                Transition::to(Finished::stopped(context, Advice::SinceSharp), Because::StopAnswer)
            }
            (Asks::Still { page, cleared }, Command::Yes) => {
                record(context, cleared.question, Answer::Cleared, Some(cleared.on));
                self.ahead.push(cleared.question);
                self.page(context, page)
            }
            // It no longer does: it is asked as if it had never been.
            (Asks::Still { page, cleared: Cleared { question, .. } }, Command::No) => {
                self.put(context, Asks::Question { page, index: None, question })
            }
            (Asks::Question { page, index, question }, Command::No) => {
                record(context, question, Answer::No, None);
                self.next(context, page, index, question)
            }
            (Asks::Question { page, index, question }, Command::Yes) => match question.weight() {
                Weight::ClosesArea => {
                    record(context, question, Answer::Yes, None);
                    if !context.closed_areas.contains(&context.area) {
                        context.closed_areas.push(context.area);
                    }
                    self.next(context, page, index, question)
                }
                Weight::StopsUnlessCleared => self.put(context, Asks::Clearance { page, index, question }),
                Weight::Stops | Weight::Emergency => stopped(context, question),
            },
            (Asks::Clearance { page, index, question }, Command::Yes) => {
                record(context, question, Answer::Cleared, context.past.today);
                self.next(context, page, index, question)
            }
            (Asks::Clearance { question, .. }, Command::No) => stopped(context, question),
            (Asks::Elsewhere, Command::Yes) => self.put(context, Asks::Where),
            (Asks::Elsewhere, Command::No) => {
                Transition::to(Finished::stopped(context, Advice::AllClosed), Because::AllClosed)
            }
            (Asks::Resting(candidate), Command::Go) => match candidate.0 {
                Some((rating, _)) => self.resting(context, rating),
                None => Transition::refuse(self, command, Refusal::ClickFirst),
            },
            (Asks::Bother(candidate), Command::Go) => match candidate.0 {
                Some((rating, _)) => self.bother(context, rating),
                None => Transition::refuse(self, command, Refusal::ClickFirst),
            },
            (asks, Command::Back) => match asks {
                Asks::Where => Transition::refuse(self, command, Refusal::NothingToUndo),
                Asks::Page(Page::Skin) | Asks::Elsewhere => self.put(context, Asks::Where),
                Asks::Page(Page::General) | Asks::Since(_) | Asks::Still { page: Page::General, .. } => {
                    self.anew(context, Page::Skin)
                }
                Asks::Page(Page::Cautions) | Asks::Still { page: Page::Cautions, .. } => {
                    self.anew(context, Page::General)
                }
                Asks::Page(Page::Emergency) => self.anew(context, Page::Cautions),
                Asks::Question { page, .. } | Asks::Clearance { page, .. } => self.anew(context, page),
                Asks::Still { page: page @ (Page::Skin | Page::Emergency), .. } => self.anew(context, page),
                Asks::Resting(_) => self.anew(context, Page::Emergency),
                Asks::Bother(_) => self.put(context, Asks::Resting(Candidate(None))),
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
                Command::Go
                | Command::Yes
                | Command::No
                | Command::Spot
                | Command::Nudge(_)
                | Command::Where(_)
                | Command::AlreadyWarm
                | Command::Next(_)
                | Command::Sharp(_)
                | Command::Felt(_)
                | Command::More
                | Command::LetGo,
            ) => {
                let why = match by {
                    By::Receiver => Refusal::NotNow,
                    By::Partner => Refusal::ScreeningFirst,
                };
                Transition::refuse(self, command, why)
            }
        }
    }

    pub(crate) fn rated(mut self, context: &mut Context, rated: Rated) -> Transition {
        let candidate = Candidate(Some((rated.rating, context.now)));
        match self.asks {
            // Late, it can only be gentler to heed it: a high one at rest means no holds.
            Asks::Bother(_) if rated.late => Transition::stay(self),
            Asks::Resting(_) if rated.same => self.resting(context, rated.rating),
            Asks::Bother(_) if rated.same => self.bother(context, rated.rating),
            Asks::Resting(_) => {
                self.asks = Asks::Resting(candidate);
                Transition::stay(self)
            }
            Asks::Bother(_) => {
                self.asks = Asks::Bother(candidate);
                Transition::stay(self)
            }
            Asks::Where
            | Asks::Page(_)
            | Asks::Since(_)
            | Asks::Still { .. }
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => {
                Transition::Refuse { stay: self.into(), what: What::Rating, why: Refusal::NotNow }
            }
        }
    }

    pub(crate) fn less(self, _room: &mut Context, _late: bool) -> Transition {
        Transition::Refuse { stay: self.into(), what: What::Less, why: Refusal::NotNow }
    }

    pub(crate) fn signal(self, context: &mut Context, before: Signal, restarted: bool) -> Transition {
        tell_signal(context, before, restarted);
        Transition::stay(self)
    }

    pub(crate) fn halt(self, context: &mut Context, what: Halt) -> Transition {
        let back = Back::Screening(Box::new(self.clone()));
        halt(self, context, what, back, Prompt::SharpResting)
    }

    pub(crate) fn due(&self, _room: &Context) -> Option<Deadline> {
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

    pub(crate) fn timeout(self, context: &mut Context, _deadline: Deadline) -> Transition {
        match self.asks {
            Asks::Resting(Candidate(Some((rating, _)))) => self.resting(context, rating),
            Asks::Bother(Candidate(Some((rating, _)))) => self.bother(context, rating),
            Asks::Resting(Candidate(None))
            | Asks::Bother(Candidate(None))
            | Asks::Where
            | Asks::Page(_)
            | Asks::Since(_)
            | Asks::Still { .. }
            | Asks::Question { .. }
            | Asks::Clearance { .. }
            | Asks::Elsewhere => Transition::stay(self),
        }
    }

    pub(crate) fn mode(&self, _room: &Context) -> Mode {
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

    pub(crate) fn awaits(&self, context: &Context) -> Awaits {
        match self.asks {
            Asks::Where => Awaits::Where,
            Asks::Page(page) => Awaits::Page(page),
            Asks::Since(index) => {
                Awaits::Since(sharp(context, index).map_or(context.area, |sharp| sharp.spot.area()))
            }
            Asks::Still { cleared, .. } => Awaits::Still(cleared.question),
            Asks::Question { question, .. } => Awaits::Question(question),
            Asks::Clearance { question, .. } => Awaits::Clearance(question),
            Asks::Elsewhere => Awaits::Elsewhere,
            Asks::Resting(_) => Awaits::Resting,
            Asks::Bother(_) => Awaits::Bother,
        }
    }

    pub(crate) fn count(&self, _room: &Context, _now: Moment) -> Option<Count> {
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

    fn choose(self, context: &mut Context, area: Area) -> Transition {
        context.area = area;
        self.put(context, Asks::Where)
    }

    /// A page, behind what is asked ahead of it: whether what was told on an earlier day still holds.
    fn page(self, context: &mut Context, page: Page) -> Transition {
        let told = |cleared: &&Cleared| {
            page.questions().contains(&cleared.question) && !self.ahead.contains(&cleared.question)
        };
        match context.past.cleared.iter().find(told) {
            Some(&cleared) => self.put(context, Asks::Still { page, cleared }),
            None => self.put(context, Asks::Page(page)),
        }
    }

    /// A page, with nothing of it answered.
    fn anew(mut self, context: &mut Context, page: Page) -> Transition {
        self.ahead.clear();
        self.page(context, page)
    }

    /// The first question of the page from `index` on that is not answered yet, or what follows the page.
    fn question(self, context: &mut Context, page: Page, index: usize) -> Transition {
        let mut rest = page.questions().iter().copied().enumerate().skip(index);
        match rest.find(|(_, question)| !self.ahead.contains(question)) {
            Some((index, question)) => {
                self.put(context, Asks::Question { page, index: Some(index), question })
            }
            None => self.after_page(context, page),
        }
    }

    /// What follows one question, which stood in its page or ahead of it.
    fn next(
        mut self,
        context: &mut Context,
        page: Page,
        index: Option<usize>,
        question: Question,
    ) -> Transition {
        match index {
            Some(index) => self.question(context, page, index + 1),
            None => {
                self.ahead.push(question);
                self.page(context, page)
            }
        }
    }

    fn after_page(mut self, context: &mut Context, page: Page) -> Transition {
        self.ahead.clear();
        match page {
            Page::Skin if Area::all().all(|area| context.closed_areas.contains(&area)) => {
                Transition::to(Finished::stopped(context, Advice::AllClosed), Because::AllClosed)
            }
            Page::Skin if context.closed_areas.contains(&context.area) => self.put(context, Asks::Elsewhere),
            Page::Skin => {
                context.looked.push(context.area);
                self.after_since(context, 0)
            }
            Page::General => self.page(context, Page::Cautions),
            Page::Cautions => self.page(context, Page::Emergency),
            Page::Emergency => self.put(context, Asks::Resting(Candidate(None))),
        }
    }

    /// From the SHARP with this index on: how each place is now, and then the pages.
    fn after_since(self, context: &mut Context, index: usize) -> Transition {
        if sharp(context, index).is_some() {
            self.put(context, Asks::Since(index))
        } else {
            self.page(context, Page::General)
        }
    }

    fn resting(mut self, context: &mut Context, rating: Rating) -> Transition {
        context.emit(Output::Screening(Screened::Resting(rating)));
        self.resting_high = rating > Rating::CEILING;
        if self.resting_high {
            context.say(Prompt::NoHoldsToday);
        }
        self.put(context, Asks::Bother(Candidate(None)))
    }

    fn bother(self, context: &mut Context, rating: Rating) -> Transition {
        context.emit(Output::Screening(Screened::Bother { rating, after: false }));
        context.no_holds |= self.resting_high;
        if context.is_day_used() {
            context.say(Prompt::DayUsed);
        }
        // What was rated here is not what a touch does.
        context.forget_rating();
        Transition::to(Warming::new(context), Because::Answered)
    }

    /// Puts a question.
    fn put(mut self, context: &mut Context, asks: Asks) -> Transition {
        self.asks = asks;
        if asks == Asks::Page(Page::Skin) {
            // Asked anew after a step back: what was answered by mistake is taken back.
            context.closed_areas.retain(|&area| area != context.area);
            context.looked.retain(|&area| area != context.area);
        }
        self.ask(context);
        Transition::stay(self)
    }

    fn ask(&self, context: &mut Context) {
        let prompt = self.prompt(context);
        context.ask(prompt);
    }

    fn prompt(&self, context: &Context) -> Prompt {
        let Area { side, region } = context.area;
        match self.asks {
            Asks::Where => Prompt::Where { side, region },
            Asks::Page(page) if self.ahead.is_empty() => Prompt::AskPage { page },
            Asks::Page(page) => Prompt::AskRest { page },
            Asks::Since(index) => {
                let (Area { side, region }, ago) = sharp(context, index)
                    .map_or((context.area, Duration::ZERO), |sharp| {
                        (sharp.spot.area(), context.age(sharp.ago))
                    });
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

fn record(context: &mut Context, question: Question, answer: Answer, on: Option<Day>) {
    context.emit(Output::Screening(Screened::Answered { question, answer, on }));
}

/// The SHARP of an earlier session with this index.
fn sharp(context: &Context, index: usize) -> Option<Before> {
    context.past.sharps.get(index).copied()
}

fn since(context: &mut Context, index: usize, answer: Answer) {
    if let Some(Before { spot, .. }) = sharp(context, index) {
        context.emit(Output::Screening(Screened::Since { spot, answer }));
    }
}

/// A stop answer: recorded, advised, and final.
fn stopped(context: &mut Context, question: Question) -> Transition {
    record(context, question, Answer::Yes, None);
    let advice = question.advice().unwrap_or(Advice::AskFirst);
    Transition::to(Finished::stopped(context, advice), Because::StopAnswer)
}
