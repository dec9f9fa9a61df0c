//! A session was interrupted: it is taken up again, or closed for a new one. On the screen the start screen asks it, with
//! its keys; as lines it is a question of its own.

use words::Words;

use super::{Dialog, DialogView, Flow, Page};
use crate::begin::Found;
use crate::countdown::spoken;
use crate::keys::Press;

/// Asks whether this session is taken up again; false closes it for a new one. Input that was piped in answers too.
pub(crate) async fn ask<V: DialogView>(found: &Found, dialog: &mut Dialog<'_, V>) -> Flow<bool> {
    let phase = Words::english().name(found.phase());
    let lasted = spoken(found.lasted());
    dialog.page = Page::default();
    dialog.page.said = vec![format!("A session was interrupted after {lasted}, in this phase: {phase}.")];
    loop {
        dialog.now(
            "y takes it up again, with flush strokes first where a hold was open. n closes it and begins a new one."
                .to_owned(),
        )?;
        let answer = dialog.answer(|press| match press {
            Press::Char('y') => Some(Some(true)),
            Press::Char('n') => Some(Some(false)),
            Press::Esc => None,
            _ => Some(None),
        });
        if let Some(again) = answer.await? {
            return Ok(again);
        }
        // Any other key has the question repeated.
        dialog.now(String::new())?;
    }
}
