//! The figures that no plan can change, each with the promise or rule it comes from.

use core::time::Duration;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Resting and bother ratings are taken when they have stood this long, so that clicking up to a number is not
/// mistaken for having reached it.
pub(crate) const RATING_TAKEN: Duration = secs(3);
/// The skin under the heat is looked at, and a click asked for, this often (domain: warming).
pub(crate) const WARM_CHECK: Duration = secs(300);
/// After-care heat ends by itself after this long; yes ends it sooner.
pub(crate) const HEAT: Duration = secs(600);
/// The ready check begins this long into the first strokes, when both have settled.
pub(crate) const READY_CHECK: Duration = secs(10);
/// Broad strokes may be ended by the partner from here on (product: 60 to 180 s).
pub(crate) const STROKES_MIN: Duration = secs(60);
/// The last seconds of settling, and the return of the signal, are counted: three, two, one.
pub(crate) const COUNTED_DOWN: u8 = 3;
/// One step of such a countdown.
pub(crate) const SECOND: Duration = secs(1);
/// A hold without a rating is cut after this long (promise 2).
pub(crate) const FIRST_RATING: Duration = secs(10);
/// "Ease off": not lower after this long ends the hold (promise 2).
pub(crate) const EASE_LOWER: Duration = secs(5);
/// "Ease off": still above the ceiling after this long ends the hold (promise 2).
pub(crate) const EASE_BELOW: Duration = secs(10);
/// "Less" twice within this, or unfollowed for this long, is as above the ceiling (promise 2).
pub(crate) const LESS: Duration = secs(10);
/// A rating has to stand this long to be the peak (product: peak).
pub(crate) const PEAK_STOOD: Duration = secs(2);
/// A rating has to stand this long to be the low that a rise is measured from (promise 2).
pub(crate) const LOW_STOOD: Duration = secs(3);
/// A fall or a rise is this many points (product, promise 2).
pub(crate) const CHANGE: u8 = 2;
/// No plan has a hold that lasts longer, from the lean.
pub const LONGEST_HOLD: Duration = secs(90);
/// Where a plan asks for it, a hold may run this long while every rating in it is low (domain: dose).
pub(crate) const LOW_HOLD: Duration = LONGEST_HOLD;
/// ... which is this and less.
pub(crate) const LOW: u8 = 3;
/// Pin and stretch is counted in repetitions this long: four seconds there, four back.
pub(crate) const REPETITION: Duration = secs(8);
/// The posture reminder (promise 7).
pub(crate) const POSTURE: Duration = secs(15);
/// The posture reminder is withheld this long after "ease off" or "less" (promise 7).
pub(crate) const POSTURE_QUIET: Duration = secs(5);
/// A rating older than this in a hold is asked for by the clicker (promise 4).
pub(crate) const ASK_BY_CLICKER: Duration = secs(15);
/// ... by voice (promise 4).
pub(crate) const ASK_BY_VOICE: Duration = secs(20);
/// ... and ends the hold (promise 4).
pub(crate) const SILENT: Duration = secs(25);
/// After a hold cut for silence: "look at them" (promise 4).
pub(crate) const LOOK_AT_THEM: Duration = secs(60);
/// At the end, how much it bothers the receiver is asked for this long; then the advice comes without it.
pub(crate) const BOTHER: Duration = secs(60);
/// A lost signal has to be back, with a fresh rating, within this (promise 4).
pub(crate) const LOST: Duration = secs(10);
/// The last stretch before the maximum is announced.
pub(crate) const TEN_SECONDS: Duration = secs(10);
/// "More" at most this often in a hold.
pub(crate) const MORES: u8 = 2;
/// "More" only at this rating and below.
pub(crate) const MORE_AT: u8 = 4;
/// A hold cut before this is none of the holds of its spot (product: limits). Pressure of less that adds up to this is asked
/// about within 48 hours.
pub(crate) const USES_UP: Duration = secs(10);
/// After SHARP the receiver is asked this much later (promise 3).
pub(crate) const ASK_SHARP: Duration = secs(5);
/// "Did you feel it somewhere else?" comes this long into the flush, when both have settled.
pub(crate) const ASK_ELSEWHERE: Duration = secs(5);
/// Where it is felt is shown within this; it is as long as the longest flush.
pub(crate) const SHOWN: Duration = FLUSH_LONGEST;
/// The longest flush (product: 20 to 60 s): as long the receiver may show where they feel it.
pub(crate) const FLUSH_LONGEST: Duration = secs(60);
/// Any question to the receiver waits this long (promise 3; product: flushing).
pub(crate) const ANSWER: Duration = secs(20);
/// SHARPs at one spot that close it (promise 3).
pub const SHARPS_A_SPOT: usize = 2;
/// SHARPs in a session that end it (promise 3).
pub(crate) const SHARPS: usize = 3;
/// A limit of the day looks back this long, over all sessions of the receiver (product: dose).
pub(crate) const DAY: Duration = secs(24 * 3600);
/// A spot that was worked within this is asked about before it is pressed again (product: dose).
pub(crate) const RECENT: Duration = secs(48 * 3600);
/// A pause this long goes back by way of broad strokes (product: STOP and pause).
pub(crate) const LONG_PAUSE: Duration = secs(300);
/// A pause this long goes back by way of screening (product: STOP and pause).
pub(crate) const VERY_LONG_PAUSE: Duration = secs(1800);
