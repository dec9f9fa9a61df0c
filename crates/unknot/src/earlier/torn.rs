//! What a session tells of which entries were lost: it is taken for whatever makes the next one more careful. An entry
//! that is lost may have been a hold, or the spot of the holds after it, or a SHARP, or an answer.

use coach::body::{Area, Spot};
use coach::screening::Question;
use coach::{Named as _, Phase, REGION_A_DAY, SHARPS_A_SPOT};
use jiff::SignedDuration;
use journal::Session;
use transcript::{Found, Kind, Readable};

use super::{ASKED_ABOUT_FOR, Told, counts};

/// As many holds use a region up for a day by every plan, and a spot sooner.
const A_DAY: usize = REGION_A_DAY as usize;

/// What is to be read of a session of which nothing is lost. A screen has two rows for it.
pub(super) fn nothing_lost(session: &Session) -> String {
    let (id, day) = (&session.id, day(session));
    format!("Of {day} an entry cannot be read (`unknot audit {id}` tells more): nothing is lost by it.")
}

/// What is to be read of a session of which something is.
pub(super) fn taken_for_pressed(session: &Session) -> String {
    let (id, day) = (&session.id, day(session));
    format!(
        "Of {day} not all can be read (`unknot show {id}`): what is lost counts as pressed, and is asked anew."
    )
}

fn day(session: &Session) -> &str {
    session.started.get(..10).unwrap_or(&session.started)
}

/// Where hands may have been, and when.
#[derive(Debug, Default)]
struct Pressed {
    at: Vec<(Spot, u64)>,
    /// How many entries are lost that may have been of the massage.
    lost: usize,
    /// How many SHARPs can be read.
    sharps: usize,
    /// It may have been anywhere in these besides.
    areas: Vec<Area>,
}

impl Pressed {
    /// It may have been there then. More than use a region up for a day tell nothing more, and the latest stand longest.
    fn lost_at(&mut self, spot: Option<Spot>, at_ms: u64) {
        let Some(spot) = spot else { return };
        let of_it = |(other, _): &(Spot, u64)| *other == spot;
        if self.at.iter().filter(|at| of_it(at)).count() >= A_DAY
            && let Some(earliest) = self.at.iter().position(of_it)
        {
            self.at.remove(earliest);
        }
        self.at.push((spot, at_ms));
    }
}

impl Told {
    /// A session of which entries are lost. It began so long ago and lasted so long.
    pub(super) fn torn(
        &mut self,
        read: &Readable,
        session: &Session,
        ago: SignedDuration,
        lasted: SignedDuration,
    ) {
        let pressed = pressed(read, session);
        for &(spot, at_ms) in &pressed.at {
            self.worked(spot, at_ms, ago);
        }
        let anywhere: Vec<Spot> = pressed.areas.iter().flat_map(|&area| all_over(area)).collect();
        for &spot in &anywhere {
            self.worked(spot, session.lasted_ms, ago);
        }
        let ended = ago.saturating_sub(lasted);
        // The list counts none where it could not read what it was to count.
        let listed = usize::try_from(session.sharps).unwrap_or(usize::MAX);
        let sharps = listed.max(pressed.sharps).saturating_add(pressed.lost);
        if ended < ASKED_ABOUT_FOR && sharps >= SHARPS_A_SPOT {
            let mut spots: Vec<Spot> = Vec::new();
            for spot in pressed.at.into_iter().map(|(spot, _)| spot).chain(anywhere) {
                if !spots.contains(&spot) {
                    spots.push(spot);
                    self.closed_by_sharp(spot, ended);
                }
            }
        }
        // What was answered last may be what is lost: nothing that was told before it stands.
        self.decided = Question::ALL.to_vec();
    }
}

/// Where hands may have been in this session.
fn pressed(read: &Readable, session: &Session) -> Pressed {
    let mut pressed = Pressed::default();
    let mut spot = None;
    // Whether a hold is on of which nothing is told yet.
    let mut open = false;
    // Whether another spot than this one may have been meanwhile, and whether that was pressed.
    let (mut moved, mut elsewhere) = (false, false);
    for found in read.all() {
        match found {
            Found::Entry(_, entry) => match entry.kind {
                Kind::Spot(place) => (spot, moved) = (Spot::try_from(place).ok(), false),
                Kind::Phase { to, .. } => open |= matches!(to, Phase::Settling | Phase::Holding),
                Kind::Hold { outcome, pressed_ms, .. } => {
                    open = false;
                    if counts(outcome, pressed_ms) {
                        elsewhere |= moved || spot.is_none();
                        pressed.at.extend(spot.map(|spot| (spot, entry.at_ms)));
                    }
                }
                // However short the hold was.
                Kind::Sharp {} => {
                    pressed.sharps += 1;
                    elsewhere |= moved;
                    pressed.lost_at(spot, entry.at_ms);
                }
                // What follows are asides.
                Kind::Finished { .. } => break,
                _ => {}
            },
            // The header, which says nothing of this.
            Found::Unread(unread) if unread.place == 0 => {}
            Found::Unread(unread) => {
                pressed.lost += 1;
                elsewhere |= moved;
                moved = true;
                pressed.lost_at(spot, read.moment(unread.place));
            }
        }
    }
    if open {
        elsewhere |= moved || spot.is_none();
        pressed.lost_at(spot, session.lasted_ms);
    }
    if elsewhere {
        pressed.areas.clone_from(&session.areas);
        for (spot, _) in &pressed.at {
            if !pressed.areas.contains(&spot.area()) {
                pressed.areas.push(spot.area());
            }
        }
        if pressed.areas.is_empty() {
            pressed.areas = Area::all().collect();
        }
    }
    pressed
}

/// Spots so close that any other of the area is the same spot as one of them.
fn all_over(area: Area) -> Vec<Spot> {
    let mut over: Vec<Spot> = Vec::new();
    for (out, down) in (0..=u8::MAX).flat_map(|down| (0..=WIDEST_CM).map(move |out| (out, down))) {
        if let Ok(spot) = Spot::new(area.side, out, down)
            && spot.area() == area
            && !over.iter().any(|other| other.is_same(spot))
        {
            over.push(spot);
        }
    }
    over
}

/// No chart is wider on one side.
const WIDEST_CM: u8 = 60;

#[cfg(test)]
mod tests {
    use coach::body::Side;

    use super::*;

    #[test]
    fn an_area_is_covered_to_its_last_centimetre() {
        for area in Area::all() {
            let over = all_over(area);
            for (out, down) in (0..=u8::MAX).flat_map(|down| (0..=u8::MAX).map(move |out| (out, down))) {
                for side in Side::ALL {
                    if let Ok(spot) = Spot::new(*side, out, down)
                        && spot.area() == area
                    {
                        assert!(over.iter().any(|other| other.is_same(spot)), "{area:?} {out} {down}");
                    }
                }
            }
        }
    }
}
