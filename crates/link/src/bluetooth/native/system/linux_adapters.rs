//! Which adapter of BlueZ is used, and what a question that fails says of a link.

use bluer::Session;

/// Waits for an answer. If the question failed, that says nothing of the link, whose silence ends it soon enough.
pub(super) async fn unless_unknown(answer: impl Future<Output = Option<()>>) {
    if answer.await.is_none() {
        core::future::pending::<()>().await;
    }
}

/// The adapter to use: the first one with power, otherwise the system's default.
pub(super) async fn usable_adapter(session: &Session) -> bluer::Result<bluer::Adapter> {
    let mut adapters = Vec::new();
    for name in session.adapter_names().await? {
        let powered = match session.adapter(&name) {
            Ok(adapter) => adapter.is_powered().await.unwrap_or(false),
            Err(_) => false,
        };
        adapters.push((name, powered));
    }
    match preferred(adapters) {
        Some(name) => session.adapter(&name),
        None => session.default_adapter().await,
    }
}

/// The first of these adapters by name that has power.
fn preferred(mut adapters: Vec<(String, bool)>) -> Option<String> {
    // `hci10` follows `hci9`.
    adapters.sort_by_key(|(name, _)| (name.len(), name.clone()));
    adapters.into_iter().find(|(_, powered)| *powered).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    #[test]
    fn the_adapter_with_power_is_used_though_another_is_first() {
        let named = |adapters: &[(&str, bool)]| {
            preferred(adapters.iter().map(|(name, powered)| ((*name).to_owned(), *powered)).collect())
        };
        assert_eq!(named(&[("hci1", true), ("hci0", false)]).as_deref(), Some("hci1"));
        assert_eq!(named(&[("hci10", true), ("hci9", true)]).as_deref(), Some("hci9"));
        assert_eq!(named(&[("hci0", false)]), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_that_fails_does_not_end_a_link() {
        let limit = Duration::from_secs(600);
        assert!(tokio::time::timeout(limit, unless_unknown(async { None })).await.is_err());
        assert!(tokio::time::timeout(limit, unless_unknown(async { Some(()) })).await.is_ok());
    }
}
