//! The start screen: who lies down today, and what next.

use std::io;

use tokio::sync::mpsc::UnboundedReceiver;
use tui::{Deed, Group, Help, Hint, Offer, Possible, Scene, Start, Who};

use super::glass::Glass;
use super::painter::Painter;
use super::session::{groups, turned};
use super::{Came, Known, came};
use crate::keys::{self, Press};
use crate::live::Why;
use crate::signals::Signals;
use crate::terminal::Typed;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Practise.
    Practise {
        /// With whom.
        receiver: Option<String>,
        /// Whether a session that was interrupted is closed for it, which was asked twice.
        close: bool,
    },
    /// The session that was interrupted goes on.
    TakeUp,
    /// Leave.
    Leave(Why),
}

/// The start screen while it is open.
#[derive(Debug)]
struct Open {
    start: Start,
    help: Option<usize>,
    /// Whether practising was asked for once, and would close what was interrupted.
    asked: bool,
}

/// Shows the start screen until something is chosen.
pub(super) async fn choose<G: Glass>(
    painter: &mut Painter<G>,
    keys: &mut UnboundedReceiver<Typed>,
    signals: &mut Signals,
    known: Known,
) -> io::Result<Choice> {
    let mut open = Open::new(known);
    loop {
        painter.draw(&open.scene())?;
        match came(keys, signals).await {
            Came::Press(Press::Suspend) | Came::StepAside => painter.step_aside()?,
            Came::Press(press) => {
                if let Some(choice) = open.press(press, painter.rows()) {
                    return Ok(choice);
                }
            }
            Came::Resized => painter.resized()?,
            Came::GoOn => painter.lent()?,
            Came::Leave(why) => return Ok(Choice::Leave(why)),
        }
    }
}

impl Open {
    fn new(known: Known) -> Self {
        let no_bluetooth = || Possible::No("this build has no Bluetooth".to_owned());
        let offer = |deed, possible| Offer { deed, key: keys::start_key(deed).to_owned(), possible };
        let mut offers = vec![offer(Deed::Practise, Possible::Yes)];
        if known.interrupted.is_some() {
            offers.insert(0, offer(Deed::TakeUp, Possible::Yes));
        }
        offers.extend([
            offer(Deed::Session, no_bluetooth()),
            offer(Deed::Pair, no_bluetooth()),
            offer(Deed::Review, Possible::Later),
            offer(Deed::Settings, Possible::Later),
            offer(Deed::Quit, Possible::Yes),
        ]);
        let nobody = known.receivers.len() + 1;
        Self {
            start: Start {
                chosen: if known.receivers.is_empty() { nobody } else { 0 },
                receivers: known.receivers,
                naming: None,
                near: vec![
                    "Bluetooth clickers come later: this build has no Bluetooth.".to_owned(),
                    "To practise, this keyboard is the clicker, and nobody is touched.".to_owned(),
                ],
                offers,
                notice: known.notice.or(known.interrupted),
            },
            help: None,
            asked: false,
        }
    }

    fn scene(&self) -> Scene {
        match self.help {
            Some(top) => Scene::Help(Box::new(Help { groups: all_groups(), top, behind: None })),
            None => Scene::Start(self.start.clone()),
        }
    }

    fn press(&mut self, press: Press, rows: u16) -> Option<Choice> {
        if press == Press::Interrupt {
            return Some(Choice::Leave(Why::Asked));
        }
        if let Some(top) = self.help {
            self.help = turned(top, press, rows).0;
            return None;
        }
        let asked = std::mem::take(&mut self.asked);
        if self.start.naming.is_some() {
            self.name(press);
            return None;
        }
        match keys::start_act(press) {
            Some(keys::StartAct::Up) => self.start.up(),
            Some(keys::StartAct::Down) => self.start.down(),
            Some(keys::StartAct::Name) => self.start.begin_name(),
            Some(keys::StartAct::Choose) if self.start.who() == Who::SomeoneElse => self.start.begin_name(),
            Some(keys::StartAct::Choose) => return self.act(Deed::Practise, asked),
            Some(keys::StartAct::Do(deed)) => return self.act(deed, asked),
            Some(keys::StartAct::Help) => self.help = Some(0),
            Some(keys::StartAct::Back) => self.start.notice = Some("q quits.".to_owned()),
            None => self.start.notice = Some("That key does nothing here; ? tells the keys.".to_owned()),
        }
        None
    }

    /// Does what is chosen, if it can be done.
    fn act(&mut self, deed: Deed, asked: bool) -> Option<Choice> {
        let can = self.start.offers.iter().find(|offer| offer.deed == deed).map(|offer| &offer.possible);
        let interrupted = self.start.offers.iter().any(|offer| offer.deed == Deed::TakeUp);
        match (can, deed) {
            (Some(Possible::Yes), Deed::Practise) if self.start.who() == Who::SomeoneElse => {
                self.start.begin_name();
                None
            }
            (Some(Possible::Yes), Deed::Practise) if interrupted && !asked => {
                self.asked = true;
                let (again, up) = (keys::start_key(Deed::Practise), keys::start_key(Deed::TakeUp));
                self.start.notice = Some(format!(
                    "This would close the interrupted session for good. {again} again does so and begins a new one; \
                     {up} takes it up."
                ));
                None
            }
            (Some(Possible::Yes), Deed::Practise) => {
                let receiver = match self.start.who() {
                    Who::Name(name) => Some(name.to_owned()),
                    Who::SomeoneElse | Who::NoName => None,
                };
                Some(Choice::Practise { receiver, close: interrupted })
            }
            (Some(Possible::Yes), Deed::TakeUp) => Some(Choice::TakeUp),
            (Some(Possible::Yes), Deed::Quit) => Some(Choice::Leave(Why::Asked)),
            (Some(Possible::Yes), Deed::Session | Deed::Pair | Deed::Review | Deed::Settings)
            | (Some(Possible::Later), _) => {
                self.start.notice = Some("This version does not have that yet.".to_owned());
                None
            }
            (Some(Possible::No(why)), _) => {
                self.start.notice = Some(format!("Not now: {why}."));
                None
            }
            (None, _) => {
                self.start.notice = Some("There is no interrupted session.".to_owned());
                None
            }
        }
    }

    /// A key while a name is being typed.
    fn name(&mut self, press: Press) {
        match press {
            Press::Char(letter) => self.start.typed(letter),
            Press::Backspace => self.start.rub_out(),
            Press::Enter | Press::LineEnd => {
                if let Who::Name(name) = self.start.who() {
                    let (name, last) = (name.to_owned(), String::new());
                    self.start.receivers.retain(|receiver| receiver.name != name);
                    self.start.receivers.insert(0, tui::Receiver { name, last });
                    self.start.chosen = 0;
                }
                self.start.naming = None;
            }
            Press::Esc => self.start.naming = None,
            Press::Up => self.start.up(),
            Press::Down => self.start.down(),
            Press::Left | Press::Right | Press::Other | Press::Interrupt | Press::Suspend => {}
        }
    }
}

/// The keys of this screen, and those of a session.
fn all_groups() -> Vec<Group> {
    let here = keys::START.iter().map(|row| Hint { key: row.shown.to_owned(), what: row.what.to_owned() });
    let mut all = vec![Group { title: "Here:".to_owned(), rows: here.collect() }];
    all.extend(groups());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(names: &[&str], interrupted: bool) -> Open {
        let receivers =
            names.iter().map(|name| tui::Receiver { name: (*name).to_owned(), last: String::new() });
        Open::new(Known {
            receivers: receivers.collect(),
            interrupted: interrupted.then(|| "A session was interrupted.".to_owned()),
            notice: None,
        })
    }

    fn press(open: &mut Open, presses: impl IntoIterator<Item = Press>) -> Option<Choice> {
        presses.into_iter().find_map(|press| open.press(press, 24))
    }

    fn practise(receiver: Option<&str>, close: bool) -> Option<Choice> {
        Some(Choice::Practise { receiver: receiver.map(str::to_owned), close })
    }

    #[test]
    fn a_newcomer_practises_with_one_key() {
        assert_eq!(press(&mut open(&[], false), [Press::Enter]), practise(None, false));
        assert_eq!(press(&mut open(&[], false), [Press::Char('p')]), practise(None, false));
    }

    #[test]
    fn the_last_receiver_is_chosen_and_another_is_a_line_away() {
        assert_eq!(
            press(&mut open(&["Anna", "Bo"], false), [Press::Char('p')]),
            practise(Some("Anna"), false)
        );
        assert_eq!(
            press(&mut open(&["Anna", "Bo"], false), [Press::Down, Press::Enter]),
            practise(Some("Bo"), false)
        );
        let none = [Press::Down, Press::Down, Press::Down, Press::Down, Press::Enter];
        assert_eq!(press(&mut open(&["Anna", "Bo"], false), none), practise(None, false));
    }

    #[test]
    fn a_name_is_typed_and_its_letters_are_no_keys() {
        let mut open = open(&["Anna"], false);
        let typed = [Press::Down, Press::Enter].into_iter().chain("Kim qp".chars().map(Press::Char));
        assert_eq!(press(&mut open, typed), None);
        assert_eq!(press(&mut open, [Press::Enter, Press::Enter]), practise(Some("Kim qp"), false));
    }

    #[test]
    fn escape_takes_a_name_back_and_never_quits() {
        let mut open = open(&["Anna"], false);
        assert_eq!(press(&mut open, [Press::Down, Press::Enter, Press::Char('K'), Press::Esc]), None);
        assert_eq!(open.start.naming, None);
        assert_eq!(press(&mut open, [Press::Esc, Press::Esc]), None);
    }

    #[test]
    fn what_was_interrupted_is_closed_by_a_second_press_alone() {
        let p = Press::Char('p');
        assert_eq!(press(&mut open(&[], true), [p]), None);
        assert_eq!(press(&mut open(&[], true), [p, Press::Up, p]), None, "another key takes it back");
        assert_eq!(press(&mut open(&[], true), [p, p]), practise(None, true));
        assert_eq!(press(&mut open(&[], true), [Press::Char('u')]), Some(Choice::TakeUp));
        assert_eq!(press(&mut open(&[], false), [Press::Char('u')]), None);
    }

    #[test]
    fn what_is_not_there_yet_says_so() {
        for key in ['s', 'c', 'r', 'o', 'k'] {
            let mut open = open(&[], false);
            assert_eq!(press(&mut open, [Press::Char(key)]), None, "{key}");
            assert!(open.start.notice.is_some(), "{key}");
        }
    }

    #[test]
    fn help_covers_the_screen_until_it_is_left() {
        let mut open = open(&[], false);
        assert_eq!(press(&mut open, [Press::Char('?'), Press::Char('p')]), None, "it only closes the help");
        assert!(matches!(open.scene(), Scene::Start(_)));
    }
}
