//! How things look, apart from what they are: colours where there are any, and what stands in for them where there
//! are none. Colour is never the only carrier: whoever draws gives each thing a word and a shape as well.
//!
//! The palette is that of Okabe and Ito, which people who are colour-blind tell apart.

use coach::Level;
use ratatui::style::{Color, Modifier, Style};

/// How to draw, as the terminal and the person have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Which colours there are.
    pub colours: Colours,
    /// What they stand on.
    pub ground: Ground,
    /// Whether nothing may flash: an alarm then stands in its bright half.
    pub still: bool,
    /// What a picture is drawn with.
    pub dots: Dots,
}

impl Default for Theme {
    fn default() -> Self {
        Self { colours: Colours::Full, ground: Ground::Dark, still: false, dots: Dots::Braille }
    }
}

/// Which colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// Any.
    Full,
    /// The sixteen of the terminal's own palette.
    Sixteen,
    /// None, or `NO_COLOR` is set: bold, reversed and dim carry what they can.
    None,
}

/// What a picture is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dots {
    /// Braille: two by four dots to a cell.
    Braille,
    /// One letter to a cell.
    Ascii,
}

impl Dots {
    /// What the environment says of a terminal's letters: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set, and
    /// `TERM`. The console of Linux has no braille in its font.
    #[must_use]
    pub fn told_by(locale: Option<&str>, term: Option<&str>) -> Self {
        let is_utf8 = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        if is_utf8 && !matches!(term, Some("linux" | "dumb")) { Self::Braille } else { Self::Ascii }
    }
}

/// What a terminal writes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Light letters on a dark ground.
    Dark,
    /// Dark letters on a light ground.
    Light,
    /// Not known. What has to be read stands in the terminal's own colours, which are made for each other.
    Unknown,
}

impl Colours {
    /// What the environment tells of a terminal: `NO_COLOR`, `COLORTERM` and `TERM`, as far as they are set. A terminal
    /// that does not say that it has all colours gets the sixteen that every one has.
    #[must_use]
    pub fn told_by(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) || term == Some("dumb") {
            Self::None
        } else if matches!(colorterm, Some("truecolor" | "24bit")) {
            Self::Full
        } else {
            Self::Sixteen
        }
    }
}

impl Ground {
    /// What `COLORFGBG` tells, where a terminal sets it: the last of its numbers is the ground, and 7 and 15 are white.
    /// A number that is neither is dark. Most terminals say nothing.
    #[must_use]
    pub fn told_by(colorfgbg: Option<&str>) -> Self {
        match colorfgbg.and_then(|value| value.rsplit(';').next()).filter(|value| !value.is_empty()) {
            Some("7" | "15") => Self::Light,
            Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => Self::Dark,
            Some(_) | None => Self::Unknown,
        }
    }
}

/// What a thing is, for its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What is read first.
    Strong,
    /// What may be overlooked.
    Quiet,
    /// The status line.
    Status,
    /// 5 and below.
    Calm,
    /// 6 and 7.
    Above,
    /// 8 and more.
    HandsOff,
    /// An alarm of this level, filled.
    Alarm(Level),
    /// The dark half of an alarm that flashes.
    AlarmDark,
    /// Where a hold was, in the strip.
    Hold,
    /// Ground that is closed.
    Closed,
    /// The area that was chosen.
    Area,
    /// The spot.
    Spot,
    /// What is chosen in a list.
    Chosen,
}

const VERMILLION: Color = Color::Rgb(0xD5, 0x5E, 0x00);
const ORANGE: Color = Color::Rgb(0xE6, 0x9F, 0x00);
const YELLOW: Color = Color::Rgb(0xF0, 0xE4, 0x42);
const GREEN: Color = Color::Rgb(0x00, 0x9E, 0x73);
const BLUE: Color = Color::Rgb(0x00, 0x72, 0xB2);
const SKY: Color = Color::Rgb(0x56, 0xB4, 0xE9);
const PURPLE: Color = Color::Rgb(0xCC, 0x79, 0xA7);

impl Theme {
    pub(crate) fn style(&self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifiers(role, self.colours));
        let (front, back) = match self.colours {
            Colours::Full => full(role, self.ground),
            Colours::Sixteen => sixteen(role, self.ground),
            Colours::None => (None, None),
        };
        Style { fg: front, bg: back, ..style }
    }

    /// An alarm of this level, in the half of its flash that is due.
    pub(crate) fn alarm(&self, level: Level, lit: bool) -> Style {
        // Only the loudest flashes.
        let dark = level == Level::High && !lit && !self.still;
        self.style(if dark { Role::AlarmDark } else { Role::Alarm(level) })
    }
}

/// The letters on a filled alarm are black: each of these colours is light enough for it.
const fn full(role: Role, ground: Ground) -> (Option<Color>, Option<Color>) {
    match role {
        Role::Strong | Role::Quiet | Role::Status | Role::Chosen => (None, None),
        Role::Calm => match ground {
            Ground::Dark => (Some(GREEN), None),
            Ground::Light => (Some(BLUE), None),
            Ground::Unknown => (None, None),
        },
        Role::Above => (Some(Color::Rgb(0, 0, 0)), Some(YELLOW)),
        Role::HandsOff | Role::Alarm(Level::High) => (Some(Color::Rgb(0, 0, 0)), Some(VERMILLION)),
        Role::Alarm(Level::Medium) => (Some(Color::Rgb(0, 0, 0)), Some(YELLOW)),
        Role::Alarm(Level::Low) => (Some(Color::Rgb(0, 0, 0)), Some(SKY)),
        Role::Alarm(Level::Calm) => (None, None),
        Role::AlarmDark => (Some(VERMILLION), None),
        Role::Hold => match ground {
            Ground::Dark => (Some(SKY), None),
            Ground::Light => (Some(BLUE), None),
            Ground::Unknown => (None, None),
        },
        Role::Closed => (Some(PURPLE), None),
        Role::Area => match ground {
            Ground::Dark => (Some(SKY), None),
            Ground::Light => (Some(BLUE), None),
            Ground::Unknown => (None, None),
        },
        Role::Spot => (Some(Color::Rgb(0, 0, 0)), Some(ORANGE)),
    }
}

const fn sixteen(role: Role, ground: Ground) -> (Option<Color>, Option<Color>) {
    match role {
        Role::Strong | Role::Quiet | Role::Status | Role::Chosen => (None, None),
        Role::Calm => match ground {
            Ground::Dark => (Some(Color::LightGreen), None),
            Ground::Light => (Some(Color::Blue), None),
            Ground::Unknown => (None, None),
        },
        Role::Above | Role::Alarm(Level::Medium) => (Some(Color::Black), Some(Color::Yellow)),
        Role::HandsOff | Role::Alarm(Level::High) => (Some(Color::White), Some(Color::Red)),
        Role::Alarm(Level::Low) => (Some(Color::Black), Some(Color::Cyan)),
        Role::Alarm(Level::Calm) => (None, None),
        Role::AlarmDark => (Some(Color::Red), None),
        Role::Hold | Role::Area => match ground {
            Ground::Dark => (Some(Color::LightCyan), None),
            Ground::Light => (Some(Color::Blue), None),
            Ground::Unknown => (None, None),
        },
        Role::Closed => (Some(Color::Magenta), None),
        Role::Spot => (Some(Color::Black), Some(Color::Yellow)),
    }
}

const fn modifiers(role: Role, colours: Colours) -> Modifier {
    let bare = matches!(colours, Colours::None);
    match role {
        Role::Strong | Role::AlarmDark => Modifier::BOLD,
        Role::Quiet | Role::Closed => Modifier::DIM,
        Role::Status | Role::Chosen => Modifier::REVERSED,
        Role::Calm | Role::Hold | Role::Area => Modifier::empty(),
        Role::Above | Role::HandsOff | Role::Spot => {
            if bare {
                Modifier::REVERSED.union(Modifier::BOLD)
            } else {
                Modifier::BOLD
            }
        }
        Role::Alarm(Level::Calm) => Modifier::empty(),
        Role::Alarm(Level::Low | Level::Medium | Level::High) => {
            if bare {
                Modifier::REVERSED.union(Modifier::BOLD)
            } else {
                Modifier::BOLD
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: &[Role] = &[
        Role::Strong,
        Role::Quiet,
        Role::Status,
        Role::Calm,
        Role::Above,
        Role::HandsOff,
        Role::Alarm(Level::Calm),
        Role::Alarm(Level::Low),
        Role::Alarm(Level::Medium),
        Role::Alarm(Level::High),
        Role::AlarmDark,
        Role::Hold,
        Role::Closed,
        Role::Area,
        Role::Spot,
        Role::Chosen,
    ];

    #[test]
    fn without_colours_nothing_has_one_and_alarms_are_still_filled() {
        for ground in [Ground::Dark, Ground::Light] {
            let theme = Theme { colours: Colours::None, ground, ..Theme::default() };
            for &role in ROLES {
                let style = theme.style(role);
                assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
            }
            let high = theme.alarm(Level::High, true);
            assert!(high.add_modifier.contains(Modifier::REVERSED));
            assert!(!theme.alarm(Level::High, false).add_modifier.contains(Modifier::REVERSED), "it flashes");
        }
    }

    #[test]
    fn the_three_levels_have_three_colours_on_every_ground() {
        for colours in [Colours::Full, Colours::Sixteen] {
            for ground in [Ground::Dark, Ground::Light] {
                let theme = Theme { colours, ground, ..Theme::default() };
                let ground = |level| theme.alarm(level, true).bg;
                let (low, medium, high) = (ground(Level::Low), ground(Level::Medium), ground(Level::High));
                assert!(low.is_some() && low != medium && medium != high && high != low, "{theme:?}");
            }
        }
    }

    #[test]
    fn the_environment_tells_colours_and_ground() {
        let told = |no_color, colorterm| Colours::told_by(no_color, colorterm, Some("xterm-256color"));
        assert_eq!(told(None, Some("truecolor")), Colours::Full);
        assert_eq!(told(None, None), Colours::Sixteen);
        assert_eq!(told(Some("1"), Some("truecolor")), Colours::None);
        assert_eq!(told(Some(""), Some("24bit")), Colours::Full, "an empty NO_COLOR is none");
        assert_eq!(Colours::told_by(None, None, Some("dumb")), Colours::None);
        for (value, ground) in [
            (None, Ground::Unknown),
            (Some("15;0"), Ground::Dark),
            (Some("0;15"), Ground::Light),
            (Some("0;default;7"), Ground::Light),
            (Some(""), Ground::Unknown),
            (Some("0;default"), Ground::Unknown),
        ] {
            assert_eq!(Ground::told_by(value), ground, "{value:?}");
        }
    }

    /// Bright green on white had a contrast of 1.3 to 1.
    #[test]
    fn on_a_ground_that_is_not_known_what_has_to_be_read_has_no_colour_of_its_own() {
        for colours in [Colours::Full, Colours::Sixteen] {
            let theme = Theme { colours, ground: Ground::Unknown, ..Theme::default() };
            for &role in ROLES.iter().filter(|role| !matches!(role, Role::AlarmDark | Role::Closed)) {
                let style = theme.style(role);
                assert_eq!(style.fg.is_some(), style.bg.is_some(), "{role:?} in {colours:?}");
            }
        }
    }

    #[test]
    fn braille_needs_letters_beyond_ascii() {
        for (locale, term, dots) in [
            (Some("en_GB.UTF-8"), Some("xterm"), Dots::Braille),
            (Some("C.utf8"), None, Dots::Braille),
            (Some("C"), Some("xterm"), Dots::Ascii),
            (None, Some("xterm"), Dots::Ascii),
            (Some("en_GB.UTF-8"), Some("linux"), Dots::Ascii),
        ] {
            assert_eq!(Dots::told_by(locale, term), dots, "{locale:?} {term:?}");
        }
    }

    #[test]
    fn sixteen_colours_are_named_ones() {
        let theme = Theme { colours: Colours::Sixteen, ..Theme::default() };
        for &role in ROLES {
            let style = theme.style(role);
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{role:?}: {colour:?}");
            }
        }
    }

    #[test]
    fn only_the_loudest_flashes_and_in_a_still_theme_nothing_does() {
        let theme = Theme::default();
        assert_ne!(theme.alarm(Level::High, true), theme.alarm(Level::High, false));
        for level in [Level::Calm, Level::Low, Level::Medium] {
            assert_eq!(theme.alarm(level, true), theme.alarm(level, false));
        }
        let still = Theme { still: true, ..theme };
        assert_eq!(still.alarm(Level::High, false), theme.alarm(Level::High, true));
    }
}
