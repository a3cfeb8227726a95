//! `capscope pairs --self-check`: how well the scores do on the data set at hand.

use std::io::Write;
use std::ops::ControlFlow;

use super::code;
use super::output::{counted, grouped, stdout};
use super::search::each_sample;
use crate::measure::Analyst;
use crate::model::{Caption, Sample};
use crate::pairs::{Miner, Portrait, Vocabulary, coarse};
use crate::worker::{Opened, Pairing, gather};

/// Images whose captions are compared at most.
const MOST_IMAGES: usize = 50_000;
/// Samples whose partners are looked for among all, at most.
const ASKED: usize = 200;
/// Seed of the random pairs.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

pub(super) fn run(opened: &Opened, pairing: &Pairing) -> anyhow::Result<u8> {
    let mut out = stdout();
    let images = two_captions(opened)?;
    match &images {
        Some((pairs, vocabulary)) => {
            let area = area(pairs, vocabulary);
            writeln!(
                out,
                "coarse score: two captions of one image against random captions: AUC {area:.4} ({})",
                counted(pairs.len() as u64, "image")
            )?;
        }
        None => writeln!(out, "coarse score: no images with several captions, so that nothing can be told")?,
    }
    let dataset = &opened.dataset;
    let go_on = |_| ControlFlow::Continue(());
    let Some(gathered) = gather(&mut |take| each_sample(dataset, take), pairing, &go_on)? else {
        return Ok(code::INTERRUPTED);
    };
    let mine = gathered.settle();
    let samples = mine.collection().len();
    let asked: Vec<u32> =
        (0..ASKED.min(samples)).map(|at| (at * samples / ASKED.min(samples)) as u32).collect();
    let (mut all, mut hit) = (0_u64, 0_u64);
    let (mut miner, mut judge) = (Miner::default(), Miner::default());
    for place in &asked {
        let truth = mine.partners_of_all(*place, &pairing.plan, &mut judge);
        let found = mine.partners(*place, &pairing.plan, &mut miner);
        all += truth.len() as u64;
        hit +=
            truth.iter().filter(|pair| found.iter().any(|other| other.second == pair.second)).count() as u64;
    }
    if all == 0 {
        writeln!(out, "mining: comparing all with all finds no pairs here")?;
    } else {
        // Every pair of the exhaustive run is compared once for both its halves.
        let exhaustive = samples as f64 * (samples as f64 - 1.0) / 2.0;
        let compared = miner.left_out.compared as f64 / asked.len() as f64 * samples as f64;
        writeln!(
            out,
            "mining: {:.1} % of the {} best pairs of {} are found, with {:.2} % of the {} comparisons of all with all",
            100.0 * hit as f64 / all as f64,
            grouped(all),
            counted(asked.len() as u64, "sample"),
            100.0 * compared / exhaustive.max(1.0),
            grouped(exhaustive as u64),
        )?;
    }
    out.flush()?;
    Ok(if images.is_none() && all == 0 { code::NO_MATCH } else { code::OK })
}

type TwoCaptions = (Vec<[Portrait; 2]>, Vocabulary);

/// The first two captions of each image, read apart.
fn two_captions(opened: &Opened) -> anyhow::Result<Option<TwoCaptions>> {
    let mut analyst = Analyst::new();
    let mut vocabulary = Vocabulary::default();
    let mut pairs = Vec::new();
    each_sample(&opened.dataset, &mut |sample| {
        let mut captions = sample.main_captions();
        if let (Some(first), Some(second)) = (captions.next(), captions.next()) {
            let mut portrait = |caption: &Caption| {
                let mut alone = Sample { captions: vec![caption.clone()], ..Sample::default() };
                let keys = analyst.analyse(&mut alone).keys;
                vocabulary.add([caption.text.as_str()], &keys)
            };
            pairs.push([portrait(first), portrait(second)]);
        }
        if pairs.len() < MOST_IMAGES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    vocabulary.settle(None);
    Ok((pairs.len() > 1).then_some((pairs, vocabulary)))
}

/// The area under the curve: the chance that two captions of one image are more alike than two of different images.
fn area(pairs: &[[Portrait; 2]], vocabulary: &Vocabulary) -> f64 {
    let mut seed = SEED;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let mut scores: Vec<(f32, bool)> = Vec::with_capacity(pairs.len() * 2);
    for (at, [first, second]) in pairs.iter().enumerate() {
        scores.push((coarse(vocabulary, first.view(), second.view()), true));
        let other = (at + 1 + random(pairs.len() - 1)) % pairs.len();
        if let Some([_, other]) = pairs.get(other) {
            scores.push((coarse(vocabulary, first.view(), other.view()), false));
        }
    }
    scores.sort_by(|one, other| one.0.total_cmp(&other.0));
    // The sum of mid-ranks of the pairs of one image (Mann and Whitney).
    let (mut at, mut ranks) = (0_usize, 0.0);
    for ties in scores.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let rank = at as f64 + f64::midpoint(ties.len() as f64, 1.0);
        ranks += rank * ties.iter().filter(|(_, is_same)| *is_same).count() as f64;
        at += ties.len();
    }
    let many = pairs.len() as f64;
    (ranks - many * (many + 1.0) / 2.0) / (many * many)
}
