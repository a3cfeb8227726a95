//! What the verdicts of a spot-check come to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::agree::{kappa, krippendorff};
use super::interval::{Counted, Estimate, needed, stratified};
use super::verdict::{Queued, Ruling, Stratum, Verdict};

/// Margins whose price is told.
const MARGINS: [f64; 4] = [0.01, 0.02, 0.03, 0.05];

/// A stratum with its verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its verdicts.
    pub counted: Counted,
}

/// How far two raters agree on the samples that both have judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Accord {
    /// Who.
    pub raters: [String; 2],
    /// Samples that both call right or wrong.
    pub samples: u64,
    /// Those that both call the same.
    pub equal: u64,
    /// κ of right and wrong.
    pub kappa: Option<f64>,
    /// Samples that both have any verdict on.
    pub all: u64,
    /// κ of verdicts with their reasons, and unsure as one more.
    pub kappa_of_reasons: Option<f64>,
}

/// What the verdicts come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Stratum by stratum.
    pub rows: Vec<Row>,
    /// All of them added up.
    pub all: Counted,
    /// What is said of all samples; none where nothing is decided.
    pub estimate: Option<Estimate>,
    /// Reasons with the samples that are wrong for them, the most frequent first; without a name where none was given.
    pub reasons: Vec<(Option<String>, u64)>,
    /// Raters with their verdicts on samples of the queue, in order of their names.
    pub raters: Vec<(String, u64)>,
    /// Pairs of raters that have judged the same samples.
    pub accords: Vec<Accord>,
    /// α of right and wrong, where there are more than two raters.
    pub alpha: Option<f64>,
    /// Margins as shares, each with the verdicts that it needs.
    pub margins: Vec<(f64, u64)>,
}

/// Sums up. Where several raters have judged a sample, what most of them say counts; where no side has more, it is
/// unsure. With a rater only theirs counts, but for the agreement. `margin` is a share that is asked for besides others.
pub fn report(
    strata: &[Stratum],
    queue: &[Queued],
    rulings: &[Ruling],
    rater: Option<&str>,
    margin: Option<f64>,
) -> Report {
    let queued: HashMap<u64, u32> = queue.iter().map(|sample| (sample.print, sample.stratum)).collect();
    let mut of_sample: BTreeMap<u64, Vec<&Ruling>> = BTreeMap::new();
    for ruling in rulings.iter().filter(|ruling| queued.contains_key(&ruling.print)) {
        of_sample.entry(ruling.print).or_default().push(ruling);
    }
    let mut rows: Vec<Row> = strata
        .iter()
        .map(|stratum| {
            let counted = Counted { samples: stratum.samples, ..Counted::default() };
            Row { name: stratum.name.clone(), counted }
        })
        .collect();
    for sample in queue {
        if let Some(row) = rows.get_mut(sample.stratum as usize) {
            row.counted.queued += 1;
        }
    }
    let mut reasons: BTreeMap<Option<String>, u64> = BTreeMap::new();
    for (print, rulings) in &of_sample {
        let counts: Vec<&Ruling> = rulings
            .iter()
            .filter(|ruling| rater.is_none_or(|rater| ruling.rater == rater))
            .copied()
            .collect();
        let Some(verdict) = most_say(&counts) else { continue };
        let stratum = queued.get(print).copied().unwrap_or_default();
        let Some(row) = rows.get_mut(stratum as usize) else { continue };
        match verdict {
            Verdict::Right => row.counted.right += 1,
            Verdict::Wrong => row.counted.wrong += 1,
            Verdict::Unsure => row.counted.unsure += 1,
        }
        if verdict == Verdict::Wrong {
            let told = counts.iter().filter(|ruling| ruling.verdict == Verdict::Wrong);
            let told: BTreeSet<Option<String>> = told.map(|ruling| ruling.reason.clone()).collect();
            for reason in told {
                *reasons.entry(reason).or_default() += 1;
            }
        }
    }
    let counted: Vec<Counted> = rows.iter().map(|row| row.counted).collect();
    let all = counted.iter().fold(Counted::default(), |sum, one| Counted {
        samples: sum.samples + one.samples,
        queued: sum.queued + one.queued,
        right: sum.right + one.right,
        wrong: sum.wrong + one.wrong,
        unsure: sum.unsure + one.unsure,
    });
    let estimate = stratified(&counted);
    let (rate, design) = estimate.map_or((0.5, 1.0), |found| (found.rate, found.design));
    let mut wanted: Vec<f64> = MARGINS.into_iter().chain(margin).collect();
    wanted.sort_by(f64::total_cmp);
    wanted.dedup();
    let margins =
        wanted.into_iter().map(|margin| (margin, needed(rate, margin, design, all.samples))).collect();
    let mut reasons: Vec<(Option<String>, u64)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, samples)| std::cmp::Reverse(*samples));
    let (raters, accords, alpha) = agreement(&of_sample);
    Report { rows, all, estimate, reasons, raters, accords, alpha, margins }
}

fn most_say(rulings: &[&Ruling]) -> Option<Verdict> {
    let many = |verdict| rulings.iter().filter(|ruling| ruling.verdict == verdict).count();
    let (right, wrong) = (many(Verdict::Right), many(Verdict::Wrong));
    match right.cmp(&wrong) {
        _ if rulings.is_empty() => None,
        std::cmp::Ordering::Greater => Some(Verdict::Right),
        std::cmp::Ordering::Less => Some(Verdict::Wrong),
        std::cmp::Ordering::Equal => Some(Verdict::Unsure),
    }
}

type Agreement = (Vec<(String, u64)>, Vec<Accord>, Option<f64>);

fn agreement(of_sample: &BTreeMap<u64, Vec<&Ruling>>) -> Agreement {
    let mut raters: BTreeMap<&str, u64> = BTreeMap::new();
    for ruling in of_sample.values().flatten() {
        *raters.entry(&ruling.rater).or_default() += 1;
    }
    let names: Vec<&str> = raters.keys().copied().collect();
    let mut accords = Vec::new();
    for (at, one) in names.iter().enumerate() {
        for other in names.iter().skip(at + 1) {
            let both = of_sample.values().filter_map(|rulings| {
                let of = |name: &str| rulings.iter().find(|ruling| ruling.rater == name).copied();
                Some((of(one)?, of(other)?))
            });
            let both: Vec<(&Ruling, &Ruling)> = both.collect();
            let decided: Vec<(Verdict, Verdict)> = both
                .iter()
                .map(|(one, other)| (one.verdict, other.verdict))
                .filter(|(one, other)| *one != Verdict::Unsure && *other != Verdict::Unsure)
                .collect();
            if both.is_empty() {
                continue;
            }
            let reasoned: Vec<_> = both
                .iter()
                .map(|(one, other)| ((one.verdict, &one.reason), (other.verdict, &other.reason)))
                .collect();
            accords.push(Accord {
                raters: [(*one).to_owned(), (*other).to_owned()],
                samples: decided.len() as u64,
                equal: decided.iter().filter(|(one, other)| one == other).count() as u64,
                kappa: kappa(&decided),
                all: both.len() as u64,
                kappa_of_reasons: kappa(&reasoned),
            });
        }
    }
    let units: Vec<Vec<Verdict>> = of_sample
        .values()
        .map(|rulings| {
            let verdicts = rulings.iter().map(|ruling| ruling.verdict);
            verdicts.filter(|verdict| *verdict != Verdict::Unsure).collect()
        })
        .collect();
    let alpha = if names.len() > 2 { krippendorff(&units) } else { None };
    (raters.into_iter().map(|(name, many)| (name.to_owned(), many)).collect(), accords, alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruling(rater: &str, print: u64, verdict: Verdict, reason: Option<&str>) -> Ruling {
        Ruling {
            rater: rater.into(),
            print,
            id: print.to_string(),
            verdict,
            reason: reason.map(str::to_owned),
            time: 0,
        }
    }

    #[test]
    fn verdicts_are_summed_up() {
        use Verdict::{Right, Unsure, Wrong};
        let strata = [("a", 900), ("b", 100)].map(|(name, samples)| Stratum { name: name.into(), samples });
        let queue: Vec<Queued> = (0..8)
            .map(|print| Queued { print, id: print.to_string(), stratum: u32::from(print > 4) })
            .collect();
        let all = [
            ruling("ann", 0, Right, None),
            ruling("ann", 1, Wrong, Some("vague")),
            ruling("ann", 2, Right, None),
            ruling("ann", 5, Wrong, None),
            ruling("ann", 6, Unsure, None),
            ruling("bob", 0, Right, None),
            ruling("bob", 1, Wrong, Some("other")),
            ruling("bob", 2, Wrong, Some("vague")),
            // Not in the queue any more.
            ruling("bob", 77, Wrong, None),
        ];
        let found = report(&strata, &queue, &all, Some("ann"), Some(0.04));
        let rows: Vec<_> = found.rows.iter().map(|row| row.counted).collect();
        assert_eq!(rows[0], Counted { samples: 900, queued: 5, right: 2, wrong: 1, unsure: 0 });
        assert_eq!(rows[1], Counted { samples: 100, queued: 3, right: 0, wrong: 1, unsure: 1 });
        assert_eq!((found.all.queued, found.all.judged(), found.all.samples), (8, 5, 1_000));
        assert!((found.estimate.unwrap().rate - (0.9 / 3.0 + 0.1)).abs() < 1e-12);
        assert_eq!(found.reasons, [(None, 1), (Some("vague".into()), 1)]);
        assert_eq!(found.raters, [("ann".into(), 5), ("bob".into(), 3)]);
        let accord = &found.accords[0];
        assert_eq!((accord.samples, accord.equal, accord.all), (3, 2, 3));
        // p_o = 2/3, p_e = (2·1 + 1·2) / 9.
        assert!((accord.kappa.unwrap() - 0.4).abs() < 1e-12);
        assert_eq!(found.alpha, None);
        assert_eq!(
            found.margins.iter().map(|(margin, _)| *margin).collect::<Vec<_>>(),
            [0.01, 0.02, 0.03, 0.04, 0.05]
        );
        // All raters: on 2 they differ.
        let found = report(&strata, &queue, &all, None, None);
        assert_eq!((found.all.right, found.all.wrong, found.all.unsure), (1, 2, 2));
        let nothing = report(&strata, &queue, &[], None, None);
        assert_eq!((nothing.estimate, nothing.all.queued, nothing.raters.len()), (None, 8, 0));
    }
}
