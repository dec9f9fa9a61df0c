//! Command line for the Bluetooth part without a session: scan, pair, and a link whose frames are counted.
//!
//! `reach scan`, `reach pair ID [DIGITS]`, `reach link ID SECONDS`, `reach forget ID`. Asks for DIGITS if they are not
//! given. Each line starts with the milliseconds since the start. RUST_LOG is a level, for instance `debug`.
#![expect(clippy::print_stdout, reason = "it is all this example does")]

use std::error::Error;
use std::io::BufRead;
use std::time::{Duration, Instant};

use link::bluetooth::{Bluetooth, ClickerId, PairingStep};
use link::{Link, LinkError, Reach};
use tracing_subscriber::filter::LevelFilter;
use wire::{Cue, Frame, Report};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begun = Instant::now();
    let level =
        std::env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time().init();
    let say = |text: String| println!("{:7} {text}", begun.elapsed().as_millis());
    let bluetooth = Bluetooth::start();
    match *arguments.as_slice() {
        ["scan"] => {
            let mut scan = bluetooth.scan();
            let until = tokio::time::sleep(Duration::from_secs(10));
            tokio::pin!(until);
            loop {
                tokio::select! {
                    () = &mut until => return Ok(()),
                    seen = scan.changed() => match seen {
                        Ok(seen) => say(format!("{seen:?}")),
                        Err(error) => say(error.to_string()),
                    },
                }
            }
        }
        ["pair", id, ref digits @ ..] => {
            let mut pairing = bluetooth.pair(&id.parse()?);
            while let Some(step) = pairing.next().await {
                say(format!("{step:?}"));
                match step {
                    PairingStep::PasskeyRequested => {
                        let text = match *digits {
                            [digits, ..] => digits.to_owned(),
                            [] => std::io::stdin().lock().lines().next().ok_or("no digits")??,
                        };
                        pairing.answer(text.parse()?);
                    }
                    PairingStep::Failed(why) => return Err(why.into()),
                    _ => {}
                }
            }
            Ok(())
        }
        ["forget", id] => Ok(bluetooth.forget(&id.parse()?).await?),
        ["link", id, seconds] => {
            let id = id.parse()?;
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(seconds.parse()?)) => Ok(()),
                ended = follow(&bluetooth, &id, &say) => ended,
            }
        }
        _ => Err("reach scan | pair ID [DIGITS] | link ID SECONDS | forget ID".into()),
    }
}

async fn follow(bluetooth: &Bluetooth, id: &ClickerId, say: &impl Fn(String)) -> Result<(), Box<dyn Error>> {
    let mut clicker = bluetooth.clicker(id);
    let (mut status, mut about) = (clicker.status(), clicker.device_info());
    let tell = async {
        loop {
            tokio::select! {
                Ok(()) = status.changed() => say(format!("{:?}", *status.borrow_and_update())),
                Ok(()) = about.changed() => say(format!("{:?}", *about.borrow_and_update())),
                else => core::future::pending().await,
            }
        }
    };
    let carry = async {
        loop {
            let mut link = match clicker.reach().await {
                Ok(link) => link,
                Err(why) => {
                    say(format!("not reached: {why}"));
                    return Err(why.into());
                }
            };
            let welcome =
                Cue::Welcome { session: 0x00c0_ffee, version: wire::Version::CURRENT, alone: false };
            say(format!("link; welcome {:?}", link.send(&Frame::of(&welcome)).await));
            let mut frames = 0_u32;
            loop {
                let frame = tokio::select! {
                    frame = link.next() => frame,
                    () = tokio::time::sleep(Duration::from_millis(500)) => {
                        let pulse = Cue::Pulse { show: 1, dial: None };
                        if let Err(error) = link.send(&Frame::of(&pulse)).await {
                            say(format!("not sent: {error}"));
                        }
                        continue;
                    }
                };
                match frame {
                    Ok(frame) => {
                        if frames == 0 {
                            say(format!("first frame: {:?}", wire::decode::<Report>(frame.as_bytes())));
                        }
                        frames += 1;
                    }
                    Err(error @ (LinkError::Ended | LinkError::NotTaken { .. } | LinkError::NotTrusted)) => {
                        say(format!("{error}, after {frames} frames"));
                        break;
                    }
                }
            }
        }
    };
    tokio::select! {
        ended = carry => ended,
        () = tell => Ok(()),
    }
}
