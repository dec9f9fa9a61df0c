//! What a session begins with: the plan, and what is known of the receiver from before.

use crate::body::{Spot, Table};
use crate::lesson::Learn;
use crate::past::Past;
use crate::plan::Plan;

/// What is settled before a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The plan.
    pub plan: Plan,
    /// Spots that SHARP has closed within the last 48 hours, in earlier sessions of this receiver.
    pub closed: Vec<Spot>,
    /// What else earlier sessions of this receiver tell.
    pub past: Past,
    /// How high the receiver lies, where the partner has said so.
    pub table: Option<Table>,
    /// Whether the receiver is to learn the clicker.
    pub learn: Option<Learn>,
}

impl Setup {
    /// A first session by this plan, with nothing known from before.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        Self { plan, closed: Vec::new(), past: Past::default(), table: None, learn: None }
    }
}
