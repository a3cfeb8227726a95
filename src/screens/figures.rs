//! The flags and figures of one sample, as rows of a pane.

use crate::measure::{Column, Figures, Flag};

use super::fields::Entry;
use super::flags::field_name;
use super::plot::number;

/// The flags with why, then every figure that is known.
pub(crate) fn rows(measured: &Figures) -> Vec<Entry> {
    let mut rows: Vec<Entry> = measured.flags.iter().map(row_of_flag).collect();
    if let Some(rank) = measured.rank {
        rows.push(("rank".to_owned(), format!("denser than {:.0} % of all samples", rank * 100.0), None));
    }
    for column in Column::ALL {
        if let Some(value) = measured.columns.get(*column) {
            let name = field_name(*column);
            // As whole numbers are found by their value, and others by nothing that can be typed.
            let query = (value.fract() == 0.0).then(|| format!("{name}:{value}"));
            rows.push((name, number(value), query));
        }
    }
    rows
}

/// `⚑ THIN`, with value, threshold, percentile and what would mend it.
fn row_of_flag(flag: &Flag) -> Entry {
    let value = number(flag.value);
    let mut text = format!("{} is {value}, {} {}", flag.column, flag.comparison, number(flag.threshold));
    if let Some(percentile) = flag.percentile {
        text.push_str(&format!(" · {percentile:.0} % of the samples are below {value}"));
    }
    text.push_str(&format!("\n{}", flag.mend));
    (format!("⚑ {}", flag.id.name()), text, Some(format!("flag:{}", flag.id.name())))
}

/// The flag whose row has this name.
pub(crate) fn flag_of<'f>(measured: &'f Figures, name: &str) -> Option<&'f Flag> {
    let id = name.strip_prefix("⚑ ")?;
    measured.flags.iter().find(|flag| flag.id.name() == id)
}
