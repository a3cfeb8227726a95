//! Indexing speed against a bare tantivy program, on the same captions in the same run:
//!
//! ```text
//! cargo bench --bench index
//! ```
//!
//! The bare program does the least that a search over captions needs: it reads the lines with
//! `serde_json`, stores and indexes id and caption with tantivy's default settings, and commits.
//! capscope also finds what each caption says (objects, attributes, relations, concepts, figures, prints), indexes that,
//! and works out what is rare: by far the most of its time, and nothing that the bare program does.
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
    let data = support::data(&workplace, count);
    let this = std::env::current_exe().expect("our own path");
    println!("{count} captions, {} MB", std::fs::metadata(&data).map_or(0, |found| found.len() >> 20));
    println!("{:<10} {:>8} {:>12} {:>10} {:>10}", "", "seconds", "captions/s", "disk", "memory");
    let mut ratios = Vec::new();
    for round in 1..=3 {
        let bare_folder = workplace.join("bare");
        let ours_folder = workplace.join("ours");
        for folder in [&bare_folder, &ours_folder] {
            let _ = std::fs::remove_dir_all(folder);
            std::fs::create_dir_all(folder).expect("a folder for the index");
        }
        let bare = support::run(Command::new(&this).arg("bare").arg(&data).arg(&bare_folder));
        let ours = support::run(
            Command::new(env!("CARGO_BIN_EXE_capscope"))
                .args(["index", "--quiet", "--index-dir"])
                .arg(&ours_folder)
                .arg(&data)
                .stderr(std::process::Stdio::null()),
        );
        print_row("tantivy", &bare, count, &bare_folder);
        print_row("capscope", &ours, count, &ours_folder);
        let ratio = ours.took.as_secs_f64() / bare.took.as_secs_f64();
        println!("round {round}: {ratio:.2} times the time of bare tantivy");
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median: {:.2}", ratios[1]);
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
