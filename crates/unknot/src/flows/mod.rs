//! What is asked and done around a session.

pub(crate) mod check_in;
mod dialog;
pub(crate) mod pair;
pub(crate) mod table_height;

pub(crate) use dialog::{Asked, Dialog, DialogView, LineView, Page};
