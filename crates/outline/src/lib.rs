//! What the page and the terminal draw alike: a back seen from behind, and the values of a [`timeline`].
//!
//! The back is made of lines: the outline of the body, the bones that guide the eye, and the regions of the
//! body chart as shapes.
//!
//! Lengths are centimetres on the body chart: `x` to the receiver's right of the spine, `y` down from the base of the
//! skull. The outline is drawn for this project after no particular body; regions and closed ground are traced from
//! [`coach::body::ground`], so that the picture and the rules cannot disagree.
//!
//! ```
//! use coach::body::{Area, Region, Side};
//!
//! let shapes = outline::region(Area { side: Side::Left, region: Region::Rhomboids });
//! assert!(shapes[0].iter().all(|point| point.x < 0.0), "their left is on the left");
//! ```

mod figure;
pub mod timeline;
mod trace;

pub use figure::{BOTTOM_CM, HALF_WIDTH_CM, TOP_CM, blades, body, hips, spine};
pub use trace::{closed, hatching, region};

/// A place on the picture, in centimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the receiver's right of the spine; negative to their left.
    pub x: f32,
    /// Down from the base of the skull; negative above it.
    pub y: f32,
}

/// A line through these points, or the edge of a shape whose last point is joined to its first.
pub type Line = Vec<Point>;

/// Whether a place lies inside the shape with this edge.
#[must_use]
pub fn inside(edge: &[Point], place: Point) -> bool {
    let mut odd = false;
    for (n, to) in edge.iter().enumerate() {
        let from = edge[if n == 0 { edge.len() - 1 } else { n - 1 }];
        let crosses = (from.y > place.y) != (to.y > place.y);
        if crosses && place.x < from.x + (to.x - from.x) * (place.y - from.y) / (to.y - from.y) {
            odd = !odd;
        }
    }
    odd
}
