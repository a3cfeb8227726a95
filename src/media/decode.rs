//! From encoded bytes to pixels, within limits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, RgbaImage};

use super::cache::Weigh;
use super::format::{self, Facts};
use super::shrink::{fitted, resized};
use super::{Limits, MediaError, frames};

/// A decoded picture, upright, and no larger than it was wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The pixels: 8 bits a channel, straight alpha, colour profiles not applied.
    pub pixels: RgbaImage,
    /// Width and height before it was shrunk, upright.
    pub original: (u32, u32),
    /// Name of the format: `JPEG`.
    pub format: &'static str,
    /// Encoded bytes.
    pub bytes: u64,
    /// Whether it is animated; the pixels are those of the first frame.
    pub frames_more: bool,
}

impl Picture {
    /// What can be said of it in a line.
    pub fn facts(&self) -> Facts {
        Facts { size: self.original, format: self.format, bytes: self.bytes }
    }

    /// Whether it holds as much detail as its file has inside of a box of so many pixels.
    pub fn serves(&self, within: (u32, u32)) -> bool {
        let (width, height) = fitted(self.original, within);
        self.pixels.width() >= width && self.pixels.height() >= height
    }
}

impl Weigh for Picture {
    fn weight(&self) -> usize {
        self.pixels.as_raw().len() + size_of::<Self>()
    }
}

/// Decodes a picture and shrinks it into a box of `within` pixels; a smaller one stays as it is.
/// The format is told by the content. Of an animation only the first frame is decoded.
pub fn decode(bytes: &[u8], within: (u32, u32), limits: &Limits) -> Result<Picture, MediaError> {
    let format = format::detect(bytes)?;
    let head = Head::read(bytes, format, limits)?;
    check_size(head.decoder.dimensions(), limits)?;
    check_memory(&head, bytes, limits)?;
    let (name, original, orientation) = (head.name, head.upright(), head.orientation);
    let picture =
        DynamicImage::from_decoder(head.decoder).map_err(|error| explained(&error, name, limits))?;
    Ok(Picture {
        pixels: upright(picture, orientation, original, within),
        original,
        format: name,
        bytes: bytes.len() as u64,
        frames_more: frames::more_than_one(bytes, format),
    })
}

/// What the head of a picture tells; no pixel is decoded.
pub fn describe(bytes: &[u8]) -> Result<Facts, MediaError> {
    let head = Head::read(bytes, format::detect(bytes)?, &Limits::default())?;
    Ok(Facts { size: head.upright(), format: head.name, bytes: bytes.len() as u64 })
}

/// A picture whose head has been read.
struct Head<D> {
    decoder: D,
    name: &'static str,
    format: ImageFormat,
    orientation: Orientation,
}

impl Head<()> {
    fn read<'a>(
        bytes: &'a [u8],
        format: ImageFormat,
        limits: &Limits,
    ) -> Result<Head<impl ImageDecoder + 'a>, MediaError> {
        let name = format::name(format).unwrap_or("picture");
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut bounds = image::Limits::no_limits();
        // Sides are checked by us, who can name them in the message.
        bounds.max_alloc = Some(limits.memory);
        reader.limits(bounds);
        let mut decoder = reader.into_decoder().map_err(|error| explained(&error, name, limits))?;
        // A broken EXIF block is no reason to show nothing.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        Ok(Head { decoder, name, format, orientation })
    }
}

impl<D: ImageDecoder> Head<D> {
    /// Width and height as they are meant to be seen.
    fn upright(&self) -> (u32, u32) {
        let (width, height) = self.decoder.dimensions();
        if is_turned(self.orientation) { (height, width) } else { (width, height) }
    }
}

fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn check_size((width, height): (u32, u32), limits: &Limits) -> Result<(), MediaError> {
    if width.max(height) > limits.side {
        let limit = format!("{0}x{0}", limits.side);
        return Err(MediaError::TooManyPixels { width, height, limit });
    }
    if u64::from(width) * u64::from(height) > limits.pixels {
        let limit = format!("{} megapixels", limits.pixels / 1_000_000);
        return Err(MediaError::TooManyPixels { width, height, limit });
    }
    Ok(())
}

/// The pixels must fit, and with a progressive JPEG also its coefficients, which that decoder
/// keeps whole (two bytes each) without asking the limits.
fn check_memory<D: ImageDecoder>(head: &Head<D>, bytes: &[u8], limits: &Limits) -> Result<(), MediaError> {
    let pixels = head.decoder.total_bytes();
    let coefficients =
        if head.format == ImageFormat::Jpeg && is_progressive(bytes) { pixels.saturating_mul(2) } else { 0 };
    if pixels.saturating_add(coefficients) > limits.memory {
        return Err(MediaError::TooMuchMemory(limits.memory));
    }
    Ok(())
}

/// Whether a JPEG's frame header is one of the progressive kinds.
fn is_progressive(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, after @ ..] = rest {
        match (marker, after) {
            (0xc2 | 0xc6 | 0xca | 0xce, _) => return true,
            (0xc0 | 0xc1 | 0xc3 | 0xda, _) => return false,
            (0xff, _) => rest = rest.get(1..).unwrap_or_default(),
            (_, [high, low, ..]) => {
                let length = usize::from(u16::from_be_bytes([*high, *low])).max(2);
                rest = after.get(length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

/// Shrinks first and turns the small picture: the box is the upright one, turned back.
fn upright(
    picture: DynamicImage,
    orientation: Orientation,
    original: (u32, u32),
    within: (u32, u32),
) -> RgbaImage {
    let (width, height) = fitted(original, within);
    let lying = if is_turned(orientation) { (height, width) } else { (width, height) };
    let mut small =
        if lying == (picture.width(), picture.height()) { picture } else { resized(&picture, lying) };
    small.apply_orientation(orientation);
    small.into_rgba8()
}

/// The decoder's error in our words.
fn explained(error: &ImageError, format: &'static str, limits: &Limits) -> MediaError {
    let reason = match error {
        ImageError::Limits(_) => return MediaError::TooMuchMemory(limits.memory),
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it ends too early".to_owned()
        }
        ImageError::Decoding(error) => {
            use std::error::Error;
            error.source().map_or_else(|| "it cannot be decoded".to_owned(), ToString::to_string)
        }
        other => other.to_string(),
    };
    let line = reason.lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
    MediaError::Broken { format, reason: line }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba};
    use proptest::prelude::*;

    use super::*;
    use crate::media::fixtures::{self, photo, png};

    fn whole(bytes: &[u8]) -> Picture {
        decode(bytes, (4000, 4000), &Limits::default()).expect("decodes")
    }

    fn refused(bytes: &[u8]) -> String {
        decode(bytes, (100, 100), &Limits::default()).expect_err("refused").to_string()
    }

    fn near(one: Rgba<u8>, other: [u8; 4], by: u8) -> bool {
        one.0.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= by)
    }

    #[test]
    fn every_format_is_known_by_its_content() {
        let picture = photo(40, 30);
        for (format, name) in [
            (ImageFormat::Png, "PNG"),
            (ImageFormat::Jpeg, "JPEG"),
            (ImageFormat::Gif, "GIF"),
            (ImageFormat::WebP, "WebP"),
            (ImageFormat::Bmp, "BMP"),
            (ImageFormat::Tiff, "TIFF"),
            (ImageFormat::Qoi, "QOI"),
            (ImageFormat::Ico, "ICO"),
            (ImageFormat::Pnm, "PNM"),
        ] {
            let bytes = fixtures::encoded(&picture, format);
            let decoded = whole(&bytes);
            assert_eq!((decoded.format, decoded.original, decoded.frames_more), (name, (40, 30), false));
            let quality = fixtures::psnr(&picture, &DynamicImage::from(decoded.pixels).into_rgb8());
            assert!(quality > 28.0, "{name}: {quality:.1} dB");
            assert_eq!(describe(&bytes).expect("described").size, (40, 30));
        }
    }

    #[test]
    fn a_tga_is_known_by_its_end() {
        let mut bytes = fixtures::encoded(&photo(8, 8), ImageFormat::Tga);
        assert!(refused(&bytes).starts_with("not a picture"));
        bytes.extend([0; 8]);
        bytes.extend(b"TRUEVISION-XFILE.\0");
        assert_eq!(whole(&bytes).format, "TGA");
    }

    #[test]
    fn a_picture_is_shrunk_into_its_box_and_never_enlarged() {
        let bytes = png(&photo(400, 200).into());
        let small = decode(&bytes, (100, 100), &Limits::default()).expect("decodes");
        assert_eq!((small.pixels.dimensions(), small.original), ((100, 50), (400, 200)));
        assert!(small.serves((100, 90)) && !small.serves((101, 90)));
        assert_eq!(whole(&bytes).pixels.dimensions(), (400, 200));
        assert!(whole(&bytes).serves((9000, 9000)));
    }

    #[test]
    fn orientation_is_applied_before_the_box_is_fitted() {
        // Red on the left, blue on the right, lying; each orientation says where red goes.
        let lying =
            RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
        let table = [
            (1, (64, 32), (2, 16)),
            (2, (64, 32), (61, 16)),
            (3, (64, 32), (61, 16)),
            (4, (64, 32), (2, 16)),
            (5, (32, 64), (16, 2)),
            (6, (32, 64), (16, 2)),
            (7, (32, 64), (16, 61)),
            (8, (32, 64), (16, 61)),
        ];
        for (value, size, (x, y)) in table {
            let bytes = fixtures::oriented_jpeg(&lying, value);
            let picture = whole(&bytes);
            assert_eq!((picture.original, picture.pixels.dimensions()), (size, size), "{value}");
            assert!(near(*picture.pixels.get_pixel(x, y), [250, 0, 0, 255], 12), "{value}");
            assert_eq!(describe(&bytes).expect("described").size, size);
            let small = decode(&bytes, (16, 16), &Limits::default()).expect("decodes");
            assert_eq!(small.pixels.dimensions(), (size.0 / 4, size.1 / 4), "{value}");
        }
        assert_eq!(whole(&fixtures::oriented_jpeg(&lying, 99)).original, (64, 32));
    }

    #[test]
    fn depth_grey_and_alpha_come_through() {
        let deep = ImageBuffer::<Rgb<u16>, _>::from_pixel(20, 20, Rgb([65535, 32768, 0]));
        assert!(near(*whole(&png(&deep.into())).pixels.get_pixel(5, 5), [255, 128, 0, 255], 1));
        let grey = GrayImage::from_pixel(20, 20, Luma([99]));
        assert!(near(*whole(&png(&grey.into())).pixels.get_pixel(5, 5), [99, 99, 99, 255], 0));
        let deep_grey = ImageBuffer::<Luma<u16>, _>::from_pixel(20, 20, Luma([0x8080]));
        let small = decode(&png(&deep_grey.into()), (7, 7), &Limits::default()).expect("decodes");
        assert!(near(*small.pixels.get_pixel(3, 3), [128, 128, 128, 255], 1));
        let clear = RgbaImage::from_pixel(20, 20, Rgba([10, 20, 30, 40]));
        assert!(near(*whole(&png(&clear.into())).pixels.get_pixel(5, 5), [10, 20, 30, 40], 0));
    }

    #[test]
    fn palettes_and_cmyk_come_through() {
        let palette = whole(&fixtures::palette_png());
        assert_eq!(palette.pixels.dimensions(), (2, 1));
        assert_eq!(palette.pixels.get_pixel(0, 0).0, [255, 0, 0, 255]);
        assert_eq!(palette.pixels.get_pixel(1, 0).0, [0, 128, 255, 77]);
        let cmyk = whole(&fixtures::cmyk_jpeg());
        assert_eq!(cmyk.pixels.dimensions(), (8, 8));
        // The fixture is flat: cyan 0 %, magenta 50 %, yellow 0 %, black 0 %, stored inverted.
        assert!(
            near(*cmyk.pixels.get_pixel(4, 4), [255, 127, 255, 255], 3),
            "{:?}",
            cmyk.pixels.get_pixel(4, 4)
        );
    }

    #[test]
    fn of_an_animation_the_first_frame_is_decoded() {
        let picture = whole(&fixtures::gif(10, 10, 3));
        assert!(picture.frames_more);
        assert!(
            near(*picture.pixels.get_pixel(5, 5), [0, 0, 0, 255], 8),
            "{:?}",
            picture.pixels.get_pixel(5, 5)
        );
    }

    #[test]
    fn bombs_are_refused_by_their_head() {
        let bomb = fixtures::png_head(60_000, 60_000);
        assert_eq!(refused(&bomb), "too large: 60000x60000 pixels, the limit is 50000x50000");
        let wide = fixtures::png_head(40_000, 40_000);
        assert_eq!(refused(&wide), "too large: 40000x40000 pixels, the limit is 150 megapixels");
        let tight = Limits { memory: 1000, ..Limits::default() };
        let error = decode(&png(&photo(40, 30).into()), (9, 9), &tight).expect_err("refused");
        assert_eq!(error.to_string(), "too large: decoding it takes more than 1 KB");
    }

    #[test]
    fn damage_is_named() {
        let bytes = png(&photo(40, 30).into());
        let cut = refused(&bytes[..bytes.len() / 2]);
        assert!(cut.starts_with("broken PNG: "), "{cut}");
        let none = refused(&bytes[..8]);
        assert!(none.starts_with("broken PNG: "), "{none}");
        assert!(refused(b"\xff\xd8\xff\xe0").starts_with("broken JPEG: "));
        assert!(refused(b"GIF89a").starts_with("broken GIF: "));
        assert_eq!(refused(b""), "empty: 0 bytes");
    }

    #[test]
    fn a_progressive_jpeg_is_recognised() {
        assert!(!is_progressive(&fixtures::encoded(&photo(8, 8), ImageFormat::Jpeg)));
        assert!(is_progressive(b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x11"));
        assert!(!is_progressive(b"\xff\xd8\xff\xe0\xff"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_damage_is_survived(kind in 0_usize..6, cut in 0.0..1.0_f64, at in 0.0..1.0_f64, value: u8) {
            let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP,
                          ImageFormat::Bmp, ImageFormat::Tiff][kind];
            let mut bytes = fixtures::encoded(&photo(24, 16), format);
            let place = ((bytes.len() - 1) as f64 * at) as usize;
            bytes[place] = value;
            bytes.truncate((bytes.len() as f64 * (0.3 + cut)) as usize);
            let small = Limits { memory: 1 << 22, pixels: 1 << 20, ..Limits::default() };
            let _ = decode(&bytes, (8, 8), &small);
            let _ = describe(&bytes);
        }
    }
}
