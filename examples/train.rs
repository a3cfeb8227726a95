//! Trains the parser: `cargo run --release --example train -- TRAIN.csv`, and writes
//! `assets/parser/parser.bin`. Run again, it writes the same bytes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use capscope::text::extract::{Gold, train};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(source) = arguments.next() else { bail!("expected the captions with their graphs, as CSV") };
    let target = std::env::var_os("OUT")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/parser/parser.bin"), PathBuf::from);
    let gold = read_captions(&source)?;
    let asset = train(&gold)?;
    println!("{} bytes", asset.len());
    std::fs::write(&target, asset).with_context(|| format!("{} cannot be written", target.display()))?;
    Ok(())
}

/// Captions with graphs: the columns `caption` and `scene_graph`.
fn read_captions(path: &Path) -> Result<Vec<Gold>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).with_context(|| format!("no column {name}"))
    };
    let (caption, graph) = (column("caption")?, column("scene_graph")?);
    let mut gold = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default().to_owned();
        gold.push(Gold { text: field(caption), graph: field(graph) });
    }
    Ok(gold)
}
