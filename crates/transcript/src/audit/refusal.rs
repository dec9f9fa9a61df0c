//! Promise 8: every refusal says its reason in words.

use std::collections::BTreeMap;

use coach::{Named as _, Prompt, Refusal, What};

use super::Audit;
use super::story::Story;
use crate::entry::{Kind, Value};

const PROMISE: u8 = 8;

pub(super) fn check(story: &Story<'_>, audit: &mut Audit) {
    for (index, entry) in story.entries.iter().enumerate() {
        let Kind::Refused { what, why } = entry.kind else { continue };
        let said = story.entries.get(index + 1).is_some_and(|next| match &next.kind {
            Kind::Prompt(said) => {
                said.id == Prompt::Refused { what, why }.id() && said.args == args(what, why)
            }
            _ => false,
        });
        if !said {
            audit.find(PROMISE, entry.at_ms, format!("{what} was refused without saying {why}"));
        }
    }
}

fn args(what: What, why: Refusal) -> BTreeMap<String, Value> {
    [("what", what.name()), ("why", why.name())]
        .map(|(key, name)| (key.to_owned(), Value::Name(name.to_owned())))
        .into()
}
