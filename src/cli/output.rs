//! Writing to standard output and standard error, the only place that does.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use crate::ui::safe;
/// A number with commas between its thousands.
pub(super) use crate::ui::thousands as grouped;
pub(super) use crate::ui::{percent, short};

/// Standard output, buffered.
pub(super) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Says something to the user.
pub(super) fn say(text: &str) {
    // With standard error gone there is nobody to talk to.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says what went wrong.
pub(super) fn complain(text: &str) {
    say(&format!("capscope: {}", lines(text)));
}

/// A text of several lines, made safe.
pub(super) fn lines(text: &str) -> String {
    text.split('\n').map(|line| safe(line).into_owned()).collect::<Vec<_>>().join("\n")
}

/// A text on one line, made safe; its line ends become spaces.
pub(super) fn one_line(text: &str) -> String {
    safe(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Whether a failure is that the reader of our output went away, which is no failure.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether standard output is a terminal that wants colours.
pub(super) fn is_colourful() -> bool {
    io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// A count with its noun: `1 sample`, `5,000 samples`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "sample"), "1 sample");
        assert_eq!(counted(5_000, "sample"), "5,000 samples");
    }

    #[test]
    fn no_control_character_of_the_data_is_printed() {
        assert!(!one_line("a\u{1b}[31mred\u{7}\nb").chars().any(char::is_control));
    }
}
