//! The ids of the sentences of looking back. They stand in the file of the language under "Looking back"; a test holds the
//! two lists against each other.

macro_rules! texts {
    ($($name:ident = $id:literal;)+) => {
        $(pub(crate) const $name: &str = $id;)+

        /// All of them.
        #[cfg(test)]
        const ALL: &[&str] = &[$($id,)+];
    };
}

texts! {
    // The list.
    COUNTED_ALL = "review-counted-all";
    COUNTED_SOME = "review-counted-some";
    FILTER_WORDS = "review-filter-words";
    FILTER_RECEIVER = "review-filter-receiver";
    FILTER_PLAN = "review-filter-plan";
    FILTER_DAYS = "review-filter-days";
    FILTER_REGION = "review-filter-region";
    FILTER_SHARP = "review-filter-sharp";
    ONLY_SHARP = "review-only-sharp";
    NOBODY = "review-nobody";
    TYPE_WORDS = "review-type-words";
    TYPE_DAYS = "review-type-days";
    NO_DAYS = "review-no-days";
    ABOUT = "review-about";
    ABOUT_PLACES = "review-about-places";
    ABOUT_SHARPS = "review-about-sharps";
    EMPTY = "review-empty";
    EMPTY_PRACTISE = "review-empty-practise";
    EMPTY_SIMULATED = "review-empty-simulated";
    NONE_FIT = "review-none-fit";

    // A session.
    MOMENT = "review-moment";
    SIMULATED = "review-simulated";
    PRACTICE = "review-practice";
    WITH_CLICKER = "review-with-clicker";
    NOW = "review-now";
    KNOWN_NOTHING = "review-known-nothing";
    KNOWN_GAP = "review-known-gap";
    KNOWN_RATING = "review-known-rating";
    HOLD = "review-hold";
    GUESSED = "review-guessed";
    NOT_FOLLOWED = "review-not-followed";
    IN_SHORT = "review-in-short";
    BEFORE_THAT = "review-before-that";
    BROKEN = "review-broken";
    BROKEN_UNREAD = "review-broken-unread";
    UNREAD = "review-unread";
    NO_SHARP_AFTER = "review-no-sharp-after";
    NO_SHARP_BEFORE = "review-no-sharp-before";
    NO_HOLD_AFTER = "review-no-hold-after";
    NO_HOLD_BEFORE = "review-no-hold-before";
    NO_NOTES = "review-no-notes";
    CHOOSE_NOTE = "review-choose-note";
    TYPE_NOTE = "review-type-note";
    TYPE_EDIT = "review-type-edit";
    NOTED = "review-noted";
    NOT_NOTED = "review-not-noted";

    // Played again.
    PLAYED_AGAIN = "review-played-again";
    NOBODY_THERE = "review-nobody-there";
    PLAYING = "review-playing";
    PAUSED = "review-paused";
    PLAYED = "review-played";
    PLAYED_TO_END = "review-played-to-end";
    DIFFERS = "review-differs";
    CANNOT_PLAY = "review-cannot-play";

    // Keys.
    NO_SUCH_KEY = "review-no-such-key";
    KEY_CHOOSE = "review-key-choose";
    KEY_PAGES = "review-key-pages";
    KEY_OPEN = "review-key-open";
    KEY_WORDS = "review-key-words";
    KEY_RECEIVER = "review-key-receiver";
    KEY_PLAN = "review-key-plan";
    KEY_DAYS = "review-key-days";
    KEY_REGION = "review-key-region";
    KEY_ONLY_SHARP = "review-key-only-sharp";
    KEY_ANYTHING = "review-key-anything";
    KEY_HELP = "review-key-help";
    KEY_LEAVE = "review-key-leave";
    KEY_SCRUB = "review-key-scrub";
    KEY_EVENTS = "review-key-events";
    KEY_FAR = "review-key-far";
    KEY_SHARP = "review-key-sharp";
    KEY_LEAD = "review-key-lead";
    KEY_HOLD = "review-key-hold";
    KEY_ZOOM = "review-key-zoom";
    KEY_PLAY = "review-key-play";
    KEY_NOTES = "review-key-notes";
    KEY_WRITE = "review-key-write";
    KEY_EDIT = "review-key-edit";
    KEY_MEANINGS = "review-key-meanings";
    KEY_BACK = "review-key-back";
    KEY_PAUSE = "review-key-pause";
    KEY_TEN = "review-key-ten";
    KEY_SPEED = "review-key-speed";
    KEY_BEGIN = "review-key-begin";
    HINT_OPEN = "review-hint-open";
    HINT_ANYTHING = "review-hint-anything";
    HINT_KEYS = "review-hint-keys";
    HINT_LEAVE = "review-hint-leave";
    HINT_SHARP = "review-hint-sharp";
    HINT_LEAD = "review-hint-lead";
    HINT_ZOOM = "review-hint-zoom";
    HINT_PLAY = "review-hint-play";
    HINT_NOTES = "review-hint-notes";
    HINT_MEANINGS = "review-hint-meanings";
    HINT_ENTER = "review-hint-enter";
    HINT_CLEAR = "review-hint-clear";
    HINT_KEEP = "review-hint-keep";
    HINT_DROP = "review-hint-drop";
    HINT_WRITE = "review-hint-write";
    HINT_EDIT = "review-hint-edit";
    HINT_CHOOSE = "review-hint-choose";
    HINT_SCROLL = "review-hint-scroll";
    HINT_PAUSE = "review-hint-pause";
    HINT_TEN = "review-hint-ten";
    HINT_SPEED = "review-hint-speed";
    MOUSE_CLICK = "review-mouse-click";
    MOUSE_CLICKS = "review-mouse-clicks";
    MOUSE_DRAG = "review-mouse-drag";
    MOUSE_DRAGS = "review-mouse-drags";
    MOUSE_WHEEL = "review-mouse-wheel";
    MOUSE_WHEELS = "review-mouse-wheels";
    MARK_SHARP = "review-mark-sharp";
    MARK_STOP = "review-mark-stop";
    MARK_ALARM = "review-mark-alarm";
    MARK_REFUSED = "review-mark-refused";
    MARK_NOTE = "review-mark-note";
    MARK_ASKED = "review-mark-asked";
    MARK_NUDGE = "review-mark-nudge";
    MARK_TRIAL = "review-mark-trial";
    MARK_SAID = "review-mark-said";
    DRAWN_HOLD = "review-drawn-hold";
    DRAWN_CEILING = "review-drawn-ceiling";
    DRAWN_ABOVE = "review-drawn-above";
    DRAWN_GAP = "review-drawn-gap";
    DRAWN_GUESS = "review-drawn-guess";
    HELP_LIST = "review-help-list";
    HELP_LINE = "review-help-line";
    HELP_PLAY = "review-help-play";
    HELP_MOUSE = "review-help-mouse";
    HELP_DRAWN = "review-help-drawn";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn the_file_of_the_language_has_these_and_no_others() {
        let file = include_str!("../../../words/en.ftl");
        let there: Vec<&str> = file
            .lines()
            .filter(|line| line.starts_with("review-"))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
            .collect();
        assert_eq!(there.iter().copied().collect::<BTreeSet<_>>(), ALL.iter().copied().collect());
        assert_eq!(there.len(), ALL.len(), "one of them stands there twice");
    }
}
