//! Tags, notes and saved queries: what lies over the screen while somebody makes them, and how it is said what came
//! of it.

use std::ops::Range;
use std::sync::Arc;

use ratatui::text::{Line, Span};

use crate::model::Sample;
use crate::query::{asks_for_marks, parse};
use crate::ui::{Theme, clip, columns, fuzzy, lit_line, safe, thousands};
use crate::worker::{Done, Marking, MarksReport};
use crate::workspace::{Step, TagName};

use super::overlay::Finder;

/// The tag that the space bar gives.
pub(crate) const MARKED: &str = "marked";
/// Letters of the name of a saved query.
const LONGEST: usize = 60;

/// Whom a tag is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// One sample, with the tags that it has.
    Sample { id: String, tags: Vec<String> },
    /// The samples of a query: its text, and how many they are.
    Hits { query: String, total: u64 },
}

impl Target {
    pub(crate) fn sample(sample: &Sample) -> Self {
        Self::Sample { id: sample.id.clone(), tags: sample.marks.tags.clone() }
    }

    /// What stands above the list.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Sample { id, .. } => format!("Tags of {}", clip(&safe(id), 40)),
            Self::Hits { total: 1, .. } => "Tag 1 hit".to_owned(),
            Self::Hits { total, .. } => format!("Tag all {} hits", thousands(*total)),
        }
    }
}

/// A row of the list of tags or of saved queries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The name.
    pub(crate) name: String,
    /// Bytes of the name that were met.
    met: Vec<Range<usize>>,
    /// What stands before it.
    sign: &'static str,
    /// What stands after it.
    about: String,
}

impl Row {
    pub(crate) fn line(&self, theme: &Theme, width: usize) -> Line<'static> {
        let name = clip(&self.name, width / 2).into_owned();
        let met: Vec<_> = self.met.iter().filter(|met| met.end <= name.len()).cloned().collect();
        let mut spans = vec![Span::styled(self.sign, theme.key)];
        spans.extend(lit_line(&name, theme.text, &met, theme.hit));
        let room = (width / 2).min(24);
        spans.push(Span::raw(" ".repeat((room + 1).saturating_sub(columns(&name)).max(1))));
        spans.push(Span::styled(self.about.clone(), theme.dim));
        Line::from(spans)
    }
}

/// What fits what is typed, the best first.
fn sifted<T>(
    typed: &str,
    all: &[T],
    name: impl Fn(&T) -> &str,
    row: impl Fn(&T, Vec<Range<usize>>) -> Row,
) -> Vec<Row> {
    let mut rows: Vec<(u32, Row)> = all
        .iter()
        .filter_map(|one| fuzzy(typed, name(one)).map(|(score, met)| (score, row(one, met))))
        .collect();
    if !typed.trim().is_empty() {
        rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The tags that fit what is typed, and a new one of that name where there is none.
pub(crate) fn tag_rows(typed: &str, report: &MarksReport, target: &Target) -> Vec<Row> {
    let has = |name: &str| match target {
        Target::Sample { tags, .. } => tags.iter().any(|tag| tag == name),
        Target::Hits { .. } => false,
    };
    let mut rows = sifted(
        typed,
        &report.tags,
        |tag| &tag.name,
        |tag, met| {
            let digit = tag.digit.map_or(String::new(), |digit| format!("   key {digit}"));
            Row {
                name: tag.name.clone(),
                met,
                sign: if has(&tag.name) { "● " } else { "  " },
                about: format!("{:>9}{digit}", thousands(tag.samples)),
            }
        },
    );
    if let Ok(name) = TagName::parse(typed)
        && !report.tags.iter().any(|tag| tag.name == name.as_str())
    {
        let name = name.as_str().to_owned();
        rows.push(Row { name, met: Vec::new(), sign: "+ ", about: "a new tag".to_owned() });
    }
    rows
}

/// The saved queries that fit what is typed by name or text, and a new one of that name where there is none.
pub(crate) fn query_rows(typed: &str, report: &MarksReport, query: &str) -> Vec<Row> {
    let row = |(name, text): &(String, String), met| Row {
        name: name.clone(),
        met,
        sign: if text == query { "● " } else { "  " },
        about: safe(text).into_owned(),
    };
    let mut rows = sifted(typed, &report.queries, |(name, _)| name, row);
    let wanted = typed.trim().to_lowercase();
    let by_text = report.queries.iter().filter(|(_, text)| text.to_lowercase().contains(&wanted));
    for one in by_text {
        if !wanted.is_empty() && !rows.iter().any(|row| row.name == one.0) {
            rows.push(row(one, Vec::new()));
        }
    }
    let name = query_name(typed);
    if let Some(name) = name.filter(|name| !report.queries.iter().any(|(other, _)| other == name))
        && !query.trim().is_empty()
    {
        rows.push(Row { name, met: Vec::new(), sign: "+ ", about: format!("a name for {}", safe(query)) });
    }
    rows
}

/// The name that was typed for a query; none where nothing was.
pub(crate) fn query_name(typed: &str) -> Option<String> {
    let name: String = typed.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    (!name.is_empty()).then_some(name)
}

/// The row that the cursor is on.
pub(crate) fn chosen(rows: &[Row], finder: &Finder) -> Option<String> {
    rows.get(finder.cursor).map(|row| row.name.clone())
}

/// The tag that the cursor is on, old or new.
pub(crate) fn chosen_tag(finder: &Finder, report: &MarksReport, target: &Target) -> Option<TagName> {
    let rows = tag_rows(finder.edit.text(), report, target);
    chosen(&rows, finder).and_then(|name| TagName::parse(&name).ok())
}

/// What a tag for a sample or for all hits comes to.
pub(crate) fn tagging(tag: TagName, target: &Target, on: bool) -> Marking {
    match target {
        Target::Sample { id, .. } => Marking::Toggle { tag, id: id.clone() },
        Target::Hits { query, .. } => Marking::TagAll { tag, query: query.clone(), on },
    }
}

/// The tag that a digit stands for.
pub(crate) fn tag_of(report: &MarksReport, digit: u8) -> Option<TagName> {
    let tag = report.tags.iter().find(|tag| tag.digit == Some(digit))?;
    TagName::parse(&tag.name).ok()
}

/// The digits that stand for tags.
pub(crate) fn digits(report: &MarksReport) -> Vec<u8> {
    report.tags.iter().filter_map(|tag| tag.digit).collect()
}

/// Whether there is a step now that can be taken back.
pub(crate) fn is_step(done: &Done) -> bool {
    match done {
        Done::Kept(step) | Done::All { step, .. } => step.changed > 0,
        Done::Undone(_) | Done::Redone(_) => false,
    }
}

/// What came of it, in one line.
pub(crate) fn told(done: &Done) -> String {
    match done {
        Done::Kept(step) => step.what.clone(),
        Done::All { tag, samples, on, step } => {
            let verb = if *on { "tagged" } else { "untagged" };
            let rest = match (samples.saturating_sub(step.changed), on) {
                (0, _) => String::new(),
                (rest, true) => format!("; {} had it", thousands(rest)),
                (rest, false) => format!("; {} did not have it", thousands(rest)),
            };
            format!("{verb} {} {}{rest}", many(step.changed, "sample"), tag.as_str())
        }
        Done::Undone(step) => again("taken back", step.as_ref()),
        Done::Redone(step) => again("done again", step.as_ref()),
    }
}

fn again(verb: &str, step: Option<&Step>) -> String {
    let Some(step) = step else { return format!("there is nothing more to be {verb}") };
    let changes =
        if step.changed > 1 { format!(", {}", many(step.changed, "change")) } else { String::new() };
    let left = match step.left {
        0 => String::new(),
        left => format!("; {} left as somebody else has made it since", thousands(left)),
    };
    format!("{verb}: {}{changes}{left}", step.what)
}

fn many(number: u64, name: &str) -> String {
    format!("{} {name}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// What is marked, as of the last news.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub(crate) report: Arc<MarksReport>,
    /// Raised with every news.
    version: u64,
    is_known: bool,
}

impl Marks {
    /// Takes news in; whether rows that are shown may look otherwise now.
    pub(crate) fn take(&mut self, report: Arc<MarksReport>) -> bool {
        self.report = report;
        // The rows that came at the start have the marks of the start.
        self.version += u64::from(self.is_known);
        std::mem::replace(&mut self.is_known, true)
    }

    /// For a query that asks for marks, the state of these; else always the same.
    pub(crate) fn version_for(&self, query: &str) -> u64 {
        let asks = parse(query).is_ok_and(|query| asks_for_marks(&query));
        if asks { self.version } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Tag;

    fn report() -> MarksReport {
        let tag = |name: &str, samples, digit| Tag { name: name.into(), samples, digit };
        MarksReport {
            tags: vec![tag("blurry", 1_234, Some(1)), tag("quality/good", 7, None)],
            queries: vec![("dogs".into(), "dog -cat".into()), ("thin ones".into(), "flag:thin".into())],
            ..MarksReport::default()
        }
    }

    fn names(rows: &[Row]) -> Vec<&str> {
        rows.iter().map(|row| row.name.as_str()).collect()
    }

    #[test]
    fn tags_are_found_or_made() {
        let target = Target::Sample { id: "7".into(), tags: vec!["blurry".into()] };
        let rows = tag_rows("", &report(), &target);
        assert_eq!(names(&rows), ["blurry", "quality/good"]);
        assert_eq!((rows[0].sign, rows[0].about.as_str()), ("● ", "    1,234   key 1"));
        assert_eq!(names(&tag_rows("qg", &report(), &target)), ["quality/good", "qg"]);
        assert_eq!(names(&tag_rows("Blurry", &report(), &target)), ["blurry"]);
        // No name of a tag.
        assert!(tag_rows("zz zz", &report(), &target).is_empty());
        let blurry = TagName::parse("blurry").unwrap();
        assert!(matches!(tagging(blurry, &target, true), Marking::Toggle { .. }));
        assert_eq!((tag_of(&report(), 1).is_some(), tag_of(&report(), 2)), (true, None));
    }

    #[test]
    fn queries_are_found_by_name_and_text() {
        assert_eq!(names(&query_rows("", &report(), "cat")), ["dogs", "thin ones"]);
        assert_eq!(names(&query_rows("flag", &report(), "cat")), ["thin ones", "flag"]);
        assert_eq!(names(&query_rows("dogs", &report(), "cat")), ["dogs"]);
        // Nothing is saved of no query.
        assert!(query_rows("new", &report(), " ").is_empty());
        assert_eq!(query_name(" a\u{7}b "), Some("ab".into()));
    }

    #[test]
    fn it_is_said_how_many_have_changed() {
        let tag = TagName::parse("blurry").unwrap();
        let all = |changed, samples, on| Done::All {
            tag: tag.clone(),
            samples,
            on,
            step: Step { changed, ..Step::default() },
        };
        assert_eq!(told(&all(8_412, 8_412, true)), "tagged 8,412 samples blurry");
        assert_eq!(told(&all(1, 3, true)), "tagged 1 sample blurry; 2 had it");
        assert_eq!(told(&all(0, 3, false)), "untagged 0 samples blurry; 3 did not have it");
        assert!(!is_step(&all(0, 3, false)) && is_step(&all(1, 3, true)));
        let step = Step { what: "tag blurry".into(), changed: 1_000_000, left: 2, ..Step::default() };
        assert_eq!(
            told(&Done::Undone(Some(step))),
            "taken back: tag blurry, 1,000,000 changes; 2 left as somebody else has made it since"
        );
        assert_eq!(told(&Done::Redone(None)), "there is nothing more to be done again");
    }
}
