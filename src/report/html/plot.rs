//! Plots: an SVG that stretches with the page, labels of the page's own letters over it, and the figures as a table.

use super::markup::Html;
use super::table::Table;

/// Units of a plot's SVG, each way; it is stretched to whatever room there is.
const SIDE: f64 = 1_000.0;

/// One plot with labels and a description.
#[derive(Debug, Default)]
pub(super) struct Plot {
    /// By which its parts are found; of letters, digits and `-`.
    pub(super) id: String,
    /// What it shows, in a few words.
    pub(super) title: String,
    /// What can be seen in it, in a sentence.
    pub(super) description: String,
    /// What is written along the axes.
    pub(super) axes: [&'static str; 2],
    shapes: Html,
    labels: Html,
}

/// How a shape is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// What the plot is about.
    Accent,
    /// What stands beside it.
    Quiet,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Accent => "accent",
            Self::Quiet => "quiet",
        }
    }
}

impl Plot {
    pub(super) fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        description: impl Into<String>,
        axes: [&'static str; 2],
    ) -> Self {
        Self { id: id.into(), title: title.into(), description: description.into(), axes, ..Self::default() }
    }

    /// A bar from one share of the width to another, as high as a share of the height.
    pub(super) fn bar(&mut self, (from, to): (f64, f64), height: f64, look: Look) {
        let (x, width, height) = (from * SIDE, (to - from).max(0.0) * SIDE, height.clamp(0.0, 1.0) * SIDE);
        self.shapes.raw("<rect").attribute("class", look.class());
        self.shapes.attribute("x", format_args!("{x:.1}")).attribute("width", format_args!("{width:.1}"));
        self.shapes.attribute("y", format_args!("{:.1}", SIDE - height));
        self.shapes.attribute("height", format_args!("{height:.1}")).raw("/>");
    }

    /// A line through points, each a share of the width and of the height.
    pub(super) fn line(&mut self, points: &[(f64, f64)], look: Look) {
        let path: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{:.1},{:.1}", x * SIDE, SIDE - y.clamp(0.0, 1.0) * SIDE))
            .collect();
        self.shapes.raw("<polyline").attribute("class", look.class());
        self.shapes.attribute("points", path.join(" ")).raw("/>");
    }

    /// A line across at a height, with what it stands for.
    pub(super) fn level(&mut self, height: f64, label: &str) {
        let y = SIDE - height * SIDE;
        self.shapes.raw("<line class=\"grid\" x1=\"0\" x2=\"1000\"");
        self.shapes.attribute("y1", format_args!("{y:.1}")).attribute("y2", format_args!("{y:.1}")).raw("/>");
        self.labels
            .raw("<span class=\"y\"")
            .attribute("style", format_args!("bottom:{:.2}%", height * 100.0));
        self.labels.raw(">").text(label).raw("</span>");
    }

    /// A number under the plot.
    pub(super) fn tick(&mut self, place: f64, label: &str) {
        self.labels.raw("<span class=\"x\"").attribute("style", format_args!("left:{:.2}%", place * 100.0));
        self.labels.raw(">").text(label).raw("</span>");
    }

    /// A line from bottom to top, with words at its upper end.
    pub(super) fn mark(&mut self, place: f64, label: &str) {
        let x = place * SIDE;
        self.shapes.raw("<line class=\"cut\" y1=\"0\" y2=\"1000\"");
        self.shapes.attribute("x1", format_args!("{x:.1}")).attribute("x2", format_args!("{x:.1}")).raw("/>");
        let side = if place > 0.6 { "at before" } else { "at after" };
        self.labels.raw("<span").attribute("class", side);
        let style = if place > 0.6 {
            format!("right:{:.2}%", (1.0 - place) * 100.0)
        } else {
            format!("left:{:.2}%", place * 100.0)
        };
        self.labels.attribute("style", style).raw(">").text(label).raw("</span>");
    }

    /// Words beside the end of a line.
    pub(super) fn end(&mut self, height: f64, label: &str) {
        let height = height.clamp(0.0, 1.0) * 100.0;
        let class = if height > 55.0 { "end below" } else { "end above" };
        self.labels.raw("<span").attribute("class", class);
        self.labels.attribute("style", format_args!("bottom:{height:.2}%"));
        self.labels.raw(">").text(label).raw("</span>");
    }

    /// Writes the plot as a figure, with its numbers behind a fold.
    pub(super) fn write(&self, html: &mut Html, table: &Table) {
        html.raw("<figure class=\"plot\"><figcaption>").text(&self.title).raw("</figcaption>");
        html.raw(
            "<div class=\"frame\"><svg role=\"img\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\"",
        );
        html.attribute("aria-labelledby", format_args!("{0}-t {0}-d", self.id)).raw("><title");
        html.attribute("id", format_args!("{}-t", self.id)).raw(">").text(&self.title).raw("</title><desc");
        html.attribute("id", format_args!("{}-d", self.id)).raw(">").text(&self.description);
        html.raw("</desc>").add(&self.shapes).raw("</svg><div class=\"labels\" aria-hidden=\"true\">");
        html.add(&self.labels).raw("</div></div>");
        let [across, up] = self.axes;
        html.raw("<p class=\"axes\" aria-hidden=\"true\"><span>↑ ").text(up).raw("</span><span>");
        html.text(across).raw(" →</span></p>");
        html.raw("<details class=\"figures\"><summary>Figures<span class=\"quiet\"> of ").text(&self.title);
        html.raw("</span></summary>");
        table.write(html);
        html.raw("</details></figure>\n");
    }
}

/// Round numbers between two, at most about so many.
pub(super) fn round_numbers(low: f64, high: f64, most: u32) -> Vec<f64> {
    let range = high - low;
    if !range.is_finite() || range <= 0.0 {
        return vec![low];
    }
    let least = range / f64::from(most.max(1));
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|times| times as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::round_numbers;

    #[test]
    fn ticks_are_round() {
        assert_eq!(round_numbers(0.0, 47.0, 5), [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(round_numbers(3.0, 9.5, 4), [4.0, 6.0, 8.0]);
        assert_eq!(round_numbers(0.0, 1.0, 4), [0.0, 0.5, 1.0]);
        assert_eq!(round_numbers(5.0, 5.0, 4), [5.0]);
        assert_eq!(round_numbers(0.0, f64::NAN, 4), [0.0]);
    }
}
