//! Indexing speed against a bare tantivy program, on the same captions in the same run:
//!
//! ```text
//! cargo bench --bench index
//! ```
//!
//! The bare program does the least that a search over captions needs: it reads the lines with
//! `serde_json`, stores and indexes id and caption with tantivy's default settings, and commits.
//! capscope does that first, with its own words and whole samples (`capscope index --words`): all captions can be searched
//! then. After it comes what each caption says (objects, attributes, relations, concepts, figures, prints) and what is rare:
//! by far the most of the time, and nothing that the bare program does. Both are measured, each in a process of its own.
//! `CAPSCOPE_BENCH_CAPTIONS` changes the number of captions (one million).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tantivy::schema::{STORED, STRING, Schema, TEXT};
use tantivy::{Index, IndexWriter, doc};

#[derive(serde::Deserialize)]
struct Line {
    id: String,
    caption: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, bare, data, folder] = arguments.as_slice()
        && bare == "bare"
    {
        index_bare(Path::new(data), Path::new(folder));
        return;
    }
    let count = support::captions();
    let workplace = support::workplace();
    // Far from the other benches: pictures near the data would be taken for its pictures.
    let alone = Path::new(env!("CARGO_TARGET_TMPDIR")).join("index/captions/alone");
    std::fs::create_dir_all(&alone).expect("a folder for the data");
    let data = support::data(&alone, count);
    let this = std::env::current_exe().expect("our own path");
    println!("{count} captions, {} MB", std::fs::metadata(&data).map_or(0, |found| found.len() >> 20));
    println!("{:<10} {:>8} {:>12} {:>10} {:>10}", "", "seconds", "captions/s", "disk", "memory");
    let (mut of_words, mut of_all) = (Vec::new(), Vec::new());
    for round in 1..=3 {
        let bare_folder = workplace.join("bare");
        let ours_folder = workplace.join("ours");
        for folder in [&bare_folder, &ours_folder] {
            let _ = std::fs::remove_dir_all(folder);
            std::fs::create_dir_all(folder).expect("a folder for the index");
        }
        let bare = support::run(Command::new(&this).arg("bare").arg(&data).arg(&bare_folder));
        print_row("tantivy", &bare, count, &bare_folder);
        let index = |arguments: &[&str]| {
            support::run(
                Command::new(env!("CARGO_BIN_EXE_capscope"))
                    .args(["index", "--quiet", "--index-dir"])
                    .arg(&ours_folder)
                    .args(arguments)
                    .arg(&data)
                    .stderr(std::process::Stdio::null()),
            )
        };
        let words = index(&["--words"]);
        print_row("words", &words, count, &ours_folder);
        let facts = index(&[]);
        print_row("facts", &facts, count, &ours_folder);
        let whole = words.took + facts.took;
        let ratio = |took: Duration| took.as_secs_f64() / bare.took.as_secs_f64();
        println!(
            "round {round}: words take {:.2} times the time of bare tantivy, all {:.2} times: {:.0} captions/s",
            ratio(words.took),
            ratio(whole),
            count as f64 / whole.as_secs_f64()
        );
        of_words.push(ratio(words.took));
        of_all.push(ratio(whole));
    }
    for ratios in [&mut of_words, &mut of_all] {
        ratios.sort_by(f64::total_cmp);
    }
    println!("median: words {:.2}, all {:.2}", of_words[1], of_all[1]);
}

fn print_row(name: &str, ran: &support::Ran, count: u64, folder: &Path) {
    let seconds = ran.took.as_secs_f64();
    println!(
        "{name:<10} {seconds:>8.2} {:>12.0} {:>7} MB {:>7} MB",
        count as f64 / seconds,
        support::size_of(folder) >> 20,
        ran.peak.unwrap_or_default() >> 20
    );
}

fn index_bare(data: &Path, folder: &Path) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let caption = schema.add_text_field("caption", TEXT | STORED);
    let index = Index::create_in_dir(folder, schema.build()).expect("an index");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, 256 << 20).expect("a writer");
    let lines = BufReader::with_capacity(1 << 20, std::fs::File::open(data).expect("the data")).lines();
    for line in lines {
        let line: Line = serde_json::from_str(&line.expect("a line")).expect("a record");
        writer.add_document(doc!(id => line.id, caption => line.caption)).expect("a document");
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merged");
}
