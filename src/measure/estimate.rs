//! How many facts a person would have written down about a text, by a line fitted on lists of facts
//! that persons did write: `F̂ = a + b_E·E + b_A·A + b_R·R`.
//!
//! The coefficients are in `assets/measure/facts.toml`, with the number of texts and how well the
//! line fits; `docs/measure.md` tells on what it was fitted.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::density::Density;

static ASSET: &str = include_str!("../../assets/measure/facts.toml");

/// A fitted line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactsFit {
    /// a
    pub intercept: f64,
    /// `b_E`: facts for each distinct object.
    pub object: f64,
    /// `b_A`: facts for each distinct attribute.
    pub attribute: f64,
    /// `b_R`: facts for each distinct relation.
    pub link: f64,
    /// Texts that it was fitted on.
    pub texts: u32,
    /// Correlation of the estimate with the number of facts, each text left out of its own fit.
    pub correlation: f64,
    /// The same for facts per word, which a longer text does not raise by itself.
    pub correlation_per_word: f64,
}

impl FactsFit {
    /// The one of this program.
    ///
    /// # Panics
    /// Never: a test reads the asset.
    pub fn published() -> &'static Self {
        static FIT: OnceLock<FactsFit> = OnceLock::new();
        FIT.get_or_init(|| {
            toml::from_str(ASSET).expect("the asset is a part of the program, and a test reads it")
        })
    }

    /// Estimated facts of a sample, at least 0.
    pub fn estimate(&self, density: &Density) -> f64 {
        let [objects, attributes, links] =
            [density.objects(), density.attributes(), density.links()].map(f64::from);
        if objects + attributes + links == 0.0 {
            return 0.0;
        }
        (self.intercept + self.object * objects + self.attribute * attributes + self.link * links).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asset_is_sound() {
        let fit = FactsFit::published();
        assert!(fit.texts >= 100 && fit.correlation > 0.5, "{fit:?}");
        assert!(fit.estimate(&Density::default()).abs() < 1e-9);
    }
}
