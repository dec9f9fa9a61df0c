//! The pages of flows on the screen.

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

#[cfg(test)]
mod tests {
    use coach::Technique;
    use coach::body::Table;
    use tokio::sync::mpsc::unbounded_channel;

    use super::super::glass::tests::Pane;
    use super::*;
    use crate::flows::{Dialog, Exit, LineView, table_height};
    use crate::input::Input;
    use crate::keys::Press;
    use crate::live::Why;
    use crate::terminal::{Lines, Typed};

    async fn asked(view: &mut impl DialogView, press: Press) -> Result<Option<Table>, Exit> {
        let (keys, typing) = unbounded_channel();
        keys.send(Typed::Press(press)).unwrap();
        let mut input = Input::new(typing).unwrap();
        table_height::ask(Technique::Partner, None, &mut Dialog::new(view, &mut input)).await
    }

    #[tokio::test]
    async fn a_flow_shows_and_takes_the_same_on_the_screen_and_in_lines() {
        for (press, answer) in [
            (Press::Char('b'), Ok(Some(Table::Bed))),
            (Press::Enter, Ok(None)),
            (Press::Esc, Err(Exit::Left(Why::Asked))),
            (Press::Interrupt, Err(Exit::Left(Why::Asked))),
        ] {
            let (pane, mut out) = (Pane::new(80, 24), Vec::new());
            let mut painter = Painter::new(pane.clone(), tui::Theme::default()).unwrap();
            assert_eq!(asked(&mut ScreenView(&mut painter), press).await, answer, "{press:?}");
            let mut lines = Lines::new(&mut out);
            assert_eq!(asked(&mut LineView::new(&mut lines, true), press).await, answer, "{press:?}");
            for text in [pane.text(), String::from_utf8(out).unwrap()] {
                assert!(text.contains("what does the receiver lie on?"), "{text}");
            }
        }
    }
}
