//! Which kind of picture is it? Told by its first bytes, never by its name.

use image::ImageFormat;

use super::MediaError;
use super::error::size;

/// What the head of a picture tells without its pixels being decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Width and height in pixels, upright.
    pub size: (u32, u32),
    /// Name of the format: `JPEG`.
    pub format: &'static str,
    /// Encoded bytes.
    pub bytes: u64,
}

impl std::fmt::Display for Facts {
    /// `1280x960 JPEG 245 KB`
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = self.size;
        write!(out, "{width}x{height} {} {}", self.format, size(self.bytes))
    }
}

/// The format of these bytes, if it is one that can be decoded; else what they are instead.
pub(super) fn detect(bytes: &[u8]) -> Result<ImageFormat, MediaError> {
    if bytes.is_empty() {
        return Err(MediaError::Empty);
    }
    if let Some(unsupported) = foreign(bytes) {
        return Err(unsupported);
    }
    match image::guess_format(bytes) {
        // Two letters are a thin proof: a text may begin with them.
        Ok(ImageFormat::Pnm)
            if !bytes.get(2).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'#') => {}
        Ok(ImageFormat::Bmp) if bytes.get(6..10) != Some(&[0; 4]) => {}
        Ok(format) if name(format).is_some() => return Ok(format),
        _ => {}
    }
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return Ok(ImageFormat::Tga);
    }
    Err(MediaError::NotAPicture(beginning(bytes)))
}

/// The ending that a file of these bytes should have, in small letters, without the dot.
///
/// # Errors
/// Where they are no picture of any kind that is known.
pub fn file_ending(bytes: &[u8]) -> Result<&'static str, MediaError> {
    match detect(bytes) {
        Ok(ImageFormat::Jpeg) => Ok("jpg"),
        Ok(ImageFormat::Tiff) => Ok("tif"),
        Ok(format) => Ok(format.extensions_str().first().copied().unwrap_or("bin")),
        // They can be handed on all the same.
        Err(MediaError::Unsupported(name)) => Ok(match name {
            "AVIF" => "avif",
            "HEIC" => "heic",
            "JPEG XL" => "jxl",
            "JPEG 2000" => "jp2",
            "Photoshop" => "psd",
            "DDS" => "dds",
            "HDR" => "hdr",
            "OpenEXR" => "exr",
            "farbfeld" => "ff",
            "PDF" => "pdf",
            "SVG" => "svg",
            _ => "bin",
        }),
        Err(error) => Err(error),
    }
}

/// The name of a format that can be decoded here.
pub(super) fn name(format: ImageFormat) -> Option<&'static str> {
    Some(match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Gif => "GIF",
        ImageFormat::WebP => "WebP",
        ImageFormat::Pnm => "PNM",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Tga => "TGA",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Ico => "ICO",
        ImageFormat::Qoi => "QOI",
        _ => return None,
    })
}

/// Kinds that are known by sight but not decoded.
fn foreign(bytes: &[u8]) -> Option<MediaError> {
    let brand = (bytes.get(4..8) == Some(b"ftyp")).then(|| bytes.get(8..12)).flatten();
    let unsupported = match brand {
        Some(b"avif" | b"avis") => Some("AVIF"),
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => Some("HEIC"),
        Some(_) => Some("video, not"),
        None => None,
    };
    // A video is no picture at all; the sentence of the others would not fit it.
    if unsupported == Some("video, not") {
        return Some(MediaError::NotAPicture("the head of a video".to_owned()));
    }
    let heads: [(&[u8], &str); 9] = [
        (&[0xff, 0x0a], "JPEG XL"),
        (b"\0\0\0\x0cJXL ", "JPEG XL"),
        (b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (b"8BPS", "Photoshop"),
        (b"DDS ", "DDS"),
        (b"#?RADIANCE", "HDR"),
        (&[0x76, 0x2f, 0x31, 0x01], "OpenEXR"),
        (b"farbfeld", "farbfeld"),
        (b"%PDF-", "PDF"),
    ];
    let by_head = heads.into_iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, name)| name);
    if let Some(name) = unsupported.or(by_head) {
        return Some(MediaError::Unsupported(name));
    }
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Some(MediaError::LfsPointer);
    }
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    let holds = |tag: &[u8]| head.windows(tag.len()).any(|window| window == tag);
    let markup = head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
        || head.starts_with(b"\xef\xbb\xbf<");
    (markup && holds(b"<svg") && !holds(b"<html")).then_some(MediaError::Unsupported("SVG"))
}

/// The first bytes as a person may recognise them: a quoted text, or hexadecimal.
fn beginning(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(24)
        .take_while(|byte| byte.is_ascii_graphic() || **byte == b' ')
        .map(|byte| char::from(*byte))
        .collect();
    if text.trim_end().len() >= 4 {
        return format!("\"{}\"", text.trim_end());
    }
    let hex: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    hex.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_picture_says_what_it_is() {
        let table: [(&[u8], &str); 14] = [
            (b"", "empty: 0 bytes"),
            (b"<html><body>404", "not a picture (starts with \"<html><body>404\")"),
            (b"\n\n<!DOCTYPE html>\n<svg>", "SVG pictures are not supported"),
            (b"<!doctype html><html><svg></svg>", "not a picture (starts with \"<!doctype html><html><sv\")"),
            (b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "SVG pictures are not supported"),
            (b"\0\0\0\x20ftypavif\0\0", "AVIF pictures are not supported"),
            (b"\0\0\0\x18ftypheic\0\0", "HEIC pictures are not supported"),
            (b"\0\0\0\x18ftypisom\0\0", "not a picture (starts with the head of a video)"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid",
                "a Git LFS pointer, not the picture itself: run `git lfs pull`",
            ),
            (b"P3rhaps a caption", "not a picture (starts with \"P3rhaps a caption\")"),
            (b"BM is a brand of car", "not a picture (starts with \"BM is a brand of car\")"),
            (b"{\"error\": \"gone\x1b[2J\"}", "not a picture (starts with \"{\"error\": \"gone\")"),
            (&[0, 1, 2, 0xff], "not a picture (starts with 00 01 02 ff)"),
            (b"hi", "not a picture (starts with 68 69)"),
        ];
        for (bytes, expected) in table {
            assert_eq!(detect(bytes).expect_err("no picture").to_string(), expected);
        }
    }

    #[test]
    fn endings_follow_the_bytes() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0"[..], Some("jpg")),
            (b"\x89PNG\r\n\x1a\n", Some("png")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("webp")),
            (b"GIF89a", Some("gif")),
            (b"\0\0\0\x20ftypavif\0\0", Some("avif")),
            (b"<html>404</html>", None),
            (b"version https://git-lfs.github.com/spec/v1", None),
            (b"", None),
        ] {
            assert_eq!(file_ending(bytes).ok(), expected);
        }
    }

    #[test]
    fn facts_read_as_one_line() {
        let facts = Facts { size: (1280, 960), format: "JPEG", bytes: 245_000 };
        assert_eq!(facts.to_string(), "1280x960 JPEG 245 KB");
    }

    proptest! {
        #[test]
        fn any_head_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = detect(&bytes);
        }
    }
}
