//! `capscope parse`: what a caption says.

use std::io::{BufRead, Write};

use serde::Serialize;

use super::arguments::{self, Common};
use super::code;
use super::output::stdout;
use super::{record, tree};
use crate::text::extract::{Extractor, Language};

/// A caption with its facts, as FACTUAL writes them.
#[derive(Serialize)]
struct Factual<'a> {
    caption: &'a str,
    graph: String,
}

pub(super) fn run(arguments: &arguments::Parse, _: &Common) -> anyhow::Result<u8> {
    let mut extractor = Extractor::english();
    let mut out = stdout();
    if arguments.text != "-" {
        write(&arguments.text, arguments, &mut extractor, &mut out)?;
        return Ok(out.flush().map(|()| code::OK)?);
    }
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        // A line of broken text is still a line: whoever counts lines must find as many.
        let text = String::from_utf8_lossy(&line);
        write(text.trim_end_matches(['\n', '\r']), arguments, &mut extractor, &mut out)?;
    }
    Ok(out.flush().map(|()| code::OK)?)
}

fn write(
    caption: &str,
    arguments: &arguments::Parse,
    extractor: &mut Extractor<'_>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    if arguments.factual {
        return record::write(&Factual { caption, graph: extractor.factual(caption) }, false, out);
    }
    let reading = extractor.read(caption, 0);
    if arguments.json {
        return record::write(&record::reading(caption, &reading), false, out);
    }
    writeln!(out, "{}", super::output::one_line(caption))?;
    match reading.language {
        Language::Other => writeln!(out, "  not analysed: this is no English"),
        Language::English => tree::write_tree(&reading.descriptors, out),
    }
}
