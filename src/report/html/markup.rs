//! Markup under construction. What stands in the program is markup; all else is text, and escaped.

use std::fmt::Display;

use super::super::pictures::Excerpt;
use crate::ui::{safe, safe_lines, short, thousands};

/// A piece of a page. Only literals of the program go into it as they are.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text of ours, which may hold a number or a name.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        escape(&text.to_string(), &mut self.0);
        self
    }

    /// Text of a data set: what cannot be seen becomes visible, and its direction is its own affair.
    pub(super) fn data(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>");
        escape(&safe(text), &mut self.0);
        self.raw("</bdi>")
    }

    /// An attribute of the tag that is open.
    pub(super) fn attribute(&mut self, name: &'static str, value: impl Display) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"");
        self.text(value).raw("\"")
    }

    /// A number with commas, and exactly for whoever reads the page by program.
    pub(super) fn count(&mut self, number: u64) -> &mut Self {
        self.figure(number, &thousands(number))
    }

    /// A figure as it is and as it is shown.
    pub(super) fn figure(&mut self, value: impl Display, shown: &str) -> &mut Self {
        self.raw("<data").attribute("value", value).raw(">").text(shown).raw("</data>")
    }

    /// A piece that was made elsewhere.
    pub(super) fn add(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// A caption with its lit words, and how much of it is left out.
    pub(super) fn caption(&mut self, excerpt: &Excerpt) -> &mut Self {
        self.raw("<p class=\"caption\" dir=\"auto\">");
        if excerpt.left_out_before > 0 {
            self.raw("<span class=\"cut\">").text(thousands(excerpt.left_out_before as u64));
            self.raw(" bytes before …</span> ");
        }
        self.raw("<bdi>");
        let shown = safe_lines(&excerpt.text);
        let mut from = 0;
        for range in &excerpt.lit {
            let range = shown.range(range);
            let start = range.start.max(from);
            self.text(shown.text.get(from..start).unwrap_or_default());
            if let Some(lit) = shown.text.get(start..range.end).filter(|lit| !lit.is_empty()) {
                self.raw("<mark>").text(lit).raw("</mark>");
            }
            from = range.end.max(from);
        }
        self.text(shown.text.get(from..).unwrap_or_default()).raw("</bdi>");
        if excerpt.left_out > 0 {
            let left_out = thousands(excerpt.left_out as u64);
            self.raw(" <span class=\"cut\">… ").text(left_out).raw(" bytes more</span>");
        }
        self.raw("</p>")
    }

    /// The page.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A number with as many digits as tell something, with commas.
pub(super) fn number(number: f64) -> String {
    if number.abs() >= 1_000.0 && number >= 0.0 { thousands(number.round() as u64) } else { short(number) }
}

/// A comparison as one prints it.
pub(super) fn sign(comparison: &str) -> &str {
    match comparison {
        ">=" => "≥",
        "<=" => "≤",
        other => other,
    }
}

/// Writes a text so that neither markup nor an attribute's value ends in it. What HTML does not allow to stand
/// anywhere becomes the sign for that.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(letter),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a reader of HTML makes of escaped text.
    fn unescaped(html: &str) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .into_iter()
            .fold(html.to_owned(), |text, (sign, letter)| text.replace(sign, letter))
    }

    #[test]
    fn hostile_text_is_text() {
        let mut html = Html::default();
        html.data("</bdi><script>alert('\u{202e}1')</script>\u{1b}[31m\0\"");
        let text = html.into_text();
        assert_eq!(text.matches('<').count(), 2, "{text}");
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\0', '\'']), "{text}");
    }

    #[test]
    fn lit_words_are_marked() {
        let mut html = Html::default();
        html.caption(&Excerpt {
            text: "a <b> & c".into(),
            left_out_before: 0,
            left_out: 1_200,
            lit: vec![2..5, 8..9],
        });
        assert_eq!(
            html.into_text(),
            "<p class=\"caption\" dir=\"auto\"><bdi>a <mark>&lt;b&gt;</mark> &amp; <mark>c</mark></bdi> \
             <span class=\"cut\">… 1,200 bytes more</span></p>"
        );
    }

    proptest! {
        #[test]
        fn text_reads_back(text in "\\PC*") {
            let mut html = Html::default();
            html.text(&text);
            let html = html.into_text();
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            prop_assert_eq!(unescaped(&html), text);
        }

        #[test]
        fn any_caption_is_one_paragraph(text in any::<String>(), lit in prop::collection::vec((0_usize..40, 0_usize..40), 0..4)) {
            let mut html = Html::default();
            html.caption(&Excerpt::cut(&text, lit.into_iter().map(|(start, end)| start..end).collect(), 30));
            let html = html.into_text();
            let tags = ["<p class=\"caption\" dir=\"auto\">", "</p>", "<bdi>", "</bdi>", "<mark>", "</mark>", "<span class=\"cut\">", "</span>"];
            let bare = tags.iter().fold(html.clone(), |text, tag| text.replace(tag, ""));
            prop_assert!(!bare.contains(['<', '>']), "{}", html);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
        }
    }
}
