//! What stands around every page of a session, always in the same place: status at the top; at the bottom what is
//! awaited and the keys; above them the instruction, or the alarm that covers it.

use coach::body::Side;
use coach::{Awaits, Level, Phase, Prompt};
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};
use words::Value;

use super::Canvas;
use crate::scene::{Alarm, Battery, Hint, Signal, Sitting};
use crate::theme::Role;
use crate::{cells, letters, texts};

/// Phase, hold and receiver on the left; link and battery, which are never cut, on the right.
pub(super) fn status(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let style = canvas.style(Role::Status);
    cells::fill(canvas.buf, area, style);
    let mut link = signal(canvas, sitting.signal);
    if let Some(reaching) = sitting.reaching.as_ref().filter(|_| sitting.signal != Signal::Live) {
        link = format!("{link}: {reaching}");
    }
    let right = format!(" {link} · {} ", battery(canvas, sitting.battery));
    let taken = cells::right(canvas.buf, area, &right, style);
    let mut left = Vec::new();
    // What comes after an alarm is no news while it stands: nobody flushes before the hands are off.
    let is_now = sitting.view.pressure_may_be_on() || sitting.view.phase == Phase::Paused;
    if is_now || sitting.shown.alarm.is_none_or(|alarm| alarm.level() != Level::High) {
        left.push(canvas.words.name(sitting.view.phase).to_uppercase());
    }
    if sitting.view.holds > 0 {
        left.push(canvas.text(texts::HOLD_NUMBER, &[("n", Value::Number(sitting.view.holds))]));
    }
    left.extend(sitting.receiver.clone());
    if sitting.practice {
        left.push(canvas.text(texts::PRACTICE, &[]));
    }
    let left_area = Rect { width: area.width.saturating_sub(taken), ..area };
    cells::line(canvas.buf, left_area, &format!(" {}", left.join(" · ")), style);
}

fn signal(canvas: &Canvas<'_>, signal: Signal) -> String {
    canvas.text(
        match signal {
            Signal::Live => texts::LINK_LIVE,
            Signal::Stale => texts::LINK_STALE,
            Signal::Lost => texts::LINK_LOST,
        },
        &[],
    )
}

fn battery(canvas: &Canvas<'_>, battery: Battery) -> String {
    match battery {
        Battery::Unknown => canvas.text(texts::BATTERY_UNKNOWN, &[]),
        Battery::Read { percent, age } => {
            let minutes = u32::try_from(age.as_secs() / 60).unwrap_or(u32::MAX);
            let args = [("percent", Value::Number(percent.into())), ("minutes", Value::Number(minutes))];
            canvas.text(if minutes < 2 { texts::BATTERY } else { texts::BATTERY_OLD }, &args)
        }
    }
}

/// What is awaited, and from whom, or nothing but time; and beside it, as far as there is room, what waits to be shown.
pub(super) fn awaited(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting) {
    let text = awaits(canvas, sitting);
    let (text, style) = if sitting.view.awaits == Awaits::Nothing && !sitting.view.ending {
        (format!("   {text}"), canvas.style(Role::Quiet))
    } else {
        let style = canvas.theme.alarm(Level::Low, true);
        cells::fill(canvas.buf, area, style);
        (format!(" ? {text}"), style)
    };
    let taken = cells::line(canvas.buf, area, &text, style);
    let room = area.width.saturating_sub(taken + 3);
    if let Some(waiting) = waiting(canvas, &sitting.shown.waiting, room) {
        cells::right(canvas.buf, area, &format!("{waiting} "), style);
    }
}

/// The first words of what waits, and how many more there are; or only how many, where there is no room for words.
pub(super) fn waiting(canvas: &Canvas<'_>, waiting: &[Prompt], columns: u16) -> Option<String> {
    /// Fewer columns than these hold no words worth reading.
    const WORDS: u16 = 16;
    let (next, more) = waiting.split_first()?;
    let more = if more.is_empty() { String::new() } else { format!(" +{}", more.len()) };
    let text = canvas.text(texts::WAITING, &[("text", Value::Name(&canvas.words.prompt(next)))]);
    let room = columns.saturating_sub(cells::width(&more));
    if room >= WORDS {
        return Some(cells::shortened(&text, room) + &more);
    }
    let count = format!("+{}", waiting.len());
    (cells::width(&count) <= columns).then_some(count)
}

pub(super) fn awaits(canvas: &Canvas<'_>, sitting: &Sitting) -> String {
    if sitting.view.ending {
        return canvas.text(texts::AWAITS_ENDING, &[]);
    }
    let id = match sitting.view.awaits {
        Awaits::Nothing => texts::AWAITS_NOTHING,
        Awaits::Where => texts::AWAITS_WHERE,
        Awaits::Page(_) => texts::AWAITS_PAGE,
        Awaits::Question(_)
        | Awaits::Clearance(_)
        | Awaits::Still(_)
        | Awaits::Since(_)
        | Awaits::Again
        | Awaits::Elsewhere => texts::AWAITS_YES_NO,
        Awaits::Resting | Awaits::Bother => texts::AWAITS_CLICKS,
        Awaits::WarmCheck => texts::AWAITS_WARM_CHECK,
        Awaits::LessonOffer => texts::AWAITS_LESSON_OFFER,
        Awaits::Lesson(_) => texts::AWAITS_LESSON,
        Awaits::GoOn => texts::AWAITS_GO_ON,
        Awaits::Hand(Side::Left) => texts::AWAITS_HAND_LEFT,
        Awaits::Hand(Side::Right) => texts::AWAITS_HAND_RIGHT,
        Awaits::TrySharp => texts::AWAITS_TRY_SHARP,
        Awaits::HeardThat => texts::AWAITS_HEARD_THAT,
        Awaits::Spot => texts::AWAITS_SPOT,
        Awaits::Rating => texts::AWAITS_RATING,
        Awaits::FeltElsewhere => texts::AWAITS_FELT_ELSEWHERE,
        Awaits::WhereFelt => texts::AWAITS_WHERE_FELT,
        Awaits::Next => texts::AWAITS_NEXT,
        Awaits::AfterSharp => texts::AWAITS_AFTER_SHARP,
        Awaits::Receiver => texts::AWAITS_RECEIVER,
        Awaits::Partner => texts::AWAITS_PARTNER,
        Awaits::Signal => texts::AWAITS_SIGNAL,
    };
    canvas.text(id, &[])
}

/// Keys and what they do, as many as there is room for, each only whole. The first one is how to stop.
pub(super) fn keys<'a>(canvas: &mut Canvas<'_>, area: Rect, keys: impl IntoIterator<Item = &'a Hint>) {
    let mut rest = area;
    for (n, hint) in keys.into_iter().enumerate() {
        let between = if n == 0 { " " } else { "   " };
        let wide = cells::width(between) + cells::width(&hint.key) + 1 + cells::width(&hint.what);
        if wide > rest.width && n > 0 {
            continue;
        }
        for (text, role) in [
            (between, Role::Quiet),
            (&hint.key, Role::Chosen),
            (" ", Role::Quiet),
            (&hint.what, Role::Strong),
        ] {
            let style = canvas.style(role);
            let taken = cells::line(canvas.buf, rest, text, style);
            rest = cells::take_left(rest, taken).1;
        }
    }
}

/// The lines of the coach's last word for the big screen, if it has that form.
pub(super) fn big_lines(canvas: &Canvas<'_>, prompt: &Prompt) -> Option<Vec<String>> {
    canvas.words.screen(prompt).map(|text| text.lines().map(str::to_owned).collect())
}

/// The rows the instruction takes on a body of this size: two lines of the largest letters that leave the number room.
pub(super) const fn rows_for_instruction(body: Rect) -> u16 {
    // Twenty letters of eight columns, twice eight rows; and as many rows again, and more, for the number.
    if body.width >= 160 && body.height >= 40 { 16 } else { 8 }
}

/// The instruction, as large as it fits.
pub(super) fn instruction(canvas: &mut Canvas<'_>, area: Rect, prompt: Option<&Prompt>) {
    let Some(prompt) = prompt else { return };
    let style = canvas.style(Role::Strong);
    match big_lines(canvas, prompt) {
        Some(lines) => letters::instruction(canvas.buf, area, &lines, style),
        None => {
            let text = canvas.words.prompt(prompt);
            letters::wrapped(canvas.buf, cells::indent(area, 2), &text, style);
        }
    }
}

/// What is to be read in plain letters, the most important first: the note that is being typed, the sentence that keeps
/// somebody safe in all its words, and news.
pub(super) fn in_full(canvas: &Canvas<'_>, sitting: &Sitting) -> impl Iterator<Item = String> {
    let note = sitting.note.as_ref();
    let note = note.map(|note| canvas.text(texts::NOTE, &[("text", Value::Name(&format!("{note}_")))]));
    let sentence = sitting.shown.sentence.as_ref().map(|sentence| canvas.words.prompt(sentence));
    let remark = sitting.shown.remark.as_ref().map(|remark| canvas.words.prompt(remark));
    [note, sentence, remark.or_else(|| sitting.notice.clone())].into_iter().flatten()
}

/// The rows of what is read in plain letters, at the bottom of a page or, where those are taken, at its top.
pub(super) const IN_FULL: u16 = 2;

/// Draws it, and gives the rows it took.
pub(super) fn plain(canvas: &mut Canvas<'_>, area: Rect, text: &str) -> u16 {
    let style = canvas.style(Role::Strong);
    cells::paragraph(canvas.buf, cells::indent(area, 3), text, style)
}

/// Draws an alarm over the bottom half of an area.
pub(super) fn alarm(canvas: &mut Canvas<'_>, area: Rect, alarm: &Alarm) {
    let (area, _) = cells::take_bottom(area, area.height / 2);
    alarm_box(canvas, area, alarm);
}

/// Fills an area with an alarm. Its level has a word, a shape (the rules above and below it) and a colour of its own;
/// its few words are as large as the area allows, and the whole sentence stands below them where there is room.
pub(super) fn alarm_box(canvas: &mut Canvas<'_>, area: Rect, alarm: &Alarm) {
    let style = canvas.theme.alarm(alarm.level(), alarm.lit);
    Clear.render(area, canvas.buf);
    cells::fill(canvas.buf, area, style);
    let text = canvas.words.prompt(&alarm.prompt);
    let inner = alarm_frame(canvas, area, alarm, &text);
    let Some(lines) = big_lines(canvas, &alarm.prompt) else {
        letters::wrapped(canvas.buf, inner, &text, style);
        return;
    };
    let framed = area.height >= ALARM_FRAMED;
    let has_sentence = framed && cells::width(&text) + 2 <= area.width;
    let rows = |text: &str| u16::try_from(cells::wrap(text, inner.width).len()).unwrap_or(u16::MAX);
    let (below, above) = cells::take_bottom(inner, if has_sentence { 0 } else { rows(&text) });
    if !has_sentence && letters::shouts(&lines, above) {
        letters::shout(canvas.buf, above, &lines, style);
        cells::paragraph(canvas.buf, below, &text, style);
    } else if letters::shouts(&lines, inner) {
        letters::shout(canvas.buf, inner, &lines, style);
    } else {
        // What to do comes first; all of it below, where letters that are no larger leave it room.
        let mark = if framed { String::new() } else { format!("{} ", shape(alarm.level()).1) };
        let short = format!("{mark}{}", lines.join(" "));
        let whole = format!("{short}\n{text}");
        let fits = !has_sentence && rows(&whole) <= inner.height;
        cells::paragraph(canvas.buf, inner, if fits { &whole } else { &short }, style);
    }
}

/// An alarm of fewer rows has no rules.
const ALARM_FRAMED: u16 = 6;

/// Draws the rules of an alarm, its word and its sentence, and gives what is between them.
fn alarm_frame(canvas: &mut Canvas<'_>, area: Rect, alarm: &Alarm, text: &str) -> Rect {
    if area.height < ALARM_FRAMED {
        return area;
    }
    let style = canvas.theme.alarm(alarm.level(), alarm.lit);
    let (rule, mark) = shape(alarm.level());
    for y in [area.top(), area.bottom() - 1] {
        cells::line(canvas.buf, Rect { y, height: 1, ..area }, &rule.repeat(area.width.into()), style);
    }
    let title = format!(" {mark} {} {mark} ", canvas.text(word(alarm.level()), &[]));
    cells::centred(canvas.buf, cells::row(area, 0), &title, style);
    if cells::width(text) + 2 <= area.width {
        cells::centred(canvas.buf, cells::row(area, area.height - 1), &format!(" {text} "), style);
    }
    Rect { y: area.y + 1, height: area.height - 2, ..area }
}

/// The rule and the mark of a level.
pub(super) const fn shape(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::High => ("█", "!!!"),
        Level::Medium => ("▀", "!!"),
        Level::Low => ("─", "?"),
        Level::Calm => (" ", ""),
    }
}

/// The word of a level.
pub(super) const fn word(level: Level) -> &'static str {
    match level {
        Level::High => texts::LEVEL_HIGH,
        Level::Medium => texts::LEVEL_MEDIUM,
        Level::Low => texts::LEVEL_LOW,
        Level::Calm => texts::LEVEL_CALM,
    }
}
