//! Points in a plain text, with axes: letters where there are few, dots of braille where there are many.

use super::output::short;

/// Rows of a plot.
const ROWS: usize = 14;
/// Columns of a plot with its axis and the numbers at it.
const COLUMNS: usize = 78;
/// As many points have letters of their own.
pub(super) const MOST_LETTERS: usize = 26;
/// Several letters in one place.
const SEVERAL: char = '#';

/// What a plot shows.
pub(super) struct Scatter<'a> {
    /// The points, in the order of their letters; those without one of both values are left out.
    pub(super) points: &'a [(f64, f64)],
    /// What goes from left to right.
    pub(super) across: &'a str,
    /// What goes upwards.
    pub(super) upwards: &'a str,
    /// Whether characters beyond ASCII can be written.
    pub(super) is_utf8: bool,
}

/// The letter of a point.
pub(super) fn letter(place: usize) -> char {
    char::from(b'a' + (place % MOST_LETTERS) as u8)
}

/// Where values lie between two ends.
#[derive(Clone, Copy)]
struct Span {
    low: f64,
    high: f64,
}

impl Span {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        Self { low, high }
    }

    /// Which of so many steps a value is on; the middle one where all values are the same.
    fn step(self, value: f64, steps: usize) -> usize {
        let last = steps.saturating_sub(1) as f64;
        let share = (value - self.low) / (self.high - self.low);
        (if share.is_finite() { share * last } else { last / 2.0 }).round().clamp(0.0, last) as usize
    }
}

impl Scatter<'_> {
    /// The lines of the plot; none where there is nothing to show.
    pub(super) fn lines(&self) -> Vec<String> {
        if self.known().next().is_none() {
            return Vec::new();
        }
        let across = Span::of(self.known().map(|(_, x, _)| x));
        let upwards = Span::of(self.known().map(|(_, _, y)| y));
        let [top, bottom] = [upwards.high, upwards.low].map(short_signed);
        let gutter = top.chars().count().max(bottom.chars().count());
        let width = COLUMNS - gutter - 2;
        let cells = match (self.points.len() <= MOST_LETTERS, self.is_utf8) {
            (true, _) => self.letters(across, upwards, width),
            (false, true) => self.dots(across, upwards, width),
            (false, false) => self.stars(across, upwards, width),
        };
        let (bar, corner, dash) = if self.is_utf8 { ('│', '└', '─') } else { ('|', '+', '-') };
        let mut lines = vec![self.upwards.to_owned()];
        for (at, row) in cells.iter().enumerate() {
            let number = match at {
                0 => top.as_str(),
                _ if at + 1 == ROWS => bottom.as_str(),
                _ => "",
            };
            let row: String = row.iter().collect();
            lines.push(format!("{number:>gutter$} {bar}{}", row.trim_end()));
        }
        lines.push(format!("{:>gutter$} {corner}{}", "", dash.to_string().repeat(width)));
        let [low, high] = [across.low, across.high].map(short_signed);
        let between = width.saturating_sub(low.chars().count() + high.chars().count());
        lines.push(format!("{:>gutter$}  {low}{:^between$}{high}", "", cut(self.across, between)));
        lines
    }

    /// The points that have both values, with their places in the list.
    fn known(&self) -> impl Iterator<Item = (usize, f64, f64)> + Clone {
        let points = self.points.iter().enumerate().map(|(place, (x, y))| (place, *x, *y));
        points.filter(|(_, x, y)| x.is_finite() && y.is_finite())
    }

    fn letters(&self, across: Span, upwards: Span, width: usize) -> Vec<Vec<char>> {
        let mut cells = vec![vec![' '; width]; ROWS];
        for (place, x, y) in self.known() {
            let row = ROWS - 1 - upwards.step(y, ROWS);
            if let Some(cell) = cells.get_mut(row).and_then(|row| row.get_mut(across.step(x, width))) {
                *cell = if *cell == ' ' { letter(place) } else { SEVERAL };
            }
        }
        cells
    }

    fn stars(&self, across: Span, upwards: Span, width: usize) -> Vec<Vec<char>> {
        let mut cells = vec![vec![' '; width]; ROWS];
        for (_, x, y) in self.known() {
            let row = ROWS - 1 - upwards.step(y, ROWS);
            if let Some(cell) = cells.get_mut(row).and_then(|row| row.get_mut(across.step(x, width))) {
                *cell = if *cell == ' ' { '.' } else { '*' };
            }
        }
        cells
    }

    /// Two by four dots in a cell.
    fn dots(&self, across: Span, upwards: Span, width: usize) -> Vec<Vec<char>> {
        /// The bits of a braille character, row by row.
        const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let mut bits = vec![vec![0; width]; ROWS];
        for (_, x, y) in self.known() {
            let (column, row) = (across.step(x, width * 2), ROWS * 4 - 1 - upwards.step(y, ROWS * 4));
            let dot = BITS.get(row % 4).and_then(|row| row.get(column % 2)).copied().unwrap_or_default();
            if let Some(cell) = bits.get_mut(row / 4).and_then(|row| row.get_mut(column / 2)) {
                *cell |= dot;
            }
        }
        let show = |bits: u32| if bits == 0 { ' ' } else { char::from_u32(0x2800 + bits).unwrap_or('*') };
        bits.into_iter().map(|row| row.into_iter().map(show).collect()).collect()
    }
}

/// A number with as many digits as tell something, below zero too.
fn short_signed(number: f64) -> String {
    if number < 0.0 { format!("-{}", short(-number)) } else { short(number) }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(points: &[(f64, f64)], is_utf8: bool) -> Vec<String> {
        Scatter { points, across: "coverage", upwards: "score", is_utf8 }.lines()
    }

    #[test]
    fn few_points_are_letters_in_their_places() {
        let found = lines(&[(0.0, 10.0), (1.0, 20.0), (0.5, 15.0), (0.5, 15.0)], true);
        assert_eq!(found[0], "score");
        assert!(found[1].starts_with("20 │") && found[1].ends_with('b'), "{}", found[1]);
        assert_eq!(found[ROWS], "10 │a");
        assert!(found.iter().any(|line| line.contains(SEVERAL)));
        let last = found.last().unwrap();
        assert!(last.trim_start().starts_with('0') && last.ends_with('1') && last.contains("coverage"));
    }

    #[test]
    fn plots_fit_and_are_ascii_where_they_must() {
        let many: Vec<(f64, f64)> = (0..60).map(|at| (f64::from(at), f64::from(at * at))).collect();
        for points in [&many[..], &many[..5], &[(3.0, -2.5)]] {
            for is_utf8 in [true, false] {
                let found = lines(points, is_utf8);
                assert_eq!(found.len(), ROWS + 3);
                assert!(found.iter().all(|line| line.chars().count() <= 80), "{found:#?}");
                assert!(is_utf8 || found.iter().all(|line| line.is_ascii()), "{found:#?}");
            }
        }
        assert!(lines(&many, true).concat().contains(|dot| ('\u{2801}'..='\u{28ff}').contains(&dot)));
        assert!(lines(&[], true).is_empty() && lines(&[(f64::NAN, 1.0)], true).is_empty());
    }
}
