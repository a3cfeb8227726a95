//! Lines of JSON from standard input or a file, batch by batch.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Map, Value as Json};

/// Lines of a batch.
const BATCH: usize = 1_024;
/// Longest line that is read, in bytes.
pub(super) const LONGEST: u64 = 64 << 20;

/// One line of the input.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) bytes: Vec<u8>,
    /// The line was longer than is read.
    pub(super) is_cut: bool,
}

impl Line {
    /// The object on the line, or what is wrong with it.
    pub(super) fn object(&self) -> Result<Map<String, Json>, String> {
        if self.is_cut {
            return Err(format!("longer than {} MB", LONGEST >> 20));
        }
        match serde_json::from_slice(&self.bytes) {
            Ok(Json::Object(record)) => Ok(record),
            Ok(_) => Err("no JSON object".to_owned()),
            Err(error) => Err(format!("broken JSON: {error}")),
        }
    }
}

/// Standard input for `-`, else a file.
pub(super) fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    Ok(Box::new(BufReader::new(file)))
}

/// The next lines, at most a batch. Blank ones are passed over.
pub(super) fn lines(input: &mut impl BufRead, number: &mut u64) -> std::io::Result<Vec<Line>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let mut bytes = Vec::new();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        *number += 1;
        let is_cut = bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n");
        if is_cut {
            pass_line(input)?;
        }
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            batch.push(Line { number: *number, bytes, is_cut });
        }
    }
    Ok(batch)
}

/// Reads on to the end of a line without keeping it.
fn pass_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let Some(end) = held.iter().position(|byte| *byte == b'\n') else {
            let length = held.len();
            if length == 0 {
                return Ok(());
            }
            input.consume(length);
            continue;
        };
        input.consume(end + 1);
        return Ok(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_long_ones_passed() {
        let mut number = 0;
        let batch = lines(&mut "{}\n\n{\"a\": 1}".as_bytes(), &mut number).unwrap();
        assert_eq!(batch.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3]);
        let mut rest = "long line\nnext".as_bytes();
        pass_line(&mut rest).unwrap();
        assert_eq!(rest, b"next");
    }
}
