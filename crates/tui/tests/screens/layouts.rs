//! What the people in the room see, at the least screen and on one that is too small. Each picture was decided before
//! it was pinned: the line above it says what it is there for.

use coach::body::Stand;
use coach::screening::Page;
use coach::{Counting, Prompt, RatingNow};
use insta::assert_snapshot;
use tui::{Scene, Signal};

use super::people::{
    alarmed, count, draw, finished, flushing, holding, learning, live, locating, of, on_terminal, page,
    pairing, rating, start, start_with_clickers, text, trend, warming,
};

fn at_80(scene: &Scene) -> String {
    text(&on_terminal(&[scene], 80, 24))
}

fn at_40(scene: &Scene) -> String {
    text(&on_terminal(&[scene], 40, 12))
}

/// The number, its age and trend, what is counted, the calm band, one instruction; nothing else is large.
#[test]
fn a_calm_hold() {
    assert_snapshot!(at_80(&of(trend(holding(live(4, 3)), 3))), @r#"
    | HOLDING · hold 2 · Anna                            link live · battery unknown
    |            ▄██▄           3 s ago
    |           ▄███▀           ▲ up from 3
    |          ▄███
    |         ████ ██▄
    |        ████ ████          ▗█  ▟▀▙   seconds
    |       ████▄▄████▄          █  ▜▄▛
    |      █████████████         █  █ █   to the minimum
    |       ▀▀▀▀▀▀████▀▀        ▀▀▀ ▝▀▘
    |             ████
    |              ██▀
    | ██████ ██████ ██████ ██████ ░░░░░░┃······ ······ ······ ······ ······
    |                    █ █     ▝█   ▝█          ▟   ▀  ▝█  ▝█
    |                    █▄█ ▟▀▙  █  ▗▄█     ▟▀▀ ▝█▀ ▝█   █   █
    |                    █ █ █ █  █  █ █     ▝▀▙  █▗  █   █   █
    |                    ▀ ▀ ▝▀▘ ▝▀▘ ▝▀▝▘    ▀▀▘  ▝▘ ▝▀▘ ▝▀▘ ▝▀▘
    |              ▗▛▙                  ▟  ▜▌          ▜▌   ▀
    |              ▟▙  ▜▟▜▖▟▀▙ █▄█▖    ▝█▀ ▐▙▜▖▟▀▙     ▐▙▜▖▝█  ▜▞▜▖▟▀▀
    |              ▐▌  ▐▌▝▘█ █ █▜▜▌     █▗ ▐▌▐▌█▀▀     ▐▌▐▌ █  ▐▙▟▘▝▀▙
    |              ▀▀  ▀▀  ▝▀▘ ▀ ▝▘     ▝▘ ▀▘▝▘▝▀▘     ▀▘▝▘▝▀▘ ▟▙  ▀▀▘
    |
    |
    |   Waiting for nothing but time
    | space STOP   ? keys
    "#);
}

/// Above 5 the number stands in a block with a word over it, the count says that it stands, and the alarm covers the
/// instruction and nothing else.
#[test]
fn a_hold_above_five() {
    let mut sitting = holding(live(6, 1));
    sitting.view.count = Some(count(Counting::Stopped, 18));
    let sitting = alarmed(trend(sitting, 5), Prompt::EaseOff { rating: rating(6) });
    assert_snapshot!(at_80(&of(sitting)), @r#"
    | HOLDING · hold 2 · Anna                            link live · battery unknown
    | ▒▒     ABOVE FIVE     ▒▒  1 s ago
    | ▒▒         ▄▄██       ▒▒  ▲ up from 5
    | ▒▒       ▄███▀▀       ▒▒
    | ▒▒      ███▀          ▒▒
    | ▒▒     ███████▄       ▒▒  ▗▛▜▖▗▛▙ █ █ █▖▐▌▛█▜     ▟▀▙ ▛█▜ ▗▛▙ ▜▛▜▖▜▛▜▖▜▛▀▌▜▛▙
    | ▒▒    ████▀▀▀███      ▒▒  █   █ ▐▌█ █ █▜▟▌ █      ▜▙   █  █ ▐▌▐▙▟▘▐▙▟▘▐▙▌ ▐▌▐▌
    | ▒▒    ███     ██▀     ▒▒  ▜▖▗▖▜▖▟▘█ █ █ ▜▌ █      ▄▝█  █  ▜▖▟▘▐▌  ▐▌  ▐▌▘▖▐▌▟▘
    | ▒▒    ▀██▄▄▄▄███      ▒▒   ▀▀  ▀▘ ▀▀▀ ▀ ▝▘▝▀▘     ▝▀▘ ▝▀▘  ▀▘ ▀▀  ▀▀  ▀▀▀▘▀▀▘
    | ▒▒      ▀█████▀       ▒▒  18 left of the minimum
    | ██████ ██████ ██████ ██████ ██████┃▓▓▓▓▓▓ ······ ······ ······ ······
    |▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀ !! EASE !! ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
    |
    |        ▀██▀▀▀█  ▄██▄   ▄█▀▀█▄  ▀██▀▀▀█          ▄█▀█▄  ▀██▀▀▀█ ▀██▀▀▀█
    |         ██▄█   ██  ██  ▀██▄     ██▄█           ██   ██  ██▄█    ██▄█
    |         ██ ▀ ▄ ██▀▀██  ▄▄ ▀██   ██ ▀ ▄         ▀█▄ ▄█▀  ██ ▀    ██ ▀
    |        ▀▀▀▀▀▀▀ ▀▀  ▀▀   ▀▀▀▀   ▀▀▀▀▀▀▀           ▀▀▀   ▀▀▀▀    ▀▀▀▀
    |    ▝█                  ▜▌          ▜▌              ▝█   ▀   ▟   ▟  ▝█
    |     █  ▟▀▙ ▝▀▙ █▀▙     ▐▙▄ ▝▀▙ ▟▀▙ ▐▌▟▘    ▝▀▙      █  ▝█  ▝█▀ ▝█▀  █  ▟▀▙
    |     █  █▀▀ ▟▀█ █ █     ▐▌▐▌▟▀█ █ ▄ ▐▛▙     ▟▀█      █   █   █▗  █▗  █  █▀▀
    |    ▝▀▘ ▝▀▘ ▝▀▝▘▀ ▀     ▀▝▀ ▝▀▝▘▝▀▘ ▀▘▝▘    ▝▀▝▘    ▝▀▘ ▝▀▘  ▝▘  ▝▘ ▝▀▘ ▝▀▘
    |
    |▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀ 6: ease off. Lean back a little. ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
    | space STOP   ? keys
    "#);
}

/// Ten is one glyph, as high as the others, in the block of 8 and more.
#[test]
fn a_ten() {
    let sitting = alarmed(holding(live(10, 0)), Prompt::HandsOff { rating: rating(10) });
    assert_snapshot!(at_80(&of(sitting)), @r#"
    | HOLDING · hold 2 · Anna                            link live · battery unknown
    | Rating 10, 0 s ago
    | 18 s to the minimum
    |
    |
    |████████████████████████████████ !!! ALARM !!! █████████████████████████████████
    |    ██  ██    ██    ██   ██ █████    ████             ███   ███████ ███████
    |    ██  ██   ████   ███  ██  ██ ██  ██  ██           ██ ██   ██   █  ██   █
    |    ██  ██  ██  ██  ████ ██  ██  ██ ███             ██   ██  ██ █    ██ █
    |    ██████  ██  ██  ██ ████  ██  ██  ███            ██   ██  ████    ████
    |    ██  ██  ██████  ██  ███  ██  ██    ███          ██   ██  ██ █    ██ █
    |    ██  ██  ██  ██  ██   ██  ██ ██  ██  ██           ██ ██   ██      ██
    |    ██  ██  ██  ██  ██   ██ █████    ████             ███   ████    ████
    |
    |                       █
    |                      ██
    |             ████    █████           ████   █████    ████    ████
    |                ██    ██            ██  ██  ██  ██  ██  ██  ██  ██
    |             █████    ██            ██  ██  ██  ██  ██      ██████
    |            ██  ██    ██ █          ██  ██  ██  ██  ██  ██  ██
    |             ███ ██    ██            ████   ██  ██   ████    ████
    |
    |████████████████████████ 10: hands off! Let go at once. ████████████████████████
    | space STOP   ? keys
    "#);
}

/// Where the number was stands why there is none; the band has lost its figures too. The maximum still runs.
#[test]
fn a_hold_without_a_signal() {
    let mut sitting = holding(RatingNow::Lost);
    sitting.signal = Signal::Lost;
    sitting.view.count = Some(count(Counting::ToMaximum, 41));
    assert_snapshot!(at_80(&of(alarmed(sitting, Prompt::NoSignalPressing))), @r#"
    | HOLDING · hold 2 · Anna                            NO SIGNAL · battery unknown
    | Rating not known: no signal
    | 41 s to the maximum
    |
    |
    |████████████████████████████████ !!! ALARM !!! █████████████████████████████████
    |        ███████   ██     ████   ███████           ███   ███████ ███████
    |         ██   █  ████   ██  ██   ██   █          ██ ██   ██   █  ██   █
    |         ██ █   ██  ██  ███      ██ █           ██   ██  ██ █    ██ █
    |         ████   ██  ██   ███     ████           ██   ██  ████    ████
    |         ██ █   ██████     ███   ██ █           ██   ██  ██ █    ██ █
    |         ██   █ ██  ██  ██  ██   ██   █          ██ ██   ██      ██
    |        ███████ ██  ██   ████   ███████           ███   ████    ████
    |
    |                                      ██                             ███
    |                                                                      ██
    |    █████    ████            █████   ███     ███ ██ █████    ████     ██
    |    ██  ██  ██  ██          ██        ██    ██  ██  ██  ██      ██    ██
    |    ██  ██  ██  ██           ████     ██    ██  ██  ██  ██   █████    ██
    |    ██  ██  ██  ██              ██    ██     █████  ██  ██  ██  ██    ██
    |    ██  ██   ████           █████    ████       ██  ██  ██   ███ ██  ████
    |                                            █████
    |█████████████████████ Ease off, no signal. Ask them aloud. █████████████████████
    | space STOP   ? keys
    "#);
}

/// What is away from the partner is up; the arrow points to them, because the receiver's left is where they stand.
#[test]
fn locating_from_their_left() {
    assert_snapshot!(at_80(&of(locating(Stand::LeftSide))), @r#"
    | LOCATING · hold 2 · Anna                           link live · battery unknown
    |                their RIGHT                  THEIR LEFT SIDE
    |              ⢠⡊   ⢀⣀⡠⠤⠤⠤⠤⠤⠒⠃   ⣀⡤⠤⡔⠒⠒       latissimus
    |              ⡎⢧⠈⠒⠥⣎⡄⡈⠉⠉⠙⢒⠖⡲⢒⠖⠚⠉⡜⠁           74 s to the end of this
    |H    ⡤⠤⣄⣀⡀⡀⢀⣀⡼ ⠘⠦⠤⠤⠤⠬⠇   ⡡⢊⠔⡡⠂  ⣇          F
    |E        ⠊⠉⠉                    ⠘⢪⢔⡡       E                ██████
    |A         ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠄⠤⠤⠤⠤⠄  ⢈⠦⠤     E                ██████
    |D        ⢄⣀⣀          +         ⢠⠔⡫⢋       T                ██████
    |     ⠓⠒⠋⠉⠉ ⠁⠉⢳ ⢠⠖⠒⠒⠒⢒⣶(X)⠔⡡⢊⠔⡁  ⡇                       ██████████████
    |              ⢇⡎⢀⠤⡲⢋⠕⢙⣛⣛⣻⠮⠴⠥⠮⠤⢤⣀⢧⡀                        ██████████
    |              ⠘⢅   ⠈⠉⠑⠒⠒⠒⠒⠒⠤⡄   ⠉⠓⠒⠪⠤⠤                      ██████
    |        their LEFT · you stand here                           ██
    |       ▟                   ▝█      ▟  ▜▌       ▀          ▜▛  ▜▛▀▌▜▛▀▌▛█▜
    |      ▝█▀ ▟▀▙ █▗▐▌▝▀▙ ▜▟▜▖▗▄█     ▝█▀ ▐▙▜▖▟▀▙ ▝█  ▜▟▜▖    ▐▌  ▐▙▌ ▐▙▌  █
    |       █▗ █ █ ███▌▟▀█ ▐▌▝▘█ █      █▗ ▐▌▐▌█▀▀  █  ▐▌▝▘    ▐▌▗▌▐▌▘▖▐▌▘  █
    |       ▝▘ ▝▀▘ ▝▘▀ ▝▀▝▘▀▀  ▝▀▝▘     ▝▘ ▀▘▝▘▝▀▘ ▝▀▘ ▀▀      ▀▀▀▘▀▀▀▘▀▀  ▝▀▘
    |                     ▟                   ▝█
    |                    ▝█▀ ▟▀▙ █▗▐▌▝▀▙ ▜▟▜▖▗▄█     █ █ ▟▀▙ █ █
    |                     █▗ █ █ ███▌▟▀█ ▐▌▝▘█ █     ▜▄█ █ █ █ █
    |                     ▝▘ ▝▀▘ ▝▘▀ ▝▀▝▘▀▀  ▝▀▝▘    ▄▄▛ ▝▀▘ ▝▀▝▘
    |
    |
    | ? Receiver: guide the hands; touch the logo when it is there
    | space STOP   ? keys
    "#);
}

/// From the head the feet are up, and the receiver's left lies to the partner's right hand.
#[test]
fn locating_from_the_head() {
    assert_snapshot!(at_80(&of(locating(Stand::AtHead))), @r#"
    | LOCATING · hold 2 · Anna                           link live · battery unknown
    |                 their FEET                  THEIR LEFT SIDE
    |                 ⢣  ⠠⡴⢧⡀  ⡜                  latissimus
    |                 ⠘⡷⠤⠚⠁⡌⠓⠤⢾⠃                  74 s to the end of this
    |R                ⣄⢱⡠⠂ ⡇⢀⠔⡎⣠                L
    |I                ⢸⡎⠐⠁ ⡇⢠⣮⣵⡇                E                  ██
    |G                ⢸⡧⣤  ⡇(X)⡇                F                  ████
    |H                 ⡼⢠⠇ ⡇⠸⡄⢧                 T            ████████████
    |T                ⠑⠪⠭⡀ ⡇⢀⠭⠕⠊                             ██████████████
    |                    ⡇⡀⢇⢸                                ████████████
    |                   ⢠⠃  ⠘⡄                                     ████
    |        their HEAD · you stand here                           ██
    |       ▟                   ▝█      ▟  ▜▌       ▀          ▜▛  ▜▛▀▌▜▛▀▌▛█▜
    |      ▝█▀ ▟▀▙ █▗▐▌▝▀▙ ▜▟▜▖▗▄█     ▝█▀ ▐▙▜▖▟▀▙ ▝█  ▜▟▜▖    ▐▌  ▐▙▌ ▐▙▌  █
    |       █▗ █ █ ███▌▟▀█ ▐▌▝▘█ █      █▗ ▐▌▐▌█▀▀  █  ▐▌▝▘    ▐▌▗▌▐▌▘▖▐▌▘  █
    |       ▝▘ ▝▀▘ ▝▘▀ ▝▀▝▘▀▀  ▝▀▝▘     ▝▘ ▀▘▝▘▝▀▘ ▝▀▘ ▀▀      ▀▀▀▘▀▀▀▘▀▀  ▝▀▘
    |     ▟                                   ▀      ▜▌   ▟      ▜▌           ▝█
    |    ▝█▀ ▟▀▙     █ █ ▟▀▙ █ █ ▜▟▜▖    ▜▟▜▖▝█  ▟▀▟▘▐▙▜▖▝█▀     ▐▙▜▖▝▀▙ █▀▙ ▗▄█
    |     █▗ █ █     ▜▄█ █ █ █ █ ▐▌▝▘    ▐▌▝▘ █  ▜▄█ ▐▌▐▌ █▗     ▐▌▐▌▟▀█ █ █ █ █
    |     ▝▘ ▝▀▘     ▄▄▛ ▝▀▘ ▝▀▝▘▀▀      ▀▀  ▝▀▘ ▄▄▛ ▀▘▝▘ ▝▘     ▀▘▝▘▝▀▝▘▀ ▀ ▝▀▝▘
    |
    |
    | ? Receiver: guide the hands; touch the logo when it is there
    | space STOP   ? keys
    "#);
}

/// Two minutes as a strip: the hold shaded, the part above five in another shape, the gap as a gap.
#[test]
fn a_flush_after_a_hold() {
    assert_snapshot!(at_80(&of(flushing())), @r#"
    | FLUSHING · hold 2 · Anna                           link live · battery unknown
    | ▗█  ▟▀▙   seconds                                        their RIGHT
    |  █   ▄▛                                                  ⢠⠖⠊⠉⠉⠉⣉⣉⣉⣉⣉⠇   ⢀⣀⡠⠤
    |  █  ▟▘▄   to the end of this                             ⡿⡄⠒⠤⣎⠍⠑⠒⠒⡒⢢⠤⡔⠒⢹⠋⠈
    | ▀▀▀ ▀▀▀                                        H  ⠒⠦⢤⣀⣀⣀⠜ ⠙⠦⠤⠤⠽   ⠔⠡⠊⠄ ⢸ ⡀    F
    | Rating 2, 14 s ago                             E     ⠁                  ⠛⠲⢥   E
    |            ░░░░░░░░░░░╳╳╳╳╳░░░░                A     ⠌⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁⣠⢴⠞⠉  E
    |            ░░░░░░░░▓▓▓╳╳╳╳╳░░░░                D  ⠤⠖⠚⠉⠉⠉⢢ ⣠⠖⠒⠒⣲(X)⠔⡠⢂⠄ ⢸ ⠁    T
    | ┄┄┄┄┄┄┄┄┄┄┄┄┄┄▄▄▄▄▄███╳╳╳╳╳┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄           ⣧⠃⠤⠒⢟⣁⡩⠭⠭⠬⠔⠓⠢⠤⣸⣄ ⡀
    |            ▄▄▄████████╳╳╳╳╳████                          ⠘⠦⢄⣀⣀⣀⣉⣉⣉⣉⣉⡆   ⠈⠉⠑⠒
    |            ███████████╳╳╳╳╳███████████████████
    | two minutes, until now   ░ hold   ╳ no signal    their LEFT · you stand here
    |  ▜▛   ▀      ▜▌   ▟      ▜▌               ▝█          ▟          ▜▌
    |  ▐▌  ▝█  ▟▀▟▘▐▙▜▖▝█▀     ▐▙▄ ▜▟▜▖▟▀▙ ▝▀▙ ▗▄█     ▟▀▀ ▝█▀ ▜▟▜▖▟▀▙ ▐▌▟▘▟▀▙ ▟▀▀
    |  ▐▌▗▌ █  ▜▄█ ▐▌▐▌ █▗     ▐▌▐▌▐▌▝▘█ █ ▟▀█ █ █     ▝▀▙  █▗ ▐▌▝▘█ █ ▐▛▙ █▀▀ ▝▀▙
    |  ▀▀▀▘▝▀▘ ▄▄▛ ▀▘▝▘ ▝▘     ▀▝▀ ▀▀  ▝▀▘ ▝▀▝▘▝▀▝▘    ▀▀▘  ▝▘ ▀▀  ▝▀▘ ▀▘▝▘▝▀▘ ▀▀▘
    |                                   ▟  ▜▌
    |              ▟▀▙ █ █ ▟▀▙ ▜▟▜▖    ▝█▀ ▐▙▜▖▟▀▙     ▝▀▙ ▜▟▜▖▟▀▙ ▝▀▙
    |              █ █ ▜▄▛ █▀▀ ▐▌▝▘     █▗ ▐▌▐▌█▀▀     ▟▀█ ▐▌▝▘█▀▀ ▟▀█
    |              ▝▀▘  ▀  ▝▀▘ ▀▀       ▝▘ ▀▘▝▘▝▀▘     ▝▀▝▘▀▀  ▝▀▘ ▝▀▝▘
    |
    |
    |   Waiting for nothing but time
    | space STOP   ? keys
    "#);
}

/// Which gesture is asked for, and which are known already.
#[test]
fn learning_the_clicker() {
    assert_snapshot!(at_80(&of(learning())), @r#"
    | LEARNING THE CLICKER · hold 2 · Anna               link live · battery unknown
    |
    |          ▜▛▜▖ ▀      ▜▌   ▟          █▖▐▌             ▟           ▄
    |          ▐▙▟▘▝█  ▟▀▟▘▐▙▜▖▝█▀         █▜▟▌▟▀▙ █▗▐▌    ▝█▀ ▜▟▜▖█ █  ▀
    |          ▐▌▜▖ █  ▜▄█ ▐▌▐▌ █▗  ▄      █ ▜▌█ █ ███▌     █▗ ▐▌▝▘▜▄█  ▄
    |          ▀▘▝▘▝▀▘ ▄▄▛ ▀▘▝▘ ▝▘  ▀      ▀ ▝▘▝▀▘ ▝▘▀      ▝▘ ▀▀  ▄▄▛  ▀
    |            ▗█▖              ▝█     ▜▛▜▖ ▄      ▟▀▙ █ █ ▗█▖ ▜▛▜▖▜▛▜▖
    |            █ █     ▝▀▙ █▀▙ ▗▄█     ▐▙▟▘ ▀      ▜▙  █▄█ █ █ ▐▙▟▘▐▙▟▘
    |            █▀█     ▟▀█ █ █ █ █     ▐▌▐▌ ▄      ▄▝█ █ █ █▀█ ▐▌▜▖▐▌
    |            ▀ ▀     ▝▀▝▘▀ ▀ ▝▀▝▘    ▀▀▀  ▀      ▝▀▘ ▀ ▀ ▀ ▀ ▀▘▝▘▀▀
    |
    |
    |   · B: one up                             · B long: to your feet
    |   · A: one down                           · logo: the spot
    |   ▸ A and B: SHARP                        · B: yes
    |   · A long: less                          · A: no
    |   · logo: same as before                  · logo long: it let go
    |   · A: to your left                       · B long, logo: more
    |   · B: to your right                      · A held: STOP
    |   · A long: to your head
    |
    |
    | ? Receiver: try this gesture
    | space STOP   ? keys
    "#);
}

/// How long it has been and still has to be, and the way out for those who are warm.
#[test]
fn warming_up() {
    assert_snapshot!(at_80(&of(warming())), @r#"
    | WARMING · hold 2 · Anna                            link live · battery unknown
    |
    |   ▗▛▘  ▄  ▗█  ▟▀▙   minutes
    |   █▄▖  ▀   █   ▄▛
    |   █ █  ▄   █  ▟▘▄   to the least time
    |   ▝▀▘  ▀  ▀▀▀ ▀▀▀
    |
    |   ██████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┃░░░░░░░░░░░░░░░░░░░░░░░░
    |   Warm for 3:48: at least 10:00, at most 15:00. The clock is all that is
    |   measured here: feel the skin.
    |
    |   Warm already? Say so, and go on; it is recorded.
    |            █ █          ▟               ▄
    |            █▄█ ▟▀▙ ▝▀▙ ▝█▀     ▟▀▙ █▀▙  ▀      █▗▐▌▝▀▙ ▜▟▜▖█▄█▖
    |            █ █ █▀▀ ▟▀█  █▗     █ █ █ █  ▄      ███▌▟▀█ ▐▌▝▘█▜▜▌ ▄
    |            ▀ ▀ ▝▀▘ ▝▀▝▘ ▝▘     ▝▀▘ ▀ ▀  ▀      ▝▘▀ ▝▀▝▘▀▀  ▀ ▝▘▗▛
    |                                   ▟      ▜▌       ▟
    |                          █▀▙ ▟▀▙ ▝█▀     ▐▙▜▖▟▀▙ ▝█▀
    |                          █ █ █ █  █▗     ▐▌▐▌█ █  █▗
    |                          ▀ ▀ ▝▀▘  ▝▘     ▀▘▝▘▝▀▘  ▝▘
    |
    |
    |   Waiting for nothing but time
    | space STOP   ? keys   w it is warm already
    "#);
}

/// One page, one answer.
#[test]
fn a_page_of_the_screening() {
    assert_snapshot!(at_80(&of(page(Page::Skin))), @r#"
    | SCREENING · Anna                                   link live · battery unknown
    |
    |   Partner, look at the skin there:
    |
    |   Broken skin or an open wound there?
    |
    |   Inflamed there: hot, red, swollen?
    |
    |   A recent injury there: a sprain, a strain?
    |
    |
    |
    |
    |
    |
    |
    |
    |
    |   None of these: A. One or more: B.
    |
    |
    |
    | ? Both: one answer for this page: none of these, or one or more
    | space STOP   n none of these   y one of them
    "#);
}

/// Two questions, and why something cannot be done. Names of wide letters stay in their line.
#[test]
fn the_start() {
    assert_snapshot!(at_80(&Scene::Start(start())), @r#"
    |  █ █ █▖▐▌▜▌▐▌█▖▐▌▗▛▙ ▛█▜
    |  █ █ █▜▟▌▐▙▛ █▜▟▌█ ▐▌ █      One lies, one presses, and this listens to the
    |  █ █ █ ▜▌▐▌▜▖█ ▜▌▜▖▟▘ █      clicks. It measures clicks, not pressure. A word
    |  ▀▀▀ ▀ ▝▘▀▘▝▘▀ ▝▘ ▀▘ ▝▀▘     said aloud always counts more.
    |
    |  Who lies down today?                  With which plan?
    |  ▸ Anna   yesterday, 4 holds           ◂ low-90
    |    田中 花子   3 weeks ago               (background: from studies, not
    |    someone else                          from the guide) As partner, and a
    |    no name                               hold may run to 90 seconds while
    |                                          every rating in it is low.
    |
    |  What next?
    |     s      Start a session  not now: no Bluetooth adapter
    |     p      Practise on this keyboard, without a clicker
    |     v      Look back at sessions  comes later
    |     q      Quit
    |
    |  Clickers
    |   No clicker can be looked for: this machine has no Bluetooth adapter.
    |
    |
    |
    |
    "#);
}

/// Whatever is near and remembered, what can be done stays on the screen.
#[test]
fn the_start_with_clickers() {
    let scene = Scene::Start(start_with_clickers());
    assert_snapshot!(at_80(&scene), @r#"
    |  █ █ █▖▐▌▜▌▐▌█▖▐▌▗▛▙ ▛█▜
    |  █ █ █▜▟▌▐▙▛ █▜▟▌█ ▐▌ █      One lies, one presses, and this listens to the
    |  █ █ █ ▜▌▐▌▜▖█ ▜▌▜▖▟▘ █      clicks. It measures clicks, not pressure. A word
    |  ▀▀▀ ▀ ▝▘▀▘▝▘▀ ▝▘ ▀▘ ▝▀▘     said aloud always counts more.
    |
    |  Who lies down today?                  With which plan?
    |  ▸ Anna   yesterday, 4 holds           ◂ low-90
    |    田中 花子   3 weeks ago               (background: from studies, not
    |    someone else                          from the guide) As partner, and a
    |    no name                               hold may run to 90 seconds while
    |                                          every rating in it is low.
    |  What next?
    |     p      Practise on this keyboard, without a clicker
    |     s      Start a session
    |     k      Learn the clicker: a minute, nobody is touched
    |     c      Pair a clicker
    |     r      Look back at sessions  comes later
    |     q      Quit
    |
    |  Clickers
    |   Bluetooth is ready; listening for clickers.
    |   Unknot 9A: near, strong signal (-55 dBm), battery 83 % 2 days ago
    |   Unknot 9B: not heard now, battery never read
    |   Unknot 9C: near, weak signal (-85 dBm), not paired with this computer
    "#);
    let wide = text(&draw(&scene, 200, 60));
    for line in &start_with_clickers().near {
        assert!(wide.contains(line), "{line}\n{wide}");
    }
}

/// The digits are large: they are compared with those on the clicker in the other hand.
#[test]
fn a_pairing() {
    assert_snapshot!(at_80(&Scene::Steps(pairing())), @r#"
    |                          ▜▛▜▖     ▀       ▀
    |                          ▐▙▟▘▝▀▙ ▝█  ▜▟▜▖▝█  █▀▙ ▟▀▟▘
    |                          ▐▌  ▟▀█  █  ▐▌▝▘ █  █ █ ▜▄█
    |                          ▀▀  ▝▀▝▘▝▀▘ ▀▀  ▝▀▘ ▀ ▀ ▄▄▛
    |
    |  On the clicker: hold the logo while you switch it on or press its reset
    |  button, for 3 seconds. It is then open for pairing for a minute.
    |  With Unknot 9A (C0:12:34:56:78:9A).
    |
    |  ▸ Type the six digits that the clicker shows, one after the other, then
    |    Enter.
    |
    |                  █████     ███    ██    ██████
    |                 ██   ██   ████   ███    ██  ██
    |                 ██  ███  ██ ██    ██        ██
    |                 ██ ████ ██  ██    ██       ██
    |                 ████ ██ ███████   ██      ██
    |                 ███  ██     ██    ██      ██
    |                  █████     ████ ██████    ██
    |                                                 ████████████████
    |
    |
    |
    | Esc give up
    "#);
}

/// What is being done to get a link back stands where the link stands, and nowhere while there is one.
#[test]
fn a_link_that_is_being_made_again_is_told_beside_the_link() {
    let mut sitting = holding(RatingNow::Lost);
    sitting.reaching = Some("searching".to_owned());
    for (signal, told) in [(Signal::Live, false), (Signal::Stale, true), (Signal::Lost, true)] {
        sitting.signal = signal;
        let status = text(&draw(&of(sitting.clone()), 80, 24));
        assert_eq!(
            status.lines().next().unwrap_or_default().contains(": searching · battery"),
            told,
            "{status}"
        );
    }
}

/// First what to do, then what is known.
#[test]
fn the_end() {
    assert_snapshot!(at_80(&Scene::Finished(Box::new(finished()))), @r#"
    |              ▗▛▜▖     ▟                      ▝█          ▝█
    |              █   ▟▀▙ ▝█▀     █ █ ▜▞▜▖    ▟▀▀  █  ▟▀▙ █▗▐▌ █  █ █
    |              ▜▖▜▌█▀▀  █▗     █ █ ▐▙▟▘    ▝▀▙  █  █ █ ███▌ █  ▜▄█
    |               ▀▀▘▝▀▘  ▝▘     ▝▀▝▘▟▙      ▀▀▘ ▝▀▘ ▝▀▘ ▝▘▀ ▝▀▘ ▄▄▛
    |        ▜▛▙      ▀      ▜▌                                   ▟
    |        ▐▌▐▌▜▟▜▖▝█  █▀▙ ▐▌▟▘    ▟▀▀ ▟▀▙ █▄█▖▟▀▙     █▗▐▌▝▀▙ ▝█▀ ▟▀▙ ▜▟▜▖
    |        ▐▌▟▘▐▌▝▘ █  █ █ ▐▛▙     ▝▀▙ █ █ █▜▜▌█▀▀     ███▌▟▀█  █▗ █▀▀ ▐▌▝▘
    |        ▀▀▘ ▀▀  ▝▀▘ ▀ ▀ ▀▘▝▘    ▀▀▘ ▝▀▘ ▀ ▝▘▝▀▘     ▝▘▀ ▝▀▝▘ ▝▘ ▝▀▘ ▀▀
    |
    |   Anna's session is over: the receiver had enough.
    |   2 holds, 1 done, 0:53 counted.
    |   Ratings: first 4, highest 7, last 2.
    |   One SHARP.
    |   Bothers when moving: 6 before, 4 after.
    |
    |   1. left latissimus: done, 0:41 counted (it let go)
    |   2. left latissimus: cut, 0:12 counted (it stayed above 5, or “less” was
    |   not followed)
    |
    |
    |
    |
    |
    | Enter back to the start   q quit
    "#);
}

/// Too small for everything: what it needs, and still the number in eight rows, its age, the instruction, how to stop.
#[test]
fn a_calm_hold_on_a_small_screen() {
    assert_snapshot!(at_40(&of(holding(live(4, 3)))), @r#"
    | HOLDING ·  link live · battery unknown
    |         ██▄        Rating 4, 3 s ago
    |        ███         18 s to the minimum
    |       ███▄▄        Hold still
    |     ▄███ ███       from the hips
    |    ▄███▄▄███▄
    |    ██████████▀
    |          ███
    |          ██▀
    |
    |   Waiting for nothing but time
    | space STOP           Unknot needs 80x24
    "#);
}

/// The alarm has the two lines that are left, and its block keeps the number at eight rows.
#[test]
fn an_alarm_on_a_small_screen() {
    assert_snapshot!(at_40(&of(alarmed(holding(live(7, 1)), Prompt::EaseOff { rating: rating(7) }))), @r#"
    | HOLDING ·  link live · battery unknown
    | Rating 7, 1 s ago
    |▀▀▀▀▀▀▀▀▀▀▀▀▀▀ !! EASE !! ▀▀▀▀▀▀▀▀▀▀▀▀▀▀
    |
    |    ▜▛▀▌▗█▖ ▟▀▙ ▜▛▀▌    ▗▛▙ ▜▛▀▌▜▛▀▌
    |    ▐▙▌ █ █ ▜▙  ▐▙▌     █ ▐▌▐▙▌ ▐▙▌
    |    ▐▌▘▖█▀█ ▄▝█ ▐▌▘▖    ▜▖▟▘▐▌▘ ▐▌▘
    |    ▀▀▀▘▀ ▀ ▝▀▘ ▀▀▀▘     ▀▘ ▀▀  ▀▀
    |           lean back a little
    |
    |▀▀▀ 7: ease off. Lean back a little. ▀▀▀
    | space STOP           Unknot needs 80x24
    "#);
}

/// No number, in words.
#[test]
fn no_signal_on_a_small_screen() {
    assert_snapshot!(at_40(&of(alarmed(holding(RatingNow::Lost), Prompt::NoSignalPressing))), @r#"
    | HOLDING ·  link live · battery unknown
    | Rating not known: no signal
    |████████████ !!! ALARM !!! █████████████
    |
    |    ▜▛▀▌▗█▖ ▟▀▙ ▜▛▀▌    ▗▛▙ ▜▛▀▌▜▛▀▌
    |    ▐▙▌ █ █ ▜▙  ▐▙▌     █ ▐▌▐▙▌ ▐▙▌
    |    ▐▌▘▖█▀█ ▄▝█ ▐▌▘▖    ▜▖▟▘▐▌▘ ▐▌▘
    |    ▀▀▀▘▀ ▀ ▝▀▘ ▀▀▀▘     ▀▘ ▀▀  ▀▀
    |               no signal
    |
    |█ Ease off, no signal. Ask them aloud. █
    | space STOP           Unknot needs 80x24
    "#);
}

/// Smaller still: words only, the alarm first.
#[test]
fn an_alarm_on_a_tiny_screen() {
    let scene = of(alarmed(holding(live(7, 1)), Prompt::EaseOff { rating: rating(7) }));
    assert_snapshot!(text(&draw(&scene, 20, 5)), @r#"
    |Rating 7, 1 s ago
    |!! EASE OFF lean
    |back a little
    |
    | space STOP
    "#);
}
