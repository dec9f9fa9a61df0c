//! The sketch itself: one half of a back as a picture, which is the data and not a drawing of it.
//!
//! The other half is its mirror image. A character is 1 cm by 1 cm; the first column is the midline of the spine, the
//! first row the base of the skull.
//!
//! **Every centimetre here is the project's own cautious reading of an average adult back, to be checked by a
//! physiotherapist.** The chart keeps a spot off the ground that is closed on everybody; it cannot say where the 12th
//! rib of this receiver lies. Where the sketch had a choice it closes more: the whole flank beside the kidney, the
//! sacrum with the bony edges, the upper half of quadratus lumborum with the kidney region.

use super::Region;
use crate::named::Named;
use crate::output::Refusal;

/// The spine is closed out to here on each side, this centimetre included, so that the nearest spot is two fingers
/// beside its bumps (given: never on the spine; strokes stop two fingers short of it).
pub const SPINE_CM: u8 = 2;

/// The outermost centimetre of the chart, from the midline of the spine.
pub const OUT_MAX_CM: u8 = 17;

/// The lowest centimetre of the chart, from the base of the skull: below it lies no region of the list.
pub const DOWN_MAX_CM: u8 = 60;

const WIDTH: usize = OUT_MAX_CM as usize + 1;
const HEIGHT: usize = DOWN_MAX_CM as usize + 1;

/// Open ground, by region:
/// `S` suboccipital, `U` upper trapezius, `V` levator scapulae, `M` middle trapezius, `W` lower trapezius,
/// `R` rhomboids, `I` infraspinatus, `P` thoracic paraspinals, `L` latissimus, `E` lumbar erectors,
/// `Q` quadratus lumborum, `G` gluteus medius.
///
/// Closed ground: `#` spine, `n` side of the neck, `k` kidney region, `a` armpit, `b` bony edges. `.` is beyond the
/// chart: it belongs to no region of the list, or to no back.
#[rustfmt::skip]
const HALF: [&[u8; WIDTH]; HEIGHT] = [
    b"###bbbnn..........", //  0  the edge of the skull
    b"###SSSnn..........",
    b"###SSSnn..........",
    b"###SSSnn..........",
    b"###UUUnn..........",
    b"###UUUnn..........",
    b"###UUUnn..........",
    b"###UUUnn..........",
    b"###UUUUnn.........",
    b"###UUUUUnn........",
    b"###UUVVUUUnn......", // 10  C7, where neck becomes back
    b"###UUVVVUUUUU.....",
    b"###UUVVVUUUUUUUbb.", // 12  the tip of the shoulder
    b"###MMVVVUUUUUbbbb.",
    b"###MMVVVUUUbbb....", //     along the spine of the shoulder blade
    b"###MMMMMMbbbII....",
    b"###MMMMMbbIIII....",
    b"###MMMMMbIIIII....", //     its inner border, down to 27
    b"###PPRRRbIIIIIaa..",
    b"###PPRRRbIIIIIaa..",
    b"###PPRRRbIIIIIaa..", // 20
    b"###PPRRRbIIIIIaa..",
    b"###PPRRRbIIIIIaa..",
    b"###PPWWWbIIIIaaa..",
    b"###PPWWWbIIIIaaa..",
    b"###PPWWWbIIIaaaa..",
    b"###PPWWWbIIaaa....",
    b"###PPWWWbbaaa.....", // 27  the lower tip of the shoulder blade
    b"###PPWWWWLLLLL....",
    b"###PPWWWWLLLLL....",
    b"###PPWWWLLLLLL....", // 30
    b"###PPWWLLLLLLL....",
    b"###PPPWLLLLLLL....",
    b"###PPPPLLLLLLL....",
    b"###PPPPLLLLLLL....",
    b"###PPPPLLLLLLL....",
    b"###PPPPkkkkkkk....", // 36  the 11th rib
    b"###PPPPkkkkkkk....",
    b"###PPPPkkkkkkk....",
    b"###EEEEkkkkkkk....",
    b"###EEEEkkkkkkk....", // 40  the 12th rib, where quadratus lumborum begins
    b"###EEEEkkkkkkk....",
    b"###EEEEkkkkkkk....",
    b"###EEEEkkkkkkk....", // 43  3 cm below the 12th rib
    b"###EEEEkkkkkkk....", //     and the upper half of quadratus lumborum
    b"###EEEEkkkkkkk....",
    b"###EEEEQQQQ.......",
    b"###EEEEQQQQ.......",
    b"###EEEEQQQQ.......",
    b"###EEEEQQQQ.......",
    b"###EEEEQQQQ.......", // 50
    b"###EEEEQQQQ.......",
    b"###EEEEbbbbbbbbb..", // 52  the hip crest
    b"###EEbbbGGGGGGGG..",
    b"###bbbbbGGGGGGGG..", //     the sacrum
    b"###bbbb.GGGGGGGG..",
    b"###bbbb.GGGGGGGG..",
    b"###bbbb.GGGGGGGG..",
    b"###bbbb.GGGGGGGGbb", // 58  the hip bone's outer end
    b"###bbbb.GGGGGGGGbb",
    b"###bbbb.GGGGGGGGbb",
];

/// What lies this many centimetres out from the midline and down from the base of the skull, on either side.
///
/// # Errors
/// The reason why no spot can be there: closed ground, or beyond the chart.
pub const fn ground(out_cm: u8, down_cm: u8) -> Result<Region, Refusal> {
    if out_cm > OUT_MAX_CM || down_cm > DOWN_MAX_CM {
        return Err(Refusal::OffTheChart);
    }
    match HALF[down_cm as usize][out_cm as usize] {
        b'S' => Ok(Region::Suboccipital),
        b'U' => Ok(Region::UpperTrapezius),
        b'V' => Ok(Region::LevatorScapulae),
        b'M' => Ok(Region::MiddleTrapezius),
        b'W' => Ok(Region::LowerTrapezius),
        b'R' => Ok(Region::Rhomboids),
        b'I' => Ok(Region::Infraspinatus),
        b'P' => Ok(Region::ThoracicParaspinals),
        b'L' => Ok(Region::Latissimus),
        b'E' => Ok(Region::LumbarErectors),
        b'Q' => Ok(Region::QuadratusLumborum),
        b'G' => Ok(Region::GluteusMedius),
        b'#' => Err(Refusal::ClosedSpine),
        b'n' => Err(Refusal::ClosedNeck),
        b'k' => Err(Refusal::ClosedKidney),
        b'a' => Err(Refusal::ClosedArmpit),
        b'b' => Err(Refusal::ClosedBone),
        _ => Err(Refusal::OffTheChart),
    }
}

/// A place well inside the region, from which the receiver nudges: centimetres out and down.
pub(super) const fn centre(region: Region) -> (u8, u8) {
    match region {
        Region::Suboccipital => (4, 2),
        Region::UpperTrapezius => (9, 12),
        Region::LevatorScapulae => (6, 12),
        Region::MiddleTrapezius => (5, 16),
        Region::LowerTrapezius => (6, 27),
        Region::Rhomboids => (6, 20),
        Region::Infraspinatus => (11, 20),
        Region::ThoracicParaspinals => (4, 34),
        Region::Latissimus => (10, 32),
        Region::LumbarErectors => (4, 47),
        Region::QuadratusLumborum => (8, 49),
        Region::GluteusMedius => (11, 56),
    }
}

/// A spot is made of a region's centre without asking the chart, so the two are held together here.
const _: () = {
    let mut next = 0;
    while next < Region::ALL.len() {
        let region = Region::ALL[next];
        let (out, down) = centre(region);
        assert!(
            matches!(ground(out, down), Ok(found) if found as u8 == region as u8),
            "the centre of every region must lie on its own open ground"
        );
        next += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    /// A mistyped character would be taken for ground beyond the chart, which is closed: safe, and still a mistake.
    #[test]
    fn the_picture_holds_only_what_its_legend_names() {
        for (down, row) in HALF.iter().enumerate() {
            for &cell in *row {
                assert!(b"SUVMWRIPLEQG#nkab.".contains(&cell), "row {down} has {:?}", char::from(cell));
            }
        }
    }

    #[test]
    fn the_spine_is_closed_two_centimetres_out_all_the_way_down_and_no_further() {
        for down in 0..=DOWN_MAX_CM {
            for out in 0..=OUT_MAX_CM {
                let closed = ground(out, down) == Err(Refusal::ClosedSpine);
                assert_eq!(closed, out <= SPINE_CM, "{out} out, {down} down");
            }
        }
    }

    /// The closed ground of the picture, said once more as arithmetic, so that a slip in the picture
    /// is not also a slip in the test.
    #[test]
    fn no_region_reaches_into_ground_that_is_closed_on_everybody() {
        for down in 0..=DOWN_MAX_CM {
            for out in 0..=OUT_MAX_CM {
                let Ok(region) = ground(out, down) else { continue };
                let kidney = (36..=43).contains(&down) && out > 6;
                let side_of_the_neck = down < 8 && out > 5;
                let skull = down == 0;
                let sacrum = down > 53 && out < 8;
                assert!(
                    !(kidney || side_of_the_neck || skull || sacrum),
                    "{region} at {out} out, {down} down"
                );
                if region == Region::QuadratusLumborum {
                    // It runs from the 12th rib at 40 to the hip crest at 52.
                    assert!((46..52).contains(&down), "only its lower half above the hip crest, not {down}");
                }
                if region == Region::Suboccipital {
                    assert!(down <= 3, "only right under the skull, not {down}");
                }
            }
        }
    }

    #[test]
    fn every_region_surrounds_its_centre() {
        for &region in Region::ALL {
            let (out, down) = centre(region);
            for (out, down) in
                [(out, down), (out - 1, down), (out + 1, down), (out, down - 1), (out, down + 1)]
            {
                assert_eq!(ground(out, down), Ok(region), "{out} out, {down} down");
            }
        }
    }

    #[test]
    fn beyond_the_last_row_and_column_there_is_no_chart() {
        for (out, down) in [(OUT_MAX_CM + 1, 30), (5, DOWN_MAX_CM + 1), (u8::MAX, u8::MAX)] {
            assert_eq!(ground(out, down), Err(Refusal::OffTheChart));
        }
    }
}
