//! What a listing says of a session: made of its entries, one after the other, and of nothing else.

use coach::body::{Area, Spot};
use coach::{Because, Named as _, Outcome};
use serde::{Deserialize, Serialize};
use transcript::{Answered, Entry, Header, Kind, Presence, StoredSpot};

use crate::read::{Holds, Key, Session, SessionKind, State};

/// The summary as JSON, as the session's row has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Summary {
    pub(crate) id: String,
    started: String,
    receiver: Option<String>,
    plan: String,
    in_hand: bool,
    finished: Option<String>,
    /// The one thing that no entry says.
    pub(crate) closed: bool,
    pub(crate) presence: Presence,
    done: u32,
    void: u32,
    cut: u32,
    sharps: u32,
    areas: Vec<String>,
    /// The notes with their places, every wording of each.
    pub(crate) notes: Vec<(u32, String)>,
    /// Where the next hold would be.
    spot: Option<StoredSpot>,
    /// Nothing has been said since the last SHARP.
    sharp_last: bool,
}

impl Summary {
    /// Of a session that begins with this header.
    pub(crate) fn begin(header: &Header) -> Self {
        Self {
            id: header.id.clone(),
            started: header.wall.clone(),
            receiver: header.receiver.clone(),
            plan: header.plan.name.clone(),
            in_hand: header.clicker.is_some(),
            ..Self::unknown(String::new())
        }
    }

    /// Summary of a session with an unreadable header. It may have been a session with a receiver.
    pub(crate) fn unknown(id: String) -> Self {
        Self {
            id,
            started: String::new(),
            receiver: None,
            plan: String::new(),
            in_hand: true,
            finished: None,
            closed: false,
            presence: Presence::default(),
            done: 0,
            void: 0,
            cut: 0,
            sharps: 0,
            areas: Vec::new(),
            notes: Vec::new(),
            spot: None,
            sharp_last: false,
        }
    }

    /// Takes up what the entry at this place says.
    pub(crate) fn take(&mut self, place: u32, entry: &Entry) {
        match &entry.kind {
            Kind::Hold { outcome, .. } => {
                *match outcome {
                    Outcome::Done => &mut self.done,
                    Outcome::Void => &mut self.void,
                    Outcome::Cut => &mut self.cut,
                } += 1;
                if let Some(spot) = self.spot.and_then(|place| Spot::try_from(place).ok()) {
                    self.area(spot.area());
                }
            }
            Kind::Spot(place) => self.spot = Some(*place),
            Kind::Sharp {} => {
                self.sharps += 1;
                self.sharp_last = true;
            }
            Kind::Prompt(said) => {
                // The SHARP of the ready check is answered by this, and is none that hurt.
                if said.answers_a_trial() && self.sharp_last {
                    self.sharps = self.sharps.saturating_sub(1);
                }
                self.sharp_last = false;
            }
            Kind::Screening(Answered::Where { side, region }) => {
                self.area(Area { side: *side, region: *region });
            }
            Kind::Note { text, .. } => self.notes.push((place, text.clone())),
            Kind::Finished { because } => self.finished = Some(because.name().to_owned()),
            _ => {}
        }
        self.presence.take(entry);
    }

    fn area(&mut self, Area { side, region }: Area) {
        let words = format!("{} {}", side.name(), region.name());
        if !self.areas.contains(&words) {
            self.areas.push(words);
        }
    }

    /// As a listing has it.
    pub(crate) fn session(&self, key: Key, altered: bool) -> Session {
        Session {
            key,
            id: self.id.clone(),
            started: self.started.clone(),
            receiver: self.receiver.clone(),
            plan: self.plan.clone(),
            kind: if self.in_hand { SessionKind::InHand } else { SessionKind::Practice },
            state: match self.finished.as_deref().and_then(Because::from_name) {
                Some(because) => State::Finished(because),
                None if self.closed => State::Closed,
                None => State::Open,
            },
            lasted_ms: self.presence.lasted_ms(),
            reached_ms: self.presence.reached_ms,
            holds: Holds { done: self.done, void: self.void, cut: self.cut },
            sharps: self.sharps,
            areas: self.areas.iter().filter_map(|words| Area::from_words(words)).collect(),
            altered,
        }
    }
}
