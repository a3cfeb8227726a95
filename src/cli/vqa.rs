//! `capscope vqa`: what the questions of a data set add to its captions.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use serde_json::{Value as Json, json};

use super::arguments::{self, Common};
use super::output::{complain, counted, grouped, one_line, say, stdout};
use super::search::each_sample;
use super::survey::{settled, survey};
use super::{code, index, record, vqa_lines};
use crate::index::Extent;
use crate::measure::{Counts, FlagTable, Key};
use crate::model::Sample;
use crate::query;
use crate::report::QuestionFigures;
use crate::vqa::{Judge, QuestionReport, Row, Verdict};
use crate::worker::{Blocks, Opened, judges, side_by_side};

pub(super) fn run(arguments: &arguments::Vqa, common: &Common) -> anyhow::Result<u8> {
    if let Some(path) = &arguments.jsonl {
        return vqa_lines::run(path);
    }
    let text = arguments.query.clone().unwrap_or_default();
    if let Err(error) = query::parse(&text) {
        complain(&format!("{error}\n{text}\n{}^", " ".repeat(error.column.saturating_sub(1))));
        return Ok(code::ERROR);
    }
    let settings = common.settings()?;
    let mut opened = Opened::new(&arguments.paths, &settings, common.index_dir.as_deref())?;
    opened.refresh()?;
    let mut work = Work::new(arguments)?;
    // A query needs the index; without one the data is read as it is, and an index only spares counting.
    if arguments.query.is_some() {
        let Some(index) = index::complete(&mut opened, Extent::Whole, true)? else {
            return Ok(code::INTERRUPTED);
        };
        let table = opened.flag_table().map_err(|error| anyhow::anyhow!("capscope.toml: {error}"))?;
        let snapshot = index.with_flags(table).snapshot()?;
        let mut hits = match snapshot.search(&query::parse(&text)?) {
            Err(crate::index::IndexError::Query { span, message }) => {
                complain(&format!("column {}: {message}", query::column(&text, span.start)));
                return Ok(code::ERROR);
            }
            other => other?,
        };
        let Some(norms) = snapshot.norms() else { anyhow::bail!("the index is not complete") };
        let total = hits.total();
        let mut fault = Ok(());
        hits.each(total, |sample| {
            fault = work.take(sample, norms.counts());
            Ok(if fault.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })??;
        fault?;
        work.finish(norms.counts())?;
    } else if let Some(snapshot) = settled(&opened, FlagTable::published())?
        && let Some(norms) = snapshot.norms()
    {
        read_all(&opened, &mut work, norms.counts())?;
    } else {
        let (tally, _) = survey(&opened.dataset)?.finish();
        read_all(&opened, &mut work, &tally)?;
    }
    work.print(opened.dataset.name())
}

fn read_all(opened: &Opened, work: &mut Work<'_>, counts: &dyn Counts) -> anyhow::Result<()> {
    let mut fault = Ok(());
    each_sample(&opened.dataset, &mut |sample| {
        fault = work.take(sample, counts);
        if fault.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    fault?;
    work.finish(counts)
}

/// Samples on their way through the judges.
struct Work<'a> {
    arguments: &'a arguments::Vqa,
    judges: Vec<Judge>,
    blocks: Blocks,
    report: QuestionReport,
    generated: u64,
    enriched: u64,
    out: Option<BufWriter<File>>,
}

/// What a judge makes of a block.
struct Judged {
    report: QuestionReport,
    generated: Vec<Json>,
    enriched: Vec<Json>,
}

impl<'a> Work<'a> {
    fn new(arguments: &'a arguments::Vqa) -> anyhow::Result<Self> {
        let out = match &arguments.enriched {
            Some(path) => {
                let file = File::create(path);
                Some(BufWriter::new(file.map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?))
            }
            None => None,
        };
        let judges = judges();
        Ok(Self {
            arguments,
            blocks: Blocks::new(judges.len()),
            judges,
            report: QuestionReport::new(arguments.top),
            generated: 0,
            enriched: 0,
            out,
        })
    }

    /// Takes a sample, and works when there are enough.
    fn take(&mut self, sample: Sample, counts: &dyn Counts) -> anyhow::Result<()> {
        if sample.questions.is_empty() && !self.arguments.generate {
            self.report.silent += 1;
            return Ok(());
        }
        match self.blocks.push(sample) {
            Some(full) => self.work(full, counts),
            None => Ok(()),
        }
    }

    fn finish(&mut self, counts: &dyn Counts) -> anyhow::Result<()> {
        let rest = self.blocks.rest();
        self.work(rest, counts)?;
        if let Some(out) = &mut self.out {
            out.flush()?;
        }
        Ok(())
    }

    /// Has the blocks judged side by side, and takes what comes out in their order, so that the outcome
    /// does not depend on who was first.
    fn work(&mut self, blocks: Vec<Vec<Sample>>, counts: &dyn Counts) -> anyhow::Result<()> {
        let arguments = self.arguments;
        let judged = side_by_side(&mut self.judges, &blocks, |block, judge| {
            judge_block(arguments, block, judge, counts)
        });
        let Some(judged) = judged else { anyhow::bail!("a thread that judges has failed") };
        let mut out = stdout();
        for part in judged {
            self.report.merge(part.report);
            self.generated += part.generated.len() as u64;
            self.enriched += part.enriched.len() as u64;
            for line in part.generated {
                record::write(&line, false, &mut out)?;
            }
            if let Some(out) = &mut self.out {
                for line in part.enriched {
                    record::write(&line, false, out)?;
                }
            }
        }
        Ok(out.flush()?)
    }

    fn print(&self, name: &str) -> anyhow::Result<u8> {
        if let Some(path) = &self.arguments.enriched {
            say(&format!("{} written to {}", counted(self.enriched, "caption"), path.display()));
        }
        if self.arguments.generate {
            say(&counted(self.generated, "question"));
            return Ok(if self.generated == 0 { code::NO_MATCH } else { code::OK });
        }
        let mut out = stdout();
        if self.arguments.json {
            record::write(&QuestionFigures::of(name, &self.report), true, &mut out)?;
        } else {
            write(name, &self.report, self.arguments.top, &mut out)?;
        }
        out.flush()?;
        Ok(if self.report.whole.questions == 0 { code::NO_MATCH } else { code::OK })
    }
}

fn judge_block(
    arguments: &arguments::Vqa,
    block: &[Sample],
    judge: &mut Judge,
    counts: &dyn Counts,
) -> Judged {
    let mut judged =
        Judged { report: QuestionReport::new(arguments.top), generated: Vec::new(), enriched: Vec::new() };
    if arguments.generate {
        for sample in block {
            let pages = judge.read(sample);
            for found in judge.questions(&pages) {
                judged.generated.push(json!({
                    "id": sample.id,
                    "question": found.question,
                    "answer": found.answer,
                    "type": found.kind.name(),
                    "facet": found.facet.name(),
                    "key": found.key,
                    "caption": found.evidence.map(|place| place.caption),
                    "span": found.evidence.map(|place| [place.start, place.end]),
                }));
            }
        }
    } else {
        judge.report(block, arguments.seed, counts, &mut judged.report);
    }
    if arguments.enriched.is_some() {
        for sample in block.iter().filter(|sample| !sample.questions.is_empty()) {
            let found = judge.judge_sample(sample);
            let Some(enriched) = judge.enriched(sample, &found) else { continue };
            let added: Vec<Json> = enriched
                .added
                .iter()
                .filter_map(|at| Some((sample.questions.get(*at)?, found.get(*at)?)))
                .map(|(question, judgement)| {
                    json!({
                        "question": question.question,
                        "answer": judgement.claim.answer,
                        "statement": judgement.claim.statement.as_ref().map(|statement| &statement.text),
                    })
                })
                .collect();
            judged.enriched.push(json!({
                "id": sample.id,
                "images": sample.images.iter().map(|image| image.reference.label()).collect::<Vec<_>>(),
                "caption": sample.main_captions().next().map(|caption| &caption.text),
                "enriched": enriched.text,
                "added": added,
            }));
        }
    }
    judged
}

fn write(name: &str, report: &QuestionReport, top: usize, out: &mut impl Write) -> std::io::Result<()> {
    let whole = &report.whole;
    writeln!(
        out,
        "{}  {} about {}",
        one_line(name),
        counted(whole.questions, "question"),
        counted(report.samples, "sample")
    )?;
    if whole.questions == 0 {
        return writeln!(out, "The data set has no questions, or the query leaves none.");
    }
    for (count, what) in [
        (report.silent, "samples without a question"),
        (report.captionless, "samples with questions and no caption"),
        (report.assumed, "yes/no questions without an answer, taken as claims"),
        (report.unanswerable, "questions without an answer, or answered by \"unanswerable\""),
    ] {
        if count > 0 {
            writeln!(out, "  {} {what}", grouped(count))?;
        }
    }
    writeln!(
        out,
        "\ncoverage in %, beside it that of other samples' captions; Δ: what questions add, in % of their bits\n"
    )?;
    writeln!(
        out,
        "{:<26}{:>10}{:>16}{:>16}{:>16}{:>9}{:>9}{:>8}",
        "", "questions", "entailed", "≥ grounded", "≥ mentioned", "against", "unknown", "Δ"
    )?;
    write_row("all", whole, out)?;
    writeln!(out, "\nby type")?;
    for (kind, row) in &report.by_kind {
        write_row(kind.name(), row, out)?;
    }
    writeln!(out, "\nby prefix")?;
    let mut prefixes: Vec<_> = report.by_prefix.iter().collect();
    prefixes.sort_by(|one, other| other.1.questions.cmp(&one.1.questions).then(one.0.cmp(other.0)));
    for (prefix, row) in prefixes {
        write_row(prefix, row, out)?;
    }
    if !report.additions.is_empty() {
        writeln!(out, "\nquestions that add most")?;
    }
    for added in report.additions.iter().take(top) {
        let said = added.statement.as_deref().unwrap_or("-");
        let (id, question) = (one_line(&added.id), one_line(&added.question));
        let answer = one_line(&added.answer);
        writeln!(out, "  {:>5.1} bits  {id}  {question} {answer}  →  {}", added.bits, one_line(said))?;
    }
    writeln!(out, "\nfacts of captions that a question tests")?;
    for (facet, count) in &report.facets {
        let share = 100.0 * count.tested as f64 / count.stated.max(1) as f64;
        writeln!(
            out,
            "  {:<12}{:>10} of {:>10}{share:>8.1} %",
            facet.name(),
            grouped(count.tested),
            grouped(count.stated)
        )?;
    }
    let untested: Vec<String> = report
        .untested(top)
        .into_iter()
        .map(|(key, count)| {
            let shown = Key::parse(key).map_or_else(|| key.to_owned(), |key| key.show());
            format!("{} {}", one_line(&shown), grouped(count.into()))
        })
        .collect();
    if !untested.is_empty() {
        writeln!(out, "\nno question tests: {}", untested.join(", "))?;
    }
    Ok(())
}

fn write_row(name: &str, row: &Row, out: &mut impl Write) -> std::io::Result<()> {
    let pair = |level: Verdict| {
        let other = row.baseline(level) * 100.0;
        format!("{:.1} ({other:.1})", row.coverage(level) * 100.0)
    };
    writeln!(
        out,
        "{name:<26}{:>10}{:>16}{:>16}{:>16}{:>9.1}{:>9.1}{:>8.1}",
        grouped(row.questions),
        pair(Verdict::Entailed),
        pair(Verdict::Grounded),
        pair(Verdict::Mentioned),
        row.verdict_share(Verdict::Contradicted) * 100.0,
        row.verdict_share(Verdict::Unknown) * 100.0,
        row.increment() * 100.0
    )
}
