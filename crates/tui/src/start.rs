//! The start screen as a value: who lies down today, what is near, what can be done and why something cannot.

/// A name longer than this is cut while it is typed: no line of the screen is longer, and a key that is held down
/// fills no memory.
const NAME_MAX: usize = 40;

/// The start screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Start {
    /// The receivers who are remembered, the last one first.
    pub receivers: Vec<Receiver>,
    /// Which line of the list is chosen: the receivers, then "someone else", then "no name".
    pub chosen: usize,
    /// The name that is being typed for someone else.
    pub naming: Option<String>,
    /// What is near and what is remembered, and why something is not possible; a line each, never empty: a program
    /// that looks says that it looks.
    pub near: Vec<String>,
    /// The plans that can be chosen.
    pub plans: Vec<Plan>,
    /// Which of them is.
    pub plan: usize,
    /// What can be done, in the order of the screen.
    pub offers: Vec<Offer>,
    /// A line worth reading now.
    pub notice: Option<String>,
}

/// A receiver who is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Their name.
    pub name: String,
    /// What is known of the last time, in words.
    pub last: String,
}

/// A plan that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// What it does, in a sentence.
    pub about: String,
    /// What has to be known of it wherever it is offered.
    pub label: Option<String>,
}

/// Something to do from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What.
    pub deed: Deed,
    /// Its key as the program's one table writes it.
    pub key: String,
    /// Whether it can be done now.
    pub possible: Possible,
}

/// Whether something can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Possible {
    /// It can.
    Yes,
    /// It cannot, and why, and what would help.
    No(String),
    /// This version does not have it yet.
    Later,
}

/// What can be done from the start screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A session with a clicker.
    Session,
    /// A session that was interrupted is taken up again.
    TakeUp,
    /// A session on the keyboard, without hardware.
    Practise,
    /// Learn the clicker.
    Learn,
    /// Pair a clicker.
    Pair,
    /// Look back.
    Review,
    /// Leave.
    Quit,
}

/// Who is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// This one.
    Name(&'a str),
    /// Somebody whose name is not typed yet.
    SomeoneElse,
    /// Nobody says who.
    NoName,
}

impl Start {
    /// Who is chosen.
    #[must_use]
    pub fn who(&self) -> Who<'_> {
        if let Some(name) = self.naming.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            return Who::Name(name);
        }
        match self.receivers.get(self.chosen) {
            Some(receiver) => Who::Name(&receiver.name),
            None if self.chosen == self.receivers.len() => Who::SomeoneElse,
            None => Who::NoName,
        }
    }

    /// One line up in the list of receivers. What was typed is dropped.
    pub fn up(&mut self) {
        self.naming = None;
        self.chosen = self.chosen.min(self.lines() - 1).saturating_sub(1);
    }

    /// One line down.
    pub fn down(&mut self) {
        self.naming = None;
        self.chosen = self.chosen.saturating_add(1).min(self.lines() - 1);
    }

    /// The plan before the one that is chosen.
    pub fn plan_before(&mut self) {
        self.plan = self.plan.min(self.plans.len().saturating_sub(1)).saturating_sub(1);
    }

    /// The plan after it.
    pub fn plan_after(&mut self) {
        self.plan = self.plan.saturating_add(1).min(self.plans.len().saturating_sub(1));
    }

    /// Begins to take the name of someone else.
    pub fn begin_name(&mut self) {
        self.chosen = self.receivers.len();
        self.naming = Some(String::new());
    }

    /// A letter of the name that is being typed.
    pub fn typed(&mut self, letter: char) {
        if let Some(name) = &mut self.naming
            && !letter.is_control()
            && name.chars().count() < NAME_MAX
        {
            name.push(letter);
        }
    }

    /// Takes the last letter back.
    pub fn rub_out(&mut self) {
        if let Some(name) = &mut self.naming {
            words::rub_out(name);
        }
    }

    /// The lines of the list: everybody who is remembered, someone else, no name.
    fn lines(&self) -> usize {
        self.receivers.len() + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Start {
        let receiver = |name: &str| Receiver { name: name.to_owned(), last: String::new() };
        Start { receivers: vec![receiver("Anna"), receiver("Bo")], ..Start::default() }
    }

    #[test]
    fn the_list_is_everybody_then_someone_else_then_nobody() {
        let mut start = start();
        let mut seen = Vec::new();
        for _ in 0..5 {
            seen.push(format!("{:?}", start.who()));
            start.down();
        }
        assert_eq!(seen, ["Name(\"Anna\")", "Name(\"Bo\")", "SomeoneElse", "NoName", "NoName"]);
        for _ in 0..9 {
            start.up();
        }
        assert_eq!(start.who(), Who::Name("Anna"));
    }

    #[test]
    fn a_name_that_is_typed_is_who_it_is() {
        let mut start = start();
        start.typed('x');
        assert_eq!(start.who(), Who::Name("Anna"), "nobody asked for a name");
        start.begin_name();
        assert_eq!(start.who(), Who::SomeoneElse);
        " Céline\u{7} ".chars().for_each(|letter| start.typed(letter));
        assert_eq!(start.who(), Who::Name("Céline"));
        start.rub_out();
        start.rub_out();
        assert_eq!(start.who(), Who::Name("Célin"));
        start.typed('e');
        start.typed('\u{301}');
        start.rub_out();
        assert_eq!(start.who(), Who::Name("Célin"), "a letter goes with the marks on it");
        start.up();
        assert_eq!(start.who(), Who::Name("Bo"), "what was typed is dropped");
    }

    #[test]
    fn a_name_has_an_end() {
        let mut start = start();
        start.begin_name();
        (0..1_000).for_each(|_| start.typed('ö'));
        assert_eq!(start.naming.map(|name| name.chars().count()), Some(NAME_MAX));
    }

    #[test]
    fn the_list_of_plans_has_two_ends() {
        let plan = |name: &str| Plan { name: name.to_owned(), about: String::new(), label: None };
        let mut start = Start { plans: vec![plan("partner"), plan("ball")], ..start() };
        start.plan_before();
        assert_eq!(start.plan, 0);
        start.plan_after();
        start.plan_after();
        assert_eq!(start.plan, 1);
        start.plan = usize::MAX;
        start.plan_before();
        assert_eq!(start.plan, 0);
        let mut none = Start::default();
        none.plan_after();
        none.plan_before();
        assert_eq!(none.plan, 0);
    }

    #[test]
    fn a_choice_beyond_the_list_is_no_name() {
        let mut start = Start { chosen: usize::MAX, ..start() };
        assert_eq!(start.who(), Who::NoName);
        start.up();
        assert_eq!(start.who(), Who::SomeoneElse);
    }
}
