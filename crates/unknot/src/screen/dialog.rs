//! A page of steps on the screen.

use std::io;

use tui::{Hint, Scene, Steps};

use super::glass::Glass;
use super::painter::Painter;
use crate::flows::{DialogView, Page};
use crate::front::Spoilt;

/// The screen, for a page.
#[derive(Debug)]
pub(super) struct ScreenView<'a, G>(pub(super) &'a mut Painter<G>);

impl<G: Glass> DialogView for ScreenView<'_, G> {
    fn show(&mut self, page: &Page) -> io::Result<()> {
        self.0.draw(&scene(page))
    }

    fn answers(&self) -> bool {
        true
    }

    fn keeps(&self) -> bool {
        false
    }

    fn spoilt(&mut self, how: Spoilt) -> io::Result<()> {
        match how {
            Spoilt::Resized => self.0.resized(),
            Spoilt::Lent => self.0.lent(),
        }
    }

    fn step_aside(&mut self) -> io::Result<()> {
        self.0.step_aside()
    }
}

fn scene(page: &Page) -> Scene {
    let Page { title, stop, said, now, typed, line, keys } = page.clone();
    let keys = keys.into_iter().map(|(key, what)| Hint { key, what }).collect();
    Scene::Steps(Steps { title, stop, said, now, typed, line, keys })
}
