//! The rules of the massage, held against the coach from outside: only inputs, outputs and the view are looked at.
//!
//! `promises` has a property for each numbered promise, `model` compares a hold with a small model of it that counts
//! in ticks, `reach` visits every state within six steps of several beginnings, `matrix` meets every phase with every
//! input. `pinned` holds what was found wrong once.

mod matrix;
mod model;
mod people;
mod pinned;
mod promises;
mod reach;
mod support;
