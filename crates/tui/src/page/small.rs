//! A screen that is too small: it says what size it needs, and keeps working what people may be hurt without: the
//! alarm, the number, the instruction, how to stop.

use coach::{Level, Phase, RatingNow};
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};
use words::Value;

use super::{Canvas, finished, frame, reading, replay, review, sitting, start, timeline, urgent};
use crate::scene::{Scene, Sitting};
use crate::start::{Possible, Start};
use crate::theme::Role;
use crate::{LEAST, cells, digit, texts};

/// The least that a digit of eight rows in its block and as many columns of words beside it need.
const DIGIT: (u16, u16) = (40, 12);

/// The rows that a pause needs for two lines of large letters, with an alarm's rules around them.
const PAUSED: u16 = 23;

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, scene: &Scene) {
    let needs = canvas.text(
        texts::TOO_SMALL,
        &[("width", Value::Number(LEAST.width.into())), ("height", Value::Number(LEAST.height.into()))],
    );
    match scene {
        Scene::Sitting(sitting) => session(canvas, area, sitting, &needs),
        Scene::Help(help) => match &help.behind {
            Some(sitting) => session(canvas, area, sitting, &needs),
            None => {
                let rows = help.groups.iter().flat_map(|group| &group.rows);
                let keys = rows.map(|row| format!("{}  {}", row.key, row.what));
                lines(canvas, area, std::iter::once(needs).chain(keys));
            }
        },
        Scene::Start(scene) => {
            let text: Vec<String> = starting(canvas, scene).collect();
            lines(canvas, area, std::iter::once(needs).chain(text));
        }
        Scene::Steps(scene) => {
            let area = match &scene.stop {
                Some(stop) => finished::shout_stop(canvas, area, stop),
                None => area,
            };
            let typed = scene.typed.iter().map(|typed| format!("{typed}_"));
            let keys = scene.keys.iter().map(|hint| format!("{}  {}", hint.key, hint.what));
            let text = std::iter::once(scene.now.clone()).chain(typed).chain(keys);
            lines(canvas, area, text.chain(scene.said.iter().cloned()).chain([needs]));
        }
        Scene::Review(scene) => lines(canvas, area, review::lines(scene).into_iter().chain([needs])),
        Scene::Timeline(scene) => lines(canvas, area, timeline::lines(scene).into_iter().chain([needs])),
        Scene::Replay(scene) => {
            let text = replay::in_words(canvas, scene);
            let style = canvas.style(Role::Strong);
            if let Some(alarm) = urgent::of(&scene.sitting).filter(|_| area.height >= urgent::WITH_STATUS) {
                urgent::draw(canvas, area, &scene.sitting, &alarm, Some(&needs));
                let status = cells::row(area, 0);
                Clear.render(status, canvas.buf);
                cells::cut(canvas.buf, status, &text, style);
                return;
            }
            let rows = cells::paragraph(canvas.buf, area, &text, style);
            session(canvas, cells::take_top(area, rows).1, &scene.sitting, &needs);
        }
        Scene::Finished(scene) => finished::draw(canvas, area, scene, Some(&needs)),
    }
}

fn lines(canvas: &mut Canvas<'_>, area: Rect, lines: impl Iterator<Item = String>) {
    let mut rest = area;
    for line in lines {
        let style = canvas.style(Role::Strong);
        let rows = cells::paragraph(canvas.buf, rest, &line, style);
        rest = cells::take_top(rest, rows).1;
    }
}

fn starting(canvas: &Canvas<'_>, scene: &Start) -> impl Iterator<Item = String> {
    let offers = scene.offers.iter().filter(|offer| offer.possible == Possible::Yes);
    offers.map(|offer| format!("{}  {}", offer.key, canvas.text(start::deed(offer.deed), &[])))
}

fn session(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting, needs: &str) {
    if let Some(alarm) = urgent::of(sitting) {
        return urgent::draw(canvas, area, sitting, &alarm, Some(needs));
    }
    if sitting.view.phase == Phase::Paused && area.width >= LEAST.width && area.height >= PAUSED {
        // There is no number to be kept, and why it is paused is in large letters.
        sitting::draw(canvas, area, sitting);
        let quiet = canvas.style(Role::Quiet);
        cells::right(canvas.buf, cells::take_bottom(area, 1).0, needs, quiet);
        return;
    }
    if area.width < DIGIT.0 || area.height < DIGIT.1 {
        return bare(canvas, area, sitting, needs);
    }
    let (status, rest) = cells::take_top(area, 1);
    frame::status(canvas, status, sitting);
    let (keys, rest) = cells::take_bottom(rest, 1);
    let stop_wide = cells::width(&sitting.stop.key) + cells::width(&sitting.stop.what) + 5;
    let (stop, size) = cells::take_left(keys, stop_wide);
    frame::keys(canvas, stop, [&sitting.stop]);
    let quiet = canvas.style(Role::Quiet);
    cells::right(canvas.buf, size, needs, quiet);
    let (said, main) = cells::take_bottom(rest, if rest.height >= 16 { 4 } else { 2 });
    // In a block of its own it needs two columns more at each side.
    let wide = (digit::columns(main.height) + 4).min(main.width / 2);
    // That there is no number yet is no news where nobody presses.
    let missing = sitting.view.rating == RatingNow::None && !sitting.view.pressure_may_be_on();
    let (number, beside) = cells::take_left(main, if missing { 0 } else { wide });
    if !missing {
        reading::number(canvas, number, sitting);
    }
    let beside = cells::take_left(beside, u16::from(!missing)).1;
    let text: Vec<String> =
        [Some(reading::in_words(canvas, sitting)), reading::count_in_words(canvas, sitting)]
            .into_iter()
            .flatten()
            .chain(said_lines(canvas, sitting))
            .collect();
    lines(canvas, beside, text.into_iter());
    match &sitting.shown.alarm {
        Some(alarm) => frame::alarm_box(canvas, said, alarm),
        None => frame::awaited(canvas, cells::row(said, said.height - 1), sitting),
    }
}

/// The sentence that is to be read, in full; what was said last, short; and what waits.
fn said_lines(canvas: &Canvas<'_>, sitting: &Sitting) -> Vec<String> {
    let shown = &sitting.shown;
    let sentence = shown.sentence.as_ref().map(|sentence| canvas.words.prompt(sentence));
    let last = shown.instruction.as_ref().filter(|last| shown.sentence.as_ref() != Some(*last));
    let last =
        last.map(|said| frame::big_lines(canvas, said).unwrap_or_else(|| vec![canvas.words.prompt(said)]));
    sentence.into_iter().chain(last.into_iter().flatten()).collect()
}

/// Words only, the most important first, for as long as there are rows.
fn bare(canvas: &mut Canvas<'_>, area: Rect, sitting: &Sitting, needs: &str) {
    let mut rest = area;
    if let Some(alarm) = &sitting.shown.alarm {
        let (_, mark) = frame::shape(alarm.level());
        let text = frame::big_lines(canvas, &alarm.prompt)
            .unwrap_or_else(|| vec![canvas.words.prompt(&alarm.prompt)]);
        let text = format!("{mark} {}", text.join(" "));
        let style = canvas.theme.alarm(alarm.level(), alarm.lit);
        let rows = cells::wrap(&text, area.width).len().min(area.height.into());
        // One row is kept for the number.
        let rows = u16::try_from(rows).unwrap_or(area.height).min(area.height.saturating_sub(1).max(1));
        let (alarm_area, below) = cells::take_top(rest, rows);
        cells::fill(canvas.buf, alarm_area, style);
        cells::paragraph(canvas.buf, alarm_area, &text, style);
        rest = below;
    }
    let stop = format!("{} {}", sitting.stop.key, sitting.stop.what);
    let awaits = (sitting.shown.alarm.is_none_or(|alarm| alarm.level() < Level::Medium))
        .then(|| frame::awaits(canvas, sitting));
    let text: Vec<String> = std::iter::once(reading::in_words(canvas, sitting))
        .chain([stop])
        .chain(said_lines(canvas, sitting))
        .chain(reading::count_in_words(canvas, sitting))
        .chain(awaits)
        .chain([needs.to_owned()])
        .collect();
    lines(canvas, rest, text.into_iter());
}
