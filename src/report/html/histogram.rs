//! Histograms as plots.

use super::markup::{Html, number};
use super::plot::{Look, Plot, round_numbers};
use super::table::{Cell, Head, Table};
use crate::measure::Histogram;
use crate::ui::{per_cent, thousands};

/// Bars of a plot, about.
const BARS: usize = 40;

/// What is drawn on a histogram.
#[derive(Debug, Default)]
pub(super) struct Drawn<'a> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) axis: &'static str,
    /// Another set of samples, as an outline.
    pub(super) rest: Option<&'a Histogram>,
    /// Where to draw a line, with words.
    pub(super) mark: Option<(f64, String)>,
    /// Bars on this side of the line are what it is about.
    pub(super) is_flagged: Option<fn(f64, f64) -> bool>,
}

/// A bar: edges and samples.
type Bar = (f64, f64, u64);

/// Neighbouring bins taken together, so that there are few enough to be seen; an edge at `keep` stays one.
fn bars(histogram: &Histogram, keep: Option<f64>) -> Vec<Bar> {
    let together = histogram.counts.len().div_ceil(BARS).max(1);
    let mut bars: Vec<Bar> = Vec::new();
    let mut held = 0;
    for (pair, count) in histogram.edges.windows(2).zip(&histogram.counts) {
        let [low, high] = pair else { continue };
        let is_kept = keep.is_some_and(|keep| keep.total_cmp(low).is_eq());
        match bars.last_mut() {
            Some(last) if held < together && !is_kept => {
                last.1 = *high;
                last.2 += count;
                held += 1;
            }
            _ => {
                bars.push((*low, *high, *count));
                held = 1;
            }
        }
    }
    bars
}

/// The width of most bars.
fn usual_width(bars: &[Bar]) -> f64 {
    let mut widths: Vec<f64> = bars.iter().map(|(low, high, _)| high - low).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(1.0).max(f64::EPSILON)
}

/// The stretch that is drawn: without the wide bins of outliers at the ends, of which so much is left out.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(histogram: &Histogram) -> Self {
        let edges = &histogram.edges;
        let mut widths: Vec<f64> =
            edges.windows(2).map(|pair| pair.last().unwrap_or(&0.0) - pair.first().unwrap_or(&0.0)).collect();
        let (first, last) = (widths.first().copied().unwrap_or(1.0), widths.last().copied().unwrap_or(1.0));
        widths.sort_by(f64::total_cmp);
        let usual = widths.get(widths.len() / 2).copied().unwrap_or(1.0).max(f64::EPSILON);
        let (mut low, mut high) =
            (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(1.0));
        // An outlier must not press all others together.
        if first > 20.0 * usual {
            low = edges.get(1).copied().unwrap_or(low) - usual;
        }
        if last > 20.0 * usual {
            high = edges.get(edges.len().saturating_sub(2)).copied().unwrap_or(high) + usual;
        }
        if high <= low { Self { low, high: low + 1.0 } } else { Self { low, high } }
    }

    fn place(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The values of a bar.
fn stretch(low: f64, high: f64, is_single: bool) -> String {
    if is_single && high - low <= 1.0 { number(low) } else { format!("{} – {}", number(low), number(high)) }
}

/// A round number without more digits than it has.
fn tick_label(tick: f64) -> String {
    if tick.fract() == 0.0 { number(tick) } else { ((tick * 1e6).round() / 1e6).to_string() }
}

/// Writes a histogram with its figures.
pub(super) fn write(html: &mut Html, histogram: &Histogram, drawn: Drawn<'_>) {
    let keep = drawn.mark.as_ref().filter(|_| drawn.is_flagged.is_some()).map(|(value, _)| *value);
    let (all, rest) = (bars(histogram, keep), drawn.rest.map(|rest| bars(rest, None)));
    let scale = Scale::of(histogram);
    let known = histogram.known().max(1) as f64;
    // Samples in a stretch as wide as the usual bar, so that wide and narrow ones can be compared.
    let width = usual_width(&all);
    let height = |(low, high, count): &Bar, known: f64| {
        let drawn = (high.min(scale.high) - low.max(scale.low)).max(f64::EPSILON);
        *count as f64 / known * (width / drawn).min(1.0)
    };
    let rest_known = drawn.rest.map_or(1, |rest| rest.known().max(1)) as f64;
    let heights = all.iter().map(|bar| height(bar, known));
    let of_rest = rest.iter().flatten().map(|bar| height(bar, rest_known));
    let top = heights.chain(of_rest).fold(0.0, f64::max).max(1e-6) * 1.08;
    let about = if histogram.unknown > 0 {
        format!("; of {} samples it is not known", thousands(histogram.unknown))
    } else {
        String::new()
    };
    let peak = all.iter().max_by(|one, other| height(one, known).total_cmp(&height(other, known)));
    let peak = peak.map_or_else(String::new, |(low, high, count)| {
        format!("Most samples, {}, lie from {} to {}", thousands(*count), number(*low), number(*high))
    });
    let mut plot =
        Plot::new(drawn.id, drawn.title.clone(), format!("{peak}{about}."), [drawn.axis, "share of samples"]);
    for level in round_numbers(0.0, top * 100.0, 3).into_iter().filter(|level| *level > 0.0) {
        plot.level(level / 100.0 / top, &format!("{} %", tick_label(level)));
    }
    for bar in &all {
        let (low, high, _) = *bar;
        let look = match drawn.is_flagged {
            Some(is_flagged) if !keep.is_some_and(|keep| is_flagged(f64::midpoint(low, high), keep)) => {
                Look::Quiet
            }
            _ => Look::Accent,
        };
        plot.bar((scale.place(low), scale.place(high)), height(bar, known) / top, look);
    }
    if let Some(rest) = &rest {
        let steps = rest.iter().flat_map(|bar| {
            let up = height(bar, rest_known) / top;
            [(scale.place(bar.0), up), (scale.place(bar.1), up)]
        });
        plot.line(&steps.collect::<Vec<_>>(), Look::Quiet);
    }
    // A whole number stands under the middle of its bar, where each has one.
    let is_single = histogram.column.is_whole() && width <= 1.0;
    let middle = if is_single { 0.5 } else { 0.0 };
    let last = if is_single { scale.high - 1.0 } else { scale.high };
    for tick in round_numbers(scale.low, last, 7) {
        if !histogram.column.is_whole() || tick.fract() == 0.0 {
            plot.tick(scale.place(tick + middle), &tick_label(tick));
        }
    }
    if let Some((value, words)) = &drawn.mark {
        plot.mark(scale.place(*value), words);
    }
    let sum: u64 = all.iter().map(|(_, _, count)| count).sum();
    let rows = all.iter().filter(|(_, _, count)| *count > 0).map(|(low, high, count)| {
        vec![
            Cell::Text(stretch(*low, *high, is_single)),
            Cell::Number(thousands(*count)),
            Cell::Number(per_cent(*count, sum)),
        ]
    });
    let heads = [Head::Text(drawn.axis), Head::Number("samples"), Head::Number("share")];
    plot.write(html, &Table::new(drawn.title, &heads, rows.collect()).quiet());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Column;

    #[test]
    fn bars_keep_every_sample_and_the_threshold() {
        let edges: Vec<f64> = (0..=130).map(|edge| f64::from(edge) / 2.0).collect();
        let counts: Vec<u64> = (0..130).collect();
        let histogram = Histogram { column: Column::Rate, edges, counts, unknown: 0 };
        for keep in [None, Some(10.5), Some(11.0), Some(64.5)] {
            let bars = bars(&histogram, keep);
            assert_eq!(bars.iter().map(|bar| bar.2).sum::<u64>(), histogram.known());
            assert!(bars.windows(2).all(|pair| pair[0].1.total_cmp(&pair[1].0).is_eq()));
            assert!(bars.len() <= BARS + 1);
            let is_edge = |keep: f64| bars.iter().any(|bar| bar.0.total_cmp(&keep).is_eq());
            assert!(keep.is_none_or(is_edge), "{keep:?}");
        }
    }
}
