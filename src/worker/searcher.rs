//! The thread that searches: in the index, or in the first samples while there is none.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::builder::Shared;
use super::crew::Answer;
use super::mailbox::Mailbox;
use super::marks::Marked;
use super::{Opened, Reply, Suggestion};
use crate::index::{Hits, Index, IndexError, Page, Reach, Snapshot};
use crate::measure::{Analyst, Columns, Figures, FlagId, FlagTable, Norms};
use crate::model::{Sample, Seq};
use crate::query::{self, CompletionKind, Query, QueryError};
use crate::vqa::Judge;

/// Samples shown while there is no index.
const HEAD: usize = 500;
/// How long reading them may take before the first page is shown with what there is.
const HEAD_TIME: Duration = Duration::from_millis(200);
/// Measured samples that are kept.
const MEASURED: usize = 2_000;
/// Questions of a sample that are held against its captions.
const JUDGED: usize = 30;
/// Suggestions in a list.
const SUGGESTIONS: usize = 12;

/// What is asked of the searcher. A newer wish of a kind replaces the older one.
#[derive(Debug, Default)]
pub(super) struct Wish {
    pub(super) search: Option<Search>,
    pub(super) complete: Option<(String, usize)>,
    pub(super) flags: Option<Look>,
    pub(super) coverage: Option<Look>,
}

/// A look at all samples of a query, as in [`super::Effect::Flags`].
#[derive(Debug)]
pub(super) struct Look {
    pub(super) generation: u64,
    pub(super) text: String,
}

/// A search, as in [`super::Effect::Search`].
#[derive(Debug)]
pub(super) struct Search {
    pub(super) generation: u64,
    pub(super) text: String,
    pub(super) live: bool,
    pub(super) first: u64,
    pub(super) count: usize,
}

struct Searcher {
    opened: Opened,
    shared: Arc<Shared>,
    answer: Answer,
    index: Option<Index>,
    snapshot: Option<Snapshot>,
    /// What the builder, and who looks at pictures, said when the snapshot was taken.
    seen: [u64; 3],
    head: Option<Head>,
    /// The rules of flags: the program's, with those of the data set's settings.
    table: FlagTable,
    analyst: Analyst,
    /// There is none until a sample has questions.
    judge: Option<Judge>,
    marks: Arc<Marked>,
    /// What was said of marks when the last query ran.
    marked: Option<(i64, i64)>,
    /// Samples that were shown not long ago, measured.
    measured: HashMap<Seq, Arc<Sample>>,
    /// The last query with its hits: scrolling asks for the same again.
    last: Option<(String, bool, Hits)>,
}

/// The first samples of a data set that has no index yet.
struct Head {
    samples: Vec<Arc<Sample>>,
    /// They are measured when somebody asks for what only then is known.
    is_measured: bool,
}

enum Trouble {
    Query(QueryError),
    Index(IndexError),
}

impl From<QueryError> for Trouble {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<IndexError> for Trouble {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

/// Starts the thread.
pub(super) fn spawn(
    opened: Opened,
    shared: Arc<Shared>,
    wishes: Arc<Mailbox<Wish>>,
    answer: Answer,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("capscope-search".into()).spawn(move || {
        let table = opened.flag_table().unwrap_or_else(|error| {
            answer(Reply::Notice(format!("capscope.toml: {error}")));
            FlagTable::published().clone()
        });
        let mut searcher = Searcher {
            table,
            marks: Arc::new(Marked::of(&opened)),
            marked: None,
            opened,
            shared,
            answer,
            index: None,
            snapshot: None,
            seen: [0; 3],
            head: None,
            analyst: Analyst::new(),
            judge: None,
            measured: HashMap::new(),
            last: None,
        };
        let shared = Arc::clone(&searcher.shared);
        while let Some(wish) = wishes.take() {
            shared.searching.store(true, Ordering::Release);
            if let Some(search) = wish.search {
                searcher.search(&search);
            }
            if let Some((text, cursor)) = wish.complete {
                searcher.complete(text, cursor);
            }
            if let Some(look) = wish.flags {
                searcher.flags(&look);
            }
            if let Some(look) = wish.coverage {
                searcher.coverage(&look);
            }
            shared.searching.store(false, Ordering::Release);
        }
    })
}

impl Searcher {
    fn flags(&mut self, look: &Look) {
        let report = self.look_at(&look.text, Hits::flags);
        (self.answer)(Reply::Flags { generation: look.generation, report });
    }

    fn coverage(&mut self, look: &Look) {
        let report = self.look_at(&look.text, Hits::coverage);
        (self.answer)(Reply::Coverage { generation: look.generation, report });
    }

    /// Looks at all samples of a query; why it cannot, in one line.
    fn look_at<T>(
        &mut self,
        text: &str,
        look: impl FnOnce(&Hits) -> Result<T, IndexError>,
    ) -> Result<Arc<T>, String> {
        let query = query::parse(text).map_err(|error| error.to_string())?;
        self.look_again().map_err(|error| error.to_string())?;
        let Some(snapshot) = &self.snapshot else { return Err(query::UNSETTLED.to_owned()) };
        let report = snapshot.search(&query).and_then(|hits| look(&hits));
        report.map(Arc::new).map_err(|error| error.to_string())
    }

    fn search(&mut self, search: &Search) {
        let generation = search.generation;
        let reply = match self.page(search) {
            Ok(page) => Reply::Page { generation, page },
            Err(Trouble::Query(error)) => {
                Reply::QueryError { generation, span: error.span.clone(), message: error.message }
            }
            Err(Trouble::Index(IndexError::Query { span, message })) => {
                Reply::QueryError { generation, span, message }
            }
            Err(Trouble::Index(error)) => {
                // The index may have been made anew under us: look at it afresh next time.
                self.index = None;
                self.snapshot = None;
                self.last = None;
                (self.answer)(Reply::Notice(error.to_string()));
                return;
            }
        };
        (self.answer)(reply);
    }

    fn page(&mut self, search: &Search) -> Result<Page, Trouble> {
        let query = if search.live { query::parse_live(&search.text) } else { query::parse(&search.text) }?;
        self.look_again()?;
        let Some(snapshot) = &self.snapshot else {
            if let Some(span) = query::needs_data_set(&query) {
                return Err(IndexError::Query { span, message: query::UNSETTLED.to_owned() }.into());
            }
            return Ok(self.page_of_head(&query, search));
        };
        // Somebody may have marked samples since, here or in another process.
        let marked = self.marks.version().unwrap_or_default();
        if marked != self.marked {
            (self.marked, self.last) = (marked, None);
        }
        let is_last = |last: &(String, bool, Hits)| last.0 == search.text && last.1 == search.live;
        if !self.last.as_ref().is_some_and(is_last) {
            self.last = Some((search.text.clone(), search.live, snapshot.search(&query)?));
        }
        let mut page = match &mut self.last {
            Some((_, _, hits)) => hits.page(search.first, search.count)?,
            None => return Ok(self.page_of_head(&query, search)),
        };
        for row in &mut page.rows {
            *row = self.measured(row);
        }
        // What the index does not know yet is found in the rows themselves.
        for (row, figures) in page.rows.iter().zip(&mut page.figures) {
            figures.get_or_insert_with(|| self.figures_of(row));
        }
        if marked.is_some() && self.marks.mark(&mut page.rows).is_err() {
            // The rows are worth more than what is marked on them; the next page asks again.
            self.marked = None;
        }
        Ok(page)
    }

    /// A sample with what its captions say. Those of the last pages are kept, as a list is scrolled
    /// line by line.
    fn measured(&mut self, sample: &Arc<Sample>) -> Arc<Sample> {
        if !sample.figures.is_empty() {
            return Arc::clone(sample);
        }
        if let Some(known) = self.measured.get(&sample.seq) {
            return Arc::clone(known);
        }
        if self.measured.len() >= MEASURED {
            self.measured.clear();
        }
        let mut measured = (**sample).clone();
        self.analyst.measure(&mut measured);
        if !measured.questions.is_empty() {
            let norms = self.snapshot.as_ref().and_then(Snapshot::norms);
            let counts = norms.as_ref().map(Norms::counts);
            self.judge.get_or_insert_with(Judge::new).mark(&mut measured, JUDGED, counts);
        }
        let measured = Arc::new(measured);
        self.measured.insert(sample.seq, Arc::clone(&measured));
        measured
    }

    /// The figures that a measured sample has by itself.
    fn figures_of(&self, sample: &Sample) -> Arc<Figures> {
        let columns = Columns::from_values(sample.figures.iter().copied());
        Arc::new(Figures::of(columns, &self.table, None))
    }

    /// Takes a newer state of the index, if there is one.
    fn look_again(&mut self) -> Result<(), IndexError> {
        let shared = [&self.shared.news, &self.shared.analysed, &self.shared.pictures];
        let news = shared.map(|news| news.load(Ordering::Acquire));
        if self.snapshot.is_some() && news == self.seen {
            return Ok(());
        }
        if self.index.is_none() {
            let index = Index::open(&self.opened.home)?;
            let marks = Arc::clone(&self.marks);
            self.index = index.map(|index| index.with_flags(self.table.clone()).with_marks(marks));
        }
        let Some(index) = &self.index else { return Ok(()) };
        let snapshot = index.snapshot()?;
        self.seen = news;
        if snapshot.samples() == 0 && !index.is_complete() {
            return Ok(());
        }
        if !self.snapshot.as_ref().is_some_and(|held| held.is_same(&snapshot)) {
            self.last = None;
            self.head = None;
            self.measured.clear();
            self.snapshot = Some(snapshot);
        }
        Ok(())
    }

    /// While there is no index: the first samples, searched one by one.
    fn page_of_head(&mut self, query: &Query, search: &Search) -> Page {
        let mut head = self.head.take().unwrap_or_else(|| {
            let samples = self.opened.dataset.head(HEAD, Instant::now() + HEAD_TIME);
            Head { samples: samples.into_iter().map(Arc::new).collect(), is_measured: false }
        });
        if query::asks_for_facts(query) && !head.is_measured {
            head.samples = head.samples.iter().map(|sample| self.measured(sample)).collect();
            head.is_measured = true;
        }
        let hits = head.samples.iter().filter(|sample| query::matches(query, sample));
        let hits: Vec<Arc<Sample>> = hits.map(Arc::clone).collect();
        let first = search.first.min(hits.len() as u64);
        let shown = hits.iter().skip(first as usize).take(search.count);
        let rows: Vec<Arc<Sample>> = shown.map(|sample| self.measured(sample)).collect();
        let searched = head.samples.len() as u64;
        let page = Page {
            first,
            figures: rows.iter().map(|row| Some(self.figures_of(row))).collect(),
            rows,
            total: hits.len() as u64,
            searched,
            reach: Reach { samples: searched, analysed: searched },
        };
        self.head = Some(head);
        page
    }

    fn complete(&mut self, text: String, cursor: usize) {
        let list = self.suggestions(&text, cursor).unwrap_or_default();
        (self.answer)(Reply::Suggestions { text, list });
    }

    fn suggestions(&mut self, text: &str, cursor: usize) -> Result<Vec<Suggestion>, IndexError> {
        self.look_again()?;
        let Some(completion) = query::complete(text, cursor) else { return Ok(Vec::new()) };
        let span = completion.span;
        let suggestion = |text: String, count| Suggestion { text, span: span.clone(), count };
        let mut list = Vec::new();
        match completion.kind {
            CompletionKind::FieldName(prefix) => {
                list.extend(
                    self.field_names(&prefix)?.into_iter().map(|(name, count)| suggestion(name, count)),
                );
            }
            CompletionKind::Value { field: query::Field::Concept, prefix } => {
                let names = match &self.snapshot {
                    Some(snapshot) => snapshot.concepts(&prefix, SUGGESTIONS)?,
                    None => query::concept_names(&prefix).into_iter().map(|name| (name, None)).collect(),
                };
                list.extend(names.into_iter().map(|(name, count)| suggestion(query::quoted(&name), count)));
            }
            CompletionKind::Value { field: query::Field::Flag, prefix } => {
                for (flag, count) in self.flag_names(&prefix)? {
                    list.push(suggestion(flag.name().to_lowercase(), count));
                }
            }
            CompletionKind::Value { field: query::Field::Tag, prefix } => {
                for (tag, count) in self.marks.tags(&prefix).unwrap_or_default() {
                    list.push(suggestion(query::quoted(&tag), Some(count)));
                }
            }
            CompletionKind::Value { field: query::Field::Verdict, prefix } => {
                for (verdict, count) in self.marks.verdicts(&prefix).unwrap_or_default() {
                    list.push(suggestion(query::quoted(&verdict), Some(count)));
                }
            }
            CompletionKind::Value { field, prefix } => {
                for (value, count) in self.values(&field, &prefix)? {
                    list.push(suggestion(query::quoted(&value), Some(count)));
                }
            }
            CompletionKind::Word(prefix) => {
                for (word, count) in self.values(&query::Field::Caption, &prefix)? {
                    list.push(suggestion(word, Some(count)));
                }
                if !prefix.is_empty() {
                    let names = self.field_names(&prefix)?;
                    list.extend(names.into_iter().map(|(name, count)| suggestion(name, count)));
                }
            }
        }
        list.truncate(SUGGESTIONS);
        Ok(list)
    }

    /// Flags that begin so, with the samples that have them where that is known.
    fn flag_names(&self, prefix: &str) -> Result<Vec<(FlagId, Option<u64>)>, IndexError> {
        let flags = query::flags_of(&query::Test::Prefix(prefix.to_owned()));
        match &self.snapshot {
            Some(snapshot) => snapshot.flag_counts(flags),
            None => Ok(flags.into_iter().map(|flag| (flag, None)).collect()),
        }
    }

    fn values(&self, field: &query::Field, prefix: &str) -> Result<Vec<(String, u64)>, IndexError> {
        match &self.snapshot {
            Some(snapshot) => snapshot.values(field, prefix, SUGGESTIONS),
            None => Ok(Vec::new()),
        }
    }

    /// Names of fields that begin so: ours, then the data's own with how many samples have them.
    fn field_names(&self, prefix: &str) -> Result<Vec<(String, Option<u64>)>, IndexError> {
        let mut names: Vec<(String, Option<u64>)> = query::FIELDS
            .iter()
            .filter(|field| field.name.starts_with(prefix))
            .map(|field| (format!("{}:", field.name), None))
            .collect();
        if prefix.starts_with("meta") || "meta.".starts_with(prefix) {
            let own = self.values(&query::Field::Has, if prefix.len() > 5 { prefix } else { "meta." })?;
            names.extend(own.into_iter().map(|(name, count)| (format!("{name}:"), Some(count))));
        }
        Ok(names)
    }
}
