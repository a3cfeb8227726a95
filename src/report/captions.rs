//! How much captions say, as it is written down.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::measure::{Column, KeyKind, Norms, Profile, Spread};

/// Percentiles that are shown.
pub const PERCENTILES: [f64; 5] = [5.0, 25.0, 50.0, 75.0, 95.0];

/// The figures of a data set's captions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaptionFigures {
    /// The data set.
    pub dataset: String,
    /// Samples.
    pub samples: u64,
    /// Which thresholds fit.
    pub profile: Profile,
    /// Percentiles of each figure that is known, by its name.
    pub figures: BTreeMap<&'static str, Percentiles>,
    /// Facts by kind, each once a sample.
    pub facets: BTreeMap<&'static str, u64>,
}

/// The values at [`PERCENTILES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles(pub [f64; PERCENTILES.len()]);

impl Percentiles {
    /// Those of a figure; none where it is not known.
    pub fn of(spread: &Spread) -> Option<Self> {
        let mut values = [0.0; PERCENTILES.len()];
        for (value, percent) in values.iter_mut().zip(PERCENTILES) {
            *value = spread.percentile(percent)?;
        }
        Some(Self(values))
    }

    /// The value in the middle.
    pub fn median(self) -> f64 {
        self.0[PERCENTILES.len() / 2]
    }

    /// Each percentile by its name, as `p25`, with its value.
    pub fn named(self) -> impl Iterator<Item = (String, f64)> {
        PERCENTILES.into_iter().map(|percent| format!("p{percent}")).zip(self.0)
    }
}

impl Serialize for Percentiles {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.named() {
            map.serialize_entry(&name, &value)?;
        }
        map.end()
    }
}

impl CaptionFigures {
    /// The figures of a whole data set of this name.
    pub fn of(name: &str, norms: &Norms<'_>, mentions: &[(KeyKind, u64)]) -> Self {
        let spread = |column| norms.spread(column);
        Self::of_spreads(name, (norms.counts().samples(), norms.profile()), spread, mentions)
    }

    /// The figures of some samples, as many as are said, under the profile of their data set.
    pub fn of_spreads<'s>(
        name: &str,
        (samples, profile): (u64, Profile),
        spread: impl Fn(Column) -> Option<&'s Spread>,
        mentions: &[(KeyKind, u64)],
    ) -> Self {
        let points = |column: &Column| Some((column.name(), Percentiles::of(spread(*column)?)?));
        Self {
            dataset: name.to_owned(),
            samples,
            profile,
            figures: Column::ALL.iter().filter_map(points).collect(),
            facets: mentions.iter().map(|(kind, count)| (kind.name(), *count)).collect(),
        }
    }
}
