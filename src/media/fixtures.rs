//! Pictures for tests, made on the spot.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{Delay, DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A smooth picture with a gradient in every channel and a soft disc.
pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let disc = (1.0 - ((u - 0.5).powi(2) + (v - 0.5).powi(2)) * 4.0).max(0.0) * 90.0;
        Rgb([(u * 160.0 + disc) as u8, (v * 160.0 + disc) as u8, ((1.0 - u * v) * 150.0 + disc / 2.0) as u8])
    })
}

/// Some dozen discs and bars in places and colours that the seed decides: pictures of different seeds look
/// different, and have details as photographs do.
pub(crate) fn scene(seed: u64, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let shapes: Vec<[f64; 7]> = (0..24).map(|_| std::array::from_fn(|_| next())).collect();
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let mut color = [90.0, 110.0, 130.0];
        for [left, top, size, red, green, blue, kind] in &shapes {
            let reach = 0.05 + size * 0.15;
            let (across, down) = ((u - left).abs(), (v - top).abs());
            let inside =
                if *kind < 0.5 { across.hypot(down) < reach } else { across < reach && down < reach / 2.0 };
            if inside {
                color = [red * 255.0, green * 255.0, blue * 255.0];
            }
        }
        Rgb(color.map(|level| level as u8))
    })
}

/// Encodes with the image crate.
pub(crate) fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let picture = DynamicImage::from(picture.clone());
    let picture = if matches!(format, ImageFormat::Ico) { picture.into_rgba8().into() } else { picture };
    picture.write_to(&mut out, format).expect("encodes");
    out.into_inner()
}

/// A PNG.
pub(crate) fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).expect("encodes");
    out.into_inner()
}

/// A GIF of flat frames, each brighter than the one before, the first black.
pub(crate) fn gif(width: u32, height: u32, frames: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = GifEncoder::new(&mut out);
    for number in 0..frames {
        let level = number * 40;
        let picture = RgbaImage::from_pixel(width, height, Rgba([level, level, level, 255]));
        let delay = Delay::from_numer_denom_ms(100, 1);
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, delay)).expect("encodes");
    }
    drop(encoder);
    out
}

/// A JPEG with this EXIF orientation, in an APP1 segment before all others.
pub(crate) fn oriented_jpeg(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let jpeg = encoded(picture, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend(orientation.to_be_bytes());
    exif.extend([0; 6]);
    let mut out = vec![0xff, 0xd8, 0xff, 0xe1];
    out.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// A PNG chunk with its checksum.
pub(crate) fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(&kind);
    crc.update(body);
    let length = u32::try_from(body.len()).expect("short");
    [&length.to_be_bytes()[..], &kind, body, &crc.sum().to_be_bytes()].concat()
}

/// The first 33 bytes of a PNG of 8-bit RGB, with an empty `IDAT`: all that a bomb needs.
pub(crate) fn png_head(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = chunk(*b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat());
    [b"\x89PNG\r\n\x1a\n", &head[..], &chunk(*b"IDAT", &[])].concat()
}

/// Two pixels of a palette: red, and a blue of 77/255 opacity.
pub(crate) fn palette_png() -> Vec<u8> {
    use std::io::Write;
    let mut pixels = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    pixels.write_all(&[0, 0, 1]).expect("in memory");
    let head = [&2_u32.to_be_bytes()[..], &1_u32.to_be_bytes(), &[8, 3, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(*b"IHDR", &head),
        chunk(*b"PLTE", &[255, 0, 0, 0, 128, 255]),
        chunk(*b"tRNS", &[255, 77]),
        chunk(*b"IDAT", &pixels.finish().expect("in memory")),
        chunk(*b"IEND", &[]),
    ]
    .concat()
}

/// A flat CMYK JPEG of 8x8 pixels as Adobe writes them (inverted): magenta at one half.
pub(crate) fn cmyk_jpeg() -> Vec<u8> {
    let mut out = b"\xff\xd8\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0".to_vec();
    // One quantisation table of eights: a DC step is one level.
    out.extend(b"\xff\xdb\0\x43\0");
    out.extend([8; 64]);
    out.extend(b"\xff\xc0\0\x14\x08\0\x08\0\x08\x04\x01\x11\0\x02\x11\0\x03\x11\0\x04\x11\0");
    // DC: `0` is category 0, `10` category 7. AC: `0` ends the block.
    out.extend(b"\xff\xc4\0\x15\0\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07");
    out.extend(b"\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    out.extend(b"\xff\xda\0\x0e\x04\x01\0\x02\0\x03\0\x04\0\0\x3f\0");
    // Cyan, yellow and black are 255 (none of it): +127; magenta 128: 0.
    out.extend([0xbf, 0x8b, 0xfa, 0xfe, 0xff, 0xd9]);
    out
}

/// Likeness of two pictures of one size in decibels.
pub(crate) fn psnr(one: &RgbImage, other: &RgbImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: f64 =
        one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    let error = sum / one.as_raw().len() as f64;
    if error == 0.0 { f64::INFINITY } else { 10.0 * (255.0 * 255.0 / error).log10() }
}
