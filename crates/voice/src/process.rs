//! One process at a time, fed from memory and ended when the next is wanted.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::speaker::Program;

/// How often a process at work is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// What the thread is asked for.
#[derive(Debug)]
pub(crate) enum Order {
    /// Run the program with this input, in the place of the process that is at work.
    Run {
        /// Number by which its end is reported.
        id: u64,
        /// All of its standard input.
        input: Vec<u8>,
    },
    /// End the process that is at work.
    Cut,
}

/// What became of a process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It returned, or was ended.
    Ended(u64),
    /// It could not be started, or said that it failed.
    Failed(String),
}

impl Outcome {
    /// Why it failed, if it did.
    pub(crate) fn why(self) -> Option<String> {
        match self {
            Self::Ended(_) => None,
            Self::Failed(why) => Some(why),
        }
    }
}

/// Carries out orders until their sender is gone or `report` returns false. The last process is left to finish.
pub(crate) fn run(program: &Program, orders: &Receiver<Order>, report: impl Fn(Outcome) -> bool) {
    let mut current: Option<(u64, Child)> = None;
    loop {
        let order = match &current {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(_) => orders.recv_timeout(LOOK),
        };
        let going = match order {
            Ok(order) => {
                let ended =
                    current.take().map(|one| end(program, one)).is_none_or(|id| report(Outcome::Ended(id)));
                match order {
                    Order::Cut => ended,
                    Order::Run { id, input } => match start(program, input) {
                        Ok(child) => {
                            current = Some((id, child));
                            ended
                        }
                        Err(why) => report(Outcome::Failed(why)) && ended,
                    },
                }
            }
            Err(RecvTimeoutError::Timeout) => finished(program, &mut current).is_none_or(&report),
            Err(RecvTimeoutError::Disconnected) => false,
        };
        if !going {
            if let Some((_, mut child)) = current {
                let _ = child.wait();
            }
            return;
        }
    }
}

fn start(program: &Program, input: Vec<u8>) -> Result<Child, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", program.path.display());
    let mut child = Command::new(&program.path)
        .args(&program.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing must not block the orders behind it.
        std::thread::Builder::new()
            .name("feed".to_owned())
            .spawn(move || stdin.write_all(&input))
            .map_err(failed)?;
    }
    Ok(child)
}

/// Ends a process and returns its number.
fn end(program: &Program, (id, mut child): (u64, Child)) -> u64 {
    let _ = child.kill();
    let _ = child.wait();
    if !program.cut.is_empty() {
        let mut cut = Command::new(&program.path);
        cut.args(&program.cut).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let _ = cut.status();
    }
    id
}

/// What became of the process that is at work, if it has returned.
fn finished(program: &Program, current: &mut Option<(u64, Child)>) -> Option<Outcome> {
    let (id, child) = current.as_mut()?;
    let outcome = match child.try_wait() {
        Ok(None) => return None,
        Ok(Some(status)) if status.success() => Outcome::Ended(*id),
        Ok(Some(status)) => Outcome::Failed(format!("{} failed: {status}", program.path.display())),
        Err(error) => Outcome::Failed(format!("{}: {error}", program.path.display())),
    };
    *current = None;
    Some(outcome)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A program of the shell, given these orders; what became of each, until the sender is gone.
    fn outcomes(script: &str, orders: Vec<Order>) -> Vec<Outcome> {
        let arguments = vec!["-c".to_owned(), script.to_owned()];
        let program = Program { path: "/bin/sh".into(), arguments, cut: Vec::new() };
        let (send, taken) = mpsc::channel();
        orders.into_iter().for_each(|order| send.send(order).unwrap());
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || run(&program, &taken, |outcome| tell.send(outcome).is_ok()));
        let first = told.recv().unwrap();
        drop(send);
        thread.join().unwrap();
        std::iter::once(first).chain(told).collect()
    }

    fn line(id: u64) -> Order {
        Order::Run { id, input: b"text".to_vec() }
    }

    #[test]
    fn a_line_ends_when_its_process_has_taken_it_in() {
        assert_eq!(outcomes("test \"$(cat)\" = text", vec![line(4)]), [Outcome::Ended(4)]);
    }

    #[test]
    fn a_process_that_fails_or_is_not_there_is_named() {
        let [Outcome::Failed(why)] = &outcomes("exit 7", vec![line(1)])[..] else { panic!() };
        assert!(why.contains("/bin/sh failed"), "{why}");
        let program = Program { path: "/nowhere/speak".into(), arguments: Vec::new(), cut: Vec::new() };
        let Err(why) = start(&program, Vec::new()) else { panic!() };
        assert!(why.contains("/nowhere/speak"), "{why}");
    }

    /// It would otherwise last a minute.
    #[test]
    fn a_process_that_hangs_is_ended_by_a_cut_and_by_the_next_line() {
        assert_eq!(outcomes("exec sleep 60", vec![line(1), Order::Cut]), [Outcome::Ended(1)]);
        let two = outcomes(
            "read text; case $text in text) exec sleep 60;; esac",
            vec![line(1), Order::Run { id: 2, input: b"over\n".to_vec() }],
        );
        assert_eq!(two[0], Outcome::Ended(1));
    }
}
