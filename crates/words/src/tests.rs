//! Held over every sentence there is, with every argument it can have.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use coach::body::{Movement, Referral, Region, SAME_SPOT_CM, Seen, Side, Stand, Table, Toward};
use coach::screening::{Advice, Page, Question};
use coach::{Lesson, Level, Named, Prompt, Rating, Refusal, Technique, Tried, Urgency, What};

use crate::{Spoken, Value, Words, named, values};

const FILE: &str = include_str!("../en.ftl");

/// Prompts that are read at leisure and say too much for two lines: they have no form for the big screen.
const READ_AT_LEISURE: &[&str] = &[
    "where",
    "ask-page",
    "ask-question",
    "ask-clearance",
    "ask-still",
    "ask-rest",
    "ask-since",
    "ask-skin",
    "ask-again",
    "area-closed",
    "refused",
];

/// Every prompt with every argument.
fn every_prompt() -> Vec<Prompt> {
    let mut all = vec![
        Prompt::AskResting,
        Prompt::AskBother,
        Prompt::NoHoldsToday,
        Prompt::Warm,
        Prompt::WarmCheck,
        Prompt::WarmEnough,
        Prompt::OfferLesson,
        Prompt::Learnt,
        Prompt::TrySharp,
        Prompt::HeardThat,
        Prompt::Ready,
        Prompt::NotFinding,
        Prompt::Proposed,
        Prompt::FeelForSpine,
        Prompt::DayUsed,
        Prompt::LeaveSpot,
        Prompt::HowMuch,
        Prompt::Hold,
        Prompt::StillThere,
        Prompt::LittleLess,
        Prompt::StepUp,
        Prompt::Less,
        Prompt::More,
        Prompt::Softened,
        Prompt::TenSeconds,
        Prompt::CountStopped,
        Prompt::CountGoesOn,
        Prompt::ReleaseLetGo,
        Prompt::ReleaseHardlyHurt,
        Prompt::ReleaseMaximum,
        Prompt::LetGoAbove,
        Prompt::NoRating,
        Prompt::Silent,
        Prompt::LookAtThem,
        Prompt::NoSignalPressing,
        Prompt::NoSignal,
        Prompt::SignalBack,
        Prompt::ClickerRestarted,
        Prompt::SharpHolding,
        Prompt::SharpLeaning,
        Prompt::SharpTouching,
        Prompt::SharpHeat,
        Prompt::SharpStretch,
        Prompt::SharpResting,
        Prompt::AskSharp,
        Prompt::AskAloud,
        Prompt::SpotClosed,
        Prompt::Flush,
        Prompt::FlushAround,
        Prompt::AskElsewhere,
        Prompt::WhereFelt,
        Prompt::AskNext,
        Prompt::SameSpotAgain,
        Prompt::Limit,
        Prompt::HeatAndWater,
        Prompt::Over,
        Prompt::StopNow,
        Prompt::PausedForReceiver,
        Prompt::PausedForPartner,
        Prompt::ReallyEnd,
        Prompt::GapCut,
        Prompt::TakenUpAgain,
        Prompt::StoreFailed,
        Prompt::StoreRecovered,
    ];
    for table in perhaps::<Table>() {
        all.extend(Stand::ALL.iter().map(|&stand| Prompt::StandAt { stand, table }));
        all.extend(Region::ALL.iter().map(|&region| Prompt::Posture { region, table }));
    }
    all.extend(coach::body::Edge::ALL.iter().map(|&edge| Prompt::Strokes { edge }));
    all.extend(Toward::ALL.iter().map(|&toward| Prompt::FeltMoved { toward }));
    all.extend(Referral::ALL.iter().map(|&referral| Prompt::FeltThere { referral }));
    for &movement in Movement::ALL {
        all.extend([Prompt::Stretch { movement }, Prompt::StretchOther { movement }]);
    }
    for &region in Region::ALL {
        all.extend(perhaps().map(|tool| Prompt::LeanIn { region, tool }));
    }
    for &movement in Movement::ALL {
        all.extend((1..=4).map(|n| Prompt::Repeat { n, movement }));
    }
    for &side in Side::ALL {
        all.extend([Prompt::RestHand { side }, Prompt::OtherSide { side }]);
        for &region in Region::ALL {
            all.extend([
                Prompt::Where { side, region },
                Prompt::AreaClosed { side, region },
                Prompt::AskSkin { side, region },
                Prompt::LeaveArea { side, region },
                Prompt::Locate { side, region },
            ]);
        }
    }
    for &toward in Toward::ALL {
        for &seen in Seen::ALL {
            all.extend([Prompt::Nudged { toward, seen }, Prompt::MoveBeside { toward, seen }]);
        }
    }
    all.extend((0..=2).map(|hours| Prompt::AskSince { side: Side::Left, region: Region::Rhomboids, hours }));
    all.extend((0..=2).map(|hours| Prompt::AskAgain { hours }));
    all.extend((1..=2).flat_map(|holds| (0..=2).map(move |hours| Prompt::Worked { holds, hours })));
    for &question in Question::ALL {
        all.extend((1..=12).map(|month| Prompt::AskStill { question, year: 2026, month, day: 9 }));
    }
    all.extend(Page::ALL.iter().flat_map(|&page| [Prompt::AskPage { page }, Prompt::AskRest { page }]));
    all.extend(Question::ALL.iter().map(|&question| Prompt::AskQuestion { question }));
    all.extend(Question::ALL.iter().map(|&question| Prompt::AskClearance { question }));
    all.extend(Advice::ALL.iter().map(|&advice| Prompt::Stopped { advice }));
    for rating in (1..=10).filter_map(Rating::new) {
        all.extend([
            Prompt::EaseOff { rating },
            Prompt::Guessed { guess: rating, rating },
            Prompt::HandsOff { rating },
            Prompt::LighterStrokes { rating },
            Prompt::LighterTouch { rating },
            Prompt::EaseBack { rating },
            Prompt::EaseStretch { rating },
        ]);
    }
    for &lesson in Lesson::ALL {
        all.extend(Tried::ALL.iter().map(|&tried| Prompt::Learn { lesson, tried }));
    }
    all.extend((0..=5).map(|n| Prompt::Countdown { n }));
    all.extend((0..=90).map(|seconds| Prompt::HoldOn { seconds }));
    for &what in What::ALL {
        all.extend(Refusal::ALL.iter().map(|&why| Prompt::Refused { what, why }));
    }
    all
}

/// Every value, and none.
fn perhaps<T: Named>() -> impl Iterator<Item = Option<T>> {
    T::ALL.iter().copied().map(Some).chain([None])
}

/// The ids of the messages in the file, as they stand in it.
fn ids_in_file() -> Vec<&'static str> {
    FILE.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
        .collect()
}

/// The ids of the sentences that only the terminal screen has, and of those that tell of clickers on the air. Who
/// writes them holds the list; what they may not say is held here.
fn screens() -> impl Iterator<Item = &'static str> {
    let of_a_screen = |id: &&str| {
        ["screen-", "air-", "letter-", "since-", "resume-", "table-height-", "review-", "voice-", "flash-"]
            .iter()
            .any(|start| id.starts_with(start))
    };
    ids_in_file().into_iter().filter(of_a_screen)
}

/// The words of every technique.
fn every_technique() -> impl Iterator<Item = Words> {
    Technique::ALL.iter().map(|&technique| Words::english().of(technique))
}

/// Every sentence with its id: prompts with every argument, in both forms, and the names of values; in the words of
/// every technique.
fn every_sentence() -> Vec<(String, String)> {
    every_technique().flat_map(|words| sentences_in(&words)).collect()
}

/// Every prompt with the words of every technique.
fn in_every_technique() -> impl Iterator<Item = (Words, Prompt)> {
    every_technique().flat_map(|words| every_prompt().into_iter().map(move |prompt| (words.clone(), prompt)))
}

fn sentences_in(words: &Words) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for prompt in every_prompt() {
        all.push((prompt.id().to_owned(), words.prompt(&prompt)));
        all.push((prompt.id().to_owned(), words.spoken(&prompt)));
        all.extend(words.screen(&prompt).map(|text| (prompt.id().to_owned(), text)));
    }
    all.extend(named::ids().into_iter().map(|id| (id.clone(), words.render(&id, &[]))));
    all.extend(screens().map(|id| (id.to_owned(), words.render(id, &[]))));
    all
}

#[test]
fn the_list_above_leaves_no_prompt_out() {
    let covered: BTreeSet<&str> = every_prompt().iter().map(Prompt::id).collect();
    assert_eq!(covered, Prompt::IDS.iter().copied().collect());
}

#[test]
fn the_file_holds_every_id_once_and_no_other() {
    let mut wanted: BTreeMap<String, usize> = BTreeMap::new();
    let screens = screens().collect::<BTreeSet<_>>().into_iter().map(str::to_owned);
    for id in Prompt::IDS.iter().map(|&id| id.to_owned()).chain(named::ids()).chain(screens) {
        *wanted.entry(id).or_default() += 1;
    }
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids_in_file() {
        *there.entry(id.to_owned()).or_default() += 1;
    }
    assert_eq!(there, wanted);
}

#[test]
fn the_file_is_fluent_to_its_last_line() {
    let parsed = fluent_bundle::FluentResource::try_new(FILE.to_owned());
    assert!(parsed.is_ok(), "{:?}", parsed.err().map(|(_, errors)| errors));
}

#[test]
fn every_prompt_renders_whole_with_every_argument() {
    for (words, prompt) in in_every_technique() {
        let args = values(&prompt.args());
        for form in [None, Some("screen")] {
            let mut wrong = Vec::new();
            let text = words.form(prompt.id(), form, &args, &mut wrong);
            assert_eq!(wrong, Vec::<String>::new());
            let Some(text) = text else {
                assert!(form.is_some(), "{} has no sentence", prompt.id());
                continue;
            };
            assert!(!text.trim().is_empty(), "{} is empty", prompt.id());
            let marks = |c: char| "{}[]$\u{2068}\u{2069}".contains(c);
            assert!(!text.contains(marks), "{}: {text}", prompt.id());
        }
    }
}

#[test]
fn every_argument_that_is_a_name_is_said_in_words() {
    let words = Words::english();
    for prompt in every_prompt() {
        for (key, value) in values(&prompt.args()) {
            let Value::Name(name) = value else { continue };
            assert!(words.named(key, name).is_some(), "{}: nothing says {key} {name}", prompt.id());
        }
    }
}

#[test]
fn every_refusal_gives_its_reason_and_says_what_to_do() {
    let words = Words::english();
    for &why in Refusal::ALL {
        let text = words.name(why);
        let sentences =
            text.split_inclusive(['.', '?']).filter(|sentence| !sentence.trim().is_empty()).count();
        assert!(sentences >= 2, "{why} has one sentence: {text}");
        for &what in What::ALL {
            assert!(words.prompt(&Prompt::Refused { what, why }).contains(&text), "{what} {why}");
        }
    }
    let texts: BTreeSet<String> = Refusal::ALL.iter().map(|&why| words.name(why)).collect();
    assert_eq!(texts.len(), Refusal::ALL.len(), "two refusals say the same");
}

/// What the screen puts first, and how loud it is, are two lists; they agree about what is an alarm.
#[test]
fn an_alarm_is_loud_and_nothing_else_is() {
    for prompt in every_prompt() {
        let loud = prompt.level() >= Level::Medium;
        assert_eq!(prompt.urgency() == Urgency::Alarm, loud, "{}", prompt.id());
    }
}

/// An alarm has all its words in one line of the least screen, below its large letters.
#[test]
fn an_alarm_fits_one_line_of_the_least_screen() {
    for (words, prompt) in in_every_technique() {
        let text = words.prompt(&prompt);
        let long = prompt.urgency() == Urgency::Alarm && text.chars().count() > 78;
        assert!(!long, "{}: {text}", prompt.id());
    }
}

#[test]
fn a_sentence_is_read_at_sixty_milliseconds_a_character_and_in_two_seconds_at_least() {
    let words = Words::english();
    assert_eq!(words.prompt(&Prompt::FeelForSpine).len(), 65);
    assert_eq!(words.reading_time(&Prompt::FeelForSpine), Duration::from_millis(3_900));
    assert_eq!(words.reading_time(&Prompt::StopNow), Duration::from_secs(2));
}

#[test]
fn where_another_spot_begins_is_said_as_it_is_reckoned() {
    let words = Words::english();
    let further = format!("more than {SAME_SPOT_CM} cm away");
    for why in [Refusal::ClosedBySharp, Refusal::SpotUsed, Refusal::SpotToday, Refusal::LeftAlone] {
        assert!(words.name(why).contains(&further), "{}", words.name(why));
    }
}

#[test]
fn the_form_for_the_big_screen_is_at_most_two_lines_of_twenty() {
    for (words, prompt) in in_every_technique() {
        let at_leisure = READ_AT_LEISURE.contains(&prompt.id());
        let Some(text) = words.screen(&prompt) else {
            assert!(at_leisure, "{} has no form for the big screen", prompt.id());
            continue;
        };
        assert!(!at_leisure, "{} has a form for the big screen after all", prompt.id());
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() <= 2, "{}: {lines:?}", prompt.id());
        for line in lines {
            assert!(line.chars().count() <= 20 && line == line.trim(), "{}: {line:?}", prompt.id());
        }
    }
}

/// Words that ask hands for more.
const URGING: &[&str] = &[
    "harder",
    "deeper",
    "firmer",
    "firmly",
    "stronger",
    "heavier",
    "push",
    "squeeze",
    "more pressure",
    "press more",
    "more weight",
    "further in",
    "lean more",
    "dig",
    "increase",
    "a little more",
    "more, slowly",
    "bear down",
];

#[test]
fn nothing_urges_toward_more_pressure_except_the_receivers_own_word() {
    let urges = |text: &str| {
        // A digit is nothing that digs.
        let text = text.to_lowercase().replace("digit", "");
        URGING.iter().find(|&&word| text.replace(&format!("no {word}"), "").contains(word)).copied()
    };
    let mut passed_on = 0;
    for (id, text) in every_sentence() {
        // What the receiver asked for is passed on by one prompt, and named by one value in reports.
        if id == "more" || id == "ask-more" {
            passed_on += usize::from(urges(&text).is_some());
        } else {
            assert_eq!(urges(&text), None, "{id}: {text}");
        }
    }
    assert_eq!(
        passed_on,
        4 * Technique::ALL.len(),
        "the list of words knows neither form of `more`, so it proves nothing"
    );
    assert_eq!(urges("Press a little deeper."), Some("deeper"));
    assert_eq!(urges("From the hips, no harder."), None);
}

#[test]
fn nothing_claims_to_diagnose_treat_or_cure() {
    let claims =
        ["treat", "cure", "heal ", "heals", "therap", "diagnos", "medic", "relieve", "trigger point"];
    for (id, text) in every_sentence() {
        let lower = text.to_lowercase();
        assert_eq!(claims.iter().find(|&&claim| lower.contains(claim)), None, "{id}: {text}");
    }
}

/// Words that name a second person.
const ANOTHER: &[&str] = &[
    "receiver",
    "partner",
    "their",
    "they",
    "ask them",
    "at them",
    "both of you",
    "you both",
    "from your hips",
    "hands off",
];

#[test]
fn alone_it_is_you_and_nobody_else() {
    let alone = |technique: &&Technique| technique.is_alone();
    for &technique in Technique::ALL.iter().filter(alone) {
        let words = Words::english().of(technique);
        let named = |id: &str| {
            // The last of these is asked of two people alone.
            let kinds = [
                "technique-",
                "what-",
                "stand-",
                "phase-",
                "screen-",
                "air-",
                "why-hands-only",
                "stop-answer",
                "resume-",
                "table-height-",
                "letter-",
                "review-",
            ];
            kinds.iter().any(|kind| id.starts_with(kind))
        };
        for (id, text) in sentences_in(&words).into_iter().filter(|(id, _)| !named(id)) {
            // Between blanks, so that "their" is not found in "weather".
            let plain: String =
                text.to_lowercase().chars().map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
            let plain = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
            let found = ANOTHER.iter().find(|&&another| plain.contains(&format!(" {another} ")));
            assert_eq!(found, None, "{technique}: {id}: {text}");
        }
    }
    let prompt = Prompt::LeanIn { region: Region::Rhomboids, tool: None };
    let said = |technique| Words::english().of(technique).prompt(&prompt);
    assert_eq!(said(Technique::Ball), "Lean into the wall, slowly.");
    assert_eq!(said(Technique::Cane), "Draw the hook in with both arms, slowly.");
    assert_eq!(said(Technique::PinAndStretch), "Pin it: lean in slowly against wall or floor.");
}

#[test]
fn pin_and_stretch_says_what_is_moved() {
    let words = Words::english().of(Technique::PinAndStretch);
    let repeat = Prompt::Repeat { n: 2, movement: Region::ThoracicParaspinals.movement() };
    assert_eq!(words.prompt(&repeat), "2: lift the arm of that side overhead, slowly there and back.");
}

#[test]
fn what_is_spoken_is_short() {
    // Some twenty words take seven seconds to say. Questions are read out before anybody presses, and may be longer.
    for (words, prompt) in in_every_technique() {
        if prompt.level() < Level::Low && !READ_AT_LEISURE.contains(&prompt.id()) {
            let text = words.prompt(&prompt);
            assert!(text.split_whitespace().count() <= 24, "{}: {text}", prompt.id());
        }
    }
}

#[test]
fn alarms_are_a_few_words() {
    // They are said over hands at work; the longest is the ready check's, which ends in its question.
    for (words, prompt) in in_every_technique().filter(|(_, prompt)| prompt.level() == Level::High) {
        let text = words.prompt(&prompt);
        assert!(text.split_whitespace().count() <= 15, "{}: {text}", prompt.id());
    }
}

#[test]
fn the_given_lines_stand_as_given() {
    let words = Words::english();
    let region = Region::Rhomboids;
    assert_eq!(words.prompt(&Prompt::LeanIn { region, tool: None }), "Lean in slowly, from your hips.");
    assert_eq!(
        words.prompt(&Prompt::Posture { region, table: None }),
        "From the hips, hands soft, no harder."
    );
    assert_eq!(
        words.prompt(&Prompt::FeelForSpine),
        "Feel for the bumps of the spine: you are two fingers beside them."
    );
    assert_eq!(words.prompt(&Prompt::LookAtThem), "Look at them. Are they all right? Receiver, click.");
    assert_eq!(
        words.prompt(&Prompt::HeardThat),
        "This is the alarm: hands off. Did you both hear that? B yes, A no."
    );
}

#[test]
fn every_nudge_is_said_twice_over() {
    let words = Words::english();
    for &toward in Toward::ALL {
        for &seen in Seen::ALL {
            let text = words.prompt(&Prompt::Nudged { toward, seen });
            assert_eq!(text, format!("Toward {}: {}.", words.name(toward), words.name(seen)));
        }
    }
    assert_eq!(words.name(Toward::Left), "their LEFT");
    assert_eq!(words.name(Seen::AwayFromYou), "away from you");
}

#[test]
fn one_second_is_one() {
    let words = Words::english();
    let said = |seconds| words.prompt(&Prompt::HoldOn { seconds });
    assert!(said(1).ends_with("for one more second."), "{}", said(1));
    assert!(said(12).ends_with("for 12 more seconds."), "{}", said(12));
}

#[test]
fn what_this_version_does_not_know_is_given_back_as_it_is() {
    let words = Words::english();
    assert_eq!(words.render("of-a-later-version", &[]), "[of-a-later-version]");
    let args = [("toward", Value::Name("widdershins")), ("seen", Value::Name("your-left"))];
    assert_eq!(words.render("nudged", &args), "Toward widdershins: to your left hand.");
    // A transcript that somebody has altered does not make a sentence panic.
    assert!(words.render("nudged", &[]).starts_with("Toward"));
    assert_eq!(words.render("", &[]), "[]");
    assert_eq!(
        words.render("ease-off", &[("rating", Value::Name("left"))]),
        "left: ease off. Lean back a little."
    );
}

#[test]
fn names_of_values_are_those_of_their_kind() {
    let words = Words::english();
    assert_eq!(words.name(coach::Phase::BroadStrokes), "broad strokes");
    assert_eq!(words.name(coach::Outcome::Void), "void");
    assert_eq!(<What as Spoken>::KIND, "what");
}
