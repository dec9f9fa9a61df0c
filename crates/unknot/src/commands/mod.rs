//! The commands, one a file. Each takes what it was asked and where its data goes.

pub(crate) mod aside;
pub(crate) mod audit;
pub(crate) mod flash;
pub(crate) mod keep;
pub(crate) mod letter;
pub(crate) mod pages;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod transfer;

#[cfg(test)]
mod altered;
