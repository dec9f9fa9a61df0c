//! The screens as a person sees them: layouts that can be read, every size, odd values, the rule of the number.

mod care;
mod chart;
mod foreign;
mod layouts;
mod people;
mod pictures;
mod review;
mod session;
mod sizes;
mod stops;
mod urgent;
mod waiting;
