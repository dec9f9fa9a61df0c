//! A large store: sessions as people have them over years, out of one seed. They are made, not played: playing ten
//! thousand takes minutes, and only their size and their variety matter here. Their chains are whole.

use std::path::Path;

use coach::body::{Region, Side, Spot};
use coach::screening::{Answer, Question};
use coach::{Because, Freshness, Named as _, Outcome, Phase, Plan, Prompt, Rating};
use jiff::{SignedDuration, Timestamp};
use journal::{Foreign, Writer};
use sim::rng::{RngStream, SeededRng};
use transcript::{Answered, Entry, Header, Kind, Means, PastKept, PlanKept, SCHEMA, Versions};

/// As the figures are stated for.
pub(crate) const SESSIONS: u32 = 10_000;

/// In one transaction: enough that the disk is not waited for, few enough that they fit into memory.
const TOGETHER: u32 = 500;

const RECEIVERS: [&str; 12] =
    ["Ada", "Bea", "Cem", "Dora", "Emil", "Fay", "Gül", "Hanna", "Ivo", "Jun", "Kofi", "Žofie"];

/// Out of which notes are made; Zipf's law is roughly kept by squaring.
pub(crate) const WORDS: [&str; 48] = [
    "the", "left", "softer", "right", "shoulder", "after", "than", "better", "last", "week", "neck", "sleep",
    "desk", "sore", "next", "day", "warm", "hot", "ball", "wall", "elbow", "thumb", "knot", "moved", "lower",
    "back", "headache", "gone", "again", "tired", "run", "swim", "long", "drive", "stress", "calm", "breath",
    "slowly", "deep", "light", "stroke", "pillow", "office", "garden", "lifting", "child", "travel", "rain",
];

/// Makes it at this path, and gives how many entries it has.
pub(crate) fn make(path: &Path) -> anyhow::Result<usize> {
    let mut dice = SeededRng::new(7, RngStream::Machines);
    let mut store = Writer::open(path)?;
    let mut entries = 0;
    let mut began: Timestamp = "2016-01-01T18:00:00Z".parse()?;
    for chunk in 0..SESSIONS / TOGETHER {
        let sessions: Vec<(Header, Vec<Entry>)> = (0..TOGETHER)
            .map(|number| {
                began += SignedDuration::from_mins(dice.between(60, 980).into());
                session(&mut dice, chunk * TOGETHER + number, began)
            })
            .collect();
        entries += sessions.iter().map(|(_, entries)| entries.len() + 1).sum::<usize>();
        let foreign: Vec<Foreign<'_>> =
            sessions.iter().map(|(header, entries)| Foreign { header, entries, closed: false }).collect();
        store.import(&foreign)?;
    }
    Ok(entries)
}

/// Some words, as a note has them or as they are searched for.
pub(crate) fn words(dice: &mut SeededRng, count: u32) -> String {
    let most = u32::try_from(WORDS.len() - 1).unwrap_or(0);
    let word = |dice: &mut SeededRng| {
        let place = dice.between(0, most) * dice.between(0, most) / most;
        WORDS[usize::try_from(place).unwrap_or(0)]
    };
    (0..count).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

fn session(dice: &mut SeededRng, number: u32, began: Timestamp) -> (Header, Vec<Entry>) {
    let receiver = match dice.between(0, 19) {
        0 => None,
        // One of them comes most often.
        1..=5 => Some(RECEIVERS[0]),
        _ => RECEIVERS.get(usize::try_from(dice.between(1, 11)).unwrap_or(0)).copied(),
    };
    let header = Header {
        learn: None,
        id: format!("01890a5d-ac96-774b-bcce-{number:012x}"),
        versions: Versions { program: "bench".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA },
        plan: PlanKept::new(&Plan::partner(), "name = \"partner\"\n"),
        seed: None,
        wall: began.to_string(),
        receiver: receiver.map(str::to_owned),
        clicker: Some("C0:12:34:56:78:9A".to_owned()),
        closed: Vec::new(),
        past: PastKept::default(),
        table: None,
    };
    let mut story = Story { dice, at_ms: 0, seq: 0, entries: Vec::new() };
    story.before(number);
    let holds = story.dice.between(1, 3);
    for hold in 0..holds {
        story.hold(hold, number);
    }
    story.after();
    (header, story.entries)
}

/// A session that is being made up.
struct Story<'a> {
    dice: &'a mut SeededRng,
    at_ms: u64,
    seq: u32,
    entries: Vec<Entry>,
}

impl Story<'_> {
    fn then(&mut self, after_ms: u32, kind: Kind) {
        self.at_ms += u64::from(self.dice.between(after_ms / 2, after_ms));
        self.entries.push(Entry { at_ms: self.at_ms, kind });
    }

    fn said(&mut self, after_ms: u32, prompt: Prompt) {
        self.then(after_ms, Kind::Prompt(prompt.into()));
    }

    fn phase(&mut self, from: Phase, to: Phase) {
        self.then(1_000, Kind::Phase { from, to, because: Because::Time });
    }

    fn rated(&mut self, after_ms: u32, value: Rating) {
        let means = Means::Rating(value);
        self.clicked(after_ms, means);
        self.then(0, Kind::Rating { value, late: false });
    }

    fn clicked(&mut self, after_ms: u32, means: Means) {
        let (seq, clicked_ms) = (self.seq, self.at_ms);
        self.seq += 1;
        self.then(after_ms, Kind::Click { boot: 1, seq, clicked_ms, late: false, means, passed: false });
    }

    fn rating(&mut self, least: u32, most: u32) -> Rating {
        u8::try_from(self.dice.between(least, most)).ok().and_then(Rating::new).unwrap_or(Rating::MIN)
    }

    /// How much it bothers somebody drops slowly over the years, and varies from day to day.
    fn bother(&mut self, number: u32) -> Rating {
        let middle = 7 - number * 4 / SESSIONS;
        self.rating(middle - 1, middle + 1)
    }

    fn before(&mut self, number: u32) {
        let side = if self.dice.per_mille(500) { Side::Left } else { Side::Right };
        let region = Region::ALL[usize::try_from(self.dice.between(0, 11)).unwrap_or(0)];
        self.then(2_000, Kind::Screening(Answered::Where { side, region }));
        for question in Question::ALL {
            self.then(
                800,
                Kind::Screening(Answered::Answer { question: *question, answer: Answer::No, on: None }),
            );
        }
        let rating = self.bother(number);
        self.then(3_000, Kind::Screening(Answered::Bother { rating, after: false }));
        self.phase(Phase::Screening, Phase::Warming);
        self.said(500, Prompt::Warm);
        self.phase(Phase::Warming, Phase::BroadStrokes);
        self.said(500, Prompt::Strokes { edge: coach::body::Edge::Ribs });
        self.then(40_000, Kind::Sharp {});
        self.said(100, Prompt::HeardThat);
        self.phase(Phase::BroadStrokes, Phase::Locating);
    }

    fn hold(&mut self, hold: u32, number: u32) {
        let side = if number.is_multiple_of(2) { Side::Left } else { Side::Right };
        let out = u8::try_from(self.dice.between(4, 10)).unwrap_or(4);
        if let Ok(spot) = Spot::new(side, out, u8::try_from(10 + hold * 2).unwrap_or(10)) {
            self.then(3_000, Kind::Spot(spot.into()));
        }
        self.clicked(2_000, Means::Spot);
        self.phase(Phase::Locating, Phase::Settling);
        self.phase(Phase::Settling, Phase::Holding);
        self.then(0, Kind::Freshness { state: Freshness::None });
        self.said(100, Prompt::HowMuch);
        let peak = self.rating(3, 6);
        self.rated(2_000, peak);
        self.then(0, Kind::Freshness { state: Freshness::Live });
        if peak > Rating::CEILING {
            self.said(0, Prompt::EaseOff { rating: peak });
        }
        // So many that with all else there are a hundred entries a session, and a million in all.
        for _ in 0..self.dice.between(9, 14) {
            let value = self.rating(2, 5);
            self.rated(3_000, value);
        }
        let (outcome, because) = match self.dice.between(0, 9) {
            0 => (Outcome::Void, Because::Sharp),
            1 | 2 => (Outcome::Cut, Because::Lost),
            _ => (Outcome::Done, Because::Time),
        };
        if outcome == Outcome::Void {
            self.then(500, Kind::Sharp {});
            self.said(0, Prompt::SharpHolding);
        }
        self.then(0, Kind::Hold { outcome, because, counted_ms: 31_000, pressed_ms: 41_000 });
        self.phase(Phase::Holding, Phase::Flushing);
        self.said(0, Prompt::Flush);
        self.at_ms += 22_000;
        self.phase(Phase::Flushing, Phase::Locating);
    }

    fn after(&mut self) {
        let rating = self.rating(2, 6);
        self.then(9_000, Kind::Screening(Answered::Bother { rating, after: true }));
        self.then(0, Kind::Finished { because: Because::Enough });
        for _ in 0..self.dice.between(0, 2) {
            let count = self.dice.between(4, 14);
            let text = words(self.dice, count);
            self.then(0, Kind::Note { text, wall: None, edits: None });
        }
    }
}
