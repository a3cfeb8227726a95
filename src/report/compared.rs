//! What two data sets, or two captions of each sample, know of each other, as it is written down.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::measure::{CompareReport, FigureRow, KindRow, PairReport, Shared};

/// A comparison with the names of its sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The data sets, or the data set with its two captions.
    pub title: [String; 2],
    /// Only so many samples of each data set were looked at.
    pub limit: Option<u64>,
    /// Both sides.
    pub report: CompareReport,
    /// Of two captions of each sample also what changed from one to the other.
    pub pairs: Option<(PairReport, Alone)>,
}

/// Samples that were left out of a comparison of two captions: with neither, with only the first, with only the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alone(pub [u64; 3]);

impl Serialize for Compared {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        json_of(self).serialize(out)
    }
}

fn json_of(compared: &Compared) -> Json {
    let Compared { title, limit, report, pairs } = compared;
    let mut whole = Map::new();
    let [one, other] = title;
    whole.insert("a".into(), json!(one));
    whole.insert("b".into(), json!(other));
    whole.insert("limit".into(), json!(limit));
    let [first, second] = &report.forms;
    whole.insert("format".into(), json!({ "a": first, "b": second }));
    let figure = |row: &FigureRow| {
        let [a, b] = row.sides;
        (row.name.to_owned(), json!({ "a": a, "b": b, "higher_in_b": row.higher }))
    };
    let kind = |row: &KindRow| {
        let [a, b] = row.distinct;
        let [mentions_a, mentions_b] = row.mentions;
        let facts = json!({
            "facts": { "a": a, "b": b },
            "mentions": { "a": mentions_a, "b": mentions_b },
            "shared": shared_json(&row.shared),
        });
        (row.kind.name().to_owned(), facts)
    };
    let levels = report.levels.iter().map(|level| {
        let ([a, b], [lacks_a, lacks_b]) = (level.distinct, &level.lacking);
        let facts = json!({
            "facts": { "a": a, "b": b },
            "shared": shared_json(&level.shared),
            "only_in_b": lacks_a,
            "only_in_a": lacks_b,
        });
        (level.level.name().to_owned(), facts)
    });
    let knowledge = report.knowledge.iter().map(|(kind, [lacks_a, lacks_b])| {
        (kind.name().to_owned(), json!({ "only_in_a": lacks_b, "only_in_b": lacks_a }))
    });
    whole.insert(
        "content".into(),
        json!({
            "density": report.figures.iter().map(figure).collect::<Map<_, _>>(),
            "kinds": report.kinds.iter().map(kind).collect::<Map<_, _>>(),
            "coverage": levels.collect::<Map<_, _>>(),
            "knowledge": knowledge.collect::<Map<_, _>>(),
        }),
    );
    if let Some((pairs, alone)) = pairs {
        whole.insert("samples".into(), pairs_json(pairs, *alone));
    }
    Json::Object(whole)
}

fn shared_json(shared: &Shared) -> Json {
    let ([only_a, only_b], [a_of_b, b_of_a], [equal_a, equal_b]) =
        (shared.only, shared.cross, shared.at_equal_size);
    json!({
        "both": shared.both,
        "only_in_a": only_a,
        "only_in_b": only_b,
        "coverage_a_to_b": a_of_b,
        "coverage_b_to_a": b_of_a,
        "coverage_a_to_b_at_equal_size": equal_a,
        "coverage_b_to_a_at_equal_size": equal_b,
        "share_of_facts_looked_at": shared.looked_at,
    })
}

fn pairs_json(pairs: &PairReport, Alone([neither, only_a, only_b]): Alone) -> Json {
    let kinds = pairs.kinds.iter().map(|row| {
        let changes = json!({ "changes": row.counts, "most_lost": row.lost, "most_gained": row.gained });
        (row.kind.name().to_owned(), changes)
    });
    let lost = pairs.lost_knowledge.iter().map(|(kind, count)| (kind.name().to_owned(), json!(count)));
    let contradictions = pairs.contradictions.iter().map(|found| {
        let [a, b] = &found.keys;
        json!({ "id": found.id, "a": a, "b": b })
    });
    let examples = pairs.lost.iter().map(|found| json!({ "id": found.id, "lost": found.lost }));
    json!({
        "with_both": pairs.samples,
        "only_a": only_a,
        "only_b": only_b,
        "with_neither": neither,
        "with_contradictions": pairs.contradicting,
        "with_lost_knowledge": pairs.losing,
        "kinds": kinds.collect::<Map<_, _>>(),
        "lost_knowledge": lost.collect::<Map<_, _>>(),
        "contradictions": contradictions.collect::<Vec<_>>(),
        "lost_knowledge_examples": examples.collect::<Vec<_>>(),
    })
}
