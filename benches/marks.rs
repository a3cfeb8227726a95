//! How fast marks are, on a data set of a million samples all of which are tagged.
//!
//! ```text
//! cargo bench --bench marks
//! ```
//!
//! `CAPSCOPE_BENCH_CAPTIONS` changes the number of captions (one million). The peer of a query for a tag is the same
//! query without it, in the same process: what the engine takes anyway.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use capscope::dataset::Settings;
use capscope::index::{Index, Snapshot};
use capscope::query;
use capscope::worker::{Marked, Opened};
use capscope::workspace::{TagName, Workspace};

/// Times of which the median counts.
const TIMES: usize = 15;

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

/// What a page of a query takes: the median and the longest, without the first.
fn searched(snapshot: &Snapshot, text: &str) -> (Duration, Duration, Duration, u64) {
    let query = query::parse(text).expect("a query");
    let once = || {
        timed(|| {
            let mut hits = snapshot.search(&query).expect("the hits");
            hits.page(0, 50).expect("a page");
            hits.total()
        })
    };
    let (first, total) = once();
    let mut times: Vec<Duration> = (0..TIMES).map(|_| once().0).collect();
    times.sort_unstable();
    (first, times[TIMES / 2], times[TIMES - 1], total)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Memory that this process has ever held, in MB, where the system tells.
fn memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

fn main() {
    let workplace = support::workplace();
    let data = support::data(&workplace, support::captions());
    let indexes = workplace.join("marks");
    support::run(
        Command::new(env!("CARGO_BIN_EXE_capscope"))
            .args(["index", "--quiet", "--index-dir"])
            .arg(&indexes)
            .arg(&data)
            .stderr(std::process::Stdio::null()),
    );
    let opened = Opened::new(&[data], &Settings::default(), Some(&indexes)).expect("the data set");
    let file: PathBuf = workplace.join("marks.sqlite");
    // What an earlier run has left.
    let _ = std::fs::remove_file(&file);
    let mut workspace = Workspace::open(&file, "bench").expect("a workspace");
    let index = Index::open(&opened.home).expect("an index").expect("an index");
    let plain = index.snapshot().expect("a state of the index");
    println!("{} samples", plain.samples());

    let all = query::parse("").expect("a query");
    let (time, prints) = timed(|| plain.search(&all).expect("the hits").prints().expect("their prints"));
    println!("prints of all ids, once a process     {:9.1} ms", milliseconds(time));
    let tag = TagName::parse("quality/seen").expect("a name");
    let before = memory();
    let (time, step) = timed(|| workspace.tag(&tag, &prints, true).expect("it is kept"));
    println!("tag {:>9} samples                 {:9.1} ms", step.changed, milliseconds(time));
    let (time, step) = timed(|| workspace.undo().expect("it is taken back").expect("a step"));
    println!("take it back, {:>9}               {:9.1} ms", step.changed, milliseconds(time));
    let (time, _) = timed(|| workspace.redo().expect("it is done again"));
    println!("do it again                           {:9.1} ms", milliseconds(time));
    if let (Some(before), Some(after)) = (before, memory()) {
        println!("memory for that                       {:9.1} MB", after - before);
    }
    let marks = Arc::new(Marked::at(&file).expect("the marks"));
    let marked = Index::open(&opened.home).expect("an index").expect("an index").with_marks(marks);
    let marked = marked.snapshot().expect("a state of the index");
    println!("\nquery                       hits      first     median    longest");
    for text in
        ["", "tag:quality", "brown dog", "brown dog tag:quality/seen", "-tag:quality", "tag:q* sort:-words"]
    {
        let (first, median, longest, total) = searched(&marked, text);
        println!(
            "{text:26} {total:>9} {:8.1} ms {:8.1} ms {:8.1} ms",
            milliseconds(first),
            milliseconds(median),
            milliseconds(longest)
        );
    }
}
