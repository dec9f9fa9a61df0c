//! Simulation for practice and tests: the practice clicker, a receiver and a partner, a radio channel with faults, the
//! runner of scripts, and [`Simulation`], which joins them all with a real session under one virtual clock.
//!
//! Everything is driven from outside like the real parts: events and [`Time`] in, actions out. Nothing reads a clock,
//! and all randomness is seeded. The simulated people know only what people would: the receiver feels the clicker and
//! hears what is said, the partner hears and sees the prompts.
//!
//! ```
//! use std::time::Duration;
//!
//! use sim::{Cast, Memory, Settings, Simulation, State};
//! # use transcript::{Header, PastKept, PlanKept, SCHEMA, Versions};
//! # let versions = Versions { program: "0.1.0".to_owned(), wire: "1.0".to_owned(), schema: SCHEMA };
//! # let header = Header {
//! #     id: "00000000-0000-7000-8000-000000000001".to_owned(),
//! #     versions,
//! #     plan: PlanKept::new(&coach::Plan::partner(), ""),
//! #     seed: Some(1),
//! #     wall: "2026-01-01T00:00:00Z".to_owned(),
//! #     receiver: None,
//! #     closed: Vec::new(),
//! #     past: PastKept::default(),
//! #     clicker: None,
//! #     table: None,
//! #     learn: None,
//! # };
//!
//! let mut simulation = Simulation::begin(header, Memory::new(), Settings::quiet(1), Cast::People)?;
//! let mut entries = 0;
//! let state = simulation.run(Duration::from_secs(4 * 3600), |_| entries += 1)?;
//! assert_eq!(state, State::Finished, "two people have played a session");
//! assert!(entries > 10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod air;
pub mod body;
pub mod clicker;
pub mod gesture;
pub mod partner;
pub mod receiver;
pub mod rng;
pub mod script;
mod simulation;
mod time;

pub use clicker::Clicker;
pub use gesture::{Button, Gesture};
pub use simulation::{
    Cast, KeyEffect, Keymap, Memory, Settings, Simulation, State, Stopped, Storage, Trouble, observed,
};
pub use time::Time;
