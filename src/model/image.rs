//! Where the pixels of a sample lie.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A picture that belongs to a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The part it plays where a sample has several: `left`, `target`, the column's name.
    pub role: Option<String>,
    /// Where its bytes are.
    pub reference: ImageRef,
    /// Width in pixels as the data set states it.
    pub width: Option<u32>,
    /// Height in pixels as the data set states it.
    pub height: Option<u32>,
}

impl Image {
    /// A picture of which only the address is known.
    pub fn new(reference: ImageRef) -> Self {
        Self { role: None, reference, width: None, height: None }
    }
}

/// The address of a picture's encoded bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImageRef {
    /// A file of its own. The path is absolute, or relative to the working directory.
    File(PathBuf),
    /// A stretch of bytes in an uncompressed file: a tar member.
    Span {
        /// The file that holds the bytes.
        file: PathBuf,
        /// The member's name, for messages and for the file type.
        name: String,
        /// First byte.
        offset: u64,
        /// Number of bytes.
        length: u64,
    },
    /// A binary cell of a Parquet or Arrow file.
    Cell {
        /// The Parquet file, or the Arrow IPC stream or file.
        file: PathBuf,
        /// Row in that file, from 0.
        row: u64,
        /// Path of the column from the root of the schema: `image`, or `images` for a list.
        column: String,
        /// Place in the row's list, where the column is a list; else 0.
        item: u32,
    },
    /// An `http:` or `https:` address; fetched only where the user allowed it.
    Url(String),
    /// A `data:` URL, whole.
    Data(String),
    /// A long text value (such as a `data:` URL) inside one line of an uncompressed JSON Lines
    /// file, read again when wanted instead of being kept.
    Field {
        /// The file.
        file: PathBuf,
        /// First byte of the line.
        offset: u64,
        /// Bytes of the line, without its end.
        length: u64,
        /// JSON pointer to the value inside the line's record.
        pointer: String,
    },
    /// The data names a picture that could not be found beside it.
    Missing {
        /// What the data says.
        name: String,
        /// Why that leads nowhere, in words for the user.
        reason: String,
    },
}

impl ImageRef {
    /// What a person would call this picture: a file name, a member, an address.
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Span { file, name, .. } => format!("{}:{name}", file.display()),
            Self::Cell { file, row, column, item } if *item > 0 => {
                format!("{}, row {row}, {column}[{item}]", file.display())
            }
            Self::Cell { file, row, column, .. } => format!("{}, row {row}, {column}", file.display()),
            Self::Url(url) => url.clone(),
            Self::Data(text) => format!("data: URL of {} characters", text.len()),
            Self::Field { file, offset, pointer, .. } => {
                format!("{}, byte {offset}, {pointer}", file.display())
            }
            Self::Missing { name, .. } => name.clone(),
        }
    }
}
