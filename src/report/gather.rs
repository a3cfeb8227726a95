//! Puts a report together. Nothing is computed here: every figure is that of a room below.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::captions::CaptionFigures;
use super::compared::Compared;
use super::coverage::CoverageFigures;
use super::flags::FlagFigures;
use super::model::{DensityFigures, Provenance, Questions, Report, Summary};
use super::pairs::PairFigures;
use super::pictures;
use super::questions::QuestionFigures;
use super::spots::SpotFigures;
use crate::index::{Hits, IndexError, Lookalikes, Snapshot};
use crate::measure::{Column, Columns, Draw, KeyKind, Norms, Spread};
use crate::media::Limits;
use crate::query::{self, Query, QueryError};
use crate::spot;
use crate::worker::{
    MOST_ASKED, MarkCounts, Marked, Opened, Paired, Pairing, judged_questions, kept_pairs, mined_pairs,
    spot_checks,
};

/// Samples whose pictures are looked at for pairs where no pass has seen them.
const LOOKS: usize = 1_000;

/// What a report is to be about.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// The query; empty for all samples.
    pub query: &'a str,
    /// Records of the data set that could not be read.
    pub skipped: u64,
    /// A comparison that was made already.
    pub compare: Option<Compared>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What one picture may cost.
    pub limits: Limits,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Counting over the index.
    Counting,
    /// Looking for pairs.
    Pairing,
    /// Judging questions.
    Judging,
    /// Looking at pictures.
    Looking,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The index cannot be read, or the query asks for what cannot be answered.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The query is none.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Something else, in one line.
    #[error("{0}")]
    Told(String),
}

/// Gathers the figures of a report. `watch` is told what is being done and how far that is, 0 to 1, and says whether
/// to go on; `None` where it says no.
///
/// # Errors
/// [`ReportError`] where the index or a query fails.
pub fn gather(
    opened: &Opened,
    snapshot: &Snapshot,
    wish: Wish<'_>,
    watch: &(dyn Fn(Stage, f64) -> ControlFlow<()> + Sync),
) -> Result<Option<Report>, ReportError> {
    let name = opened.dataset.name();
    let query = query::parse(wish.query)?;
    let is_whole = query.filter.is_none();
    // The order of a query is nothing to a report, and what has none needs no query.
    let text = Query { sort: None, ..query }.to_string();
    let mut hits = snapshot.search(&query::parse(&text)?)?;
    let Some(norms) = snapshot.norms() else { return Err(ReportError::Told(query::UNSETTLED.to_owned())) };
    if watch(Stage::Counting, 0.0).is_break() {
        return Ok(None);
    }
    let totals = hits.totals()?;
    let mut covered = hits.coverage()?;
    let density = DensityFigures {
        mean: totals.mean_rate,
        histogram: covered.hits.density.clone(),
        rest: covered.rest.as_mut().map(|rest| rest.density.clone()),
    };
    let stats = if is_whole {
        let mentions = snapshot.mentions().unwrap_or_default();
        CaptionFigures::of(name, &norms, &mentions)
    } else {
        figures_of_hits(name, &mut hits, &norms, &covered.hits.facets)?
    };
    let coverage = CoverageFigures::of(name, covered);
    let mut flags = FlagFigures::of(snapshot, &hits, &text)?;
    let Some((paired, total)) = pairs_of(opened, snapshot, &text, watch)? else { return Ok(None) };
    let mut pairs = PairFigures::of(snapshot, &paired, total);
    let judged = judged_questions(snapshot, &text, &mut |share, _| watch(Stage::Judging, share));
    let Some(judged) = judged.map_err(ReportError::Told)? else { return Ok(None) };
    let vqa = (judged.total > 0).then(|| {
        let mut report = judged.report;
        // Only samples with questions were read.
        report.silent += judged.samples - judged.total;
        Questions {
            samples_with_questions: judged.total,
            judged_first: (judged.total > MOST_ASKED).then_some(MOST_ASKED),
            figures: QuestionFigures::of(name, &report),
        }
    });
    if watch(Stage::Looking, 0.0).is_break() {
        return Ok(None);
    }
    let of_flags = flags.flags.iter_mut().flat_map(|flag| &mut flag.worst);
    let of_flags = of_flags.filter_map(|sample| sample.picture.as_mut());
    let of_pairs = pairs.best.iter_mut().flat_map(|pair| &mut pair.sides);
    let of_pairs = of_pairs.filter_map(|side| side.picture.as_mut());
    // Pairs come first: there are few of them, and they are nothing without their pictures.
    pictures::fill(of_pairs.chain(of_flags).collect(), &wish.limits);
    let checks = spot_checks(opened).map_err(ReportError::Told)?;
    let spots = checks
        .iter()
        .map(|open| {
            let found = spot::report(&open.check.strata, &open.queue, &open.rulings, None, open.check.margin);
            SpotFigures::of(&open.check, &found)
        })
        .filter(|figures| figures.all.rate.judged > 0)
        .collect();
    let marks: MarkCounts = Marked::of(opened).counts().map_err(ReportError::Told)?;
    let summary = Summary {
        dataset: name.to_owned(),
        files: opened.dataset.shards().len() as u64,
        samples: totals.samples,
        samples_of_data_set: snapshot.samples(),
        captions: totals.captions,
        pictures: totals.images,
        questions: totals.questions,
        skipped: wish.skipped,
        profile: norms.profile(),
        pictures_looked_at: snapshot.knows_pictures(),
    };
    let provenance = Provenance { query: (!is_whole).then_some(text), ..wish.provenance };
    let compare = wish.compare;
    let conditions = Vec::new();
    Ok(Some(Report {
        provenance,
        summary,
        stats,
        density,
        coverage,
        flags,
        pairs,
        vqa,
        compare,
        spots,
        marks,
        conditions,
    }))
}

/// The figures of the hits of a query, whose percentiles are taken of samples that are drawn as those of a whole data
/// set are.
fn figures_of_hits(
    name: &str,
    hits: &mut Hits,
    norms: &Norms<'_>,
    mentions: &[(KeyKind, u64)],
) -> Result<CaptionFigures, ReportError> {
    let mut drawn: Draw<Columns> = Draw::default();
    let mut place = 0;
    hits.each_figures(|figures| {
        drawn.push(place, || figures.columns);
        place += 1;
    })?;
    let spreads = Spread::of_columns(&drawn.finish());
    let spread = |column: Column| spreads.get(column as usize);
    Ok(CaptionFigures::of_spreads(name, (hits.total(), norms.profile()), spread, mentions))
}

/// The pairs of a query, or those that are kept of the whole data set.
fn pairs_of(
    opened: &Opened,
    snapshot: &Snapshot,
    text: &str,
    watch: &(dyn Fn(Stage, f64) -> ControlFlow<()> + Sync),
) -> Result<Option<(Paired, u64)>, ReportError> {
    if text.is_empty()
        && let Some(paired) = kept_pairs(&opened.home, &opened.dataset)
    {
        let total = paired.samples;
        return Ok(Some((paired, total)));
    }
    let lookalikes = Arc::new(Lookalikes::read(&opened.home, &opened.dataset)?);
    let pairing = Pairing { lookalikes, looks: LOOKS, ..Pairing::default() };
    mined_pairs(snapshot, text, &pairing, &|share| watch(Stage::Pairing, share)).map_err(ReportError::Told)
}
