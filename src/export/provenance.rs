//! Where an export comes from.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::Value as Json;

use super::Options;

/// The file in a folder that tells where the export comes from.
pub(super) const FILE: &str = "capscope-export.json";

/// Where the samples come from.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Origin {
    /// The name of the data set.
    pub name: String,
    /// What the user named.
    pub paths: Vec<String>,
    /// What the data is, wherever it lies: a print of the names and sizes of its files.
    pub fingerprint: String,
    /// How its fields were understood, as a print.
    pub reading: String,
    /// The query, where there was one.
    pub query: Option<String>,
    /// Which pairs, where pairs were exported.
    pub pairs: Option<String>,
    /// What somebody has marked, step by step, where the query or the pairs depend on it.
    pub marks: Option<Json>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Samples in the export.
    pub samples: u64,
    /// Pictures in the export.
    pub pictures: u64,
    /// Bytes of those pictures.
    pub picture_bytes: u64,
    /// Samples that were left out.
    pub samples_left_out: u64,
    /// Pictures that could not be had.
    pub pictures_left_out: u64,
    /// Texts in which `<image>` was written otherwise, since it stands for a picture there.
    pub texts_changed: u64,
    /// Captions that are in no text, since a conversation or sidecar has only what is true of the picture.
    pub captions_left_out: u64,
}

#[derive(Serialize)]
struct Provenance<'a> {
    tool: &'static str,
    version: &'static str,
    date: String,
    format: &'static str,
    images: &'static str,
    captions: String,
    dataset: &'a Origin,
    counts: &'a Counts,
}

/// The whole account as JSON on several lines.
pub(super) fn account(origin: &Origin, options: &Options, counts: &Counts) -> String {
    let provenance = Provenance {
        tool: "capscope",
        version: env!("CARGO_PKG_VERSION"),
        date: date(SystemTime::now()),
        format: options.format.name(),
        images: options.pictures.name(),
        captions: match &options.captions {
            super::Captions::All => "all".to_owned(),
            super::Captions::Main => "main".to_owned(),
            super::Captions::Field(field) => field.clone(),
        },
        dataset: origin,
        counts,
    };
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = super::record::write(&provenance, true, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Whether a file is such an account.
pub(super) fn is_ours(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str::<Json>(&text).is_ok_and(|account| account["tool"] == "capscope")
}

/// A moment, in seconds since 1970, as `2026-11-26T13:46:31Z`.
pub fn date_of(seconds: i64) -> String {
    date(UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

fn date(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since the first of March of the year 0, so that leap days come last (Hinnant, `civil_from_days`).
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_200, "2024-03-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(date(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
