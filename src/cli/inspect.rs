//! `capscope inspect`: what was taken for what, and why.

use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde_json::json;

use super::arguments::{self, Common};
use super::output::{counted, grouped, lines, one_line, say, stdout};
use super::search::each_item;
use super::{code, record};
use crate::dataset::{self, Dataset, Item, Skipped};
use crate::model::Sample;

/// Counting stops after this long unless `--full` says otherwise.
const PATIENCE: Duration = Duration::from_secs(3);

/// What reading a data set from end to end tells.
#[derive(Debug, Default)]
struct Counts {
    samples: u64,
    with_image: u64,
    captions: u64,
    questions: u64,
    descriptors: u64,
    skipped: u64,
    /// Whether the end was reached.
    is_whole: bool,
}

pub(super) fn run(arguments: &arguments::Inspect, common: &Common) -> anyhow::Result<u8> {
    let settings = common.settings()?;
    // Detected afresh: who inspects wants to see what is found now, not what is remembered.
    let dataset = dataset::open(&arguments.paths, &settings)?;
    let mut out = stdout();
    if arguments.skipped {
        let skipped = list_skipped(&dataset, arguments.json, &mut out)?;
        out.flush()?;
        say(&format!("{} left out", counted(skipped, "record")));
        return Ok(code::OK);
    }
    let head = dataset.head(arguments.samples, Instant::now() + Duration::from_secs(2));
    let patience = if arguments.full { Duration::MAX } else { PATIENCE };
    let counts = count(&dataset, patience)?;
    if arguments.json {
        let report = json!({
            "detected": serde_json::to_value(dataset.explain())?,
            "counts": {
                "samples": counts.samples,
                "with_image": counts.with_image,
                "captions": counts.captions,
                "questions": counts.questions,
                "descriptors": counts.descriptors,
                "skipped": counts.skipped,
                "exact": counts.is_whole,
            },
            "samples": head.iter().map(record::of).collect::<Vec<_>>(),
        });
        record::write(&report, true, &mut out)?;
    } else {
        write_report(&dataset, &counts, &head, &mut out)?;
    }
    out.flush()?;
    Ok(code::OK)
}

fn write_report(
    dataset: &Dataset,
    counts: &Counts,
    head: &[Sample],
    out: &mut impl Write,
) -> std::io::Result<()> {
    writeln!(out, "{}", lines(&dataset.explain().to_string()).trim_end())?;
    let at_least = if counts.is_whole { "" } else { "at least " };
    writeln!(out, "\ncounts")?;
    writeln!(out, "  {at_least}{}", counted(counts.samples, "sample"))?;
    for (count, what) in [
        (counts.with_image, "with a picture"),
        (counts.captions, "captions"),
        (counts.questions, "questions"),
        (counts.descriptors, "supplied descriptors"),
        (counts.skipped, "records left out (--skipped lists them)"),
    ] {
        if count > 0 {
            writeln!(out, "  {at_least}{} {what}", grouped(count))?;
        }
    }
    if !counts.is_whole {
        writeln!(out, "  counting stopped after {} s; --full counts all", PATIENCE.as_secs())?;
    }
    if !head.is_empty() {
        writeln!(out, "\nfirst samples")?;
    }
    for sample in head {
        write_sample(sample, out)?;
    }
    writeln!(
        out,
        "\nto change it: --map caption=FIELD (several with commas), or a capscope.toml beside the data with\n\
         [map]\ncaption = \"FIELD\""
    )
}

fn write_sample(sample: &Sample, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "  {}  ({}:{})",
        one_line(&sample.id),
        one_line(&sample.origin.file),
        sample.origin.position
    )?;
    for image in &sample.images {
        writeln!(out, "    image       {}", cut(&image.reference.label()))?;
    }
    for caption in &sample.captions {
        writeln!(out, "    {:<11} {}", caption.role.name(), cut(&caption.text))?;
    }
    for question in &sample.questions {
        writeln!(
            out,
            "    question    {} — {}",
            cut(&question.question),
            cut(&question.answers.join(" / "))
        )?;
    }
    if !sample.descriptors.is_empty() {
        let names: Vec<&str> = sample.descriptors.iter().map(|descriptor| descriptor.name.as_str()).collect();
        writeln!(out, "    descriptors {}", cut(&names.join(", ")))?;
    }
    Ok(())
}

/// A text on one line, cut at a length at which a cut is said to be one.
fn cut(text: &str) -> String {
    const MOST: usize = 160;
    let line = one_line(text);
    match line.char_indices().nth(MOST) {
        None => line,
        Some((end, _)) => {
            let rest = line.chars().count() - MOST;
            format!("{}… ({rest} more characters)", line.get(..end).unwrap_or_default())
        }
    }
}

fn count(dataset: &Dataset, patience: Duration) -> std::io::Result<Counts> {
    let began = Instant::now();
    let mut counts = Counts { is_whole: true, ..Counts::default() };
    each_item(dataset, &mut |item| {
        match item {
            Item::Sample(sample) => {
                counts.samples += 1;
                counts.with_image += u64::from(!sample.images.is_empty());
                counts.captions += sample.captions.len() as u64;
                counts.questions += sample.questions.len() as u64;
                counts.descriptors += sample.descriptors.len() as u64;
            }
            Item::Skipped(_) => counts.skipped += 1,
            Item::Passed(_) | Item::Row(_) => {}
        }
        if began.elapsed() > patience {
            counts.is_whole = false;
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(counts)
}

fn list_skipped(dataset: &Dataset, as_json: bool, out: &mut impl Write) -> std::io::Result<u64> {
    let mut skipped = 0;
    let mut outcome = Ok(());
    each_item(dataset, &mut |item| {
        if let Item::Skipped(record) = item {
            skipped += 1;
            outcome = write_skipped(&record, as_json, out);
        }
        if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    outcome.map(|()| skipped)
}

fn write_skipped(skipped: &Skipped, as_json: bool, out: &mut impl Write) -> std::io::Result<()> {
    if as_json {
        record::write(skipped, false, out)
    } else {
        writeln!(out, "{}", one_line(&skipped.to_string()))
    }
}
