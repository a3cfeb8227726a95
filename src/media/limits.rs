//! How much one picture may cost.

use std::time::Duration;

/// Bounds on what a single picture may take, so that a hostile one costs a message and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Encoded bytes.
    pub bytes: u64,
    /// Width times height.
    pub pixels: u64,
    /// Width, and height.
    pub side: u32,
    /// Bytes that a decoder may allocate.
    pub memory: u64,
    /// Whether `http:` and `https:` addresses may be fetched at all.
    pub fetch_urls: bool,
    /// Time for one fetch, redirects and the body included.
    pub url_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            pixels: 150_000_000,
            side: 50_000,
            memory: 512 << 20,
            fetch_urls: false,
            url_timeout: Duration::from_secs(15),
        }
    }
}
