//! What is seen: plain values in, cells out. It knows of no link, no disk, no clock and no terminal; what a key does is
//! the program's one table of keys, of which hints and the help screen are handed in.
//!
//! Everything starts from the people in the room.
//!
//! **The partner** leans over a back two metres away, with oily hands. They glance up for a second and have to know
//! three things before they look down again: the number, whether it is calm, and the one thing to do. So while hands
//! may be pressing, the number is as large as the screen allows, above 5 it stands in a block of its own shape and
//! colour with the words over it, and the one instruction is two lines of large letters in a place that never moves.
//! Beside the number stands how old it is and what is being counted, by its name. While they look for the spot they
//! want to know which way: the arrow on the screen points the way their hands go, the chart is turned to where they
//! stand, and the sides are written out. While the back is flushed they have time: the last two minutes, and where the
//! spot is. They touch nothing; what can be pressed stands in the last line for the times in between.
//!
//! **The receiver** lies face down and sees none of it. For them the screen must not lie to the partner: a rating that
//! is not Live has no number ([`coach::RatingNow`] holds none, and no other value here can stand for it), a silent link
//! is written where the number was, and an alarm stays until it has been seen, whatever calmer is said meanwhile. So does a
//! sentence that keeps them safe: what is said after it waits, in small letters, until it could be read.
//!
//! **The newcomer** has read nothing. The start screen asks two things, who lies down and what next; what is not
//! possible says why, and practising needs only a keyboard. In screening and warming there is one page at a time, as
//! large as it fits, with its keys below it. At the end the screen says what is known, and what to do now: get up
//! slowly, water.
//!
//! On a screen smaller than [`LEAST`] it says what it needs, and still shows the alarm, the number, the instruction and
//! how to stop, as far as there are cells.
//!
//! ```
//! use ratatui::buffer::Buffer;
//! use ratatui::layout::Rect;
//! use tui::{Scene, Start, Theme};
//! use words::Words;
//!
//! let screen = Rect::new(0, 0, 80, 24);
//! let mut buf = Buffer::empty(screen);
//! let start = Start { near: vec!["No clicker is near.".to_owned()], ..Start::default() };
//! tui::draw(&Scene::Start(start), screen, &mut buf, &Words::english(), &Theme::default());
//! ```
//!
//! **Invariant:** drawing never panics, whatever the size and whatever the values, and writes only inside its area.

mod back;
mod board;
mod cells;
mod chart;
mod digit;
mod letters;
mod page;
mod queue;
mod review;
pub mod samples;
mod scene;
mod start;
mod strip;
mod texts;
mod theme;
mod tick;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use words::Words;

pub use board::Board;
pub use review::{
    ChartThen, Column, Filter, GUESS, Mark, NoteShown, Pane, Replay, Review, SessionRow, Span, TimelineView,
    shade, symbol,
};
pub use scene::{
    Alarm, Battery, Finished, Group, HALF_FLASH, Held, Help, Hint, Ratings, Scene, Shown, Signal, Sitting,
    Steps, Trend, flash,
};
pub use start::{Deed, Offer, Plan, Possible, Receiver, Start, Who};
pub use strip::{Piece, RatingState, STRIP, Strip};
pub use theme::{Colours, Dots, Ground, Theme};

/// The least screen that everything fits on (product: 80x24 must work).
pub const LEAST: Size = Size { width: 80, height: 24 };

/// Draws a scene over the whole of an area. The buffer is expected to be empty there, as a terminal's frame is.
pub fn draw(scene: &Scene, area: Rect, buf: &mut Buffer, words: &Words, theme: &Theme) {
    let area = area.intersection(buf.area);
    // A session is told in the words of who presses in it.
    let words = match scene {
        Scene::Sitting(sitting) => &words.of(sitting.view.technique),
        Scene::Finished(finished) => &words.of(finished.technique),
        Scene::Replay(replay) => &words.of(replay.sitting.view.technique),
        Scene::Start(_) | Scene::Steps(_) | Scene::Help(_) | Scene::Review(_) | Scene::Timeline(_) => words,
    };
    let mut canvas = page::Canvas { buf, words, theme };
    if area.width < LEAST.width || area.height < LEAST.height {
        return page::small::draw(&mut canvas, area, scene);
    }
    match scene {
        Scene::Start(start) => page::start::draw(&mut canvas, area, start),
        Scene::Steps(steps) => page::steps::draw(&mut canvas, area, steps),
        Scene::Sitting(sitting) => page::sitting::draw(&mut canvas, area, sitting),
        Scene::Finished(finished) => page::finished::draw(&mut canvas, area, finished, None),
        Scene::Help(help) => page::help::draw(&mut canvas, area, help),
        Scene::Review(review) => page::review::draw(&mut canvas, area, review),
        Scene::Timeline(line) => page::timeline::draw(&mut canvas, area, line),
        Scene::Replay(replay) => page::replay::draw(&mut canvas, area, replay),
    }
}
