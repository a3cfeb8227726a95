//! Searching an index, and reading what it found.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::query::{EnableScoring, Query as EngineQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    BitSet, DocAddress, DocId, Executor, IndexReader, ReloadPolicy, Searcher, SegmentReader, Term,
};

use super::build::Checkpoint;
use super::compile::Compiler;
use super::concepts::ConceptTerms;
use super::facts::{Facts, OfAnalysed};
use super::figures::SegmentFigures;
use super::home::Home;
use super::ids::IdOrders;
use super::marked::IdPrints;
use super::pictures::Pictures;
use super::rank::{Best, Ranking};
use super::schema::{Slots, shortened, tokenizers};
use super::settled::Settled;
use super::{IndexError, Page, Progress, Reach};
use crate::dataset::Dataset;
use crate::measure::{Figures, FlagTable, Norms, Profile};
use crate::model::Sample;
use crate::query::{self, Marks, Query};
use crate::workspace::Prints;

/// Rows ranked beyond those asked for, so that scrolling does not search again at every line.
const AHEAD: usize = 500;
/// More threads have nothing to do: an index has some ten segments.
const MOST_THREADS: usize = 8;
/// How often an index is opened that somebody makes anew meanwhile.
const OPENINGS: u32 = 5;

/// An index that can be searched, while somebody may still be writing it.
pub struct Index {
    home: Home,
    reader: IndexReader,
    slots: Arc<Slots>,
    ids: Arc<IdOrders>,
    prints: Arc<IdPrints>,
    table: Arc<FlagTable>,
    /// What somebody has marked, where that is to be known.
    marks: Option<Arc<dyn Marks>>,
    /// What was known of pictures when somebody last asked.
    pictures: Mutex<Option<Arc<Pictures>>>,
    /// What captions say, as far as it was known when somebody last asked.
    facts: Mutex<Arc<Facts>>,
}

/// One state of an index: it does not change while it is held.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) searcher: Searcher,
    /// What captions say, as far as it is known.
    pub(super) facts: Arc<Facts>,
    pub(super) slots: Arc<Slots>,
    files: Arc<Vec<(u32, String)>>,
    ids: Arc<IdOrders>,
    pub(super) prints: Arc<IdPrints>,
    marks: Option<Arc<dyn Marks>>,
    concepts: Arc<ConceptTerms>,
    /// What needs all samples, where it is known.
    pub(super) settled: Option<Arc<Settled>>,
    /// The columns of each segment, opened when somebody first asks.
    figures: Arc<Vec<OnceLock<Arc<SegmentFigures>>>>,
    /// The rules of flags.
    pub(super) table: Arc<FlagTable>,
    /// What was seen of pictures, where somebody has looked.
    pub(super) pictures: Option<Arc<Pictures>>,
}

/// The samples that answer a query in one state of the index.
pub struct Hits {
    pub(super) snapshot: Snapshot,
    pub(super) query: Box<dyn EngineQuery>,
    ranking: Ranking,
    total: u64,
    /// Samples that could be asked.
    searched: u64,
    /// Addresses of the first hits, in order.
    head: Vec<DocAddress>,
    /// Addresses of the last hits, the very last first.
    tail: Vec<DocAddress>,
}

/// The threads that search, each a segment at a time: the same for all that is open in this process.
fn threads() -> Option<&'static Executor> {
    static THREADS: OnceLock<Option<Executor>> = OnceLock::new();
    let threads = THREADS.get_or_init(|| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        // Where no thread can be had, whoever asks searches.
        (threads > 1).then(|| Executor::multi_thread(threads, "search-").ok()).flatten()
    });
    threads.as_ref()
}

/// Whether something has been committed.
fn is_there(home: &Home) -> bool {
    home.engine().join("meta.json").exists()
}

impl Index {
    /// Opens what has been committed; `None` where nothing has been yet.
    pub fn open(home: &Home) -> Result<Option<Self>, IndexError> {
        let mut again = OPENINGS;
        loop {
            if !is_there(home) {
                return Ok(None);
            }
            again -= 1;
            match Self::open_engine(home) {
                // Whoever builds may be beginning anew just now: another folder stands under this name then.
                Err(IndexError::Engine(_)) if again > 0 => {}
                opened => return opened.map(Some),
            }
        }
    }

    fn open_engine(home: &Home) -> Result<Self, IndexError> {
        let slots = Slots::new();
        let mut index = tantivy::Index::open_in_dir(home.engine())?;
        index.set_tokenizers(tokenizers());
        if let Some(threads) = threads() {
            index.set_executor(threads.clone());
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let ids = Arc::new(IdOrders::new(slots.id));
        let table = Arc::new(FlagTable::published().clone());
        let (pictures, facts) = (Mutex::default(), Mutex::default());
        let prints = Arc::<IdPrints>::default();
        let (home, slots, marks) = (home.clone(), Arc::new(slots), None);
        Ok(Self { home, reader, slots, ids, prints, table, marks, pictures, facts })
    }

    /// The same with what somebody has marked, for `tag:` and `note:`.
    #[must_use]
    pub fn with_marks(self, marks: Arc<dyn Marks>) -> Self {
        Self { marks: Some(marks), ..self }
    }

    /// The same with rules of one's own for flags.
    #[must_use]
    pub fn with_flags(self, table: FlagTable) -> Self {
        Self { table: Arc::new(table), ..self }
    }

    /// Whether it has all samples of a data set as it is now, and what needs all of them is known.
    pub fn is_up_to_date(&self, dataset: &Dataset) -> Result<bool, IndexError> {
        let searcher = self.reader.searcher();
        let holds = Checkpoint::of(searcher.index()).is_some_and(|checkpoint| checkpoint.holds(dataset));
        Ok(holds && Settled::open(&self.home.settled(), &searcher, &self.facts(&searcher))?.is_some())
    }

    /// The newest state.
    pub fn snapshot(&self) -> Result<Snapshot, IndexError> {
        match self.reader.reload() {
            // Somebody begins anew: until they have something, what was there is what we have.
            Err(_) if !is_there(&self.home) => {}
            reloaded => reloaded?,
        }
        let saved = self.home.saved();
        let files = saved.as_ref().map(|saved| {
            let shards = saved.dataset.shards().iter();
            shards.map(|shard| (shard.ordinal, shard.path.display().to_string())).collect()
        });
        let pictures = saved.map(|saved| self.pictures(&saved.dataset)).transpose()?.flatten();
        let searcher = self.reader.searcher();
        let facts = self.facts(&searcher);
        let settled = Settled::open(&self.home.settled(), &searcher, &facts)?.map(Arc::new);
        let figures = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
        Ok(Snapshot {
            searcher,
            facts,
            settled,
            figures: Arc::new(figures),
            table: Arc::clone(&self.table),
            slots: Arc::clone(&self.slots),
            files: Arc::new(files.unwrap_or_default()),
            ids: Arc::clone(&self.ids),
            prints: Arc::clone(&self.prints),
            marks: self.marks.clone(),
            concepts: Arc::default(),
            pictures,
        })
    }

    fn facts(&self, searcher: &Searcher) -> Arc<Facts> {
        let mut known = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(Facts::open(&self.home.facts(), searcher, Some(&known)));
        Arc::clone(&known)
    }

    fn pictures(&self, dataset: &Dataset) -> Result<Option<Arc<Pictures>>, IndexError> {
        let mut known = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Pictures::open(&self.home, dataset, known.as_ref())?;
        Ok(known.clone())
    }

    /// Whether the last commit holds the whole data set. Captions may not be analysed yet.
    pub fn is_complete(&self) -> bool {
        Checkpoint::of(self.reader.searcher().index()).is_some_and(|checkpoint| checkpoint.complete)
    }

    /// Records that were left out, as of the last commit.
    pub fn skipped(&self) -> u64 {
        Checkpoint::of(self.reader.searcher().index()).map_or(0, |checkpoint| checkpoint.skipped)
    }

    /// Files of the index whose content is not what was written; none where it is sound. Reads all
    /// of them.
    pub fn damaged(&self) -> Result<Vec<String>, IndexError> {
        let searcher = self.reader.searcher();
        let damaged = searcher.index().validate_checksum()?;
        let mut names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
        let facts = self.facts(&searcher);
        names.extend(facts.damaged(&self.home.facts())?);
        names.extend(Settled::damaged(&self.home.settled(), &searcher, &facts));
        names.sort();
        Ok(names)
    }

    /// How far the process that builds this index says it is.
    pub fn progress(&self) -> Option<Progress> {
        self.home.read("progress.json")
    }
}

impl Snapshot {
    /// Samples in it.
    pub fn samples(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// How much of the data set is in it.
    pub fn reach(&self) -> Reach {
        Reach { samples: self.samples(), analysed: self.facts.samples() }
    }

    /// The halves of all segments that know a field.
    pub(super) fn halves(&self, of_facts: bool) -> Vec<&SegmentReader> {
        if of_facts {
            self.facts.readers().collect()
        } else {
            self.searcher.segment_readers().iter().collect()
        }
    }

    /// Whether another state holds the same, and knows the same of it.
    pub fn is_same(&self, other: &Self) -> bool {
        let pictures = |snapshot: &Self| snapshot.pictures.as_ref().map(Arc::as_ptr);
        self.is_settled() == other.is_settled()
            && pictures(self) == pictures(other)
            && self.facts.count() == other.facts.count()
            && self.searcher.generation().segments() == other.searcher.generation().segments()
    }

    /// Whether flags, and figures that need all samples, are known.
    pub fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// Whether anybody has looked at pictures; flags of pictures are known then, as far as they came.
    pub fn knows_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// What is usual in the data set; none where that is not known yet.
    pub fn norms(&self) -> Option<Norms<'_>> {
        self.settled.as_ref().map(|settled| settled.norms())
    }

    /// The rules of flags.
    pub fn table(&self) -> &FlagTable {
        &self.table
    }

    /// The columns of a segment; none where its captions are not analysed.
    pub(super) fn figures(&self, place: u32) -> Result<Option<Arc<SegmentFigures>>, IndexError> {
        let known = self.figures.get(place as usize);
        if let Some(figures) = known.and_then(OnceLock::get) {
            return Ok(Some(Arc::clone(figures)));
        }
        let Some(facts) = self.facts.at(place as usize) else { return Ok(None) };
        let settled = self.settled.as_ref().and_then(|settled| settled.segment(place as usize));
        let opened = Arc::new(SegmentFigures::open(facts, settled)?);
        Ok(Some(Arc::clone(known.map_or(&opened, |known| known.get_or_init(|| Arc::clone(&opened))))))
    }

    /// The figures of a sample, with all its flags; none where its captions are not analysed.
    fn figures_of(
        &self,
        address: DocAddress,
        norms: Option<&Norms<'_>>,
    ) -> Result<Option<Figures>, IndexError> {
        let Some(segment) = self.figures(address.segment_ord)? else { return Ok(None) };
        let mut figures = Figures::of(segment.of(address.doc_id), &self.table, norms);
        if let Some(pictures) = &self.pictures {
            let facts = pictures.of(segment.seq(address.doc_id));
            // Their rules are the same in both profiles, unless somebody sets one.
            let profile = norms.map_or(Profile::Short, Norms::profile);
            figures.flags.extend(self.table.picture_flags(profile, &facts));
        }
        Ok(Some(figures))
    }

    /// The samples that answer a query; counted, not yet read.
    ///
    /// # Errors
    /// [`IndexError::Query`] where a clause asks for what its field cannot answer.
    pub fn search(&self, query: &Query) -> Result<Hits, IndexError> {
        let by_id = |id: &str| self.by_id(id).map(|found| found.into_iter().next());
        let compiler = Compiler {
            slots: &self.slots,
            searcher: &self.searcher,
            facts: &self.facts,
            files: &self.files,
            concepts: &self.concepts,
            settled: self.settled.as_ref(),
            table: &self.table,
            pictures: self.pictures.as_ref(),
            marks: self.marks.as_deref(),
            prints: &self.prints,
            by_id: &by_id,
        };
        let (mut compiled, ranking) = compiler.query(query)?;
        let mut searched = self.samples();
        if !self.facts.is_whole() && query::asks_for_facts(query) {
            compiled = Box::new(OfAnalysed::new(compiled, &self.facts));
            searched = self.facts.samples();
        }
        let total = if query.filter.is_none() { self.samples() } else { self.count(&*compiled)? };
        Ok(Hits {
            snapshot: self.clone(),
            query: compiled,
            ranking,
            total,
            searched,
            head: Vec::new(),
            tail: Vec::new(),
        })
    }

    fn best(&self, ranking: Ranking, limit: usize, backwards: bool) -> Best {
        let (settled, facts) = (self.settled.clone(), Arc::clone(&self.facts));
        Best { ranking, limit, backwards, ids: Arc::clone(&self.ids), facts, settled }
    }

    fn count(&self, query: &dyn EngineQuery) -> Result<u64, IndexError> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let executor = self.searcher.index().search_executor();
        let counts = executor.map(|segment| weight.count(segment), self.searcher.segment_readers().iter())?;
        Ok(counts.into_iter().map(u64::from).sum())
    }

    /// The samples with this id: one, unless the data set repeats itself.
    pub fn by_id(&self, id: &str) -> Result<Vec<Sample>, IndexError> {
        let term = Term::from_field_text(self.slots.id, shortened(id));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let best = self.best(Ranking::Dataset, 1_000, false);
        let found = self.searcher.search(&query, &best)?;
        found.into_iter().map(|hit| self.slots.sample(&self.searcher, hit.address)).collect()
    }
}

impl Hits {
    /// How many there are. Exact.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The hits from `first` on, at most `count`, in order.
    pub fn page(&mut self, first: u64, count: usize) -> Result<Page, IndexError> {
        let first = first.min(self.total);
        let wanted = (self.total - first).min(count as u64);
        let addresses = self.addresses(first as usize, wanted as usize)?;
        let mut rows = Vec::with_capacity(addresses.len());
        let mut figures = Vec::with_capacity(addresses.len());
        let norms = self.snapshot.norms();
        for address in addresses {
            rows.push(Arc::new(self.snapshot.slots.sample(&self.snapshot.searcher, address)?));
            figures.push(self.snapshot.figures_of(address, norms.as_ref())?.map(Arc::new));
        }
        Ok(Page {
            first,
            rows,
            figures,
            total: self.total,
            searched: self.searched,
            reach: self.snapshot.reach(),
        })
    }

    /// The hits of one segment, in ascending order.
    pub(super) fn documents(&self, place: usize) -> Result<Vec<DocId>, IndexError> {
        let searcher = &self.snapshot.searcher;
        let Some(segment) = searcher.segment_readers().get(place) else { return Ok(Vec::new()) };
        let weight = self.query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let alive = segment.alive_bitset();
        let mut found = Vec::new();
        weight.for_each_no_score(segment, &mut |docs| {
            found.extend(docs.iter().filter(|doc| alive.is_none_or(|alive| alive.is_alive(**doc))));
        })?;
        Ok(found)
    }

    /// Prints of the ids of all hits: what marks are kept by.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn prints(&self) -> Result<Prints, IndexError> {
        let mut all: Vec<u64> = Vec::with_capacity(self.total as usize);
        for (place, segment) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            let mut docs = BitSet::with_max_value(segment.max_doc());
            for doc in self.documents(place)? {
                docs.insert(doc);
            }
            all.extend(self.snapshot.prints.of(segment)?.of(&docs));
        }
        Ok(all.into_iter().collect())
    }

    /// Calls `take` with the figures of all hits, in order; of those alone whose captions are analysed.
    pub fn each_figures(&mut self, mut take: impl FnMut(Figures)) -> Result<(), IndexError> {
        let addresses = self.addresses(0, self.total as usize)?;
        let norms = self.snapshot.norms();
        for address in addresses {
            self.snapshot.figures_of(address, norms.as_ref())?.map(&mut take);
        }
        Ok(())
    }

    /// Calls `take` with the first `most` hits, in order, until it has enough.
    pub fn each(
        &mut self,
        most: u64,
        mut take: impl FnMut(Sample) -> std::io::Result<ControlFlow<()>>,
    ) -> Result<std::io::Result<()>, IndexError> {
        for address in self.addresses(0, self.total.min(most) as usize)? {
            let sample = self.snapshot.slots.sample(&self.snapshot.searcher, address)?;
            match take(sample) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    fn addresses(&mut self, first: usize, count: usize) -> Result<Vec<DocAddress>, IndexError> {
        let total = self.total as usize;
        let end = first + count;
        if count == 0 {
            return Ok(Vec::new());
        }
        if end > self.head.len() && total - first <= self.tail.len() {
            return Ok(self.of_tail(first, count));
        }
        // What lies in the second half is nearer to the end, and ranked from there.
        if end > self.head.len() && first > total / 2 {
            self.tail = self.rank((total - first).saturating_add(AHEAD).min(total), true)?;
            return Ok(self.of_tail(first, count));
        }
        if end > self.head.len() {
            let limit = end.saturating_add(AHEAD).max(self.head.len() * 2).min(total);
            self.head = self.rank(limit, false)?;
        }
        Ok(self.head.get(first..end.min(self.head.len())).unwrap_or_default().to_vec())
    }

    fn of_tail(&self, first: usize, count: usize) -> Vec<DocAddress> {
        let total = self.total as usize;
        (first..first + count).filter_map(|place| self.tail.get(total - 1 - place).copied()).collect()
    }

    fn rank(&self, limit: usize, backwards: bool) -> Result<Vec<DocAddress>, IndexError> {
        let best = self.snapshot.best(self.ranking.clone(), limit, backwards);
        let found = self.snapshot.searcher.search(&*self.query, &best)?;
        Ok(found.into_iter().map(|hit| hit.address).collect())
    }
}

impl std::fmt::Debug for Hits {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Hits")
            .field("total", &self.total)
            .field("ranking", &self.ranking)
            .finish_non_exhaustive()
    }
}

/// Adds up counts of equal words.
pub(super) fn tally(counts: impl IntoIterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut sums: HashMap<String, u64> = HashMap::new();
    for (word, count) in counts {
        *sums.entry(word).or_default() += count;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    sums
}
