//! How the screen is to look, from what was asked for and from what the terminal tells of itself.

use std::io::{IsTerminal as _, stdin, stdout};

use tui::{Colours, Dots, Ground};
use voice::Verbosity;

use crate::args::{self, Arguments};
use crate::voiced::Voice;

/// How the screen looks, and whether there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Colours and motion.
    pub(crate) theme: tui::Theme,
    /// Whether this terminal can place letters at all.
    able: bool,
    /// How much is to be spoken, where that was said.
    voice: Option<args::Voice>,
    /// Volume of tones in percent.
    volume: u8,
}

impl Look {
    /// As the arguments and the environment have it.
    pub(crate) fn of(arguments: &Arguments) -> Self {
        let look = Self::from(arguments.theme, arguments.reduced_motion, |name| std::env::var(name).ok());
        Self { voice: arguments.voice, volume: arguments.volume, ..look }
    }

    fn from(theme: args::Theme, still: bool, variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name| variable(name).filter(|value| !value.is_empty());
        let terminal = given("TERM").unwrap_or_default();
        let (no_color, colorterm) = (given("NO_COLOR"), given("COLORTERM"));
        let colours = Colours::told_by(no_color.as_deref(), colorterm.as_deref(), Some(&terminal));
        let ground = match theme {
            args::Theme::Dark => Ground::Dark,
            args::Theme::Light => Ground::Light,
            args::Theme::Auto => Ground::told_by(given("COLORFGBG").as_deref()),
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(given);
        // Windows has no such variables; its terminals show braille.
        let dots =
            if cfg!(windows) { Dots::Braille } else { Dots::told_by(locale.as_deref(), Some(&terminal)) };
        Self {
            theme: tui::Theme { colours, ground, still, dots },
            able: cfg!(windows) || is_able(&terminal),
            voice: None,
            volume: 80,
        }
    }

    /// What is spoken of a session, on the screen or as lines. A screen reader speaks the lines already.
    pub(crate) fn voice(self, screen: bool) -> Option<Voice> {
        let verbosity = match self.voice {
            None if !screen => return None,
            None | Some(args::Voice::Everything) => Verbosity::Everything,
            Some(args::Voice::Hands) => Verbosity::Hands,
            Some(args::Voice::Alarms) => Verbosity::Alarms,
            Some(args::Voice::Off) => return None,
        };
        Some(Voice { verbosity, volume: self.volume })
    }

    /// Whether there is a terminal, at both ends, that a screen can be drawn on.
    pub(crate) fn fits(self) -> bool {
        self.able && stdin().is_terminal() && stdout().is_terminal()
    }
}

fn is_able(terminal: &str) -> bool {
    !terminal.is_empty() && terminal != "dumb"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(theme: args::Theme, given: &[(&str, &str)]) -> Look {
        Look::from(theme, false, |name| {
            given.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn colours_are_those_the_terminal_tells_of() {
        let colours = |given: &[(&str, &str)]| look(args::Theme::Auto, given).theme.colours;
        assert_eq!(colours(&[]), Colours::Sixteen);
        assert_eq!(colours(&[("COLORTERM", "truecolor")]), Colours::Full);
        assert_eq!(colours(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]), Colours::None);
        assert_eq!(colours(&[("COLORTERM", "24bit"), ("NO_COLOR", "")]), Colours::Full);
    }

    #[test]
    fn the_ground_is_what_was_asked_for_or_else_what_the_terminal_tells() {
        let ground = |theme, told| look(theme, &[("COLORFGBG", told)]).theme.ground;
        assert_eq!(ground(args::Theme::Auto, "0;15"), Ground::Light);
        assert_eq!(ground(args::Theme::Auto, "15;default;0"), Ground::Dark);
        assert_eq!(ground(args::Theme::Auto, ""), Ground::Unknown);
        assert_eq!(ground(args::Theme::Dark, "0;15"), Ground::Dark);
        assert_eq!(ground(args::Theme::Light, "15;0"), Ground::Light);
    }

    #[test]
    fn a_dumb_terminal_gets_lines() {
        assert!(!look(args::Theme::Auto, &[("TERM", "dumb")]).able || cfg!(windows));
        assert!(look(args::Theme::Auto, &[("TERM", "xterm")]).able);
    }
}
