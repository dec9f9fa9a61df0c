//! The ids of the sentences that only a screen has. They stand in the file of the language under "Screens"; a test
//! holds the two lists against each other.

macro_rules! texts {
    ($($name:ident = $id:literal;)+) => {
        $(pub(crate) const $name: &str = $id;)+

        /// All of them.
        #[cfg(test)]
        pub(crate) const ALL: &[&str] = &[$($id,)+];
    };
}

texts! {
    // Around every page.
    TOO_SMALL = "screen-too-small";
    PRACTICE = "screen-practice";
    HOLD_NUMBER = "screen-hold-number";
    LINK_LIVE = "screen-link-live";
    LINK_STALE = "screen-link-stale";
    LINK_LOST = "screen-link-lost";
    BATTERY = "screen-battery";
    BATTERY_OLD = "screen-battery-old";
    BATTERY_UNKNOWN = "screen-battery-unknown";
    NOTE = "screen-note";
    WAITING = "screen-waiting";
    LEVEL_HIGH = "screen-level-high";
    LEVEL_MEDIUM = "screen-level-medium";
    LEVEL_LOW = "screen-level-low";
    LEVEL_CALM = "screen-level-calm";

    // What is awaited.
    AWAITS_NOTHING = "screen-awaits-nothing";
    AWAITS_ENDING = "screen-awaits-ending";
    AWAITS_WHERE = "screen-awaits-where";
    AWAITS_PAGE = "screen-awaits-page";
    AWAITS_YES_NO = "screen-awaits-yes-no";
    AWAITS_CLICKS = "screen-awaits-clicks";
    AWAITS_WARM_CHECK = "screen-awaits-warm-check";
    AWAITS_LESSON_OFFER = "screen-awaits-lesson-offer";
    AWAITS_LESSON = "screen-awaits-lesson";
    AWAITS_GO_ON = "screen-awaits-go-on";
    AWAITS_HAND_LEFT = "screen-awaits-hand-left";
    AWAITS_HAND_RIGHT = "screen-awaits-hand-right";
    AWAITS_TRY_SHARP = "screen-awaits-try-sharp";
    AWAITS_HEARD_THAT = "screen-awaits-heard-that";
    AWAITS_SPOT = "screen-awaits-spot";
    AWAITS_RATING = "screen-awaits-rating";
    AWAITS_FELT_ELSEWHERE = "screen-awaits-felt-elsewhere";
    AWAITS_WHERE_FELT = "screen-awaits-where-felt";
    AWAITS_NEXT = "screen-awaits-next";
    AWAITS_AFTER_SHARP = "screen-awaits-after-sharp";
    AWAITS_RECEIVER = "screen-awaits-receiver";
    AWAITS_PARTNER = "screen-awaits-partner";
    AWAITS_SIGNAL = "screen-awaits-signal";

    // The number, and what is counted.
    NUMBER_NONE = "screen-number-none";
    NUMBER_STALE = "screen-number-stale";
    NUMBER_LOST = "screen-number-lost";
    RATING = "screen-rating";
    RATING_NONE = "screen-rating-none";
    RATING_STALE = "screen-rating-stale";
    RATING_LOST = "screen-rating-lost";
    ABOVE_FIVE = "screen-above-five";
    EIGHT_OR_MORE = "screen-eight-or-more";
    SECONDS = "screen-seconds";
    MINUTES = "screen-minutes";
    AGO = "screen-ago";
    STEADY = "screen-steady";
    RISING = "screen-rising";
    FALLING = "screen-falling";
    COUNT_STOPPED = "screen-count-stopped";
    COUNT_STOPPED_AT = "screen-count-stopped-at";
    COUNT_SECONDS = "screen-count-seconds";
    COUNT_MINUTES = "screen-count-minutes";

    // The pages.
    LOOK_AT_THE_SKIN = "screen-look-at-the-skin";
    DOES_ANY_APPLY = "screen-does-any-apply";
    IS_IT_SO = "screen-is-it-so";
    ANSWERS_PAGE = "screen-answers-page";
    ANSWERS_QUESTION = "screen-answers-question";
    CLEARANCE = "screen-clearance";
    WARM_FOR = "screen-warm-for";
    ALREADY_WARM = "screen-already-warm";
    THEIR_SIDE = "screen-their-side";
    PLACE = "screen-place";
    PLACE_UNKNOWN = "screen-place-unknown";
    YOU = "screen-you";
    LEGEND_AREA = "screen-legend-area";
    LEGEND_CLOSED = "screen-legend-closed";
    STRIP = "screen-strip";
    HELP_MORE = "screen-help-more";
    HELP_END = "screen-help-end";

    // The start.
    TITLE = "screen-title";
    SUBTITLE = "screen-subtitle";
    WHO = "screen-who";
    SOMEONE_ELSE = "screen-someone-else";
    NAME_IS = "screen-name-is";
    NO_NAME = "screen-no-name";
    WHICH_PLAN = "screen-which-plan";
    WHAT_NEXT = "screen-what-next";
    NEAR = "screen-near";
    NOT_POSSIBLE = "screen-not-possible";
    LATER = "screen-later";
    DEED_SESSION = "screen-deed-session";
    DEED_TAKE_UP = "screen-deed-take-up";
    DEED_PRACTISE = "screen-deed-practise";
    DEED_LEARN = "screen-deed-learn";
    DEED_PAIR = "screen-deed-pair";
    DEED_REVIEW = "screen-deed-review";
    DEED_QUIT = "screen-deed-quit";

    // The end.
    GET_UP_SLOWLY = "screen-get-up-slowly";
    ANSWERED_YES = "screen-answered-yes";
    OVER = "screen-over";
    OVER_FOR = "screen-over-for";
    HOLDS = "screen-holds";
    HOLD_LINE = "screen-hold-line";
    RATINGS = "screen-ratings";
    NO_RATINGS = "screen-no-ratings";
    SHARPS = "screen-sharps";
    BOTHER = "screen-bother";
    BOTHER_SMALL = "screen-bother-small";
    BOTHER_SAME = "screen-bother-same";
    BOTHER_BEFORE = "screen-bother-before";
    BOTHER_AFTER = "screen-bother-after";
    BOTHER_UNKNOWN = "screen-bother-unknown";
    UNSTORED = "screen-unstored";

    // Looking back.
    REVIEW_TITLE = "screen-review-title";
    REVIEW_WHEN = "screen-review-when";
    REVIEW_WHO = "screen-review-who";
    REVIEW_PLAN = "screen-review-plan";
    REVIEW_WHERE = "screen-review-where";
    REVIEW_LASTED = "screen-review-lasted";
    REVIEW_HOLDS = "screen-review-holds";
    REVIEW_SHARP = "screen-review-sharp";
    REVIEW_ANY = "screen-review-any";
    REPLAY = "screen-replay";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn the_file_of_the_language_has_these_and_no_others() {
        let file = include_str!("../../words/en.ftl");
        let there: Vec<&str> = file
            .lines()
            .filter(|line| line.starts_with("screen-"))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
            .collect();
        assert_eq!(there.iter().copied().collect::<BTreeSet<_>>(), ALL.iter().copied().collect());
        assert_eq!(there.len(), ALL.len(), "one of them stands there twice");
    }
}
