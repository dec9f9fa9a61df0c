//! Where the partner stands, and how a direction on the receiver's back looks from there.
//!
//! Left and right get confused (15 to 19 % of marks on back and shoulders disagreed, PMC7813550), so every nudge is
//! said twice over: in the receiver's words and in the partner's.

use super::Toward;
use crate::named::named;

named! {
    /// Where the partner stands.
    pub enum Stand {
        /// At the receiver's left side.
        LeftSide = "left-side",
        /// At the receiver's right side.
        RightSide = "right-side",
        /// At the head.
        AtHead = "head",
        /// At the feet.
        AtFeet = "feet",
    }
}

named! {
    /// A direction as the partner sees it from where they stand.
    pub enum Seen {
        /// Toward the partner.
        TowardYou = "toward-you",
        /// Away from the partner.
        AwayFromYou = "away-from-you",
        /// To the partner's left hand.
        YourLeft = "your-left",
        /// To the partner's right hand.
        YourRight = "your-right",
    }
}

impl Toward {
    /// How this direction looks to a partner who stands there and faces the receiver, who lies face down.
    #[must_use]
    pub const fn seen_from(self, stand: Stand) -> Seen {
        match (stand, self) {
            (Stand::LeftSide, Self::Left)
            | (Stand::RightSide, Self::Right)
            | (Stand::AtHead, Self::Head)
            | (Stand::AtFeet, Self::Feet) => Seen::TowardYou,
            (Stand::LeftSide, Self::Right)
            | (Stand::RightSide, Self::Left)
            | (Stand::AtHead, Self::Feet)
            | (Stand::AtFeet, Self::Head) => Seen::AwayFromYou,
            (Stand::LeftSide, Self::Head)
            | (Stand::RightSide, Self::Feet)
            | (Stand::AtHead, Self::Right)
            | (Stand::AtFeet, Self::Left) => Seen::YourLeft,
            (Stand::LeftSide, Self::Feet)
            | (Stand::RightSide, Self::Head)
            | (Stand::AtHead, Self::Left)
            | (Stand::AtFeet, Self::Right) => Seen::YourRight,
        }
    }
}

impl Seen {
    /// The direction on the receiver's back that looks like this to a partner who stands there: what an arrow key
    /// means on a chart that is turned to the partner.
    #[must_use]
    pub const fn toward(self, stand: Stand) -> Toward {
        match (stand, self) {
            (Stand::LeftSide, Self::TowardYou)
            | (Stand::RightSide, Self::AwayFromYou)
            | (Stand::AtHead, Self::YourRight)
            | (Stand::AtFeet, Self::YourLeft) => Toward::Left,
            (Stand::LeftSide, Self::AwayFromYou)
            | (Stand::RightSide, Self::TowardYou)
            | (Stand::AtHead, Self::YourLeft)
            | (Stand::AtFeet, Self::YourRight) => Toward::Right,
            (Stand::LeftSide, Self::YourLeft)
            | (Stand::RightSide, Self::YourRight)
            | (Stand::AtHead, Self::TowardYou)
            | (Stand::AtFeet, Self::AwayFromYou) => Toward::Head,
            (Stand::LeftSide, Self::YourRight)
            | (Stand::RightSide, Self::YourLeft)
            | (Stand::AtHead, Self::AwayFromYou)
            | (Stand::AtFeet, Self::TowardYou) => Toward::Feet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Named;

    /// The table as a partner would check it with a person lying there.
    ///
    /// Seen from the ceiling, head to the north: we look at the back, so their left is where our left is, west. A
    /// partner at their left side stands in the west and faces east; a person who faces east has the north at the left
    /// hand: the head. At the right side it is the other way about. At the head one faces south, with the east, their
    /// right, at the left hand. At the feet one faces north, as they do, and left is left.
    const TABLE: [(Stand, [Seen; 4]); 4] = {
        use Seen::{AwayFromYou, TowardYou, YourLeft, YourRight};
        //                    their left   their right  the head     the feet
        [
            (Stand::LeftSide, [TowardYou, AwayFromYou, YourLeft, YourRight]),
            (Stand::RightSide, [AwayFromYou, TowardYou, YourRight, YourLeft]),
            (Stand::AtHead, [YourRight, YourLeft, TowardYou, AwayFromYou]),
            (Stand::AtFeet, [YourLeft, YourRight, AwayFromYou, TowardYou]),
        ]
    };

    #[test]
    fn every_direction_is_seen_as_the_table_says() {
        for (stand, row) in TABLE {
            for (toward, seen) in Toward::ALL.iter().copied().zip(row) {
                assert_eq!(toward.seen_from(stand), seen, "{toward} from {stand}");
            }
        }
    }

    /// The derivation above as arithmetic: east is x, north is y, a quarter turn to the left takes (x, y) to (-y, x).
    #[test]
    fn the_table_follows_from_where_everybody_lies_and_stands() {
        let on_the_back = |toward: Toward| match toward {
            Toward::Left => (-1, 0),
            Toward::Right => (1, 0),
            Toward::Head => (0, 1),
            Toward::Feet => (0, -1),
        };
        for &stand in Stand::ALL {
            let place = match stand {
                Stand::LeftSide => on_the_back(Toward::Left),
                Stand::RightSide => on_the_back(Toward::Right),
                Stand::AtHead => on_the_back(Toward::Head),
                Stand::AtFeet => on_the_back(Toward::Feet),
            };
            let facing = (-place.0, -place.1);
            let left_hand = (-facing.1, facing.0);
            for &toward in Toward::ALL {
                let way = on_the_back(toward);
                let seen = if way == facing {
                    Seen::AwayFromYou
                } else if way == place {
                    Seen::TowardYou
                } else if way == left_hand {
                    Seen::YourLeft
                } else {
                    Seen::YourRight
                };
                assert_eq!(toward.seen_from(stand), seen, "{toward} from {stand}");
            }
        }
    }

    #[test]
    fn what_is_seen_leads_back_to_the_direction() {
        for &stand in Stand::ALL {
            for &toward in Toward::ALL {
                assert_eq!(toward.seen_from(stand).toward(stand), toward, "{toward} from {stand}");
            }
        }
    }
}
