//! How long it takes to find the pairs of a data set, as it grows.
//!
//! ```sh
//! cargo bench --bench pairs                             # 100,000, 300,000 and 1,000,000 captions
//! cargo bench --bench pairs -- 50000                    # so many
//! CAPSCOPE_CAPTIONS=captions.txt cargo bench --bench pairs   # spliced from these, one a line
//! ```
//!
//! Captions are spliced: the beginning of one and the end of another, cut before a preposition, so that names and
//! turns of phrase are as frequent as where they come from. The peer is the same score for all against all, measured
//! on some samples and multiplied.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement of its own, not a part of the program"
)]

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use capscope::model::{Caption, CaptionRole, Sample, Seq};
use capscope::pairs::{Miner, Plan};
use capscope::worker::{Gathered, Pairing, PairingStage, gather, pair};

/// Samples for which all others are compared.
const ASKED: usize = 20;

/// A row of numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % many.max(1) as u64) as usize
    }
}

/// The captions that others are spliced of.
fn stock() -> Vec<String> {
    if let Ok(path) = std::env::var("CAPSCOPE_CAPTIONS") {
        let text = std::fs::read_to_string(&path).expect("the file of CAPSCOPE_CAPTIONS");
        return text.lines().map(str::to_owned).collect();
    }
    let colors = ["red", "brown", "white", "green", "black", "yellow", "blue", "gray"];
    let kinds =
        ["man", "dog", "woman", "cat", "child", "horse", "bird", "truck", "bus", "boat", "cow", "player"];
    let does = ["standing", "sitting", "walking", "lying", "waiting", "resting", "moving", "playing"];
    let places = [
        "on the grass",
        "in a street",
        "next to a fence",
        "under a tree",
        "at a table",
        "near the water",
        "in front of a house",
        "behind a wall",
        "with a ball",
        "on a wooden bench",
    ];
    let mut dice = Dice(7);
    (0..20_000)
        .map(|_| {
            let mut pick =
                |list: &[&str]| list.get(dice.below(list.len())).copied().unwrap_or_default().to_owned();
            format!("A {} {} {} {}.", pick(&colors), pick(&kinds), pick(&does), pick(&places))
        })
        .collect()
}

/// The beginnings and the ends of captions.
fn halves(stock: &[String]) -> (Vec<&str>, Vec<&str>) {
    let cuts = [" in ", " on ", " with ", " near ", " next to ", " at ", " under ", " behind ", " by "];
    let mut found = (Vec::new(), Vec::new());
    for caption in stock {
        let middle = caption.len() / 2;
        let places = cuts.iter().flat_map(|cut| caption.match_indices(cut)).map(|(at, _)| at);
        if let Some((head, tail)) =
            places.min_by_key(|at| at.abs_diff(middle)).and_then(|at| caption.split_at_checked(at))
        {
            found.0.push(head);
            found.1.push(tail);
        }
    }
    found
}

fn samples(many: usize, stock: &[String]) -> impl Iterator<Item = Sample> {
    let (heads, tails) = halves(stock);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    (0..many).map(move |at| {
        let (head, tail) = (dice.below(heads.len()), dice.below(tails.len()));
        let text = format!("{}{}", heads.get(head).unwrap_or(&""), tails.get(tail).unwrap_or(&""));
        let caption = Caption { text, field: "caption".into(), role: CaptionRole::Main };
        Sample { seq: Seq(at as u64), id: at.to_string(), captions: vec![caption], ..Sample::default() }
    })
}

fn read(many: usize, stock: &[String], pairing: &Pairing) -> Gathered {
    let mut source = |take: &mut dyn FnMut(Sample) -> ControlFlow<()>| -> Result<(), Infallible> {
        for sample in samples(many, stock) {
            if take(sample).is_break() {
                break;
            }
        }
        Ok(())
    };
    let go_on = |_: PairingStage| ControlFlow::Continue(());
    gather(&mut source, pairing, &go_on).expect("nothing can fail").expect("nobody stops it")
}

/// The most memory that the process had, in MB; none where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1024)
}

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![100_000, 300_000, 1_000_000] } else { asked };
    let stock = stock();
    let pairing = Pairing::default();
    println!("{} threads", pairing.threads);
    println!(
        "{:>10} {:>9} {:>9} {:>9} {:>12} {:>10} {:>12} {:>9}",
        "samples", "reading", "mining", "all", "us a sample", "compared", "all with all", "peak"
    );
    for many in sizes {
        let began = Instant::now();
        let gathered = read(many, &stock, &pairing);
        let read_in = began.elapsed();
        let paired =
            pair(gathered, &pairing, None, None, &|_| ControlFlow::Continue(())).expect("no file is written");
        let all = began.elapsed();
        let left_out = paired.expect("nobody stops it").left_out;
        let memory = peak().map_or_else(|| "-".to_owned(), |peak| format!("{peak} MB"));
        println!(
            "{many:>10} {:>8.1}s {:>8.1}s {:>8.1}s {:>12.0} {:>10.1} {:>11.0}s {memory:>9}",
            read_in.as_secs_f64(),
            all.saturating_sub(read_in).as_secs_f64(),
            all.as_secs_f64(),
            all.as_secs_f64() * 1e6 / many as f64,
            left_out.compared as f64 / many as f64,
            exhaustive(many, &stock, &pairing).as_secs_f64(),
        );
    }
}

/// How long comparing all with all would take on as many threads: some samples with all others, multiplied.
fn exhaustive(many: usize, stock: &[String], pairing: &Pairing) -> Duration {
    let mine = read(many, stock, pairing).settle();
    let plan = Plan::default();
    let mut miner = Miner::default();
    let began = Instant::now();
    for at in 0..ASKED {
        std::hint::black_box(mine.partners_of_all((at * many / ASKED) as u32, &plan, &mut miner));
    }
    // Each pair is compared once for both its halves.
    began.elapsed().mul_f64(many as f64 / ASKED as f64 / 2.0 / pairing.threads as f64)
}
