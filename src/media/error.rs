//! Why there is no picture, in a short sentence for a person.

use thiserror::Error;

/// Why a picture could not be had. Every message is one line without control characters, whatever
/// the names in it hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MediaError {
    /// Nothing is at that path.
    #[error("no such file: {}", shown(.0))]
    NoSuchFile(String),
    /// A folder, a pipe or a device is at that path.
    #[error("not a regular file: {}", shown(.0))]
    NotAFile(String),
    /// The operating system refused; its words.
    #[error("cannot read {}: {}", shown(.name), shown(.reason))]
    Unreadable {
        /// What was read.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The file is shorter than the index believes: it was changed meanwhile.
    #[error("{} ends before the picture does: the file has changed", shown(.0))]
    Short(String),
    /// More encoded bytes than allowed; the limit in bytes.
    #[error("too large: more than {}", size(*.0))]
    TooManyBytes(u64),
    /// Larger than allowed.
    #[error("too large: {width}x{height} pixels, the limit is {limit}")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What is allowed, in words.
        limit: String,
    },
    /// The decoder would need more memory than allowed.
    #[error("too large: decoding it takes more than {}", size(*.0))]
    TooMuchMemory(u64),
    /// There are no bytes at all.
    #[error("empty: 0 bytes")]
    Empty,
    /// The bytes begin like nothing that is a picture.
    #[error("not a picture (starts with {0})")]
    NotAPicture(String),
    /// A picture of a kind that cannot be decoded here.
    #[error("{0} pictures are not supported")]
    Unsupported(&'static str),
    /// A file that stands for one kept elsewhere.
    #[error("a Git LFS pointer, not the picture itself: run `git lfs pull`")]
    LfsPointer,
    /// It begins well and goes wrong.
    #[error("broken {format}: {}", shown(.reason))]
    Broken {
        /// Name of the format.
        format: &'static str,
        /// The decoder's words.
        reason: String,
    },
    /// A `data:` URL that cannot be read.
    #[error("broken data: URL: {0}")]
    BrokenDataUrl(&'static str),
    /// An address that the user did not allow to be fetched.
    #[error("fetching URLs is off (--fetch-urls)")]
    FetchingOff,
    /// Neither `http:` nor `https:`, or nothing that is an address.
    #[error("not an http address: {}", shown(.0))]
    NotHttp(String),
    /// The network, or the server, said no.
    #[error("cannot fetch: {}", shown(.0))]
    Network(String),
    /// The data set names a picture that was not found beside it; why.
    #[error("{}", shown(.0))]
    Missing(String),
}

/// At most this many characters of a name or reason are shown.
const SHOWN: usize = 160;

/// A foreign text made harmless for a line: control and direction characters replaced, the middle
/// of a long one left out so that a path keeps its file name.
pub(crate) fn shown(text: &str) -> String {
    let safe = |symbol: char| {
        let hidden = symbol.is_control()
            || matches!(symbol, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if hidden { '\u{fffd}' } else { symbol }
    };
    let count = text.chars().count();
    if count <= SHOWN {
        return text.chars().map(safe).collect();
    }
    let head = text.chars().take(SHOWN / 2);
    let tail = text.chars().skip(count - SHOWN / 2);
    head.map(safe).chain(std::iter::once('…')).chain(tail.map(safe)).collect()
}

/// A number of bytes for a person: `812 B`, `245 KB`, `1.4 MB`; a KB is 1000 bytes.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..999_500 => format!("{} KB", (bytes + 500) / 1_000),
        999_500..9_950_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{} MB", (bytes + 500_000) / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 KB"),
            (245_123, "245 KB"),
            (999_499, "999 KB"),
            (999_500, "1.0 MB"),
            (1_440_000, "1.4 MB"),
            (268_435_456, "268 MB"),
        ];
        for (bytes, expected) in table {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn foreign_names_cannot_write_to_the_terminal() {
        let error = MediaError::NoSuchFile("a\u{1b}[31m\u{202e}b\nc.jpg".to_owned());
        assert_eq!(error.to_string(), "no such file: a\u{fffd}[31m\u{fffd}b\u{fffd}c.jpg");
        let long = MediaError::NoSuchFile(format!("{}/end.jpg", "x".repeat(5000))).to_string();
        assert!(long.chars().count() < 200 && long.ends_with("/end.jpg"), "{long}");
    }
}
