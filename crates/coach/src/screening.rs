//! The questions before any pressure (domain: "Before any pressure", given; further cautions, background).

use crate::named::named;

named! {
    /// One question.
    pub enum Question {
        /// Broken skin or an open wound there? The partner looks.
        BrokenSkin = "broken-skin",
        /// Acute inflammation there?
        Inflammation = "inflammation",
        /// A recent injury there: a sprain, a strain?
        Injury = "injury",
        /// Fever, or an infection of the whole body?
        Fever = "fever",
        /// Ever had a deep vein thrombosis (a clot)?
        Clot = "clot",
        /// Pain that radiates without a known cause, or numbness?
        Radiating = "radiating",
        /// Blood thinners or a bleeding disorder?
        Bleeding = "bleeding",
        /// Osteoporosis or a fracture?
        Bones = "bones",
        /// Cancer at the site?
        Cancer = "cancer",
        /// Recent surgery?
        Surgery = "surgery",
        /// Pregnancy?
        Pregnancy = "pregnancy",
        /// Enough pain killers, alcohol or anything else to dull pain?
        Dulled = "dulled",
        /// Numb between the legs (saddle numbness)?
        Saddle = "saddle",
        /// New bladder or bowel trouble?
        Bladder = "bladder",
        /// Weakness in both legs?
        Legs = "legs",
    }
}

named! {
    /// Questions asked together, with one answer when all is well.
    pub enum Page {
        /// The partner looks at the skin of the area.
        Skin = "skin",
        /// The three that stop a massage.
        General = "general",
        /// The further cautions.
        Cautions = "cautions",
        /// The signs of an emergency.
        Emergency = "emergency",
    }
}

named! {
    /// An answer as recorded.
    pub enum Answer {
        /// No.
        No = "no",
        /// Yes.
        Yes = "yes",
        /// Yes, and one who knows of it has said that massage is fine.
        Cleared = "cleared",
    }
}

named! {
    /// What a yes answer leads to.
    pub enum Advice {
        /// No massage: pressing can spread it.
        Fever = "fever",
        /// Ask a health professional first.
        AskFirst = "ask-first",
        /// See a health professional.
        SeeSomeone = "see-someone",
        /// Seek emergency care now.
        Emergency = "emergency",
        /// Every area is closed.
        AllClosed = "all-closed",
        /// Numb, tingling or shooting elsewhere, after SHARP.
        Numb = "numb",
        /// Numb, tingling or weak since a SHARP of an earlier session.
        SinceSharp = "since-sharp",
        /// Three SHARPs in one session.
        ThreeSharps = "three-sharps",
        /// New numbness or weakness since an earlier session.
        NewSigns = "new-signs",
    }
}

named! {
    /// What a yes answer means.
    pub enum Weight {
        /// That area is closed.
        ClosesArea = "closes-area",
        /// No massage, whatever anybody has said.
        Stops = "stops",
        /// No massage, unless one who knows of it has said that it is fine.
        StopsUnlessCleared = "stops-unless-cleared",
        /// No massage, and emergency care now.
        Emergency = "emergency",
    }
}

named! {
    /// How it has been since an earlier session, asked when the same receiver comes again.
    pub enum Feels {
        /// Better.
        Better = "better",
        /// The same.
        Same = "same",
        /// Sore.
        Sore = "sore",
        /// Worse.
        Worse = "worse",
        /// Asked, and not said.
        NotSaid = "not-said",
    }
}

impl Page {
    /// Its questions.
    #[must_use]
    pub const fn questions(self) -> &'static [Question] {
        match self {
            Self::Skin => &[Question::BrokenSkin, Question::Inflammation, Question::Injury],
            Self::General => &[Question::Fever, Question::Clot, Question::Radiating],
            Self::Cautions => &[
                Question::Bleeding,
                Question::Bones,
                Question::Cancer,
                Question::Surgery,
                Question::Pregnancy,
                Question::Dulled,
            ],
            Self::Emergency => &[Question::Saddle, Question::Bladder, Question::Legs],
        }
    }
}

impl Question {
    /// What a yes means.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::BrokenSkin | Self::Inflammation | Self::Injury => Weight::ClosesArea,
            Self::Fever | Self::Radiating => Weight::Stops,
            Self::Clot
            | Self::Bleeding
            | Self::Bones
            | Self::Cancer
            | Self::Surgery
            | Self::Pregnancy
            | Self::Dulled => Weight::StopsUnlessCleared,
            Self::Saddle | Self::Bladder | Self::Legs => Weight::Emergency,
        }
    }

    /// The advice a yes leads to, where it stops the session.
    #[must_use]
    pub const fn advice(self) -> Option<Advice> {
        match self {
            Self::BrokenSkin | Self::Inflammation | Self::Injury => None,
            Self::Fever => Some(Advice::Fever),
            Self::Radiating => Some(Advice::SeeSomeone),
            Self::Clot
            | Self::Bleeding
            | Self::Bones
            | Self::Cancer
            | Self::Surgery
            | Self::Pregnancy
            | Self::Dulled => Some(Advice::AskFirst),
            Self::Saddle | Self::Bladder | Self::Legs => Some(Advice::Emergency),
        }
    }
}
