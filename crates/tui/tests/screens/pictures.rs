//! Each phase and each alarm as a picture, for somebody who reads it like a newcomer: could you act?
//!
//! `UNKNOT_PICTURES=1 cargo test -p tui --test screens pictures` draws them anew.

use std::fs;
use std::path::Path;

use coach::body::Stand;
use coach::screening::Page;
use coach::{Awaits, Phase, Prompt, RatingNow};
use tui::{Scene, Sitting};

use super::people::{
    alarmed, draw, finished, flushing, holding, learning, live, locating, of, page, rating, sitting, start,
    text, warming,
};

const SIZES: [(u16, u16); 4] = [(80, 23), (80, 24), (100, 30), (200, 60)];

fn said(mut sitting: Sitting, prompt: Prompt) -> Scene {
    sitting.shown.instruction = Some(prompt);
    of(sitting)
}

fn scenes() -> Vec<(&'static str, Scene)> {
    let hold = |value, prompt| of(alarmed(holding(live(value, 1)), prompt));
    let mut choosing = sitting(Phase::Screening, RatingNow::None);
    choosing.view.awaits = Awaits::Where;
    let mut found = locating(Stand::AtHead);
    found.shown.instruction = Some(Prompt::FeelForSpine);
    let mut asked = holding(RatingNow::None);
    asked.view.awaits = Awaits::Rating;
    vec![
        ("alarm-sharp", hold(3, Prompt::SharpHolding)),
        ("alarm-sharp-flushing", of(alarmed(flushing(), Prompt::SharpHolding))),
        ("alarm-hands-off", hold(8, Prompt::HandsOff { rating: rating(8) })),
        ("alarm-ease-off", hold(6, Prompt::EaseOff { rating: rating(6) })),
        ("alarm-let-go", hold(7, Prompt::LetGoAbove)),
        ("alarm-stop", of(alarmed(sitting(Phase::Paused, live(4, 1)), Prompt::StopNow))),
        ("alarm-silent", of(alarmed(holding(RatingNow::Stale), Prompt::Silent))),
        ("start", Scene::Start(start())),
        ("screening", of(page(Page::Emergency))),
        ("where", of(choosing)),
        ("learning", of(learning())),
        ("warming", of(warming())),
        ("locating-left-side", of(locating(Stand::LeftSide))),
        ("locating-at-head", of(found)),
        ("settling", said(sitting(Phase::Settling, RatingNow::None), Prompt::Countdown { n: 3 })),
        ("holding", of(holding(live(4, 15)))),
        ("holding-asked", of(asked)),
        ("flushing", of(flushing())),
        ("paused", said(sitting(Phase::Paused, live(4, 2)), Prompt::PausedForReceiver)),
        ("finished", Scene::Finished(Box::new(finished()))),
    ]
}

#[test]
fn pictures_are_those_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let anew = std::env::var_os("UNKNOT_PICTURES").is_some();
    for (name, scene) in scenes() {
        for (width, height) in SIZES {
            let file = folder.join(format!("{name}-{width}x{height}.txt"));
            let picture = text(&draw(&scene, width, height));
            if anew {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &picture).unwrap();
            }
            let kept = fs::read_to_string(&file).unwrap_or_default();
            assert!(
                kept == picture,
                "{} is not what is drawn; UNKNOT_PICTURES=1 cargo test -p tui --test screens pictures\n{picture}",
                file.display()
            );
        }
    }
}
