//! From a scene to the cells that changed. Where no cell did, nothing is written.

use std::io;
use std::time::Duration;

use coach::{Prompt, Technique};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui::{Scene, Theme};
use words::Words;

use super::glass::Glass;

/// Draws scenes on a glass.
#[derive(Debug)]
pub(crate) struct Painter<G> {
    glass: G,
    words: Words,
    theme: Theme,
    /// What the glass shows.
    shown: Buffer,
    /// The next frame; kept, so that a frame costs no memory.
    next: Buffer,
}

impl<G: Glass> Painter<G> {
    /// A painter before an empty glass.
    pub(crate) fn new(glass: G, theme: Theme) -> io::Result<Self> {
        let nothing = Buffer::empty(Rect::ZERO);
        let mut painter =
            Self { glass, words: Words::english(), theme, shown: nothing.clone(), next: nothing };
        painter.resized()?;
        Ok(painter)
    }

    /// Rows there are.
    pub(crate) const fn rows(&self) -> u16 {
        self.shown.area.height
    }

    /// How long it takes to read this, as it is said where this technique leads.
    pub(crate) fn reading_time(&self, technique: Technique, prompt: &Prompt) -> Duration {
        self.words.of(technique).reading_time(prompt)
    }

    /// Whether nothing flashes.
    pub(crate) const fn is_still(&self) -> bool {
        self.theme.still
    }

    /// Shows this scene.
    pub(crate) fn draw(&mut self, scene: &Scene) -> io::Result<()> {
        self.next.reset();
        tui::draw(scene, self.next.area, &mut self.next, &self.words, &self.theme);
        let changed = self.shown.diff(&self.next);
        if !changed.is_empty() {
            self.glass.put(&changed)?;
        }
        std::mem::swap(&mut self.shown, &mut self.next);
        self.glass.show()
    }

    /// Calls for attention with the next frame.
    pub(crate) fn ring(&mut self) -> io::Result<()> {
        self.glass.ring()
    }

    /// From now on the mouse is told of, or not any more.
    pub(crate) fn tell_of_mouse(&mut self, told: bool) -> io::Result<()> {
        self.glass.tell_of_mouse(told)
    }

    /// The whole of the glass.
    pub(crate) const fn area(&self) -> Rect {
        self.shown.area
    }

    /// The glass has another size, or nobody knows what is on it: the next frame is drawn whole.
    pub(crate) fn resized(&mut self) -> io::Result<()> {
        let size = self.glass.size()?;
        let area = Rect::from((Position::ORIGIN, size));
        (self.shown, self.next) = (Buffer::empty(area), Buffer::empty(area));
        self.glass.wipe()
    }

    /// Somebody else may have had the glass.
    pub(crate) fn lent(&mut self) -> io::Result<()> {
        self.glass.again()?;
        self.resized()
    }

    /// Gives the glass to the shell until the program may go on.
    pub(crate) fn step_aside(&mut self) -> io::Result<()> {
        self.glass.step_aside()?;
        self.resized()
    }
}
