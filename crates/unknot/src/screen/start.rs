//! The start screen: who lies down today, and what next.

use std::io;

use journal::SessionKind;
use tui::{Deed, Group, Help, Hint, Offer, Possible, Scene, Start, Who};
use words::{Value, Words};

use super::Known;
use super::glass::Glass;
use super::known::named;
use super::painter::Painter;
use super::session::{groups, turned};
use crate::air::{self, Lookout, Radio, Sight, texts};
use crate::clickers::Remembered;
use crate::flows::resume;
use crate::input::{Came, Input};
use crate::keys::{self, Clicker, Press};
use crate::live::Why;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Practise.
    Practise {
        /// With whom.
        receiver: Option<String>,
        /// By which plan, by its place among the known ones.
        plan: usize,
        /// Whether a practice session that was interrupted is closed for it, which was asked twice.
        close: bool,
    },
    /// A session with a clicker.
    Session {
        /// With whom.
        receiver: Option<String>,
        /// By which plan, by its place among the known ones.
        plan: usize,
        /// Whether a session that was interrupted is closed for it, which was asked twice.
        close: bool,
    },
    /// The receiver learns the clicker: the one they hold, or this keyboard.
    Learn {
        /// Which.
        held: SessionKind,
        /// Who.
        receiver: Option<String>,
        /// Whether a session that was interrupted is closed for it, which was asked twice.
        close: bool,
    },
    /// The session of this kind that was interrupted goes on.
    TakeUp(SessionKind),
    /// Pair a clicker.
    Pair,
    /// Look back.
    Review,
    /// Leave.
    Leave(Why),
}

/// The start screen while it is open.
#[derive(Debug)]
struct Open {
    start: Start,
    help: Option<usize>,
    /// What was asked for once, and would close what was interrupted.
    asked: Option<Deed>,
    interrupted: Vec<SessionKind>,
    clickers: Vec<Remembered>,
    wall: jiff::Timestamp,
    words: Words,
}

/// Shows the start screen until something is chosen.
pub(super) async fn choose<G: Glass>(
    painter: &mut Painter<G>,
    input: &mut Input,
    known: Known,
    lookout: &mut Lookout,
) -> io::Result<Choice> {
    let mut open = Open::new(known);
    loop {
        painter.draw(&open.scene())?;
        let came = tokio::select! {
            came = input.next(true) => came,
            sight = lookout.changed() => {
                open.see(&sight);
                continue;
            }
        };
        match came {
            Came::StepAside => painter.step_aside()?,
            Came::Press(press) => {
                if let Some(choice) = open.press(press, painter.rows()) {
                    return Ok(choice);
                }
            }
            Came::Again(press @ (Press::Char(_) | Press::Backspace)) if open.start.naming.is_some() => {
                open.name(press);
            }
            Came::Again(_) | Came::Pointed(_) => {}
            Came::Pasted(text) => open.pasted(&text, painter.rows()),
            Came::Resized => painter.resized()?,
            Came::GoOn => painter.lent()?,
            Came::Leave(why) => return Ok(Choice::Leave(why)),
        }
    }
}

impl Open {
    fn new(known: Known) -> Self {
        let offer = |deed, possible| Offer { deed, key: keys::start_key(deed).to_owned(), possible };
        let mut offers = vec![offer(Deed::Practise, Possible::Yes)];
        if !known.interrupted.is_empty() {
            offers.insert(0, offer(Deed::TakeUp, Possible::Yes));
        }
        offers.extend([
            offer(Deed::Session, Possible::Later),
            offer(Deed::Learn, Possible::Yes),
            offer(Deed::Pair, Possible::Later),
            offer(Deed::Review, Possible::Yes),
            offer(Deed::Quit, Possible::Yes),
        ]);
        let nobody = known.receivers.len() + 1;
        let mut interrupted = known.interrupted;
        let first = (!interrupted.is_empty()).then(|| interrupted[0].1.clone());
        let mut open = Self {
            start: Start {
                chosen: if known.receivers.is_empty() { nobody } else { 0 },
                receivers: known.receivers,
                naming: None,
                near: Vec::new(),
                plans: known.plans,
                plan: known.plan,
                offers,
                notice: known.notice.or(first),
            },
            help: None,
            asked: None,
            interrupted: interrupted.drain(..).map(|(held, _)| held).collect(),
            clickers: known.clickers,
            wall: known.wall,
            words: Words::english(),
        };
        open.see(&Sight::default());
        open
    }

    /// What is near is drawn, and what can be done with it.
    fn see(&mut self, sight: &Sight) {
        let (words, clickers) = (&self.words, &self.clickers);
        let plain = |id| words.render(id, &[]);
        let mut near = vec![match &sight.radio {
            Radio::Looking => plain(texts::START_LOOKING),
            Radio::Ready => plain(texts::START_READY),
            Radio::Not(why) => words.render(texts::START_NOT, &[("why", Value::Name(why))]),
        }];
        if clickers.is_empty() && !matches!(sight.radio, Radio::Not(_)) {
            near.push(plain(texts::START_NONE));
        }
        near.extend(clickers.iter().map(|known| {
            let seen = sight.near.iter().find(|near| near.id == known.id);
            air::known_briefly(words, known, seen.map(air::Near::steadied).as_ref(), self.wall)
        }));
        let strangers = sight.near.iter().filter(|near| clickers.iter().all(|known| known.id != near.id));
        near.extend(strangers.map(|near| air::stranger_briefly(words, &near.steadied())));
        if clickers.is_empty() {
            near.push(plain(texts::START_PRACTISE));
        }
        self.start.near = near;
        let able = match &sight.radio {
            Radio::Looking => Possible::No(plain(texts::START_WHY_LOOKING)),
            Radio::Ready => Possible::Yes,
            Radio::Not(_) => Possible::No(plain(texts::START_WHY_BLUETOOTH)),
        };
        let session = if able == Possible::Yes && clickers.is_empty() {
            let key = keys::start_key(Deed::Pair);
            Possible::No(words.render(texts::START_WHY_NOT, &[("key", Value::Name(key))]))
        } else {
            able.clone()
        };
        for offer in &mut self.start.offers {
            match offer.deed {
                Deed::Session => offer.possible = session.clone(),
                // Whoever has no adapter reads on the page how to get one going.
                Deed::Pair => offer.possible = able.clone(),
                Deed::TakeUp if self.interrupted.first() == Some(&SessionKind::InHand) => {
                    offer.possible = able.clone();
                }
                Deed::TakeUp | Deed::Practise | Deed::Learn | Deed::Review | Deed::Quit => {}
            }
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
            self.help = turned(top, press, rows, Clicker::OnKeyboard).0;
            return None;
        }
        let asked = self.asked.take();
        if self.start.naming.is_some() {
            self.name(press);
            return None;
        }
        match keys::start_act(press) {
            Some(keys::StartAct::Up) => self.start.up(),
            Some(keys::StartAct::Down) => self.start.down(),
            Some(keys::StartAct::PlanBefore) => self.start.plan_before(),
            Some(keys::StartAct::PlanAfter) => self.start.plan_after(),
            Some(keys::StartAct::Name) => self.start.begin_name(),
            Some(keys::StartAct::Choose) if self.start.who() == Who::SomeoneElse => self.start.begin_name(),
            Some(keys::StartAct::Choose) => return self.act(self.likeliest(), asked),
            Some(keys::StartAct::Do(deed)) => return self.act(deed, asked),
            Some(keys::StartAct::Help) => self.help = Some(0),
            Some(keys::StartAct::Back) => self.start.notice = Some("q quits.".to_owned()),
            None => self.start.notice = Some("That key does nothing here; ? tells the keys.".to_owned()),
        }
        None
    }

    /// What was pasted is a name where one is being typed, and elsewhere one stray key, which chooses nothing.
    fn pasted(&mut self, text: &str, rows: u16) {
        if self.start.naming.is_some() {
            text.chars().for_each(|letter| self.start.typed(letter));
        } else {
            let _chooses_nothing = self.press(Press::Other, rows);
        }
    }

    /// What whoever only presses Enter means: a session where one can be had.
    fn likeliest(&self) -> Deed {
        let session = |offer: &Offer| offer.deed == Deed::Session && offer.possible == Possible::Yes;
        if self.start.offers.iter().any(session) { Deed::Session } else { Deed::Practise }
    }

    /// Does what is chosen, if it can be done.
    fn act(&mut self, deed: Deed, asked: Option<Deed>) -> Option<Choice> {
        let can = self.start.offers.iter().find(|offer| offer.deed == deed).map(|offer| &offer.possible);
        match (can, deed) {
            (Some(Possible::Yes), Deed::Practise) => self.begin(deed, SessionKind::Practice, asked),
            (Some(Possible::Yes), Deed::Session) => self.begin(deed, SessionKind::InHand, asked),
            (Some(Possible::Yes), Deed::Learn) => {
                let held = if self.likeliest() == Deed::Session {
                    SessionKind::InHand
                } else {
                    SessionKind::Practice
                };
                self.begin(deed, held, asked)
            }
            (Some(Possible::Yes), Deed::TakeUp) => self.interrupted.first().copied().map(Choice::TakeUp),
            (Some(Possible::Yes), Deed::Pair) => Some(Choice::Pair),
            (Some(Possible::Yes), Deed::Review) => Some(Choice::Review),
            (Some(Possible::Yes), Deed::Quit) => Some(Choice::Leave(Why::Asked)),
            (Some(Possible::Later), _) => {
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

    /// Begins a session of this kind, with whoever is chosen. One that was interrupted is closed for it by a second
    /// press alone.
    fn begin(&mut self, deed: Deed, held: SessionKind, asked: Option<Deed>) -> Option<Choice> {
        let receiver = match self.start.who() {
            Who::Name(name) => Some(name.to_owned()),
            Who::SomeoneElse => {
                self.start.begin_name();
                return None;
            }
            Who::NoName => None,
        };
        let close = self.interrupted.contains(&held);
        if close && asked != Some(deed) {
            self.asked = Some(deed);
            let (again, up) = (keys::start_key(deed), keys::start_key(Deed::TakeUp));
            let up = (self.interrupted.first() == Some(&held)).then_some(up);
            self.start.notice = Some(resume::closes(&self.words, again, up));
            return None;
        }
        if deed == Deed::Learn {
            return Some(Choice::Learn { held, receiver, close });
        }
        let plan = self.start.plan;
        Some(match held {
            SessionKind::Practice => Choice::Practise { receiver, plan, close },
            SessionKind::InHand => Choice::Session { receiver, plan, close },
        })
    }

    /// A key while a name is being typed.
    fn name(&mut self, press: Press) {
        match press {
            Press::Char(letter) => self.start.typed(letter),
            Press::Backspace => self.start.rub_out(),
            Press::Enter | Press::LineEnd => {
                if let Who::Name(name) = self.start.who() {
                    let name = name.to_owned();
                    named(&mut self.start.receivers, &name);
                    self.start.chosen = 0;
                }
                self.start.naming = None;
            }
            Press::Esc => self.start.naming = None,
            Press::Up => self.start.up(),
            Press::Down => self.start.down(),
            Press::Left
            | Press::Right
            | Press::PageUp
            | Press::PageDown
            | Press::Home
            | Press::End
            | Press::Other
            | Press::Interrupt
            | Press::Suspend => {}
        }
    }
}

/// The keys of this screen, and those of a session.
fn all_groups() -> Vec<Group> {
    let here = keys::START.iter().map(|row| Hint { key: row.shown.to_owned(), what: row.what.to_owned() });
    let mut all = vec![Group { title: "Here:".to_owned(), rows: here.collect() }];
    all.extend(groups(Clicker::OnKeyboard));
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
            interrupted: interrupted
                .then(|| (SessionKind::Practice, "A session was interrupted.".to_owned()))
                .into_iter()
                .collect(),
            ..Known::default()
        })
    }

    fn press(open: &mut Open, presses: impl IntoIterator<Item = Press>) -> Option<Choice> {
        presses.into_iter().find_map(|press| open.press(press, 24))
    }

    fn practise(receiver: Option<&str>, close: bool) -> Option<Choice> {
        Some(Choice::Practise { receiver: receiver.map(str::to_owned), plan: 0, close })
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
        assert_eq!(
            press(&mut open(&[], true), [Press::Char('u')]),
            Some(Choice::TakeUp(SessionKind::Practice))
        );
        assert_eq!(press(&mut open(&[], false), [Press::Char('u')]), None);
    }

    #[test]
    fn what_is_not_there_yet_says_so() {
        for key in ['s', 'c', 'v'] {
            let mut open = open(&[], false);
            assert_eq!(press(&mut open, [Press::Char(key)]), None, "{key}");
            assert!(open.start.notice.is_some(), "{key}");
        }
    }

    #[test]
    fn looking_back_is_a_key_away() {
        assert_eq!(press(&mut open(&[], false), [Press::Char('r')]), Some(Choice::Review));
    }

    #[test]
    fn the_plan_is_chosen_by_left_and_right() {
        let plan = |name: &str| tui::Plan { name: name.to_owned(), about: String::new(), label: None };
        let plans = vec![plan("partner"), plan("ball"), plan("cane")];
        let mut open = Open::new(Known { plans, plan: 1, ..Known::default() });
        let keys = [Press::Right, Press::Right, Press::Left, Press::Char('p')];
        let chosen = Some(Choice::Practise { receiver: None, plan: 1, close: false });
        assert_eq!(press(&mut open, keys), chosen);
    }

    #[test]
    fn the_clicker_is_learned_on_the_one_that_is_there() {
        let learn = |held| Some(Choice::Learn { held, receiver: Some("Anna".to_owned()), close: false });
        assert_eq!(press(&mut open(&["Anna"], false), [Press::Char('k')]), learn(SessionKind::Practice));
    }

    #[test]
    fn enter_begins_with_the_clicker_where_one_is_paired() {
        let clicker = Remembered {
            id: "C0:12:34:56:78:9A".to_owned(),
            name: None,
            paired: "2026-01-01T10:00:00Z".to_owned(),
            battery: None,
            battery_read: None,
            firmware: None,
        };
        let mut open = Open::new(Known { clickers: vec![clicker], ..Known::default() });
        assert_eq!(press(&mut open, [Press::Enter]), practise(None, false), "the control: no Bluetooth yet");
        open.see(&Sight { radio: Radio::Ready, near: Vec::new() });
        let session = Some(Choice::Session { receiver: None, plan: 0, close: false });
        assert_eq!(press(&mut open, [Press::Enter]), session);
    }

    #[test]
    fn help_covers_the_screen_until_it_is_left() {
        let mut open = open(&[], false);
        assert_eq!(press(&mut open, [Press::Char('?'), Press::Char('p')]), None, "it only closes the help");
        assert!(matches!(open.scene(), Scene::Start(_)));
    }

    #[test]
    fn what_is_pasted_is_a_name_where_one_is_typed_and_begins_nothing() {
        let mut open = open(&["Anna"], true);
        open.pasted("p", 24);
        open.pasted("q u k", 24);
        assert_eq!((open.start.naming.clone(), open.start.who()), (None, Who::Name("Anna")));
        press(&mut open, [Press::Char('i')]);
        open.pasted("Anna Hess", 24);
        assert_eq!(open.start.who(), Who::Name("Anna Hess"));
    }
}
