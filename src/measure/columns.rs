//! The figures of a sample as a row of numbers with names, for an index to keep and rules to test.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::model::Facet;
use crate::text::extract::Language;

use super::analyse::Analysis;
use super::density::Density;
use super::estimate::FactsFit;
use super::prints::Prints;
use super::rarity::Rarity;
use super::tally::Counts;

/// Declares the columns once: variant, name, help, whether it needs the whole data set.
macro_rules! columns {
    ($($variant:ident $name:literal $needs:literal $help:literal)*) => {
        /// A figure of a sample.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column {
            $(#[doc = $help] $variant,)*
        }

        impl Column {
            /// All of them; the order is that of [`Columns::values`].
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in queries, tables of rules and records.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it is, in one sentence.
            pub fn help(self) -> &'static str {
                match self {
                    $(Self::$variant => $help,)*
                }
            }

            /// Whether it is known only when all samples were seen: [`Columns::settle`] fills it.
            pub fn needs_data_set(self) -> bool {
                match self {
                    $(Self::$variant => $needs,)*
                }
            }
        }
    };
}

columns! {
    Units "units" false "Distinct facts that the sample has."
    Rate "rate" false "Facts per 100 words, each caption by itself."
    UnitsPerCaption "units_per_caption" false "Facts that a main caption says on average."
    Words "words" false "Words of all main captions."
    WordsPerCaption "words_per_caption" false "Words of a main caption on average."
    Captions "captions" false "Main captions."
    Sentences "sentences" false "Sentences of the main captions."
    Objects "objects" false "Distinct objects."
    Attributes "attributes" false "Distinct attributes of objects."
    Counts "counts" false "Distinct counts of objects."
    Links "links" false "Distinct relations: where things are, what they do, and the rest."
    Spatial "spatial" false "Distinct spatial relations."
    Actions "actions" false "Distinct actions."
    Relations "relations" false "Distinct relations that are neither spatial nor actions."
    Scenes "scenes" false "Distinct facts of place, time, weather, light, viewpoint and medium."
    Texts "texts" false "Distinct pieces of written text."
    Entities "entities" false "Distinct names."
    Knowledge "knowledge" false "Names, written text and counts together."
    AttributesPerObject "attributes_per_object" false "Attributes for each object."
    LinksPerObject "links_per_object" false "Relations for each object."
    Breadth "breadth" false "Effective number of facets in use, 1 to 9."
    Mentions "mentions" false "Places where captions say a fact."
    Redundancy "redundancy" false "Share of mentions that say again what the same caption said, 0 to 1."
    RepeatedSentences "repeated_sentences" false "Sentences that the same caption has before, word by word."
    RepeatedRuns "repeated_runs" false "Runs of five words that the same caption has before."
    Hedging "hedging" false "Share of facts that are only guessed (appears to be, possibly), 0 to 1."
    AbstractShare "abstract_share" false "Share of nouns that name nothing which can be seen, 0 to 1."
    Denied "denied" false "Distinct facts that are denied."
    Unattached "unattached" false "Extracted facts that belong to no object."
    Lost "lost" false "Names, written text and counts of the original caption that no main caption has."
    EstimatedFacts "estimated_facts" false "Facts that a person would have written down, by a fit on such lists."
    Bits "bits" true "Information: the rarer a fact in the data set, the more bits."
    BitsPerWord "bits_per_word" true "Bits for each word of the main captions."
    ObjectBits "object_bits" true "Bits of an object on average."
    Twins "twins" true "Other samples with the same caption, word by word."
    NearTwins "near_twins" true "Other samples whose captions have most runs of three words in common, by their signatures."
    Openings "openings" true "Samples with a caption that begins with the same five words."
    OpeningShare "opening_share" true "Share of samples with a caption that begins with the same five words, 0 to 1."
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.name())
    }
}

impl Column {
    /// Whether its figures are whole numbers.
    pub fn is_whole(self) -> bool {
        !matches!(
            self,
            Self::Rate
                | Self::UnitsPerCaption
                | Self::WordsPerCaption
                | Self::AttributesPerObject
                | Self::LinksPerObject
                | Self::Breadth
                | Self::Redundancy
                | Self::Hedging
                | Self::AbstractShare
                | Self::EstimatedFacts
                | Self::Bits
                | Self::BitsPerWord
                | Self::ObjectBits
                | Self::OpeningShare
        )
    }

    /// The columns that are known only when all samples were seen, in the order of
    /// [`Column::ALL`].
    pub fn settled() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|column| column.needs_data_set())
    }

    /// Those that a sample has by itself.
    pub fn own() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|column| !column.needs_data_set())
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.name() == name)
    }
}

/// The figures of one sample. A figure that is not known is no number (NaN), and no rule holds of
/// it.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    values: Vec<f64>,
}

impl Default for Columns {
    fn default() -> Self {
        Self { values: vec![f64::NAN; Column::ALL.len()] }
    }
}

impl Columns {
    /// The figures that need no other sample. Of captions in a language that is not read only the
    /// words and sentences are known, unless the data set supplies descriptors.
    pub(super) fn of(analysis: &Analysis) -> Self {
        let density = &analysis.density;
        let mut columns = Self::default();
        columns.set_words(density);
        if analysis.language == Language::English || density.units > 0 {
            columns.set_facts(density);
        }
        columns
    }

    fn set_words(&mut self, density: &Density) {
        let per_caption = |number: u32| f64::from(number) / f64::from(density.captions);
        for (column, value) in [
            (Column::Words, f64::from(density.words)),
            (Column::Captions, f64::from(density.captions)),
            (Column::Sentences, f64::from(density.sentences)),
            (Column::RepeatedSentences, f64::from(density.repeated_sentences)),
            (Column::RepeatedRuns, f64::from(density.repeated_runs)),
            (Column::WordsPerCaption, per_caption(density.words)),
        ] {
            self.set(column, value);
        }
    }

    fn set_facts(&mut self, density: &Density) {
        let per_caption = |number: u32| f64::from(number) / f64::from(density.captions);
        for (column, number) in [
            (Column::Units, density.units),
            (Column::Objects, density.objects()),
            (Column::Attributes, density.attributes()),
            (Column::Links, density.links()),
            (Column::Counts, density.of_facet(Facet::Count)),
            (Column::Spatial, density.of_facet(Facet::Spatial)),
            (Column::Actions, density.of_facet(Facet::Action)),
            (Column::Relations, density.of_facet(Facet::Relation)),
            (Column::Scenes, density.of_facet(Facet::Scene)),
            (Column::Texts, density.of_facet(Facet::Text)),
            (Column::Entities, density.of_facet(Facet::Entity)),
            (Column::Knowledge, density.knowledge()),
            (Column::Mentions, density.mentions),
            (Column::Denied, density.denied),
            (Column::Unattached, density.unattached),
            (Column::Lost, density.lost),
        ] {
            self.set(column, f64::from(number));
        }
        self.set(Column::UnitsPerCaption, per_caption(density.told));
        self.set(Column::EstimatedFacts, FactsFit::published().estimate(density));
        for (column, ratio) in [
            (Column::Rate, density.rate()),
            (Column::AttributesPerObject, density.attributes_per_object()),
            (Column::LinksPerObject, density.links_per_object()),
            (Column::Breadth, density.breadth()),
            (Column::Redundancy, density.redundancy()),
            (Column::Hedging, density.hedging()),
            (Column::AbstractShare, density.abstract_share()),
        ] {
            self.set(column, ratio.unwrap_or(f64::NAN));
        }
    }

    /// Fills the figures that depend on the other samples. `keys` are sorted, each once.
    pub fn settle(&mut self, keys: &[String], prints: &Prints, counts: &dyn Counts) {
        self.settle_by(&Rarity::of(keys, prints, counts), counts.samples());
    }

    /// The same from what was looked up already, in a data set of so many samples.
    pub fn settle_by(&mut self, rarity: &Rarity, samples: u64) {
        self.set(Column::Bits, rarity.bits);
        self.set(Column::BitsPerWord, rarity.bits / self.of_column(Column::Words));
        self.set(Column::ObjectBits, rarity.object_bits / f64::from(rarity.objects));
        self.set(Column::Twins, rarity.captions.saturating_sub(1) as f64);
        self.set(Column::NearTwins, rarity.bands.saturating_sub(1) as f64);
        self.set(Column::Openings, rarity.openings as f64);
        self.set(Column::OpeningShare, rarity.openings as f64 / samples as f64);
    }

    /// A figure; none where it is not known.
    pub fn get(&self, column: Column) -> Option<f64> {
        Some(self.of_column(column)).filter(|value| value.is_finite())
    }

    /// All figures in the order of [`Column::ALL`]; NaN where one is not known.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// From figures in the order of [`Column::ALL`], as an index kept them. Missing ones are NaN.
    pub fn from_values(values: impl IntoIterator<Item = f64>) -> Self {
        let mut columns = Self::default();
        for (place, value) in columns.values.iter_mut().zip(values) {
            *place = value;
        }
        columns
    }

    /// Sets a figure; anything but a finite number is none.
    pub fn set(&mut self, column: Column, value: f64) {
        if let Some(place) = self.values.get_mut(column as usize) {
            *place = if value.is_finite() { value } else { f64::NAN };
        }
    }

    fn of_column(&self, column: Column) -> f64 {
        self.values.get(column as usize).copied().unwrap_or(f64::NAN)
    }
}

impl Serialize for Columns {
    /// A map of the known figures by name, in the order of [`Column::ALL`], to four decimals.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in Column::ALL {
            if let Some(value) = self.get(*column) {
                let rounded = (value * 1e4).round() / 1e4;
                if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
                    map.serialize_entry(column.name(), &(rounded as i64))?;
                } else {
                    map.serialize_entry(column.name(), &rounded)?;
                }
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_columns() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.name()), Some(*column));
            assert!(column.help().ends_with('.'));
        }
        assert_eq!(Column::named("nothing"), None);
    }

    #[test]
    fn unknown_figures_are_none_and_not_written() {
        let mut columns = Columns::default();
        columns.set(Column::Units, 7.0);
        columns.set(Column::Rate, 1.0 / 3.0);
        columns.set(Column::Breadth, f64::INFINITY);
        assert_eq!(columns.get(Column::Breadth), None);
        let written = serde_json::to_string(&columns).unwrap();
        assert_eq!(written, r#"{"units":7,"rate":0.3333}"#);
        assert_eq!(Columns::from_values(columns.values().to_vec()).get(Column::Units), Some(7.0));
    }
}
