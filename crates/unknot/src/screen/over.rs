//! The page of a session that is over. Only the keys that it names leave it, and they are named once it can have been
//! read: whoever has just answered a question may press that key again, and Enter is pressed by habit.

use tui::{Finished, Hint, Scene};

use super::glass::Glass;
use super::painter::Painter;
use super::summary::{LETTER, letter_hint};
use crate::failure::Failure;
use crate::input::{Came, Input};
use crate::keys::Press;
use crate::live::Why;
use crate::stop;

/// What leaves the page of a stop. It means nothing in a session, so nobody presses it by habit.
pub(super) const LEAVE: char = 'q';

/// Shows how it went until it is left. A signal ends it too, and is told.
///
/// After a stop one key has a letter about it written, of which is told where it is, or why there is none.
pub(super) async fn over<G: Glass>(
    painter: &mut Painter<G>,
    input: &mut Input,
    mut finished: Box<Finished>,
    back: &str,
    letter: impl Fn() -> String,
) -> Result<Option<u8>, Failure> {
    let stopped = finished.last.filter(|last| stop::is_stop(*last));
    let leaves =
        |press| matches!((press, stopped), (Press::Interrupt | Press::Char(LEAVE), _) | (Press::Enter, None));
    let key = if stopped.is_some() { "q or Ctrl-C" } else { "Enter or q" };
    let leave = Hint { key: key.to_owned(), what: back.to_owned() };
    let mut read = std::pin::pin!(tokio::time::sleep(stop::TO_BE_READ));
    let (mut is_read, mut is_written) = (false, false);
    loop {
        painter.draw(&Scene::Finished(finished.clone()))?;
        let came = tokio::select! {
            () = &mut read, if !is_read => {
                is_read = true;
                let hints = stopped.map(|_| letter_hint()).into_iter().chain([leave.clone()]);
                finished.keys = hints.collect();
                continue;
            }
            came = input.next(true) => came,
        };
        match came {
            Came::StepAside => painter.step_aside()?,
            Came::Press(press) if is_read && leaves(press) => return Ok(None),
            Came::Press(Press::Char(LETTER)) if is_read && !is_written && stopped.is_some() => {
                is_written = true;
                finished.keys = vec![Hint { key: "letter".to_owned(), what: letter() }, leave.clone()];
            }
            Came::Press(_) | Came::Again(_) | Came::Pasted(_) | Came::Pointed(_) => {}
            Came::Resized => painter.resized()?,
            Came::GoOn => painter.lent()?,
            Came::Leave(Why::Signal(number)) => return Ok(Some(number)),
            Came::Leave(_) => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use coach::screening::{Advice, Question};
    use coach::{Because, Prompt, Technique};
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::sleep;
    use transcript::{Entry, Kind};
    use tui::Theme;

    use std::cell::Cell;
    use std::time::Duration;

    use super::super::glass::tests::Pane;
    use super::super::summary::Summary;
    use super::*;
    use crate::keys::TABLE;
    use crate::terminal::Typed;

    fn finished(last: Prompt) -> Box<Finished> {
        let mut summary = Summary::of(Technique::Partner);
        summary.said(last);
        summary.entry(&Entry { at_ms: 0, kind: Kind::Finished { because: Because::StopAnswer } });
        let finished = summary.finished(None, 0, Vec::new()).unwrap();
        Box::new(Finished { answered: Some(Question::Saddle), ..finished })
    }

    /// Whether these keys leave the page, pressed at once, and pressed when it has been read.
    async fn leaves(last: Prompt, presses: &[Press]) -> [bool; 2] {
        let mut left = [false; 2];
        for (left, at_once) in left.iter_mut().zip([true, false]) {
            let pane = Pane::new(80, 24);
            let mut painter = Painter::new(pane.clone(), Theme::default()).unwrap();
            let (typed, keys) = unbounded_channel();
            let mut input = Input::new(keys).unwrap();
            let gone = Cell::new(false);
            let page = async {
                over(&mut painter, &mut input, finished(last), "done", String::new).await.unwrap();
                gone.set(true);
            };
            let people = async {
                sleep(if at_once { Duration::from_millis(10) } else { stop::TO_BE_READ }).await;
                sleep(Duration::from_millis(10)).await;
                for &press in presses {
                    typed.send(Typed::Press(press)).unwrap();
                    sleep(Duration::from_millis(200)).await;
                    if gone.get() {
                        break;
                    }
                }
                *left = gone.get();
                if !*left {
                    assert!(pane.text().contains("Numb between the legs? Yes."), "{}", pane.text());
                }
                drop(typed);
            };
            tokio::join!(page, people);
        }
        left
    }

    /// Any key did, after a second: also Enter, pressed by habit, and a key that was meant for the question.
    #[tokio::test(start_paused = true)]
    async fn only_a_key_that_the_page_of_a_stop_names_leaves_it_and_none_in_the_first_moments() {
        use Press::{Char, End, Enter, Esc, Home, LineEnd, Other, PageDown, PageUp};
        let stop = Prompt::Stopped { advice: Advice::Emergency };
        // The keys of a session, those that play the clicker among them, and all others there are.
        let table = TABLE.iter().flat_map(|row| row.presses());
        let table = table.filter(|press| !matches!(press, Press::Interrupt | Press::Suspend));
        let strays = [Char('v'), Char('é'), Esc, Enter, LineEnd, Other, PageUp, PageDown, Home, End];
        for press in table.chain(strays) {
            assert_eq!(leaves(stop, &[press]).await, [false, false], "{press:?}");
        }
        assert_eq!(leaves(stop, &[Enter; 10]).await, [false, false], "Enter, again and again");
        assert_eq!(leaves(stop, &[Char(LEAVE)]).await, [false, true]);
        assert_eq!(leaves(stop, &[Press::Interrupt]).await, [false, true]);
        assert_eq!(leaves(stop, &[Char(LETTER), Char('v'), Char(LEAVE)]).await, [false, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn enter_leaves_a_session_that_came_to_its_end_once_it_can_have_been_read() {
        for (press, left) in [(Press::Enter, true), (Press::Char(LEAVE), true), (Press::Char('v'), false)] {
            assert_eq!(leaves_well(press).await, left, "{press:?}");
        }
    }

    async fn leaves_well(press: Press) -> bool {
        let mut painter = Painter::new(Pane::new(80, 24), Theme::default()).unwrap();
        let (typed, keys) = unbounded_channel();
        let mut input = Input::new(keys).unwrap();
        let gone = Cell::new(false);
        let page = async {
            over(&mut painter, &mut input, finished(Prompt::Over), "done", String::new).await.unwrap();
            gone.set(true);
        };
        let people = async {
            typed.send(Typed::Press(press)).unwrap();
            sleep(Duration::from_secs(1)).await;
            assert!(!gone.get(), "{press:?} in the first moments");
            sleep(stop::TO_BE_READ).await;
            typed.send(Typed::Press(press)).unwrap();
            sleep(Duration::from_secs(1)).await;
            let left = gone.get();
            drop(typed);
            left
        };
        tokio::join!(page, people).1
    }
}
