//! A look at a picture for its own sake: is it there, is it whole, what is it?
//!
//! [`standing`] is the cheap first look, which asks the file system and reads nothing; [`look`] decodes.

use std::path::Path;
use std::time::UNIX_EPOCH;

use image::ImageFormat;

use super::format::{self, Facts};
use super::likeness::{Likeness, likeness};
use super::{Limits, MediaError, decode};
use crate::model::ImageRef;

/// Pixels of the box that a picture is shrunk into before its likeness is taken: a few times what that
/// needs, so that how it was shrunk does not show.
pub(super) const WITHIN: (u32, u32) = (128, 128);

/// What can be said of a picture's bytes before they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are there: the size of the file that holds them, and when it was last changed, in
    /// nanoseconds since 1970. Both stay the same as long as the bytes do.
    There {
        /// Bytes of the file; of a `data:` URL its characters.
        bytes: u64,
        /// When it was last changed; 0 where that is not told.
        modified: u64,
    },
    /// There is no such file.
    Absent,
    /// On the network, where nobody looks without being told to.
    Afar,
}

/// Where a picture's bytes stand. Asks the file system once and opens nothing.
pub fn standing(reference: &ImageRef) -> Standing {
    match reference {
        ImageRef::File(path) => standing_of(path),
        ImageRef::Span { file, .. } | ImageRef::Cell { file, .. } | ImageRef::Field { file, .. } => {
            standing_of(file)
        }
        ImageRef::Data(text) => Standing::There { bytes: text.len() as u64, modified: 0 },
        ImageRef::Url(_) => Standing::Afar,
        ImageRef::Missing { .. } => Standing::Absent,
    }
}

fn standing_of(path: &Path) -> Standing {
    use std::io::ErrorKind;
    match std::fs::metadata(path) {
        Ok(found) => {
            let modified = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let modified = modified.map_or(0, |since| since.as_nanos() as u64);
            Standing::There { bytes: found.len(), modified }
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Standing::Absent
        }
        // It may be there, and whoever reads it will say what is wrong.
        Err(_) => Standing::There { bytes: 0, modified: 0 },
    }
}

/// What a picture is, found by decoding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Size, format and bytes.
    pub facts: Facts,
    /// Whether it has more frames than the first.
    pub animated: bool,
    /// What pictures that look the same have in common; none for those that are too flat or too simple.
    pub likeness: Option<Likeness>,
}

/// Decodes a picture and tells what it is. One that ends before it should is an error, even where a
/// viewer would show what there is.
pub fn look(bytes: &[u8], limits: &Limits) -> Result<Look, MediaError> {
    let picture = decode(bytes, WITHIN, limits)?;
    if is_cut(bytes, format::detect(bytes)?) {
        let reason = "it ends too early".to_owned();
        return Err(MediaError::Broken { format: picture.format, reason });
    }
    let (facts, animated) = (picture.facts(), picture.frames_more);
    Ok(Look { facts, animated, likeness: likeness(&picture.pixels) })
}

/// Whether the end is missing of a picture whose decoder does not mind.
fn is_cut(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        // In the coded pixels 0xff never stands before 0xd9 but at their end.
        ImageFormat::Jpeg => {
            let scan = jpeg_scan(bytes).unwrap_or_default();
            !scan.windows(2).any(|pair| pair == [0xff, 0xd9])
        }
        ImageFormat::WebP => {
            let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
            length.is_some_and(|length| u64::from(length) + 8 > bytes.len() as u64)
        }
        _ => false,
    }
}

/// A JPEG from its first scan on; what stands before may hold a thumbnail, with an end of its own.
fn jpeg_scan(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(2..)?;
    loop {
        rest = match rest {
            [0xff, 0xda, scan @ ..] => return Some(scan),
            [0xff, 0xff, ..] => rest.get(1..)?,
            [0xff, _, high, low, ..] => {
                rest.get(2 + usize::from(u16::from_be_bytes([*high, *low])).max(2)..)?
            }
            // What is between segments belongs to nobody, and decoders pass it over.
            [_, after @ ..] => after,
            [] => return None,
        };
    }
}

/// Whether the suffix of a picture's name says another format than its content has. A name without a
/// suffix, or with one that is none of a picture, says nothing.
pub fn suffix_is_wrong(reference: &ImageRef, format: &str) -> bool {
    let name = match reference {
        ImageRef::File(path) => path.as_path(),
        ImageRef::Span { name, .. } => Path::new(name.as_str()),
        _ => return false,
    };
    let suffix = name.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
    suffix.and_then(|suffix| format_of(&suffix)).is_some_and(|said| said != format)
}

/// The format that a suffix says.
fn format_of(suffix: &str) -> Option<&'static str> {
    Some(match suffix {
        "jpg" | "jpeg" | "jpe" | "jfif" => "JPEG",
        "png" | "apng" => "PNG",
        "gif" => "GIF",
        "webp" => "WebP",
        "pnm" | "pbm" | "pgm" | "ppm" | "pam" => "PNM",
        "tif" | "tiff" => "TIFF",
        "tga" => "TGA",
        "bmp" | "dib" => "BMP",
        "ico" | "cur" => "ICO",
        "qoi" => "QOI",
        "avif" => "AVIF",
        "heic" | "heif" => "HEIC",
        "jxl" => "JPEG XL",
        "jp2" | "j2k" => "JPEG 2000",
        "svg" => "SVG",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::{encoded, gif, oriented_jpeg, photo, scene};

    fn at(bytes: &[u8]) -> Result<Look, String> {
        look(bytes, &Limits::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_look_tells_size_format_and_frames() {
        let moving = at(&gif(10, 12, 3)).expect("a picture");
        assert_eq!((moving.facts.size, moving.facts.format, moving.animated), ((10, 12), "GIF", true));
        let still = at(&oriented_jpeg(&photo(64, 32), 6)).expect("a picture");
        assert_eq!((still.facts.size, still.animated), ((32, 64), false));
    }

    #[test]
    fn a_picture_that_ends_too_early_is_broken() {
        let picture = scene(1, 320, 240);
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
            let whole = encoded(&picture, format);
            assert!(at(&whole).is_ok(), "{format:?}");
            for share in [30, 60, 95] {
                let cut = &whole[..whole.len() * share / 100];
                assert!(at(cut).is_err_and(|error| error.starts_with("broken ")), "{format:?} {share} %");
            }
            if format == ImageFormat::Jpeg {
                assert!(at(&whole[..whole.len() - 2]).is_err(), "its end is missing");
                let more = [&whole[..], b"what a camera adds"].concat();
                assert!(at(&more).is_ok(), "more than a picture");
            }
        }
        assert!(at(b"").is_err() && at(b"<html>").is_err());
    }

    #[test]
    fn a_suffix_is_wrong_where_it_names_another_format() {
        for (name, format, wrong) in [
            ("a.jpg", "JPEG", false),
            ("a.JPEG", "JPEG", false),
            ("a.jpg", "PNG", true),
            ("a.png", "WebP", true),
            ("a.avif", "JPEG", true),
            ("a", "PNG", false),
            ("a.0001", "PNG", false),
            ("a.jpg.image", "PNG", false),
        ] {
            assert_eq!(suffix_is_wrong(&ImageRef::File(name.into()), format), wrong, "{name} {format}");
        }
        let cell = ImageRef::Cell { file: "x.png".into(), row: 0, column: "image".into(), item: 0 };
        assert!(!suffix_is_wrong(&cell, "JPEG"));
    }

    #[test]
    fn the_first_look_reads_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jpg");
        assert_eq!(standing(&ImageRef::File(path.clone())), Standing::Absent);
        std::fs::write(&path, b"12345").expect("written");
        let there = standing(&ImageRef::File(path.clone()));
        assert!(matches!(there, Standing::There { bytes: 5, modified: 1.. }), "{there:?}");
        assert_eq!(standing(&ImageRef::File(path.join("b.jpg"))), Standing::Absent);
        assert_eq!(standing(&ImageRef::Url("http://x/y.jpg".into())), Standing::Afar);
    }
}
