//! What a finished screen shows of pictures: its claims, gathered picture by picture.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::claim::Claim;
use super::sheet::Sheet;

/// A sheet at its place on the screen, and the cells of it that nothing covers.
#[derive(Debug)]
pub(super) struct View {
    pub(super) sheet: Arc<Sheet>,
    /// Where the whole sheet lies.
    pub(super) area: Rect,
    /// The cells that can be seen, row by row from the left.
    pub(super) cells: Vec<Position>,
}

impl View {
    /// Whether nothing of it is covered.
    pub(super) fn is_whole(&self) -> bool {
        self.cells.len() == usize::from(self.sheet.cells.0) * usize::from(self.sheet.cells.1)
    }

    /// The cells that can be seen as few rectangles.
    pub(super) fn rectangles(&self) -> Vec<Rect> {
        let mut done: Vec<Rect> = Vec::new();
        for run in self.runs() {
            let above =
                done.iter_mut().find(|rect| (rect.x, rect.width, rect.bottom()) == (run.x, run.width, run.y));
            match above {
                Some(rect) => rect.height += 1,
                None => done.push(run),
            }
        }
        done
    }

    /// The cells that can be seen as stretches of rows.
    pub(super) fn runs(&self) -> Vec<Rect> {
        let mut runs: Vec<Rect> = Vec::new();
        for cell in &self.cells {
            match runs.last_mut().filter(|run| run.y == cell.y && run.right() == cell.x) {
                Some(run) => run.width += 1,
                None => runs.push(Rect::new(cell.x, cell.y, 1, 1)),
            }
        }
        runs
    }

    /// Empties its cells, but for a sign in the middle that something is to come.
    pub(super) fn announce(&self, buffer: &mut Buffer) {
        self.empty(buffer);
        let middle = Position { x: self.area.x + self.area.width / 2, y: self.area.y + self.area.height / 2 };
        if self.cells.contains(&middle)
            && let Some(cell) = buffer.cell_mut(middle)
        {
            cell.set_symbol("…").set_style(Style::new().add_modifier(Modifier::DIM));
        }
    }

    /// Empties its cells.
    pub(super) fn empty(&self, buffer: &mut Buffer) {
        for place in &self.cells {
            if let Some(cell) = buffer.cell_mut(*place) {
                cell.reset();
            }
        }
    }
}

/// The pictures of a screen in the order of their first cells. Claims of sheets that are gone are taken
/// out of the buffer.
pub(super) fn views(buffer: &mut Buffer, known: &HashMap<u16, Weak<Sheet>>) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    let mut gone: Vec<Position> = Vec::new();
    for place in buffer.area.positions() {
        let Some(claim) = buffer.cell(place).and_then(Claim::of) else { continue };
        let belongs = |view: &View| {
            view.sheet.number == claim.sheet
                && Some(view.area.x) == place.x.checked_sub(claim.place.0)
                && Some(view.area.y) == place.y.checked_sub(claim.place.1)
        };
        // Neighbors mostly belong to the same.
        if let Some(view) = views.iter_mut().rev().find(|view| belongs(view)) {
            view.cells.push(place);
            continue;
        }
        let sheet = known.get(&claim.sheet).and_then(Weak::upgrade);
        let origin = place.x.checked_sub(claim.place.0).zip(place.y.checked_sub(claim.place.1));
        match sheet.zip(origin) {
            Some((sheet, (x, y))) => {
                let area = Rect { x, y, width: sheet.cells.0, height: sheet.cells.1 };
                views.push(View { sheet, area, cells: vec![place] });
            }
            None => gone.push(place),
        }
    }
    for place in gone {
        if let Some(cell) = buffer.cell_mut(place) {
            cell.reset();
        }
    }
    views
}
