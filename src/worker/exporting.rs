//! What an export needs to know of an opened data set: where it comes from, and its pairs as samples.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::marks::{content_of, find_workspace};
use super::pair_store::{self, Decisions};
use super::pairing::{Pairing, PairingWatch, gather, pair, taken_of};
use super::{Marked, Opened};
use crate::export::{self, Origin, pair_sample};
use crate::index::{Hits, Lookalikes, Snapshot};
use crate::measure::{Analyst, Norms};
use crate::model::Sample;
use crate::pairs::{Comparer, Decision, Member, Record, Vocabulary};
use crate::workspace::{Prints, print_of};

/// Whose session it is that only reads.
const READER: &str = "reading";

/// Which pairs are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairChoice {
    /// Those that somebody has accepted.
    Accepted,
    /// All that are known, with what was decided about each.
    All,
}

impl PairChoice {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::All => "all",
        }
    }
}

/// A pair that is meant.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenPair {
    /// The pair.
    pub pair: Record,
    /// What was decided about it.
    pub decision: Decision,
}

/// Where samples of this data set come from. With `marks`, what somebody has marked is told step by step.
///
/// # Errors
/// Where the workspace cannot be read, in one line.
pub fn origin_of(
    opened: &Opened,
    query: Option<&str>,
    pairs: Option<PairChoice>,
    marks: bool,
) -> Result<Origin, String> {
    let workspace =
        if marks { find_workspace(opened, READER).map_err(|error| error.to_string())? } else { None };
    let marks = workspace.map(|workspace| {
        let steps = workspace.log().map_err(|error| error.to_string())?;
        let steps: Vec<_> = steps
            .into_iter()
            .map(|step| {
                json!({
                    "time": export::date_of(step.time),
                    "session": step.session,
                    "what": step.what,
                    "undone": step.is_undone,
                })
            })
            .collect();
        Ok::<_, String>(json!({ "file": workspace.path().display().to_string(), "steps": steps }))
    });
    Ok(Origin {
        name: opened.dataset.name().to_owned(),
        paths: opened.paths.iter().map(|path| path.display().to_string()).collect(),
        fingerprint: content_of(opened),
        reading: opened.dataset.reading(),
        query: query.map(str::to_owned),
        pairs: pairs.map(|pairs| pairs.name().to_owned()),
        marks: marks.transpose()?,
    })
}

/// Nothing is ever written to the data.
///
/// # Errors
/// Where this place is a part of it, or it a part of this, in one line.
pub fn is_apart(to: &Path, opened: &Opened) -> Result<(), String> {
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(folder) = parent.canonicalize() else { return Ok(()) };
    let to = folder.join(to.file_name().unwrap_or_default());
    let shards = opened.dataset.shards().iter().map(|shard| &shard.path);
    for path in opened.paths.iter().chain(shards) {
        let Ok(path) = path.canonicalize() else { continue };
        if to == path || (path.is_dir() && to.starts_with(&path)) || path.starts_with(&to) {
            return Err(format!(
                "{} would be written to the data itself ({}); name a place outside of it",
                to.display(),
                path.display()
            ));
        }
    }
    Ok(())
}

/// Calls `take` with each sample that answers a query, with what is marked on it, until told to stop.
///
/// # Errors
/// Where the index or the workspace cannot be read, in one line.
pub fn each_hit(
    hits: &mut Hits,
    marks: &Marked,
    take: &mut dyn FnMut(Sample) -> ControlFlow<()>,
) -> Result<(), String> {
    let outcome = hits.each(hits.total(), |mut sample| {
        marks.mark_one(&mut sample).map_err(std::io::Error::other)?;
        Ok(take(sample))
    });
    outcome.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

/// The pairs that are meant: of those that are kept beside the index, or found now where none are, and of those that
/// somebody has decided about. With `among`, only pairs both of whose halves are among these samples. `None` where
/// `watch` said to stop.
///
/// # Errors
/// Where the index, the workspace or the pairs cannot be read, in one line.
pub fn chosen_pairs(
    opened: &Opened,
    snapshot: &Snapshot,
    choice: PairChoice,
    among: Option<&Prints>,
    watch: PairingWatch<'_>,
) -> Result<Option<Vec<ChosenPair>>, String> {
    let in_words = |error: &dyn std::fmt::Display| error.to_string();
    let workspace = find_workspace(opened, READER).map_err(|error| in_words(&error))?;
    let decisions = workspace.map_or_else(
        || Ok(Decisions::new()),
        |workspace| pair_store::decisions(&workspace).map_err(|error| in_words(&error)),
    )?;
    let kept = pair_store::kept_pairs(&opened.home, &opened.dataset).map(|paired| paired.list);
    let list = match (kept, choice) {
        (Some(list), _) => list,
        // What was accepted is known by both ids; there is no need to look for more.
        (None, PairChoice::Accepted) => Vec::new(),
        (None, PairChoice::All) => match found(opened, snapshot, watch)? {
            Some(list) => list,
            None => return Ok(None),
        },
    };
    let mut left = decisions.clone();
    let mut chosen = Vec::new();
    for pair in list {
        let ids = (pair.first.id.clone(), pair.second.id.clone());
        left.remove(&ids);
        let decision = decisions.get(&ids).copied().unwrap_or_default();
        chosen.push(ChosenPair { pair, decision });
    }
    let mut left: Vec<_> =
        left.into_iter().filter(|(_, decision)| *decision != Decision::Undecided).collect();
    left.sort_by(|one, other| one.0.cmp(&other.0));
    let mut writer = Writer::default();
    for ((first, second), decision) in left {
        if let Some(pair) = writer.compared(snapshot, &first, &second)? {
            chosen.push(ChosenPair { pair, decision });
        }
    }
    chosen.retain(|chosen| choice == PairChoice::All || chosen.decision == Decision::Accepted);
    if let Some(among) = among {
        let is_among = |member: &Member| among.has(print_of(&member.id));
        chosen.retain(|chosen| is_among(&chosen.pair.first) && is_among(&chosen.pair.second));
    }
    Ok(Some(chosen))
}

/// Looks for the pairs of the whole data set, and keeps them.
fn found(
    opened: &Opened,
    snapshot: &Snapshot,
    watch: PairingWatch<'_>,
) -> Result<Option<Vec<Record>>, String> {
    let lookalikes = Lookalikes::read(&opened.home, &opened.dataset).map_err(|error| error.to_string())?;
    let pairing = Pairing { lookalikes: Arc::new(lookalikes), ..Pairing::default() };
    let query = crate::query::parse("").map_err(|error| error.to_string())?;
    let mut hits = snapshot.search(&query).map_err(|error| error.to_string())?;
    let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), String> {
        let outcome = hits.each(u64::MAX, |sample| Ok(take(sample))).map_err(|error| error.to_string())?;
        outcome.map_err(|error| error.to_string())
    };
    let Some(gathered) = gather(&mut source, &pairing, watch)? else { return Ok(None) };
    let norms = snapshot.norms();
    let counts = norms.as_ref().map(Norms::counts);
    let folder = opened.home.folder();
    let paired = pair(gathered, &pairing, Some(folder), counts, watch).map_err(|error| error.to_string())?;
    let Some(paired) = paired else { return Ok(None) };
    pair_store::keep_pairs(&opened.home, &opened.dataset, &paired).map_err(|error| error.to_string())?;
    Ok(Some(paired.list))
}

/// Compares samples that somebody has decided about, and that are no longer on the list.
#[derive(Default)]
struct Writer {
    analyst: Option<Analyst>,
    comparer: Comparer,
}

impl Writer {
    fn compared(&mut self, snapshot: &Snapshot, first: &str, second: &str) -> Result<Option<Record>, String> {
        let find = |id: &str| -> Result<Option<Sample>, String> {
            Ok(snapshot.by_id(id).map_err(|error| error.to_string())?.into_iter().next())
        };
        let (Some(one), Some(other)) = (find(first)?, find(second)?) else { return Ok(None) };
        let member = |sample: &Sample, image| Member { seq: sample.seq.0, id: sample.id.clone(), image };
        let is_double = first == second;
        let members = [member(&one, 0), member(&other, u32::from(is_double))];
        let [first, second] = members;
        if is_double {
            return Ok(Some(Record { first, second, ..Record::default() }));
        }
        let analyst = self.analyst.get_or_insert_with(Analyst::new);
        let mut vocabulary = Vocabulary::default();
        let portraits = [one, other].map(|mut sample| {
            let taken = taken_of(&mut sample, analyst);
            vocabulary.add(taken.captions.iter().map(String::as_str), &taken.keys)
        });
        vocabulary.settle(snapshot.norms().as_ref().map(Norms::counts));
        let [left, right] = &portraits;
        let comparison = self.comparer.compare(&vocabulary, left.view(), right.view());
        Ok(Some(Record { first, second, ..Record::of(&vocabulary, &comparison) }))
    }
}

/// Calls `take` with each pair as a sample of two pictures, until told to stop. Tells how many there are not any more.
///
/// # Errors
/// Where the index or the workspace cannot be read, in one line.
pub fn each_pair(
    snapshot: &Snapshot,
    marks: &Marked,
    pairs: &[ChosenPair],
    take: &mut dyn FnMut(Sample) -> ControlFlow<()>,
) -> Result<u64, String> {
    let find = |member: &Member| -> Result<Option<Sample>, String> {
        let mut found = snapshot.by_id(&member.id).map_err(|error| error.to_string())?;
        let at = found.iter().position(|sample| sample.seq.0 == member.seq).unwrap_or(0);
        if at >= found.len() {
            return Ok(None);
        }
        let mut sample = found.swap_remove(at);
        marks.mark_one(&mut sample)?;
        Ok(Some(sample))
    };
    let mut gone = 0;
    for ChosenPair { pair, decision } in pairs {
        let (Some(first), Some(second)) = (find(&pair.first)?, find(&pair.second)?) else {
            gone += 1;
            continue;
        };
        if take(pair_sample(&first, &second, pair, *decision)).is_break() {
            break;
        }
    }
    Ok(gone)
}
