//! When a report was made.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::export::date_of;

/// Says when the clock is said to stand still, in seconds since 1970: two reports of the same data are then the same
/// bytes. <https://reproducible-builds.org/specs/source-date-epoch/>
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The time by the clock, or by the variable `SOURCE_DATE_EPOCH`, as in `2026-11-26 13:46 UTC`.
pub fn now() -> String {
    let told = std::env::var(EPOCH).ok().and_then(|told| told.parse::<u64>().ok());
    let since = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    written(told.unwrap_or_else(since))
}

/// As in `2026-11-26 13:46 UTC`.
fn written(seconds: u64) -> String {
    let told = date_of(i64::try_from(seconds).unwrap_or(i64::MAX));
    let (day, time) = told.split_once('T').unwrap_or((&told, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59 UTC"),
            (1_767_225_600, "2026-01-01 00:00 UTC"),
            (4_102_444_800, "2100-01-01 00:00 UTC"),
        ] {
            assert_eq!(written(seconds), date);
        }
    }
}
