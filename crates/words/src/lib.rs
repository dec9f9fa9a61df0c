//! Every sentence a person reads or hears, by id. English first; another language is another file.
//!
//! The coach speaks in values, the disk keeps ids and arguments; here they become sentences, when they are spoken,
//! shown or exported. Nothing is decided here, and no sentence is ever stored or compared.
//!
//! ```
//! use coach::Prompt;
//! use coach::body::{Seen, Toward};
//! use words::{Value, Words};
//!
//! let words = Words::english();
//! let prompt = Prompt::Nudged { toward: Toward::Left, seen: Seen::AwayFromYou };
//! assert_eq!(words.prompt(&prompt), "Toward their LEFT: away from you.");
//! assert_eq!(words.screen(&prompt).as_deref(), Some("toward their LEFT\naway from you"));
//!
//! // From a stored id and its arguments, the same.
//! let args = [("toward", Value::Name("left")), ("seen", Value::Name("away-from-you"))];
//! assert_eq!(words.render("nudged", &args), "Toward their LEFT: away from you.");
//! ```

mod foreign;
mod named;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use coach::{Arg, Prompt, Technique};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub use foreign::{cut, ending, escaped, fitting, foreign, foreign_lines, padded, pasted, rub_out, width};
pub use named::Spoken;

/// The sentences of one language, in the words of one technique: alone it is "you" who presses.
#[derive(Clone)]
pub struct Words {
    bundle: Arc<FluentBundle<FluentResource>>,
    technique: Technique,
}

/// An argument of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A count, a rating or a number of seconds.
    Number(u32),
    /// A name out of one of the coach's closed sets: the sentence weaves in what it stands for. Any other text is woven in
    /// as [`foreign`] shows it.
    Name(&'a str),
    /// What the sentence does without: its choices by this argument take their default.
    Absent,
}

impl Words {
    /// The English sentences, as two people hear them.
    #[must_use]
    pub fn english() -> Self {
        /// Parsed once: that takes longer than most commands do.
        static ENGLISH: LazyLock<Arc<FluentBundle<FluentResource>>> = LazyLock::new(|| {
            let english = "en-GB".parse::<LanguageIdentifier>();
            let mut bundle = FluentBundle::new_concurrent(english.into_iter().collect());
            // The marks that isolate an argument of another writing direction are drawn as boxes by many terminals.
            bundle.set_use_isolating(false);
            // What cannot be parsed or stands there twice is left out. A test holds that nothing is.
            let resource = FluentResource::try_new(include_str!("../en.ftl").to_owned());
            bundle.add_resource_overriding(resource.unwrap_or_else(|(parsed, _)| parsed));
            Arc::new(bundle)
        });
        Self { bundle: Arc::clone(&ENGLISH), technique: Technique::Partner }
    }

    /// The same sentences in the words of this technique.
    #[must_use]
    pub fn of(&self, technique: Technique) -> Self {
        Self { bundle: Arc::clone(&self.bundle), technique }
    }

    /// The sentence of a prompt.
    #[must_use]
    pub fn prompt(&self, prompt: &Prompt) -> String {
        self.render(prompt.id(), &values(&prompt.args()))
    }

    /// The same for a big screen, where there is a form for it: at most two lines of 20 characters.
    #[must_use]
    pub fn screen(&self, prompt: &Prompt) -> Option<String> {
        self.form(prompt.id(), Some("screen"), &values(&prompt.args()), &mut Vec::new())
    }

    /// The same as it is spoken: the form for the ear where there is one. Words in capitals are for the eye; a synthesiser
    /// might spell them.
    #[must_use]
    pub fn spoken(&self, prompt: &Prompt) -> String {
        let spoken = self.form(prompt.id(), Some("spoken"), &values(&prompt.args()), &mut Vec::new());
        let text = spoken.unwrap_or_else(|| self.prompt(prompt));
        let calm = |word: &str| {
            let letters = word.chars().filter(|char| char.is_alphabetic());
            if letters.clone().count() > 1 && letters.clone().all(char::is_uppercase) {
                word.to_lowercase()
            } else {
                word.to_owned()
            }
        };
        text.split_whitespace().map(calm).collect::<Vec<_>>().join(" ")
    }

    /// How long somebody needs to read the sentence of a prompt who was looking elsewhere: 60 ms a character, and 2 s at
    /// least.
    #[must_use]
    pub fn reading_time(&self, prompt: &Prompt) -> Duration {
        let characters = u32::try_from(self.prompt(prompt).chars().count()).unwrap_or(u32::MAX);
        (Duration::from_millis(60) * characters).max(Duration::from_secs(2))
    }

    /// The sentence with this id. An id that this version does not know, as a newer transcript may hold, is given back
    /// as it is, in brackets.
    #[must_use]
    pub fn render(&self, id: &str, args: &[(&str, Value<'_>)]) -> String {
        self.form(id, None, args, &mut Vec::new()).unwrap_or_else(|| format!("[{}]", foreign(id)))
    }

    /// The forms in which this technique says things otherwise than two people do, the nearest first.
    const fn own_forms(&self) -> &'static [&'static str] {
        match self.technique {
            Technique::Partner => &[],
            Technique::Ball => &["ball", "alone"],
            Technique::Cane => &["cane", "alone"],
            Technique::PinAndStretch => &["pin", "alone"],
        }
    }

    /// What a value of the coach is called.
    #[must_use]
    pub fn name<T: Spoken>(&self, value: T) -> String {
        self.named(T::KIND, value.name()).unwrap_or_else(|| value.name().to_owned())
    }

    /// The words for a name of this kind: `side`, `left`.
    fn named(&self, kind: &str, name: &str) -> Option<String> {
        self.form(&format!("{kind}-{name}"), None, &[], &mut Vec::new())
    }

    /// A message or one of its attributes. What fluent complains of is added to `wrong`.
    fn form(
        &self,
        id: &str,
        attribute: Option<&str>,
        args: &[(&str, Value<'_>)],
        wrong: &mut Vec<String>,
    ) -> Option<String> {
        let message = self.bundle.get_message(id)?;
        let own = self.own_forms().iter().find_map(|own| {
            let own = attribute.map_or_else(|| (*own).to_owned(), |attribute| format!("{own}-{attribute}"));
            message.get_attribute(&own)
        });
        let pattern = match (own, attribute) {
            (Some(own), _) => own.value(),
            (None, None) => message.value()?,
            (None, Some(attribute)) => message.get_attribute(attribute)?.value(),
        };
        let mut woven = FluentArgs::new();
        for &(key, value) in args {
            match value {
                Value::Number(number) => woven.set(key.to_owned(), number),
                Value::Name(name) => {
                    woven.set(
                        key.to_owned(),
                        self.named(key, name).unwrap_or_else(|| foreign(name).into_owned()),
                    );
                    woven.set(format!("{key}-name"), name.to_owned());
                }
                Value::Absent => woven.set(format!("{key}-name"), "absent"),
            }
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&woven), &mut errors).into_owned();
        wrong.extend(errors.iter().map(|error| format!("{id}: {error}")));
        Some(text)
    }
}

impl From<Arg> for Value<'static> {
    fn from(arg: Arg) -> Self {
        match arg {
            Arg::Number(number) => Self::Number(number),
            Arg::Name(name) => Self::Name(name),
            Arg::Absent => Self::Absent,
        }
    }
}

impl core::fmt::Debug for Words {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Words").field("locales", &self.bundle.locales).finish()
    }
}

fn values(args: &[(&'static str, Arg)]) -> Vec<(&'static str, Value<'static>)> {
    args.iter().map(|&(key, arg)| (key, arg.into())).collect()
}
