//! Everything that can happen to a session, as the coach hears of it.

use core::time::Duration;

use crate::body::{Area, Side, Stand, Toward};
use crate::named::named;
use crate::rating::Rating;

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// An event of the clicker, in its place in the order. `late` is true where it arrived more than 1 s after it was
    /// made (or was made before the clicker connected): it can then only make the coach gentler.
    Click {
        /// What the clicker decided the gesture meant.
        means: Click,
        /// Whether it arrived more than 1 s after it happened.
        late: bool,
        /// Whether it answers something the clicker was showing before, and no longer is: an answer is then refused.
        passed: bool,
    },
    /// A SHARP or STOP on its way round the order. Its ordered copy steers nothing and is not an input of the coach.
    Alarm(Alarm),
    /// The partner's keyboard.
    Key(Key),
    /// What is known of the link and of the clicker's dial.
    Link(Link),
    /// Whether the store still takes entries.
    Store(StoreState),
    /// The laptop stood still for this long (suspended, or its loop stalled by more than 1 s). No timer that fell due
    /// in between was run, because nobody was there to run it.
    Gap(Duration),
    /// The program was killed or closed in mid-session and has been started again on the stored transcript.
    Resumed,
}

/// What a gesture on the clicker means. The clicker decides, by the mode it was showing; nobody reinterprets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Click {
    /// The dial was moved to (or confirmed at) this rating.
    Rating(Rating),
    /// "Same as before": the rating that stands, said afresh.
    Same(Rating),
    /// Toward the receiver's left, right, head or feet.
    Nudge(Toward),
    /// "That's the spot."
    Spot,
    /// No.
    No,
    /// Yes.
    Yes,
    /// "Say it again."
    Again,
    /// After a flush: the place beside it.
    Beside,
    /// After a flush: the same spot once more.
    SameSpot,
    /// After a flush: that is enough.
    Enough,
    /// After SHARP: it was only sharp.
    OnlySharp,
    /// After SHARP: numb, tingling or shooting elsewhere.
    Numb,
    /// After SHARP: the button slipped.
    Slipped,
    /// Ready check: the side on which the receiver feels the hand.
    Felt(Side),
    /// "Less pressure, please."
    Less,
    /// "More", asked back and confirmed on the clicker.
    More,
    /// "It has let go."
    LetGo,
}

named! {
    /// What goes around the order.
    pub enum Alarm {
        /// Sharp, electric, burning, tingling or numb.
        Sharp = "sharp",
        /// Stop at once.
        Stop = "stop",
    }
}

/// What the partner's keyboard says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Pressure off at once.
    Stop,
    /// Go on, or take what is chosen, where the phase allows. Never an answer to a question.
    GoOn,
    /// Yes, to a question; on a screening page: one of these or more.
    Yes,
    /// No, to a question; on a screening page: none of these.
    No,
    /// "That's the spot", proposed for the receiver.
    Spot,
    /// SHARP on the receiver's behalf.
    Sharp,
    /// Say it again.
    Again,
    /// Where the partner stands.
    Stand(Stand),
    /// Move the spot (locating), choose the area (screening).
    Move(Toward),
    /// Choose this area directly (screening).
    Where(Area),
    /// The muscle is warm already.
    AlreadyWarm,
    /// The receiver learns the clicker.
    Lesson,
    /// What the partner guessed aloud in the hold that is being flushed. It steers nothing.
    Guess(Rating),
    /// End the session: pressure off at once, then it is asked once more.
    End,
    /// One step back; takes back `End` while it is being asked. Never ends anything.
    Back,
}

/// The link as the session judges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// Beats arrive. `dial` is the clicker's dial as its latest beat gives it; `None` is no rating.
    Live {
        /// The clicker's dial.
        dial: Option<Rating>,
    },
    /// Silent for 1 s.
    Stale,
    /// Silent for 2 s, or the link has ended.
    Lost,
    /// The clicker restarted: its dial has no rating again.
    Restarted,
}

named! {
    /// Whether the disk still takes entries.
    pub enum StoreState {
        /// Writing failed: finish the hold, begin no new one.
        Failed = "failed",
        /// Everything is on the disk again.
        Recovered = "recovered",
    }
}
