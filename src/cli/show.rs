//! `capscope show`: one sample in the plain terminal, with its picture.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;

use super::arguments::{self, Common};
use super::output::{complain, lines, one_line, stdout};
use super::search::each_sample;
use super::tree::write_tree;
use super::{code, record};
use crate::graphics::{self, Mode, Sight};
use crate::index::Index;
use crate::measure::Analyst;
use crate::media::{self, Limits};
use crate::model::{Image, Sample};
use crate::worker::Opened;

/// Columns of a picture where the width of the terminal is not known.
const COLUMNS: u16 = 80;
/// The share of the terminal's height that a picture may take, in tenths.
const TENTHS_OF_HEIGHT: u16 = 6;

pub(super) fn run(arguments: &arguments::Show, common: &Common) -> anyhow::Result<u8> {
    let settings = common.settings()?;
    let paths = [arguments.path.clone()];
    let mut opened = Opened::new(&paths, &settings, common.index_dir.as_deref())?;
    let found = find(&mut opened, &arguments.id)?;
    let Some(mut sample) = found else {
        complain(&format!("there is no sample with the id `{}` in {}", arguments.id, opened.dataset.name()));
        return Ok(code::NO_MATCH);
    };
    Analyst::new().measure(&mut sample);
    let mut out = stdout();
    if arguments.json {
        record::write(&record::of(&sample), true, &mut out)?;
        return Ok(out.flush().map(|()| code::OK)?);
    }
    let environment = graphics::Environment::current();
    // A terminal that takes its time is asked only where there is something to show.
    if !sample.images.is_empty() {
        let sight = super::sight::of(common, &environment);
        for image in &sample.images {
            show_image(image, arguments.width, &sight, common, &mut out)?;
        }
    }
    write_text(&sample, &mut out)?;
    out.flush()?;
    Ok(code::OK)
}

/// Looks in the index where it is there and whole; else reads until the sample comes by.
fn find(opened: &mut Opened, id: &str) -> anyhow::Result<Option<Sample>> {
    let changed = opened.refresh()?;
    if !changed
        && opened.remembered
        && let Ok(Some(index)) = Index::open(&opened.home)
        && index.is_complete()
    {
        return Ok(index.snapshot()?.by_id(id)?.into_iter().next());
    }
    let mut found = None;
    each_sample(&opened.dataset, &mut |sample| {
        if sample.id == id {
            found = Some(sample);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn show_image(
    image: &Image,
    width: Option<u16>,
    sight: &Sight,
    common: &Common,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let label = image.reference.label();
    let label = match &image.role {
        Some(role) => format!("{role}: {label}"),
        None => label,
    };
    // Whoever asks for letters gets them in a pipe too, as for the preview of another program.
    let is_asked =
        common.graphics_asked && matches!(sight.mode, Mode::Blocks | Mode::Blocks256 | Mode::Ascii);
    if sight.mode != Mode::None && (is_asked || std::io::stdout().is_terminal()) {
        let (columns, rows) = crossterm::terminal::size().unwrap_or((COLUMNS, 24));
        let cells =
            (width.unwrap_or(columns).clamp(1, columns.max(1)), (rows * TENTHS_OF_HEIGHT / 10).max(4));
        let limits = Limits { fetch_urls: common.fetch_urls, ..Limits::default() };
        let printed = media::fetch(&image.reference, &limits)
            .and_then(|bytes| media::decode(&bytes, pixels_of(cells), &limits));
        match printed {
            Ok(picture) => {
                out.flush()?;
                graphics::print(&picture, cells, sight, out)?;
                writeln!(
                    out,
                    "{} ({}x{} {})",
                    one_line(&label),
                    picture.original.0,
                    picture.original.1,
                    picture.format
                )?;
            }
            Err(error) => writeln!(out, "{}: {}", one_line(&label), one_line(&error.to_string()))?,
        }
        return Ok(());
    }
    Ok(writeln!(out, "{}", one_line(&label))?)
}

/// The pixels of a box of cells, for a picture that keeps its detail.
fn pixels_of(cells: (u16, u16)) -> (u32, u32) {
    let (width, height) = graphics::window_cell().unwrap_or(graphics::USUAL_CELL);
    (u32::from(cells.0) * u32::from(width), u32::from(cells.1) * u32::from(height))
}

fn write_text(sample: &Sample, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "id        {}", one_line(&sample.id))?;
    writeln!(out, "file      {}:{}", one_line(&sample.origin.file), sample.origin.position)?;
    for (name, value) in [("source", &sample.source), ("split", &sample.split)] {
        if let Some(value) = value {
            writeln!(out, "{name:<9} {}", one_line(value))?;
        }
    }
    for (name, value) in &sample.meta {
        writeln!(out, "{:<9} {}", one_line(name), one_line(&value.to_string()))?;
    }
    for caption in &sample.captions {
        writeln!(out, "\n{} ({})\n{}", caption.role.name(), one_line(&caption.field), lines(&caption.text))?;
    }
    if !sample.descriptors.is_empty() {
        writeln!(out, "\ndescriptors")?;
        write_tree(&sample.descriptors, out)?;
    }
    for question in &sample.questions {
        writeln!(out, "\nquestion  {}", one_line(&question.question))?;
        for answer in &question.answers {
            writeln!(out, "answer    {}", one_line(answer))?;
        }
        if !question.choices.is_empty() {
            writeln!(out, "choices   {}", one_line(&question.choices.join(" | ")))?;
        }
    }
    Ok(())
}
