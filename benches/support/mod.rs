//! What the benches share: a made-up data set of short captions, and a stop-watch for processes.

#![allow(dead_code, reason = "every bench uses a part of it")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Captions of the data set unless `CAPSCOPE_BENCH_CAPTIONS` says otherwise.
pub(crate) const CAPTIONS: u64 = 1_000_000;

const WHO: [&str; 24] = [
    "man", "woman", "child", "dog", "cat", "horse", "bird", "cow", "surfer", "skier", "girl", "boy",
    "people", "elephant", "giraffe", "zebra", "train", "bus", "truck", "car", "bear", "sheep", "player",
    "group",
];
const HOW: [&str; 16] = [
    "small", "large", "brown", "white", "black", "red", "old", "young", "wooden", "yellow", "green",
    "striped", "blue", "little", "colorful", "gray",
];
const DOES: [&str; 16] = [
    "standing", "sitting", "riding", "holding", "walking", "lying", "running", "parked", "eating", "looking",
    "wearing", "flying", "jumping", "playing", "driving", "waiting",
];
const AT: [&str; 12] = [
    "on",
    "next to",
    "in front of",
    "near",
    "under",
    "behind",
    "with",
    "on top of",
    "by",
    "inside",
    "over",
    "beside",
];
const WHAT: [&str; 24] = [
    "a table",
    "the street",
    "the beach",
    "a bench",
    "a field",
    "the water",
    "a skateboard",
    "a surfboard",
    "a plate of food",
    "the snow",
    "a tree",
    "the grass",
    "a building",
    "a laptop",
    "the kitchen counter",
    "a bed",
    "the window",
    "a tennis court",
    "the road",
    "a baseball bat",
    "an umbrella",
    "the sink",
    "a fence",
    "the ocean",
];

/// How many captions the user wants to measure with.
pub(crate) fn captions() -> u64 {
    std::env::var("CAPSCOPE_BENCH_CAPTIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(CAPTIONS)
}

/// A generator that gives the same numbers everywhere (`SplitMix64`).
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[(self.next() % words.len() as u64) as usize]
    }
}

/// One short caption, about eleven words, with a tail of rare words as real captions have.
pub(crate) fn caption(dice: &mut Dice) -> String {
    let mut text = format!(
        "A {} {} {} {} {}",
        dice.of(&HOW),
        dice.of(&WHO),
        dice.of(&DOES),
        dice.of(&AT),
        dice.of(&WHAT)
    );
    if !dice.next().is_multiple_of(3) {
        text.push_str(&format!(" {} {}", dice.of(&AT), dice.of(&WHAT)));
    }
    if dice.next().is_multiple_of(4) {
        // Rarer and rarer: the rank is the square of a uniform share.
        let share = (dice.next() % 1_000) as f64 / 1_000.0;
        text.push_str(&format!(" called zor{}", (share * share * share * 30_000.0) as u64));
    }
    text.push('.');
    text
}

/// Writes the data set as JSON Lines, if it is not there yet.
pub(crate) fn data(folder: &Path, count: u64) -> PathBuf {
    let path = folder.join(format!("captions-{count}.jsonl"));
    if path.exists() {
        return path;
    }
    std::fs::create_dir_all(folder).expect("a folder for the data");
    let beside = path.with_extension("new");
    let mut out = BufWriter::new(File::create(&beside).expect("a file for the data"));
    let mut dice = Dice(20_260_413);
    for number in 0..count {
        let text = caption(&mut dice);
        writeln!(out, "{{\"id\": \"{number:09}\", \"caption\": \"{text}\"}}").expect("room on the disk");
    }
    out.flush().expect("room on the disk");
    std::fs::rename(&beside, &path).expect("the data in place");
    path
}

/// Where the benches keep what they make.
pub(crate) fn workplace() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench")
}

/// How a process did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ran {
    pub took: Duration,
    /// Largest resident memory in bytes, where the system tells.
    pub peak: Option<u64>,
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ran {
    let began = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        peak = peak.max(peak_of(child.id()));
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{command:?} failed: {status}");
    Ran { took: began.elapsed(), peak }
}

/// The largest resident memory of a process so far.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

/// Bytes of all files in a folder.
pub(crate) fn size_of(folder: &Path) -> u64 {
    std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| match entry.metadata() {
                    Ok(found) if found.is_dir() => size_of(&entry.path()),
                    Ok(found) => found.len(),
                    Err(_) => 0,
                })
                .sum()
        })
        .unwrap_or_default()
}
