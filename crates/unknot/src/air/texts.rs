//! The ids of the sentences that tell of clickers on the air. They stand in the file of the language under "The air"; a
//! test holds the two lists against each other.

macro_rules! texts {
    ($($name:ident = $id:literal;)+) => {
        $(pub(crate) const $name: &str = $id;)+

        /// All of them.
        #[cfg(test)]
        const ALL: &[&str] = &[$($id,)+];
    };
}

texts! {
    ESC = "air-esc";
    ENTER_AGAIN = "air-enter-again";
    NUMBER = "air-number";
    BLUETOOTH_LOOKING = "air-bluetooth-looking";
    BLUETOOTH_READY = "air-bluetooth-ready";
    BLUETOOTH_NO_ANSWER = "air-bluetooth-no-answer";
    LOOKING_FOR_CLICKERS = "air-looking-for-clickers";
    REACH_TITLE = "air-reach-title";
    REACH_FIRST = "air-reach-first";
    SEARCHING = "air-searching";
    CONNECTING = "air-connecting";
    SECURING = "air-securing";
    SUBSCRIBING = "air-subscribing";
    CONNECTED = "air-connected";
    WAITING = "air-waiting";
    DOUBTED = "air-doubted";
    IDLE = "air-idle";
    SHORT_SEARCHING = "air-short-searching";
    SHORT_CONNECTING = "air-short-connecting";
    SHORT_SECURING = "air-short-securing";
    SHORT_WAITING = "air-short-waiting";
    SHORT_BLUETOOTH = "air-short-bluetooth";
    SHORT_PERSON = "air-short-person";
    NEEDS_YOU = "air-needs-you";
    BATTERY = "air-battery";
    RECEIVERS_KEY = "air-receivers-key";
    OTHER_VERSION = "air-other-version";
    OTHER_CLICKER = "air-other-clicker";
    EVENTS_LOST = "air-events-lost";
    NONE_REMEMBERED = "air-none-remembered";
    WHICH = "air-which";
    WHICH_LINE = "air-which-line";
    WHICH_NAMED = "air-which-named";
    WHICH_WAIT = "air-which-wait";
    PICK_WAIT = "air-pick-wait";
    PAIR_TITLE = "air-pair-title";
    PAIR_WINDOW = "air-pair-window";
    PAIR_SYSTEM = "air-pair-system";
    PAIR_SCAN = "air-pair-scan";
    PAIR_SCAN_NONE = "air-pair-scan-none";
    PAIR_WHICH = "air-pair-which";
    PAIR_WHICH_NAMED = "air-pair-which-named";
    PAIR_WITH = "air-pair-with";
    PAIR_SEARCHING = "air-pair-searching";
    PAIR_CONNECTING = "air-pair-connecting";
    PAIR_PASSKEY = "air-pair-passkey";
    PAIR_PASSKEY_SIX = "air-pair-passkey-six";
    PAIR_SYSTEM_ASKS = "air-pair-system-asks";
    PAIR_CHECKING = "air-pair-checking";
    PAIR_ANSWERED = "air-pair-answered";
    PAIR_DONE = "air-pair-done";
    PAIR_FAILED = "air-pair-failed";
    PAIR_NOBODY = "air-pair-nobody";
    PAIR_ENDED = "air-pair-ended";
    PAIR_GAVE_UP = "air-pair-gave-up";
    NAMELESS = "air-nameless";
    NEAR = "air-near";
    NEAR_SILENT = "air-near-silent";
    NOT_NEAR = "air-not-near";
    IN_USE = "air-in-use";
    UNPAIRED = "air-unpaired";
    BOND_GONE = "air-bond-gone";
    BATTERY_READ = "air-battery-read";
    BATTERY_NEVER = "air-battery-never";
    SIGNAL_STRONG = "air-signal-strong";
    SIGNAL_GOOD = "air-signal-good";
    SIGNAL_WEAK = "air-signal-weak";
    SIGNAL_FAINT = "air-signal-faint";
    AGE_NOW = "air-age-now";
    AGE_MINUTES = "air-age-minutes";
    AGE_HOURS = "air-age-hours";
    AGE_DAYS = "air-age-days";
    DEVICES_NONE = "air-devices-none";
    START_LOOKING = "air-start-looking";
    START_READY = "air-start-ready";
    START_NOT = "air-start-not";
    START_NONE = "air-start-none";
    START_PRACTISE = "air-start-practise";
    START_WHY_NOT = "air-start-why-not";
    START_WHY_LOOKING = "air-start-why-looking";
    START_WHY_BLUETOOTH = "air-start-why-bluetooth";
    DOCTOR_OK = "air-doctor-ok";
    DOCTOR_NOT = "air-doctor-not";
    DOCTOR_NOTE = "air-doctor-note";
    DOCTOR_BLUETOOTH = "air-doctor-bluetooth";
    DOCTOR_CLICKER = "air-doctor-clicker";
    DOCTOR_NEAR = "air-doctor-near";
    DOCTOR_STORE = "air-doctor-store";
    DOCTOR_TERMINAL = "air-doctor-terminal";
    DOCTOR_SPEECH = "air-doctor-speech";
    DOCTOR_TONES = "air-doctor-tones";
    DOCTOR_NONE_NEAR = "air-doctor-none-near";
    DOCTOR_NEAR_SOME = "air-doctor-near-some";
    DOCTOR_NO_CLICKER = "air-doctor-no-clicker";
    DOCTOR_NOT_HEARD = "air-doctor-not-heard";
    DOCTOR_BOND_HERE = "air-doctor-bond-here";
    DOCTOR_BOND_THERE = "air-doctor-bond-there";
    DOCTOR_WORKS = "air-doctor-works";
    DOCTOR_BUSY = "air-doctor-busy";
    DOCTOR_OTHER_VERSION = "air-doctor-other-version";
    DOCTOR_NO_CONNECTION = "air-doctor-no-connection";
    DOCTOR_CLICKERS_FILE = "air-doctor-clickers-file";
    DOCTOR_STORE_NONE = "air-doctor-store-none";
    DOCTOR_STORE_NONE_NOT = "air-doctor-store-none-not";
    DOCTOR_STORE_OK = "air-doctor-store-ok";
    DOCTOR_STORE_BACKUP = "air-doctor-store-backup";
    DOCTOR_STORE_USED = "air-doctor-store-used";
    DOCTOR_STORE_NOT = "air-doctor-store-not";
    DOCTOR_STORE_INTERRUPTED = "air-doctor-store-interrupted";
    DOCTOR_DISK = "air-doctor-disk";
    DOCTOR_DISK_FULL = "air-doctor-disk-full";
    DOCTOR_TERMINAL_NONE = "air-doctor-terminal-none";
    DOCTOR_TERMINAL_DUMB = "air-doctor-terminal-dumb";
    DOCTOR_TERMINAL_SMALL = "air-doctor-terminal-small";
    DOCTOR_TERMINAL_OK = "air-doctor-terminal-ok";
    DOCTOR_COLOURS_NONE = "air-doctor-colours-none";
    DOCTOR_COLOURS_SIXTEEN = "air-doctor-colours-sixteen";
    DOCTOR_COLOURS_FULL = "air-doctor-colours-full";
    DOCTOR_NOT_UTF8 = "air-doctor-not-utf8";
    DOCTOR_SPEECH_FOUND = "air-doctor-speech-found";
    DOCTOR_SPEECH_NONE = "air-doctor-speech-none";
    DOCTOR_TONES_FOUND = "air-doctor-tones-found";
    DOCTOR_TONES_NONE = "air-doctor-tones-none";
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
            .filter(|line| line.starts_with("air-"))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id))
            .collect();
        assert_eq!(there.iter().copied().collect::<BTreeSet<_>>(), ALL.iter().copied().collect());
        assert_eq!(there.len(), ALL.len(), "one of them stands there twice");
    }
}
