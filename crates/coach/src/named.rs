//! Names for values. Every small enum of the coach has one table of names, from which the transcript, the scripts
//! and the words take theirs, so that no second spelling of a phase or a reason can come into being.

/// A closed set of values, each with one kebab-case name that never changes once a transcript may hold it.
pub trait Named: Copy + PartialEq + 'static {
    /// Every value, in the order of declaration.
    const ALL: &'static [Self];

    /// The kebab-case name of the value.
    fn name(self) -> &'static str;

    /// The value with this name, or `None` where no value has it.
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }
}

/// Declares an enum together with the names of its values.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type { $($(#[$doc])* $variant,)+ }

        impl $crate::Named for $type {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str($crate::Named::name(*self))
            }
        }
    };
}
pub(crate) use named;
