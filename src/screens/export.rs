//! An export of the hits: where it goes, and how it is said what came of it.

use crate::export::{Counts, Exported, Format};
use crate::ui::thousands;
use crate::worker::ExportWish;

/// What stands under the line where it goes.
pub(crate) const LINES: [&str; 3] = [
    "The ending tells the form: .jsonl .csv .tsv (.gz, .zst too) .parquet .tar",
    "A folder needs a word: FOLDER as webdataset, imagefolder, kohya, llava, parquet …",
    "`capscope export` has the rest: captions, pairs, sizes of archives.",
];

/// Where it could go.
pub(crate) fn proposal(dataset: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let name: String = dataset.chars().filter(|letter| is_plain(*letter)).take(40).collect();
    format!("{}-hits.jsonl", if name.is_empty() { "capscope" } else { &name })
}

/// What is wished by a line; none where it is empty.
pub(crate) fn wish(line: &str, query: String) -> Option<ExportWish> {
    let line = line.trim();
    let named = line.rsplit_once(" as ").and_then(|(to, name)| {
        let format = Format::ALL.into_iter().find(|format| format.name() == name.trim())?;
        Some((to.trim(), Some(format)))
    });
    let (to, format) = named.unwrap_or((line, None));
    let home = || std::env::var("HOME").ok().filter(|home| !home.is_empty());
    let to = match to.strip_prefix("~/").zip(home()) {
        Some((rest, home)) => format!("{home}/{rest}"),
        None => to.to_owned(),
    };
    (!to.is_empty()).then_some(ExportWish { query, to, format })
}

/// What came of it, in one line.
pub(crate) fn told(came: &Result<Option<Box<Exported>>, String>) -> String {
    let exported = match came {
        Err(error) => return format!("the export failed, and nothing is left of it: {error}"),
        Ok(None) => return "the export was stopped, and nothing is left of it".to_owned(),
        Ok(Some(exported)) => exported,
    };
    let Counts { samples, pictures, picture_bytes, samples_left_out, .. } = exported.counts;
    let Some(path) = &exported.path else { return "nothing to export, so nothing is written".to_owned() };
    let pictures = match pictures {
        0 => String::new(),
        many => format!(", {} pictures of {:.1} MB", thousands(many), picture_bytes as f64 / 1e6),
    };
    let left = match (samples_left_out + exported.faults, &exported.list) {
        (0, _) | (_, None) => String::new(),
        (_, Some(list)) => {
            format!("; left out: {}, see {}", thousands(samples_left_out), list.display())
        }
    };
    format!("exported {} samples{pictures} to {}{left}", thousands(samples), path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_where_and_as_what() {
        let wished = |line: &str| wish(line, "dog".into()).map(|wish| (wish.to, wish.format));
        assert_eq!(wished(" a b.jsonl "), Some(("a b.jsonl".into(), None)));
        assert_eq!(wished("out as webdataset"), Some(("out".into(), Some(Format::WebDataset))));
        assert_eq!(wished("same as ever.csv"), Some(("same as ever.csv".into(), None)));
        assert_eq!(wished("  "), None);
        assert!(!wished("~/x.jsonl").unwrap().0.starts_with('~'));
        assert_eq!(proposal("set \u{1b}[1m/one"), "set1mone-hits.jsonl");
    }

    #[test]
    fn it_is_said_what_came_of_it() {
        let counts = Counts {
            samples: 1_234,
            pictures: 2,
            picture_bytes: 3_400_000,
            samples_left_out: 1,
            ..Counts::default()
        };
        let exported = Exported {
            path: Some("a.parquet".into()),
            counts,
            faults: 1,
            list: Some("a.parquet.skipped.jsonl".into()),
            ..Exported::default()
        };
        assert_eq!(
            told(&Ok(Some(Box::new(exported)))),
            "exported 1,234 samples, 2 pictures of 3.4 MB to a.parquet; left out: 1, see \
             a.parquet.skipped.jsonl"
        );
        assert!(told(&Err("no room".into())).contains("nothing is left of it: no room"));
    }
}
