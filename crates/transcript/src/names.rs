//! Serde adapters for the coach's values: small enums by their one name, ratings as checked numbers.
//!
//! `coach` knows nothing of serde; this is where its values take their form on the disk.

use std::fmt;
use std::marker::PhantomData;

use coach::{Named, Rating};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

pub(crate) fn serialize<T: Named, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.name())
}

pub(crate) fn deserialize<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(ByName(PhantomData))
}

struct ByName<T>(PhantomData<T>);

impl<T: Named> Visitor<'_> for ByName<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of")?;
        for (n, value) in T::ALL.iter().enumerate() {
            write!(f, "{} `{}`", if n == 0 { "" } else { "," }, value.name())?;
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        T::from_name(name).ok_or_else(|| E::invalid_value(Unexpected::Str(name), &self))
    }
}

/// A value by its name, or the absence of one: the field is then left out.
pub(crate) mod perhaps {
    use super::{Deserializer, Named, Serializer};

    #[expect(clippy::ref_option, reason = "the signature serde calls")]
    pub(crate) fn serialize<T: Named, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => super::serialize(value, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T: Named, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}

/// A rating as the number it is.
pub(crate) mod rating {
    use super::{Deserializer, Error, Rating, Serializer, Unexpected};
    use serde::Deserialize;

    pub(crate) fn serialize<S: Serializer>(rating: &Rating, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(rating.value())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rating, D::Error> {
        let value = u8::deserialize(deserializer)?;
        Rating::new(value).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Unsigned(value.into()), &"a rating of 1 to 10")
        })
    }
}

/// A rating, or the absence of one: the field is then left out.
pub(crate) mod dial {
    use super::{Deserializer, Rating, Serializer, rating};

    #[expect(clippy::ref_option, reason = "the signature serde calls")]
    pub(crate) fn serialize<S: Serializer>(dial: &Option<Rating>, serializer: S) -> Result<S::Ok, S::Error> {
        match dial {
            Some(rating) => rating::serialize(rating, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Rating>, D::Error> {
        rating::deserialize(deserializer).map(Some)
    }
}

/// A day as `2026-11-22`.
pub(crate) mod one_day {
    use super::{Error, Serializer, Unexpected};
    use coach::Day;
    use serde::{Deserialize, Deserializer};

    pub(crate) fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::from_text(&text)
            .ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"a day, as 2026-11-22"))
    }
}

/// A day, or the absence of one: the field is then left out.
pub(crate) mod day {
    use super::{Deserializer, Serializer, one_day};
    use coach::Day;

    #[expect(clippy::ref_option, reason = "the signature serde calls")]
    pub(crate) fn serialize<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => one_day::serialize(day, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
        one_day::deserialize(deserializer).map(Some)
    }
}
