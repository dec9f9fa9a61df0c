//! The number and what belongs to it: how old it is, where it came from, how much of the scale it is, and what is being
//! counted.

use coach::{Awaits, Counting, Phase, Rating, RatingNow};
use ratatui::layout::Rect;
use words::Value;

use super::{Canvas, clock, rounded_up};
use crate::digit::{self, Live};
use crate::letters::{self, Size};
use crate::scene::{Sitting, Trend};
use crate::theme::Role;
use crate::{cells, texts, tick};

/// The looks of a rating. While hands may be pressing it is calm at 5 and below and unmistakable above; elsewhere it
/// is shown, and alarms nobody.
const fn role(rating: Rating, pressing: bool) -> Role {
    if !pressing {
        Role::Calm
    } else if rating.value() >= Rating::HANDS_OFF.value() {
        Role::HandsOff
    } else if rating.value() > Rating::CEILING.value() {
        Role::Above
    } else {
        Role::Calm
    }
}

/// What is written over a rating that is too high, and the shape of the block it stands in.
const fn block(rating: Rating, pressing: bool) -> Option<(&'static str, &'static str)> {
    if !pressing {
        None
    } else if rating.value() >= Rating::HANDS_OFF.value() {
        Some((texts::EIGHT_OR_MORE, "▓"))
    } else if rating.value() > Rating::CEILING.value() {
        Some((texts::ABOVE_FIVE, "▒"))
    } else {
        None
    }
}

/// The rating as large as the area allows, or in words why there is none.
pub(super) fn number(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let pressing = sitting.view.pressure_may_be_on();
    let Some(live) = Live::of(sitting.view.rating) else {
        let text = canvas.text(
            match sitting.view.rating {
                RatingNow::Stale => texts::NUMBER_STALE,
                RatingNow::Lost => texts::NUMBER_LOST,
                RatingNow::None | RatingNow::Live { .. } => texts::NUMBER_NONE,
            },
            &[],
        );
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let style = canvas.style(Role::Strong);
        // A silent link is news. That there is no number yet is none, where nobody waits for one.
        let awaited = sitting.view.rating != RatingNow::None
            || sitting.view.phase == Phase::Holding
            || matches!(sitting.view.awaits, Awaits::Rating | Awaits::Resting | Awaits::Bother);
        return if awaited {
            letters::lines(canvas.buf, area, &lines, style);
        } else {
            cells::centred(canvas.buf, cells::row(area, area.height / 2), &lines.join(" "), style);
        };
    };
    let style = canvas.style(role(live.rating(), pressing));
    let inner = match block(live.rating(), pressing) {
        None => area,
        Some((text, edge)) => {
            let text = canvas.text(text, &[]);
            for y in area.top()..area.bottom() {
                for x in area.left()..area.right() {
                    let inside = x >= area.left() + 2 && x + 2 < area.right();
                    cells::put(canvas.buf, x, y, if inside { " " } else { edge }, style);
                }
            }
            // The word costs the number no row that it needs: eight are the least.
            let lower = Rect { height: area.height.saturating_sub(1), ..cells::indent(area, 2) };
            if digit::rows_in(lower) >= 8 {
                let title = Rect { height: 1, ..cells::indent(area, 2) };
                cells::centred(canvas.buf, title, &text, style);
                Rect { y: area.y + 1, height: area.height - 1, ..cells::indent(area, 2) }
            } else {
                cells::indent(area, 2)
            }
        }
    };
    digit::draw(live, inner, canvas.buf, style);
}

/// The rating in words, for where there is no room for the number, or where it matters less.
pub(super) fn in_words(canvas: &Canvas<'_>, sitting: &Sitting) -> String {
    match Live::of(sitting.view.rating) {
        Some(live) => {
            let args = [
                ("rating", Value::Number(live.rating().value().into())),
                ("age", Value::Name(&age(canvas, live, sitting))),
            ];
            canvas.text(texts::RATING, &args)
        }
        None => canvas.text(
            match sitting.view.rating {
                RatingNow::Stale => texts::RATING_STALE,
                RatingNow::Lost => texts::RATING_LOST,
                RatingNow::None | RatingNow::Live { .. } => texts::RATING_NONE,
            },
            &[],
        ),
    }
}

fn age(canvas: &Canvas<'_>, live: Live, sitting: &Sitting) -> String {
    let seconds = u32::try_from(tick::age(live.age(), &sitting.view)).unwrap_or(u32::MAX);
    if seconds < 100 {
        canvas.text(texts::SECONDS, &[("n", Value::Number(seconds))])
    } else {
        canvas.text(texts::MINUTES, &[("n", Value::Number(seconds / 60))])
    }
}

/// How old the rating is and where it came from, in a line: the one large figure beside the number is the countdown.
pub(super) fn age_and_trend(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let Some(live) = Live::of(sitting.view.rating) else { return };
    let parts =
        [age(canvas, live, sitting), canvas.text(texts::AGO, &[]), trend(canvas, live, sitting.shown.trend)];
    let [age, ago, trend] = &parts;
    let strong = canvas.style(Role::Strong);
    cells::paragraph(canvas.buf, area, &format!("{age} {ago}\n{trend}"), strong);
}

/// Two labels beside a large figure, under each other, as large as the figure leaves room for.
fn labelled(canvas: &mut Canvas<'_>, area: Rect, labels: &[String; 2], size: Size) {
    let strong = canvas.style(Role::Strong);
    let (rows, most) = match size {
        Size::Eight => (4, letters::size_for(labels, cells::take_top(area, 8).0)),
        Size::Four | Size::One => (2, Size::One),
    };
    for (n, label) in (0u16..).zip(labels) {
        let below = cells::take_top(area, n * rows).1;
        letters::left(canvas.buf, below, std::slice::from_ref(label), most, strong);
    }
}

fn trend(canvas: &Canvas<'_>, live: Live, trend: Option<Trend>) -> String {
    let Some(Trend { from }) = trend else { return canvas.text(texts::STEADY, &[]) };
    let args = [("from", Value::Number(from.value().into()))];
    if live.rating() > from { canvas.text(texts::RISING, &args) } else { canvas.text(texts::FALLING, &args) }
}

/// The scale from 1 to 10 with the rating on it: bars up to it, and a mark where the calm part ends. Without a number
/// it is empty, and has no figures.
pub(super) fn band(canvas: &mut Canvas<'_>, area: Rect, now: RatingNow) {
    let live = Live::of(now);
    let step = area.width / 10;
    if area.height == 0 || step < 3 {
        return;
    }
    for value in 1..=Rating::MAX.value() {
        let x = area.x + u16::from(value - 1) * step;
        let place = Rect { x, width: step - 1, height: 1, ..area };
        let above = value > Rating::CEILING.value();
        let reached = live.is_some_and(|live| live.rating().value() >= value);
        let (symbol, style) = match (reached, above) {
            (true, false) => ("█", canvas.style(Role::Calm)),
            (true, true) => ("▓", canvas.style(Role::AlarmDark)),
            (false, false) => ("░", canvas.style(Role::Quiet)),
            (false, true) => ("·", canvas.style(Role::Quiet)),
        };
        cells::line(canvas.buf, place, &symbol.repeat(place.width.into()), style);
        if value == Rating::CEILING.value() {
            let style = canvas.style(Role::Strong);
            cells::put(canvas.buf, place.right(), area.y, "┃", style);
        }
    }
}

/// What is counted, by its name, and what is left of it.
pub(super) fn count(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting, size: Size) {
    let Some(count) = sitting.view.count else { return };
    let strong = canvas.style(Role::Strong);
    let left = rounded_up(count.left);
    let figure = if left.as_secs() < 100 { left.as_secs().to_string() } else { clock(left) };
    if count.what == Counting::Stopped {
        // The words first: the figure stands, and must not be taken for one that runs.
        let lines: Vec<String> = canvas.text(texts::COUNT_STOPPED, &[]).lines().map(str::to_owned).collect();
        let size = letters::size_for(&lines, area);
        letters::left(canvas.buf, area, &lines, size, strong);
        let rows = size.cells() * u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let below = cells::take_top(area, rows).1;
        let text = canvas.text(texts::COUNT_STOPPED_AT, &[("left", Value::Name(&figure))]);
        cells::line(canvas.buf, cells::row(below, 0), &text, strong);
        return;
    }
    // Two columns of figures at least, so that nothing moves where ten becomes nine.
    let padded = format!("{figure:>2}");
    letters::left(canvas.buf, area, std::slice::from_ref(&padded), size, strong);
    let beside = cells::take_left(area, cells::width(&padded) * size.cells() + 2).1;
    let unit =
        canvas.text(if figure.contains(':') { texts::COUNT_MINUTES } else { texts::COUNT_SECONDS }, &[]);
    let what = canvas.words.name(count.what);
    labelled(canvas, beside, &[unit, what], size);
}

/// What is counted, in a line.
pub(super) fn count_in_words(canvas: &Canvas<'_>, sitting: &Sitting) -> Option<String> {
    let count = sitting.view.count?;
    let left = rounded_up(count.left);
    let figure = if left.as_secs() < 100 { format!("{} s", left.as_secs()) } else { clock(left) };
    Some(if count.what == Counting::Stopped {
        canvas.words.name(count.what)
    } else {
        format!("{figure} {}", canvas.words.name(count.what))
    })
}
