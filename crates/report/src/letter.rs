//! A letter for a health professional, about a session that was stopped: one page of A4, as text and as HTML.
//!
//! It holds facts of that session alone: why it stopped and what was said, the answers that were given, the ratings
//! that were clicked, where was pressed, and every SHARP. It concludes nothing. What was not asked is not in it, nor
//! are notes, earlier sessions and the clicker.

use coach::screening::{Advice, Answer, Question, Weight};
use coach::{Named as _, Rating};
use maud::{DOCTYPE, PreEscaped, html};
use transcript::{Action, Answered, Entry, Header, Kind, Means, StoredSpot};
use words::{Value, Words};

use crate::measure::{Hold, measure};
use crate::text::{clock, seconds};

/// A page has room for so many holds, and so many SHARPs; a session has seldom more.
const MOST: usize = 6;

const STYLE: &str = "@page { size: A4; margin: 18mm; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; font: 10.5pt/1.4 system-ui, sans-serif; color: #1a1a1a; background: #ffffff; }
h1 { font-size: 15pt; margin: 0 0 4pt; }
h2 { font-size: 11.5pt; margin: 10pt 0 2pt; }
p, ul { margin: 3pt 0; }
ul { padding-left: 1.2em; }
.soft { color: #595959; }
@media print { body { padding: 0; max-width: none; } }
";

/// What the letter says, before it has a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    title: String,
    /// Subject of the letter, and why the session stopped.
    paragraphs: Vec<String>,
    /// A heading and its items.
    sections: Vec<(String, Vec<String>)>,
    /// What the figures are, and which session it was.
    foot: String,
}

impl Letter {
    /// The letter about this session; `None` where it was not stopped.
    #[must_use]
    pub fn of(header: &Header, entries: &[Entry], words: &Words) -> Option<Self> {
        let advice = advice(entries)?;
        let say = |id: &str, args: &[(&str, Value<'_>)]| words.render(id, args);
        let mut paragraphs = vec![say("letter-about", &[])];
        let when = crate::wall::utc(&header.wall);
        let when = Value::Name(&when);
        paragraphs.push(match &header.receiver {
            Some(name) => say("letter-who", &[("name", Value::Name(name)), ("when", when)]),
            None => say("letter-when", &[("when", when)]),
        });
        if header.clicker.is_none() {
            paragraphs.push(say("letter-practice", &[]));
        }
        let advice = words.name(advice);
        paragraphs.push(say("letter-why", &[("advised", Value::Name(&advice))]));
        let measures = measure(entries);
        let mut ratings: Vec<String> = Vec::new();
        let mut rating = |id: &str, rating: Option<Rating>| {
            ratings.extend(rating.map(|rating| say(id, &[("rating", Value::Number(rating.value().into()))])));
        };
        rating("letter-resting", measures.resting);
        rating("letter-bother-before", measures.bother[0]);
        rating("letter-bother-after", measures.bother[1]);
        let sections = [
            ("letter-answers", answers(entries, words)),
            ("letter-ratings", ratings),
            ("letter-holds", pressed(&measures.holds, entries, words)),
            ("letter-sharps", some(sharps(entries, &measures.sharps, words), words)),
        ];
        // That nothing was pressed gets a line of its own; questions that were not asked get none.
        let worth = |(id, items): &(&str, Vec<String>)| !items.is_empty() || *id == "letter-holds";
        let sections = sections.into_iter().filter(worth).map(|(id, mut items)| {
            if items.is_empty() {
                items.push(say("letter-nothing-pressed", &[]));
            }
            (say(id, &[]), items)
        });
        let id = Value::Name(&header.id);
        let version = Value::Name(&header.versions.program);
        Some(Self {
            title: say("letter-title", &[]),
            paragraphs,
            sections: sections.collect(),
            foot: say("letter-foot", &[("session", id), ("version", version)]),
        })
    }

    /// As plain text, its lines no longer than a page is wide.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut put = |first: &str, rest: &str, paragraph: &str| wrapped(&mut text, first, rest, paragraph);
        put("", "", &self.title);
        for paragraph in &self.paragraphs {
            put("\n", "", paragraph);
        }
        for (heading, items) in &self.sections {
            put("\n", "", heading);
            for item in items {
                put("- ", "  ", item);
            }
        }
        put("\n", "", &self.foot);
        text
    }

    /// As a self-contained page of HTML. What people typed is escaped by the template.
    #[must_use]
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    h1 { (self.title) }
                    @for paragraph in &self.paragraphs { p { (paragraph) } }
                    @for (heading, items) in &self.sections {
                        h2 { (heading) }
                        ul { @for item in items { li { (item) } } }
                    }
                    p.soft { (self.foot) }
                }
            }
        };
        crate::html::tame(page)
    }
}

/// The advice given when the session stopped.
fn advice(entries: &[Entry]) -> Option<Advice> {
    entries.iter().rev().find_map(|entry| match &entry.kind {
        Kind::Prompt(said) if said.id == "stopped" => match said.args.get("advice") {
            Some(transcript::Value::Name(name)) => Advice::from_name(name),
            Some(transcript::Value::Number(_)) | None => None,
        },
        _ => None,
    })
}

/// The last answer to each question: each yes in a line of its own, then every no.
fn answers(entries: &[Entry], words: &Words) -> Vec<String> {
    let mut area = String::new();
    let mut given: Vec<(Question, String, Answer, Option<String>)> = Vec::new();
    let mut lines = Vec::new();
    for entry in entries {
        match entry.kind {
            Kind::Screening(Answered::Where { side, region }) => {
                area = format!("{} {}", words.name(side), words.name(region));
            }
            Kind::Screening(Answered::Answer { question, answer, on }) => {
                let local = question.weight() == Weight::ClosesArea;
                let of = if local { area.clone() } else { String::new() };
                given.retain(|(other, there, ..)| (*other, there) != (question, &of));
                given.push((question, of, answer, on.map(|on| on.to_string())));
            }
            Kind::Screening(Answered::Since { side, out_cm, down_cm, answer }) => {
                let place = place(StoredSpot { side, out_cm, down_cm }, words);
                let answer = words.name(answer);
                let args = [("where", Value::Name(&place)), ("said", Value::Name(&answer))];
                lines.push(words.render("letter-since", &args));
            }
            _ => {}
        }
    }
    for (question, of, answer, on) in &given {
        let asked = words.name(*question);
        let asked = if of.is_empty() { asked } else { format!("{of}: {asked}") };
        let said = words.name(*answer);
        let args = [("asked", Value::Name(&asked)), ("said", Value::Name(&said))];
        match (answer, on) {
            (Answer::No, _) => {}
            (Answer::Yes | Answer::Cleared, None) => lines.push(words.render("letter-answer", &args)),
            (Answer::Yes | Answer::Cleared, Some(on)) => {
                let [asked, said] = args;
                lines.push(words.render("letter-answer-since", &[asked, said, ("told", Value::Name(on))]));
            }
        }
    }
    let no = |(question, _, answer, _): &&(Question, String, Answer, Option<String>)| {
        *answer == Answer::No
            && !given.iter().any(|(other, _, said, _)| other == question && *said != Answer::No)
    };
    let mut denied: Vec<String> = Vec::new();
    for (question, ..) in given.iter().filter(no) {
        let asked = words.name(*question);
        if !denied.contains(&asked) {
            denied.push(asked);
        }
    }
    if !denied.is_empty() {
        lines.push(words.render("letter-denied", &[("asked", Value::Name(&denied.join(" ")))]));
    }
    lines
}

/// The holds, and incomplete ones: leans that were broken off, and one without a recorded end.
fn pressed(holds: &[Hold], entries: &[Entry], words: &Words) -> Vec<String> {
    let mut lines = some(holds.iter().map(|hold| held(hold, words)).collect(), words);
    let pressings = transcript::pressings(entries);
    let leaned: Vec<_> = pressings.iter().filter(|pressing| pressing.outcome.is_none()).collect();
    if !leaned.is_empty() {
        let lasted: std::time::Duration = leaned.iter().map(|pressing| pressing.pressed.lasted).sum();
        let lasted = seconds(u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX));
        let n = Value::Number(u32::try_from(leaned.len()).unwrap_or(u32::MAX));
        lines.push(words.render("letter-leaned", &[("n", n), ("pressed", Value::Name(&lasted))]));
    }
    lines
}

fn held(hold: &Hold, words: &Words) -> String {
    let place = hold.place.map_or_else(|| words.render("letter-nowhere", &[]), |at| place(at, words));
    let pressed = seconds(hold.pressed_ms);
    let why = words.name(hold.because);
    let mut args =
        vec![("where", Value::Name(&place)), ("pressed", Value::Name(&pressed)), ("why", Value::Name(&why))];
    match hold.start_peak_end() {
        Some([_, highest, last]) => {
            args.push(("highest", Value::Number(highest.value().into())));
            args.push(("last", Value::Number(last.value().into())));
            words.render("letter-hold", &args)
        }
        None => words.render("letter-hold-unrated", &args),
    }
}

/// Each SHARP with its moment, its place and the receiver's explanation.
fn sharps(entries: &[Entry], at: &[u64], words: &Words) -> Vec<String> {
    let cries = |entry: &Entry| matches!(entry.kind, Kind::Sharp {}) && at.contains(&entry.at_ms);
    let found = entries.iter().enumerate().filter(|(_, entry)| cries(entry)).map(|(index, entry)| {
        let spot = entries[..index].iter().rev().find_map(|entry| match entry.kind {
            Kind::Spot(place) => Some(place),
            _ => None,
        });
        let place = spot.map_or_else(|| words.render("letter-nowhere", &[]), |spot| place(spot, words));
        let until = entries[index + 1..].iter().take_while(|entry| !matches!(entry.kind, Kind::Sharp {}));
        let said = words.render(explained(until), &[]);
        let when = clock(entry.at_ms);
        let args =
            [("when", Value::Name(&when)), ("where", Value::Name(&place)), ("said", Value::Name(&said))];
        words.render("letter-sharp", &args)
    });
    found.collect()
}

/// What a SHARP was said to be: by a click, or aloud and by the partner's key.
fn explained<'a>(entries: impl Iterator<Item = &'a Entry>) -> &'static str {
    let mut aloud = false;
    for entry in entries {
        match &entry.kind {
            Kind::Click { means: Means::OnlySharp, late: false, passed: false, .. } => {
                return "letter-only-sharp";
            }
            Kind::Click { means: Means::Numb, late: false, passed: false, .. } => return "letter-numb",
            Kind::Click { means: Means::Slipped, late: false, passed: false, .. } => return "letter-slipped",
            Kind::Prompt(said) if said.id == "ask-aloud" => aloud = true,
            Kind::Key { action: Action::Yes } if aloud => return "letter-numb",
            Kind::Key { action: Action::No } if aloud => return "letter-only-sharp",
            _ => {}
        }
    }
    "letter-unexplained"
}

/// As many as a page has room for, and how many more there were.
fn some(mut lines: Vec<String>, words: &Words) -> Vec<String> {
    if lines.len() > MOST {
        let more = u32::try_from(lines.len() - MOST).unwrap_or(u32::MAX);
        lines.truncate(MOST);
        lines.push(words.render("letter-more", &[("n", Value::Number(more))]));
    }
    lines
}

fn place(place: StoredSpot, words: &Words) -> String {
    let Ok(spot) = coach::body::Spot::try_from(place) else { return words.render("letter-nowhere", &[]) };
    let area = format!("{} {}", words.name(spot.area().side), words.name(spot.area().region));
    let args = [
        ("area", Value::Name(area.as_str())),
        ("out", Value::Number(place.out_cm.into())),
        ("down", Value::Number(place.down_cm.into())),
    ];
    words.render("letter-place", &args)
}

/// A page of typewritten text is so many characters wide.
const WIDTH: usize = 88;

fn wrapped(text: &mut String, first: &str, rest: &str, paragraph: &str) {
    text.push_str(first);
    let mut wide = first.trim_start_matches('\n').len();
    for (n, word) in paragraph.split_whitespace().enumerate() {
        let length = words::width(word);
        if n > 0 && wide + 1 + length > WIDTH {
            text.push('\n');
            text.push_str(rest);
            wide = rest.len();
        } else if n > 0 {
            text.push(' ');
            wide += 1;
        }
        text.push_str(word);
        wide += length;
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use coach::body::{Region, Side, Spot};
    use coach::{Because, Freshness, Outcome, Phase, Prompt};

    use super::*;
    use crate::schema::tests::header;

    fn at(kinds: impl IntoIterator<Item = Kind>) -> Vec<Entry> {
        let first = Kind::Session(Box::new(header("Ada <b>")));
        let kinds = std::iter::once(first).chain(kinds);
        kinds.zip(0_u64..).map(|(kind, n)| Entry { at_ms: n * 1_000, kind }).collect()
    }

    fn answered(question: Question, answer: Answer) -> Kind {
        Kind::Screening(Answered::Answer { question, answer, on: None })
    }

    fn stopped(advice: Advice) -> [Kind; 2] {
        let phase = Kind::Phase { from: Phase::Screening, to: Phase::Finished, because: Because::StopAnswer };
        [phase, Kind::Prompt(Prompt::Stopped { advice }.into())]
    }

    fn letter(kinds: impl IntoIterator<Item = Kind>) -> Option<Letter> {
        let entries = at(kinds);
        Letter::of(&header("Ada <b>"), &entries, &Words::english())
    }

    #[test]
    fn a_lean_that_was_broken_off_was_pressed() {
        let lean = Kind::Phase { from: Phase::Locating, to: Phase::Settling, because: Because::ThatsTheSpot };
        let back = Kind::Phase { from: Phase::Settling, to: Phase::Locating, because: Because::Nudged };
        let spot = Kind::Spot(Spot::new(Side::Left, 6, 20).unwrap().into());
        let kinds = [spot, lean.clone(), back.clone(), lean, back].into_iter().chain(stopped(Advice::Numb));
        let text = letter(kinds).unwrap().text().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!text.contains("Nothing was pressed"), "{text}");
        assert!(text.contains("2 times: for 2.0 s in all, at most."), "{text}");
    }

    fn held() -> [Kind; 6] {
        let spot = Spot::new(Side::Left, 6, 20).unwrap();
        [
            Kind::Spot(spot.into()),
            Kind::Phase { from: Phase::Settling, to: Phase::Holding, because: Because::Time },
            Kind::Freshness { state: Freshness::Live },
            Kind::Rating { value: Rating::new(4).unwrap(), late: false },
            Kind::Sharp {},
            Kind::Hold {
                outcome: Outcome::Void,
                because: Because::Sharp,
                counted_ms: 9_000,
                pressed_ms: 14_000,
            },
        ]
    }

    #[test]
    fn there_is_a_letter_about_a_stop_and_about_nothing_else() {
        assert!(letter(stopped(Advice::Fever)).is_some());
        let over = Kind::Phase { from: Phase::Heat, to: Phase::Finished, because: Because::Answered };
        assert_eq!(letter([over, Kind::Prompt(Prompt::Over.into())]), None);
    }

    #[test]
    fn it_says_why_and_what_was_answered_and_leaves_out_what_was_not_asked() {
        let area = Answered::Where { side: Side::Left, region: Region::Rhomboids };
        let kinds = [
            Kind::Screening(area),
            answered(Question::BrokenSkin, Answer::No),
            answered(Question::Fever, Answer::Yes),
            Kind::Note { text: "a private remark".to_owned(), wall: None, edits: None },
        ];
        let letter = letter(kinds.into_iter().chain(stopped(Advice::Fever))).unwrap();
        for form in [letter.text(), letter.html()] {
            let plain = form.split_whitespace().collect::<Vec<_>>().join(" ");
            for said in [
                "pressing can spread it",
                "A fever, or an infection of the whole body? yes.",
                "Answered no: Broken skin or an open wound there?",
                "Nothing was pressed in this session.",
            ] {
                assert!(plain.contains(said), "{said}: {plain}");
            }
            for left_out in ["private remark", "pregnan", "clot", "C0:12:34:56:78:9A", "sharp, electric"] {
                assert!(!plain.contains(left_out), "{left_out}: {plain}");
            }
        }
        assert!(letter.html().contains("Ada &lt;b&gt;"), "{}", letter.html());
    }

    #[test]
    fn a_sharp_is_told_with_its_place_and_what_it_was() {
        let numb = Kind::Click {
            boot: 1,
            seq: 1,
            clicked_ms: 7_000,
            late: false,
            means: Means::Numb,
            passed: false,
        };
        let text = letter(held().into_iter().chain([numb]).chain(stopped(Advice::Numb))).unwrap().text();
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let place = "left rhomboids, 6 cm out, 20 cm down";
        assert!(plain.contains(&format!("{place}: for 14")), "{plain}");
        assert!(plain.contains(&format!("{place}: asked, it was numb")), "{plain}");
        assert!(plain.contains("rated 4 at most"), "{plain}");
        let silent = letter(held().into_iter().chain(stopped(Advice::ThreeSharps))).unwrap().text();
        assert!(silent.contains("not on record"), "the control: {silent}");
    }

    #[test]
    fn however_much_there_was_it_is_one_page() {
        let much = (0..40).flat_map(|_| held());
        let every = Question::ALL.iter().map(|&question| {
            let cleared = question.weight() == Weight::StopsUnlessCleared;
            answered(question, if cleared { Answer::Cleared } else { Answer::No })
        });
        let letter = letter(every.chain(much).chain(stopped(Advice::ThreeSharps))).unwrap();
        let text = letter.text();
        // A typewritten page of A4 has some 60 to 70 lines; the page of HTML is set smaller.
        assert!(text.lines().count() <= 68, "{} lines:\n{text}", text.lines().count());
        assert!(text.contains("And 34 more."), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }
}
