//! How large may a picture be in a box of cells?

/// Width and height of a cell in pixels, where the terminal tells; only their ratio matters here.
pub type CellPixels = (u16, u16);

/// What most fonts come near.
pub const USUAL_CELL: CellPixels = (10, 20);

/// The largest size in half-cells (columns, and halves of rows) that keeps a picture's aspect in a
/// box of `cells`. A small picture is enlarged: what was drawn with few pixels is seldom meant to
/// be looked at as a stamp. Both sides are at least 1; with `whole_rows` the height is even.
pub(super) fn halves(
    picture: (u32, u32),
    cells: (u16, u16),
    cell: Option<CellPixels>,
    whole_rows: bool,
) -> (u32, u32) {
    let (cell_width, cell_height) = cell.filter(|cell| cell.0 > 0 && cell.1 > 0).unwrap_or(USUAL_CELL);
    let (columns, rows) = (u32::from(cells.0.max(1)), u32::from(cells.1.max(1)));
    // The size in units of a column's width and of half a row's height at a scale of 1.
    let width = f64::from(picture.0.max(1)) / f64::from(cell_width);
    let height = f64::from(picture.1.max(1)) * 2.0 / f64::from(cell_height);
    let scale = (f64::from(columns) / width).min(f64::from(rows * 2) / height);
    let across = ((width * scale).round() as u32).clamp(1, columns);
    let down = if whole_rows {
        ((height * scale / 2.0).round() as u32).clamp(1, rows) * 2
    } else {
        ((height * scale).round() as u32).clamp(1, rows * 2)
    };
    (across, down)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pictures_keep_their_aspect() {
        let table = [
            ((600, 600), (60, 30), None, (60, 60)),
            ((600, 600), (80, 30), None, (60, 60)),
            ((600, 300), (60, 30), None, (60, 30)),
            ((600, 310), (60, 30), None, (60, 31)),
            ((300, 600), (60, 30), None, (30, 60)),
            ((32, 32), (60, 30), None, (60, 60)),
            ((1, 10_000), (60, 30), None, (1, 60)),
            ((10_000, 1), (60, 30), None, (60, 1)),
            ((600, 600), (60, 30), Some((10, 10)), (30, 60)),
            ((600, 600), (60, 30), Some((0, 10)), (60, 60)),
            ((0, 0), (0, 0), None, (1, 1)),
        ];
        for (picture, cells, cell, expected) in table {
            assert_eq!(halves(picture, cells, cell, false), expected, "{picture:?} in {cells:?} of {cell:?}");
        }
        assert_eq!(halves((600, 310), (60, 30), None, true), (60, 32));
        assert_eq!(halves((10_000, 1), (60, 30), None, true), (60, 2));
    }

    proptest! {
        #[test]
        fn a_picture_stays_in_its_box(w: u32, h: u32, cw: u16, ch: u16, px: u16, py: u16, whole: bool) {
            let (across, down) = halves((w, h), (cw, ch), Some((px, py)), whole);
            prop_assert!((1..=u32::from(cw.max(1))).contains(&across));
            prop_assert!((1..=u32::from(ch.max(1)) * 2).contains(&down));
        }
    }
}
