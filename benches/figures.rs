//! How long it takes to settle an index, and to ask it for figures, flags and reports:
//!
//! ```text
//! cargo bench --bench figures
//! ```
//!
//! `CAPSCOPE_BENCH_CAPTIONS` changes the number of captions (one million). The index stays for the next run.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use capscope::dataset::Settings;
use capscope::index::{Home, Index, Snapshot};
use capscope::query;

/// Times that each query is run; the median counts.
const ROUNDS: usize = 5;
/// Rows of a page.
const PAGE: usize = 50;

fn main() {
    let count = support::captions();
    let workplace = support::workplace();
    let data = support::data(&workplace, count);
    let folder = workplace.join(format!("figures-{count}"));
    let index = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_capscope"));
        command.args(["index", "--quiet", "--index-dir"]).arg(&folder).arg(&data).stderr(Stdio::null());
        support::run(&mut command)
    };
    let whole = index();
    let home = Home::of(std::slice::from_ref(&data), &Settings::default(), Some(&folder)).expect("a home");
    let settled = settled_below(home.folder()).expect("settled figures");
    println!("{count} captions");
    println!(
        "index {} MB, of which settled {} MB",
        support::size_of(&folder) >> 20,
        support::size_of(&settled) >> 20
    );
    println!("indexed in {:.2} s (0 where the index was there)", whole.took.as_secs_f64());
    std::fs::remove_dir_all(&settled).expect("settled figures");
    let ran = index();
    let memory = ran.peak.unwrap_or_default() >> 20;
    println!("settled in {:.2} s, {memory} MB at most", ran.took.as_secs_f64());
    let snapshot = Index::open(&home).expect("an index").expect("an index").snapshot().expect("a snapshot");
    for text in [
        "bits:>40",
        "units:>8",
        "bits:>40 sort:-bits",
        "sort:-bits",
        "sort:-rate",
        "flag:thin",
        "flag:duplicate",
        "flag:*",
        "dog flag:generic sort:-object_bits",
    ] {
        ask(&snapshot, text);
    }
    for text in ["", "dog", "flag:thin"] {
        report(&snapshot, text);
    }
}

/// The folder of settled figures in the home of an index.
fn settled_below(home: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(home).ok()?.flatten();
    entries.map(|entry| entry.path().join("settled")).find(|path| path.is_dir())
}

/// Milliseconds of the median round.
fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn ask(snapshot: &Snapshot, text: &str) {
    let query = query::parse(text).expect("a query");
    let mut total = 0;
    let took = median(|| total = snapshot.search(&query).expect("hits").total());
    let page = median(|| {
        let mut hits = snapshot.search(&query).expect("hits");
        assert!(!hits.page(0, PAGE).expect("a page").rows.is_empty() || total == 0);
    });
    println!("{text:<40} {total:>9} hits, counted in {took:>7.1} ms, first page in {page:>7.1} ms");
}

fn report(snapshot: &Snapshot, text: &str) {
    let hits = snapshot.search(&query::parse(text).expect("a query")).expect("hits");
    let flags = median(|| assert!(hits.flags().expect("flags").samples == hits.total()));
    let coverage = median(|| assert!(hits.coverage().expect("coverage").hits.samples == hits.total()));
    println!(
        "{:<40} {:>9} hits, flags in {flags:>7.1} ms, coverage in {coverage:>7.1} ms",
        format!("`{text}`"),
        hits.total()
    );
}
