//! macOS and Windows, as `keepawake` asks them. Neither has been tried.

use super::{DOMAIN, WHO, WHY};

/// Asks for both locks: the display's holds the machine's too, and where there is no display the machine's is enough.
pub(super) fn locks() -> Option<keepawake::KeepAwake> {
    match asked(true).or_else(|_| asked(false)) {
        Ok(held) => {
            tracing::debug!("the machine stays awake");
            Some(held)
        }
        Err(error) => {
            tracing::warn!(%error, "the machine may sleep");
            None
        }
    }
}

fn asked(display: bool) -> Result<keepawake::KeepAwake, keepawake::Error> {
    keepawake::Builder::default()
        .display(display)
        .idle(true)
        .sleep(true)
        .reason(WHY)
        .app_name(WHO)
        .app_reverse_domain(DOMAIN)
        .create()
}
