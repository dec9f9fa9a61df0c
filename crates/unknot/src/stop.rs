//! Why there is no session, or none any more: how it is told where lines are all there is, and for how long no key takes
//! it away.

use std::time::Duration;

use coach::Prompt;
use coach::screening::Question;
use words::{Value, Words};

/// No key leaves the page of a stop or of an end sooner: its largest words, forty letters at the most, take so long to be
/// read (promise 13: 60 ms a character).
pub(crate) const TO_BE_READ: Duration = Duration::from_secs(3);

/// Whether it ends a session with advice, or keeps one from beginning.
pub(crate) const fn is_stop(said: Prompt) -> bool {
    matches!(said, Prompt::Stopped { .. })
}

/// What is to be done in a few words, and then why, in one line that is rung for.
pub(crate) fn loud(words: &Words, stop: &Prompt, answered: Option<Question>) -> String {
    let shout = words.screen(stop).unwrap_or_default().replace('\n', " ");
    format!("\u{7}!!! {shout}. {}", why(words, stop, answered))
}

/// Why: what was answered, and the advice.
fn why(words: &Words, stop: &Prompt, answered: Option<Question>) -> String {
    let answered = answered.map(|question| {
        let question = words.name(question);
        words.render("screen-answered-yes", &[("question", Value::Name(&question))])
    });
    answered.into_iter().chain([words.prompt(stop)]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use coach::Named as _;
    use coach::screening::Advice;

    use super::*;

    #[test]
    fn a_stop_is_one_loud_line_that_begins_with_what_to_do() {
        let words = Words::english();
        let stop = Prompt::Stopped { advice: Advice::Emergency };
        let line = loud(&words, &stop, Some(Question::Saddle));
        assert!(
            line.starts_with("\u{7}!!! SEEK EMERGENCY CARE NOW. Numb between the legs? Yes. We stop here."),
            "{line}"
        );
        for &advice in Advice::ALL {
            let line = loud(&words, &Prompt::Stopped { advice }, None);
            assert!(!line.contains('\n') && line.contains(&words.name(advice)), "{line}");
        }
    }

    #[test]
    fn the_largest_words_can_be_read_before_a_key_takes_them_away() {
        let words = Words::english();
        for &advice in Advice::ALL {
            let shout = words.screen(&Prompt::Stopped { advice }).unwrap();
            let takes = Duration::from_millis(60) * u32::try_from(shout.chars().count()).unwrap();
            assert!(takes <= TO_BE_READ, "{shout}");
        }
    }
}
