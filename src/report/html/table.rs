//! Tables, with a bar in a cell where a share is to be seen.

use super::markup::Html;

/// A column's head, and whether numbers stand under it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Head {
    /// Text stands under it.
    Text(&'static str),
    /// Numbers stand under it.
    Number(&'static str),
    /// Numbers with bars stand under it.
    Bar(&'static str),
}

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Text of ours.
    Text(String),
    /// Text of the data.
    Data(String),
    /// Text of the data with how deep it stands in a tree.
    Deep(String, u16),
    /// A number.
    Number(String),
    /// A number with a bar of this length, 0 to 1.
    Bar(String, f64),
    /// A number with another one in small print, and a bar of this length, 0 to 1.
    Against(String, String, f64),
    /// A share and its interval, each 0 to 1.
    Interval { shown: String, rate: f64, low: f64, high: f64 },
    /// A number on a ground that is as deep as this, 0 to 1.
    Heat(String, f64),
}

/// A table whose first cell of each row names the row.
#[derive(Debug)]
pub(super) struct Table {
    /// What it shows.
    pub(super) caption: String,
    /// Whether the caption is for readers that do not see the page: a heading beside it says the same.
    pub(super) is_quiet: bool,
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn new(caption: impl Into<String>, heads: &[Head], rows: Vec<Vec<Cell>>) -> Self {
        Self { caption: caption.into(), is_quiet: false, heads: heads.to_vec(), rows }
    }

    pub(super) fn quiet(self) -> Self {
        Self { is_quiet: true, ..self }
    }

    /// Writes it. It can be scrolled by keys where the page is narrow.
    pub(super) fn write(&self, html: &mut Html) {
        html.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\"")
            .attribute("aria-label", &self.caption);
        // Of few columns the one with bars takes what room there is.
        let is_bars = self.heads.len() <= 4 && self.heads.iter().any(|head| matches!(head, Head::Bar(_)));
        html.raw(if is_bars { "><table class=\"bars\">" } else { "><table>" });
        html.raw("<caption").raw(if self.is_quiet { " class=\"quiet\">" } else { ">" });
        html.text(&self.caption).raw("</caption><thead><tr>");
        for head in &self.heads {
            match head {
                Head::Text(name) => html.raw("<th scope=\"col\">").text(name),
                Head::Number(name) => html.raw("<th scope=\"col\" class=\"n\">").text(name),
                Head::Bar(name) => html.raw("<th scope=\"col\" class=\"b\"><span>").text(name).raw("</span>"),
            };
            html.raw("</th>");
        }
        html.raw("</tr></thead><tbody>");
        for row in &self.rows {
            html.raw("<tr>");
            for (place, cell) in row.iter().enumerate() {
                cell.write(html, place == 0);
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }
}

impl Cell {
    pub(super) fn write(&self, html: &mut Html, names_row: bool) {
        html.raw(if names_row { "<th scope=\"row\"" } else { "<td" });
        match self {
            Self::Text(text) => html.raw(">").text(text),
            Self::Data(text) => html.raw(" class=\"d\">").data(text),
            Self::Deep(text, depth) => {
                html.attribute("style", format_args!("--depth:{depth}")).raw(" class=\"d deep\">").data(text)
            }
            Self::Number(text) => html.raw(" class=\"n\">").text(text),
            Self::Bar(text, share) => {
                html.raw(" class=\"bar\"").attribute("style", format_args!("--v:{:.4}", bounded(*share)));
                html.raw("><span>").text(text).raw("</span>")
            }
            Self::Against(text, other, share) => {
                html.raw(" class=\"n under\"").attribute("style", format_args!("--v:{:.4}", bounded(*share)));
                html.raw("><span>").text(text).raw(" <small>").text(other).raw("</small></span>")
            }
            Self::Interval { shown, rate, low, high } => {
                let (rate, low, high) = (bounded(*rate), bounded(*low), bounded(*high));
                let style = format_args!("--v:{rate:.4};--lo:{low:.4};--hi:{high:.4}");
                html.raw(" class=\"interval\"").attribute("style", style);
                html.raw("><span>").text(shown).raw("</span>")
            }
            Self::Heat(text, share) => {
                html.raw(" class=\"n heat\"").attribute("style", format_args!("--v:{:.3}", bounded(*share)));
                html.raw(">").text(text)
            }
        };
        html.raw(if names_row { "</th>" } else { "</td>" });
    }
}

fn bounded(share: f64) -> f64 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}
