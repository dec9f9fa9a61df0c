//! A session as a timeline: when the rating was known, holds by outcome, phases, and marked events. The page and the
//! terminal draw the values computed here, so that neither draws a line across a gap.

use coach::body::{Area, Felt, Side, Stand};
use coach::{Alarm, Ask, Freshness, Level, Phase, Prompt, Rating};
use transcript::{Action, Answered, Entry, Kind, LinkState, StoredSpot};

pub use outline::timeline::{Column, Mark, RatingState};

use crate::measure::{Hold, Measures, measure};

/// "Ten seconds before each SHARP" (product): long enough to see what led to it.
const BEFORE_SHARP: u64 = 10_000;

/// A session, by its times in milliseconds since it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The moment of the last entry that is no remark.
    pub end_ms: u64,
    /// States of the rating: the first from the beginning, each until the next. Never empty.
    pub pieces: Vec<Piece>,
    /// The phases, each until the next. Never empty: a session begins with screening.
    pub phases: Vec<(u64, Phase)>,
    /// The holds that ended, with their figures.
    pub holds: Vec<Hold>,
    /// What happened, in its order.
    pub marks: Vec<MarkedEvent>,
    /// Where the spot was from then on.
    spots: Vec<(u64, StoredSpot)>,
    /// Position of the partner from then on.
    stands: Vec<(u64, Stand)>,
    /// The area that was chosen, from then on.
    areas: Vec<(u64, Area)>,
    /// Where else it was felt, from then on.
    felt: Vec<(u64, Option<Felt>)>,
}

/// A stretch of time with one state of the rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// When it began.
    pub from_ms: u64,
    /// What was known.
    pub known: RatingState,
}

/// A marked event and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkedEvent {
    /// Milliseconds since the session began.
    pub at_ms: u64,
    /// Its mark.
    pub mark: Mark,
}

/// A moment of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<'a> {
    /// The phase.
    pub phase: Phase,
    /// For how long it had lasted.
    pub phase_for_ms: u64,
    /// What was known of the rating.
    pub known: RatingState,
    /// For how long that had been so.
    pub known_for_ms: u64,
    /// The hold it lies in, with its number from 1.
    pub hold: Option<(usize, &'a Hold)>,
    /// Position of the partner.
    pub stand: Stand,
    /// The area that was chosen.
    pub area: Option<Area>,
    /// Where the spot was.
    pub spot: Option<StoredSpot>,
    /// The way it had come on that side, the oldest place first.
    pub path: Vec<StoredSpot>,
    /// The spots that had been held.
    pub held: Vec<StoredSpot>,
    /// Where else the receiver had just shown that they feel it.
    pub felt: Option<Felt>,
}

fn began_in(entries: &[Entry]) -> Phase {
    match entries.first().map(|entry| &entry.kind) {
        Some(Kind::Session(header)) => header.begins_in(),
        _ => Phase::Screening,
    }
}

impl Timeline {
    /// The timeline of a transcript. Where its measures are at hand, use [`Timeline::with_measures`].
    #[must_use]
    pub fn of(entries: &[Entry]) -> Self {
        Self::with_measures(entries, &measure(entries))
    }

    /// The timeline of a transcript with these measures.
    #[must_use]
    pub fn with_measures(entries: &[Entry], measures: &Measures) -> Self {
        let mut line = Self {
            end_ms: 0,
            pieces: vec![Piece { from_ms: 0, known: RatingState::Nothing }],
            phases: vec![(0, began_in(entries))],
            holds: measures.holds.clone(),
            marks: Vec::new(),
            spots: Vec::new(),
            stands: Vec::new(),
            areas: Vec::new(),
            felt: Vec::new(),
        };
        // The present rating, if known; and the mark of a SHARP that the next prompt may show to be a trial.
        let mut rating: Option<Rating> = None;
        let mut fresh_sharp: Option<usize> = None;
        for entry in entries {
            line.take_rating(entry, &mut rating);
            line.take_place(entry);
            line.take_mark(entry, &mut fresh_sharp);
            if !entry.kind.is_aside() {
                line.end_ms = line.end_ms.max(entry.at_ms);
            }
        }
        line
    }

    fn take_rating(&mut self, entry: &Entry, present: &mut Option<Rating>) {
        let at = entry.at_ms;
        match &entry.kind {
            Kind::Rating { value, late: false } => {
                *present = Some(*value);
                self.known(at, RatingState::Rating(*value));
            }
            // When the link is live again, the clicker's dial is the rating.
            Kind::Link { state: LinkState::Live, dial } => {
                *present = *dial;
                if let (Some(Piece { known: RatingState::Rating(_), .. }), Some(rating)) =
                    (self.pieces.last(), dial)
                {
                    self.known(at, RatingState::Rating(*rating));
                }
            }
            Kind::Link { state: LinkState::Restarted, .. } => *present = None,
            Kind::Freshness { state } => self.known(
                at,
                match (state, *present) {
                    (Freshness::Live, Some(rating)) => RatingState::Rating(rating),
                    (Freshness::Live, None) | (Freshness::None, _) => RatingState::Nothing,
                    (Freshness::Stale | Freshness::Lost, _) => RatingState::Gap,
                },
            ),
            Kind::Gap { ms } => self.insert_gap(at.saturating_sub(*ms), at),
            Kind::Resumed { .. } => self.insert_gap(self.end_ms, at),
            _ => {}
        }
    }

    fn take_place(&mut self, entry: &Entry) {
        let at = entry.at_ms;
        match &entry.kind {
            Kind::Phase { to, .. } => {
                self.phases.push((at, *to));
                self.felt.push((at, None));
            }
            Kind::Felt { side, out_cm, down_cm, .. } => {
                self.felt.push((at, Felt::new(*side, *out_cm, *down_cm).ok()));
            }
            Kind::Spot(place) => self.spots.push((at, *place)),
            Kind::Key { action: Action::Stand(stand) } => self.stands.push((at, *stand)),
            Kind::Screening(Answered::Where { side, region }) => {
                self.areas.push((at, Area { side: *side, region: *region }));
            }
            _ => {}
        }
    }

    fn take_mark(&mut self, entry: &Entry, fresh_sharp: &mut Option<usize>) {
        let at_ms = entry.at_ms;
        let mark = match &entry.kind {
            Kind::Sharp {} => {
                *fresh_sharp = Some(self.marks.len());
                Mark::Sharp
            }
            Kind::Prompt(said) => {
                let trial = fresh_sharp.take().filter(|_| said.answers_a_trial());
                if let Some(event) = trial.and_then(|index| self.marks.get_mut(index)) {
                    event.mark = Mark::TrialSharp;
                }
                // That prompt has the level of an alarm only to be heard.
                let alarm = said.level >= Level::Medium && said.id != Prompt::HeardThat.id();
                if alarm { Mark::Alarm } else { Mark::Said }
            }
            Kind::Alarm { what: Alarm::Stop, .. } | Kind::Key { action: Action::Stop } => Mark::Stop,
            Kind::Refused { .. } => Mark::Refused,
            Kind::Nudge { .. } => Mark::Nudge,
            // "The same" asks for nothing.
            Kind::Ask { what: Ask::Less | Ask::More | Ask::Softened } => Mark::Asked,
            Kind::Note { .. } => Mark::Note,
            _ => return,
        };
        self.marks.push(MarkedEvent { at_ms, mark });
    }

    /// This was known from then on.
    fn known(&mut self, from_ms: u64, known: RatingState) {
        match self.pieces.last_mut() {
            Some(last) if last.known == known => {}
            Some(last) if last.from_ms >= from_ms => last.known = known,
            _ => self.pieces.push(Piece { from_ms, known }),
        }
    }

    /// Makes this time a gap, replacing what it held.
    fn insert_gap(&mut self, from_ms: u64, to_ms: u64) {
        if to_ms <= from_ms {
            return;
        }
        let after = self.pieces.last().map_or(RatingState::Nothing, |piece| piece.known);
        self.pieces.retain(|piece| piece.from_ms < from_ms);
        self.pieces.push(Piece { from_ms, known: RatingState::Gap });
        self.pieces.push(Piece { from_ms: to_ms, known: after });
    }

    /// Each piece with its end.
    fn spans(&self) -> impl Iterator<Item = (u64, u64, RatingState)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.from_ms).chain([self.end_ms]);
        self.pieces.iter().zip(ends).map(|(piece, end)| (piece.from_ms, end.max(piece.from_ms), piece.known))
    }

    /// The gaps: from and to.
    #[must_use]
    pub fn gaps(&self) -> Vec<(u64, u64)> {
        self.spans()
            .filter(|(.., known)| *known == RatingState::Gap)
            .map(|(from, to, _)| (from, to))
            .collect()
    }

    /// The rating as steps, a list of corners for each stretch of time in which it was known without a break.
    #[must_use]
    pub fn stretches(&self) -> Vec<Vec<(u64, Rating)>> {
        let mut stretches: Vec<Vec<(u64, Rating)>> = Vec::new();
        let mut open = false;
        for (from, to, known) in self.spans() {
            let RatingState::Rating(rating) = known else {
                open = false;
                continue;
            };
            match stretches.last_mut().filter(|_| open) {
                Some(stretch) => stretch.extend([(from, rating), (to, rating)]),
                None => stretches.push(vec![(from, rating), (to, rating)]),
            }
            open = true;
        }
        stretches
    }

    /// This stretch of time in so many columns.
    #[must_use]
    pub fn columns(&self, from_ms: u64, to_ms: u64, columns: u16) -> Vec<Column> {
        // The end belongs to the last column: it is when the session finished.
        let end = |column| edge(from_ms, to_ms, columns, column).saturating_add(u64::from(column == columns));
        (0..columns)
            .map(|column| self.column(edge(from_ms, to_ms, columns, column), end(column + 1)))
            .collect()
    }

    fn column(&self, from: u64, to: u64) -> Column {
        let inside = |begin: u64, end: u64| begin < to.max(from.saturating_add(1)) && end > from;
        let known = self.spans().filter(|(begin, end, _)| inside(*begin, *end)).map(|(.., known)| known);
        let (mut gap, mut ratings) = (false, None);
        for known in known {
            match known {
                RatingState::Gap => gap = true,
                RatingState::Nothing => {}
                RatingState::Rating(rating) => {
                    let (lowest, highest) = ratings.unwrap_or((rating, rating));
                    ratings = Some((rating.min(lowest), rating.max(highest)));
                }
            }
        }
        let hold = self.holds.iter().find(|hold| inside(hold.began_ms, hold.ended_ms));
        let guesses = self.holds.iter().filter_map(|hold| Some((hold.guess?.0, hold.last_ms())));
        let mut guesses = guesses.filter(|(_, at)| inside(*at, at.saturating_add(1)));
        let marks = self.marks.iter().filter(|event| inside(event.at_ms, event.at_ms.saturating_add(1)));
        Column {
            ratings: ratings.filter(|_| !gap),
            gap,
            hold: hold.map(|hold| hold.outcome),
            guess: guesses.next().map(|(guess, _)| guess),
            mark: marks.map(|event| event.mark).min(),
        }
    }

    /// The phases in this stretch of time, each with its beginning and its end in it, and the hold that it was.
    #[must_use]
    pub fn phases_between(&self, from_ms: u64, to_ms: u64) -> Vec<(u64, u64, Phase, Option<usize>)> {
        let ends = self.phases.iter().skip(1).map(|(at, _)| *at).chain([self.end_ms]);
        let spans = self.phases.iter().zip(ends).map(|(&(from, phase), to)| (from, to, phase));
        spans
            .filter(|(from, to, _)| *from < to_ms && *to > from_ms)
            .map(|(from, to, phase)| {
                let hold =
                    self.holds.iter().position(|hold| phase == Phase::Holding && hold.began_ms == from);
                (from.max(from_ms), to.min(to_ms), phase, hold)
            })
            .collect()
    }

    /// The state at this moment.
    #[must_use]
    pub fn at(&self, ms: u64) -> At<'_> {
        let &(phase_from, phase) =
            last_until(&self.phases, ms, |(at, _)| *at).unwrap_or(&(0, Phase::Screening));
        let piece = last_until(&self.pieces, ms, |piece| piece.from_ms);
        let spots = &self.spots[..self.spots.partition_point(|(at, _)| *at <= ms)];
        let area = last_until(&self.areas, ms, |(at, _)| *at).map(|(_, area)| *area);
        let spot = spots.last().map(|(_, place)| *place);
        let side = spot.map(|place| place.side).or(area.map(|area| area.side));
        // Until the partner keys another position, the coach has them at the side of the knot.
        let there = if side == Some(Side::Right) { Stand::RightSide } else { Stand::LeftSide };
        let hold = self.holds.iter().position(|hold| hold.began_ms <= ms && ms < hold.ended_ms);
        let way = spots.iter().rev().map(|(_, place)| *place).take_while(|place| Some(place.side) == side);
        let mut path: Vec<StoredSpot> = way.skip(1).collect();
        path.reverse();
        path.dedup();
        let mut held: Vec<StoredSpot> = Vec::new();
        for hold in self.holds.iter().filter(|hold| hold.began_ms <= ms && hold.began_ms < hold.ended_ms) {
            held.extend(hold.place.filter(|place| !held.contains(place)));
        }
        At {
            phase,
            phase_for_ms: ms.saturating_sub(phase_from),
            known: piece.map_or(RatingState::Nothing, |piece| piece.known),
            known_for_ms: ms.saturating_sub(piece.map_or(0, |piece| piece.from_ms)),
            hold: hold.map(|index| (index + 1, &self.holds[index])),
            stand: last_until(&self.stands, ms, |(at, _)| *at).map_or(there, |(_, stand)| *stand),
            area,
            spot,
            path,
            held,
            felt: last_until(&self.felt, ms, |(at, _)| *at).and_then(|(_, felt)| *felt),
        }
    }

    /// Every SHARP that was one, by its moment.
    pub fn sharps(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.marks.iter().filter(|event| event.mark == Mark::Sharp).map(|event| event.at_ms)
    }

    /// The next SHARP after this moment.
    #[must_use]
    pub fn sharp_after(&self, ms: u64) -> Option<u64> {
        self.sharps().find(|at| *at > ms)
    }

    /// The last SHARP before this moment.
    #[must_use]
    pub fn sharp_before(&self, ms: u64) -> Option<u64> {
        self.sharps().rev().find(|at| *at < ms)
    }

    /// Ten seconds before the next SHARP for which that lies after this moment, and before the SHARP that is looked at.
    #[must_use]
    pub fn before_sharp_after(&self, ms: u64) -> Option<u64> {
        let looked_at = self.sharps().find(|at| *at == ms);
        let next = || self.sharps().find(|at| at.saturating_sub(BEFORE_SHARP) > ms);
        looked_at.or_else(next).map(|at| at.saturating_sub(BEFORE_SHARP))
    }

    /// Ten seconds before the last SHARP for which that lies before this moment.
    #[must_use]
    pub fn before_sharp_before(&self, ms: u64) -> Option<u64> {
        self.sharps().rev().map(|at| at.saturating_sub(BEFORE_SHARP)).find(|at| *at < ms)
    }
}

/// Where a column of this many begins, in this stretch of time.
const fn edge(from_ms: u64, to_ms: u64, columns: u16, column: u16) -> u64 {
    let span = to_ms.saturating_sub(from_ms) as u128;
    let columns = if columns == 0 { 1 } else { columns as u128 };
    from_ms + (span * column as u128 / columns) as u64
}

/// The moment in the middle of a column.
#[must_use]
pub const fn moment_of(column: u16, from_ms: u64, to_ms: u64, columns: u16) -> u64 {
    let (left, right) = (edge(from_ms, to_ms, columns, column), edge(from_ms, to_ms, columns, column + 1));
    left + (right - left) / 2
}

/// The column in which a moment lies; the nearest where it lies in none.
#[must_use]
pub fn column_of(ms: u64, from_ms: u64, to_ms: u64, columns: u16) -> u16 {
    let (mut low, mut high) = (0, columns.saturating_sub(1));
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if edge(from_ms, to_ms, columns, middle) <= ms {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// A stretch of this length around a moment, within the session.
#[must_use]
pub fn around(ms: u64, span_ms: u64, end_ms: u64) -> (u64, u64) {
    let span = span_ms.min(end_ms);
    let from = ms.saturating_sub(span / 2).min(end_ms - span);
    (from, from + span)
}

/// The visible stretch, moved by the least amount that brings this moment into it.
#[must_use]
pub fn follow((from_ms, to_ms): (u64, u64), ms: u64, end_ms: u64) -> (u64, u64) {
    if (from_ms..=to_ms).contains(&ms) && to_ms <= end_ms {
        (from_ms, to_ms)
    } else {
        around(ms, to_ms.saturating_sub(from_ms), end_ms)
    }
}

/// Times worth writing under a drawing, each with its column: as close together as they may be with this many columns
/// from one to the next.
#[must_use]
pub fn ticks(from_ms: u64, to_ms: u64, columns: u16, apart: u16) -> Vec<(u16, u64)> {
    const STEPS_S: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];
    let span = to_ms.saturating_sub(from_ms).max(1);
    let fits = |step: &u64| step * 1_000 * u64::from(columns) >= span.saturating_mul(apart.into());
    // A session of days, as one that was taken up again may be, has as many as fit.
    let least = (span.saturating_mul(apart.into())).div_ceil(u64::from(columns.max(1))).max(1);
    let step = STEPS_S.into_iter().find(fits).map_or(least, |step| step * 1_000);
    let first = from_ms.div_ceil(step);
    let times = (first..).map(|nth| nth.saturating_mul(step)).take_while(|at| *at < to_ms);
    times.take(columns.into()).map(|at| (column_of(at, from_ms, to_ms, columns), at)).collect()
}

/// The last of these, which are in order, that is not after this moment.
fn last_until<T>(all: &[T], ms: u64, at: impl Fn(&T) -> u64) -> Option<&T> {
    let after = all.partition_point(|one| at(one) <= ms);
    after.checked_sub(1).and_then(|last| all.get(last))
}
