//! Does a picture move? Told from the skeleton of its file, without decoding a frame.

use image::ImageFormat;

/// Whether there are more frames than the first.
pub(super) fn more_than_one(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Gif => gif_images(bytes) > 1,
        ImageFormat::Png => png_is_animated(bytes),
        // Byte 20 holds the flags of the extended header; its second bit says "animation".
        ImageFormat::WebP => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
        }
        _ => false,
    }
}

/// Counts the images of a GIF, up to two.
fn gif_images(bytes: &[u8]) -> usize {
    let mut reader = Blocks { bytes, at: 6 };
    let mut images = 0;
    let _ = count_gif_images(&mut reader, &mut images);
    images
}

/// Walks the blocks of a GIF until its end, its second image or the first damage (`None`).
fn count_gif_images(reader: &mut Blocks<'_>, images: &mut usize) -> Option<()> {
    let screen = reader.take(7)?;
    reader.skip_colours(*screen.get(4)?)?;
    while *images < 2 {
        match reader.take(1)?.first()? {
            0x21 => {
                reader.take(1)?;
                reader.skip_chain()?;
            }
            0x2c => {
                *images += 1;
                let descriptor = reader.take(9)?;
                reader.skip_colours(*descriptor.get(8)?)?;
                reader.take(1)?;
                reader.skip_chain()?;
            }
            _ => return None,
        }
    }
    Some(())
}

/// An `acTL` chunk of more than one frame stands before the first `IDAT` of an animated PNG.
fn png_is_animated(bytes: &[u8]) -> bool {
    let mut reader = Blocks { bytes, at: 8 };
    let mut next = || -> Option<(&[u8], &[u8])> {
        let length = u32::from_be_bytes(reader.take(4)?.try_into().ok()?);
        let kind = reader.take(4)?;
        let body = reader.take(usize::try_from(length).ok()?)?;
        reader.take(4)?;
        Some((kind, body))
    };
    while let Some((kind, body)) = next() {
        match kind {
            b"acTL" => return body.get(..4).is_some_and(|count| count > [0, 0, 0, 1].as_slice()),
            b"IDAT" => return false,
            _ => {}
        }
    }
    false
}

/// A cursor over the blocks of a file.
struct Blocks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Blocks<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// Skips a GIF's colour table, whose presence and size stand in the flags before it.
    fn skip_colours(&mut self, flags: u8) -> Option<()> {
        if flags & 0x80 != 0 {
            self.take(3 << ((flags & 7) + 1))?;
        }
        Some(())
    }

    /// Skips a chain of GIF sub-blocks, which an empty one ends.
    fn skip_chain(&mut self) -> Option<()> {
        loop {
            match *self.take(1)?.first()? {
                0 => return Some(()),
                length => self.take(usize::from(length))?,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::media::fixtures;

    #[test]
    fn gifs_are_counted() {
        for (frames, expected) in [(1, false), (2, true), (5, true)] {
            assert_eq!(more_than_one(&fixtures::gif(8, 8, frames), ImageFormat::Gif), expected, "{frames}");
        }
    }

    #[test]
    fn an_animated_png_says_so_before_its_pixels() {
        let png = fixtures::png(&fixtures::photo(4, 4).into());
        assert!(!more_than_one(&png, ImageFormat::Png));
        for (frames, expected) in [(1, false), (2, true), (300, true)] {
            let mut animated = png[..33].to_vec();
            animated.extend(fixtures::chunk(*b"acTL", &[u32::to_be_bytes(frames), [0; 4]].concat()));
            animated.extend(&png[33..]);
            assert_eq!(more_than_one(&animated, ImageFormat::Png), expected, "{frames}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_survived(cut in 0_usize..400, flip in 0_usize..400, value: u8) {
            let mut gif = fixtures::gif(8, 8, 3);
            if let Some(byte) = gif.get_mut(flip) { *byte = value; }
            gif.truncate(cut);
            let _ = more_than_one(&gif, ImageFormat::Gif);
            let _ = more_than_one(&gif, ImageFormat::Png);
            let _ = more_than_one(&gif, ImageFormat::WebP);
        }
    }
}
