//! All cases of the lab: one behaviour per file, named by what it pins. A new file is added here twice, and that is
//! all.

mod a_clicker_is_found;
mod a_lost_bond_is_told;
mod a_minute_out_of_reach;
mod a_real_clicker_pairs;
mod a_stall_is_lived_through;
mod a_whole_session_over_the_air;
mod a_whole_session_with_a_reset;
mod a_wrong_key_ends_the_link;
mod an_independent_clicker_is_accepted;
mod fifty_returns;
mod how_fast_a_click_is_seen;
mod mishaps_in_mid_hold;
mod pairs_by_passkey_and_comes_back;
mod sharp_overtakes_a_queue;
mod short_stalls_raise_no_alarm;
mod strangers_are_refused;
mod the_independent_client_agrees;
mod the_laptop_fails_in_mid_hold;
mod the_radio_is_strict;
mod wrong_digits_and_a_shut_window;

use std::time::Duration;

use crate::guest::Lab;

/// One case.
pub(crate) struct Case {
    /// Name of its file.
    pub(crate) name: &'static str,
    /// Description in one line.
    pub(crate) about: &'static str,
    /// Limit after which the machine is switched off and the case fails. Waits inside are shorter and say what did not
    /// come.
    pub(crate) limit: Duration,
    /// Programs it runs; only those are built.
    pub(crate) needs: &'static [Program],
    /// The test itself, run inside the machine.
    pub(crate) run: fn(&mut Lab) -> anyhow::Result<()>,
}

impl Case {
    /// The same test with the image for an emulated Cortex-M4F as the clicker.
    const fn on_the_board(self, name: &'static str) -> Self {
        Self {
            name,
            about: "the same with the ARM image on an emulated Cortex-M4F as the clicker",
            needs: &[Program::Board],
            ..self
        }
    }

    /// Whether it needs all cores: beside another machine an emulated board falls behind its own clock, and its clicks
    /// then count as late.
    pub(crate) fn is_alone(&self) -> bool {
        self.is_on_the_board() && self.needs.contains(&Program::Unknot)
    }

    /// Whether it needs real time: emulated boards, whose emulator reads the clock while it works, and measurements of
    /// delays.
    pub(crate) fn wants_real_time(&self) -> bool {
        self.is_on_the_board() || self.needs.contains(&Program::Bare)
    }

    /// Whether its clickers are emulated boards.
    pub(crate) fn is_on_the_board(&self) -> bool {
        self.needs.contains(&Program::Board)
    }
}

/// A program under test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Program {
    /// The laptop's program, with Bluetooth.
    Unknot,
    /// The clicker's program, on a Linux controller.
    Clicker,
    /// The minimal reader, a baseline for the laptop's program.
    Bare,
    /// The clicker's image for the emulated board.
    Board,
}

impl Program {
    /// All programs in build order.
    pub(crate) const ALL: &[Self] = &[Self::Clicker, Self::Unknot, Self::Bare, Self::Board];

    /// Programs of an interactive machine.
    pub(crate) const BY_HAND: &[Self] = &[Self::Clicker, Self::Unknot];

    /// Name as a command.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unknot => "unknot",
            Self::Clicker => "clicker",
            Self::Bare => "bare",
            Self::Board => "board",
        }
    }

    /// Environment variable with the path of the built program.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Unknot => "LAB_UNKNOT",
            Self::Clicker => "LAB_CLICKER",
            Self::Bare => "LAB_BARE",
            Self::Board => "LAB_BOARD",
        }
    }
}

/// Case with this name.
pub(crate) fn named(name: &str) -> Option<&'static Case> {
    ALL.iter().find(|case| case.name == name)
}

/// All cases. Machines take them in this order, so the long ones are first.
pub(crate) const ALL: &[Case] = &[
    a_whole_session_over_the_air::CASE,
    a_whole_session_with_a_reset::CASE,
    mishaps_in_mid_hold::CASE,
    sharp_overtakes_a_queue::CASE,
    a_minute_out_of_reach::CASE,
    strangers_are_refused::CASE,
    the_laptop_fails_in_mid_hold::CASE,
    how_fast_a_click_is_seen::CASE,
    short_stalls_raise_no_alarm::CASE,
    fifty_returns::CASE,
    the_independent_client_agrees::CASE,
    a_lost_bond_is_told::CASE,
    an_independent_clicker_is_accepted::CASE,
    wrong_digits_and_a_shut_window::CASE,
    pairs_by_passkey_and_comes_back::CASE,
    the_radio_is_strict::CASE,
    a_wrong_key_ends_the_link::CASE,
    a_stall_is_lived_through::CASE,
    a_real_clicker_pairs::CASE,
    a_real_clicker_pairs::CASE.on_the_board("board_a_real_clicker_pairs"),
    a_clicker_is_found::CASE,
];
