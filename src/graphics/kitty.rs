//! Words of kitty's graphics protocol.
//!
//! Every command says `q=2`: no answers, which would come in between the keys.

use std::fmt::Write as _;

use super::diacritics::mark;

/// Bytes of base64 that one command may carry.
pub(super) const CHUNK: usize = 4096;

/// The name of a picture in the terminal's memory. Its low byte is told by a color of the palette, which
/// every multiplexer passes on; its high byte, by a third mark in the cell, tells our pictures from those
/// of other programs in the same terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) high: u8,
    pub(super) low: u8,
}

impl Id {
    fn number(self) -> u32 {
        u32::from(self.high) << 24 | u32::from(self.low)
    }

    /// The symbol of a placeholder cell. It names its row and its column itself, though a row's later
    /// cells might leave it out: what is left out is taken from the left neighbor, which a popup may hide.
    pub(super) fn placeholder(self, (column, row): (u16, u16)) -> String {
        ['\u{10eeee}', mark(row), mark(column), mark(self.high.into())].into_iter().collect()
    }
}

/// One command in its envelope, and through tmux if that stands in between.
fn command(out: &mut Vec<u8>, keys: &str, payload: &[u8], tmux: bool) {
    // tmux passes on what stands between these, with every escape doubled.
    let (begin, end): (&[u8], &[u8]) =
        if tmux { (b"\x1bPtmux;\x1b\x1b_G", b"\x1b\x1b\\\x1b\\") } else { (b"\x1b_G", b"\x1b\\") };
    out.extend_from_slice(begin);
    out.extend_from_slice(keys.as_bytes());
    if !payload.is_empty() {
        out.push(b';');
        out.extend_from_slice(payload);
    }
    out.extend_from_slice(end);
}

/// The `place`-th chunk of a PNG. With `grid`, placeholders of so many columns and rows show it.
pub(super) fn chunk(
    out: &mut Vec<u8>,
    id: Id,
    png: &[u8],
    place: usize,
    grid: Option<(u16, u16)>,
    tmux: bool,
) {
    let mut chunks = png.chunks(CHUNK).skip(place);
    let Some(payload) = chunks.next() else { return };
    let more = u8::from(chunks.next().is_some());
    let keys = match (place, grid) {
        (0, Some((columns, rows))) => {
            format!("q=2,a=T,U=1,f=100,i={},c={columns},r={rows},m={more}", id.number())
        }
        (0, None) => format!("q=2,a=t,f=100,i={},m={more}", id.number()),
        _ => format!("q=2,m={more}"),
    };
    command(out, &keys, payload, tmux);
}

/// Chunks of a PNG of so many bytes of base64.
pub(super) fn chunks(bytes: usize) -> usize {
    bytes.div_ceil(CHUNK)
}

/// Ends a transfer before its end: the terminal drops what it has, and is ready for another.
pub(super) fn abort(out: &mut Vec<u8>, tmux: bool) {
    command(out, "q=2,m=0", b"", tmux);
}

/// Takes a picture out of the terminal's memory, with all places where it is shown.
pub(super) fn delete(out: &mut Vec<u8>, id: Id, tmux: bool) {
    command(out, &format!("q=2,a=d,d=I,i={}", id.number()), b"", tmux);
}

/// Takes all places of a picture from the screen; it stays in memory.
pub(super) fn lift(out: &mut Vec<u8>, id: Id) {
    command(out, &format!("q=2,a=d,d=i,i={}", id.number()), b"", false);
}

/// A part of a picture, in its pixels, over cells at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Distinguishes the places of one picture; from 1 on.
    pub(super) number: u32,
    /// Left, top, width and height in pixels.
    pub(super) part: (u32, u32, u32, u32),
    /// Columns and rows.
    pub(super) cells: (u16, u16),
}

/// Shows a part of a picture at the cursor. It lies over the letters: under them (`z=-1`) kitty 0.26 shows
/// what was there before, too.
pub(super) fn place(out: &mut Vec<u8>, id: Id, place: &Place) {
    let mut keys = String::new();
    let ((x, y, width, height), (columns, rows)) = (place.part, place.cells);
    // Writing into a string cannot fail.
    let _ = write!(
        keys,
        "q=2,a=p,i={},p={},x={x},y={y},w={width},h={height},c={columns},r={rows},C=1",
        id.number(),
        place.number
    );
    command(out, &keys, b"", false);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Id = Id { high: 1, low: 17 };

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_picture_goes_in_chunks() {
        let png = vec![b'A'; CHUNK + 8];
        assert_eq!(chunks(png.len()), 2);
        let first = written(|out| chunk(out, ID, &png, 0, Some((60, 30)), false));
        assert!(first.starts_with("\x1b_Gq=2,a=T,U=1,f=100,i=16777233,c=60,r=30,m=1;AAAA"));
        assert!(first.ends_with("A\x1b\\"));
        assert_eq!(written(|out| chunk(out, ID, &png, 1, None, false)), "\x1b_Gq=2,m=0;AAAAAAAA\x1b\\");
        assert_eq!(written(|out| chunk(out, ID, &png, 2, None, false)), "");
        assert_eq!(
            written(|out| chunk(out, ID, b"AAAA", 0, None, true)),
            "\x1bPtmux;\x1b\x1b_Gq=2,a=t,f=100,i=16777233,m=0;AAAA\x1b\x1b\\\x1b\\"
        );
    }

    #[test]
    fn words_are_those_of_the_protocol() {
        assert_eq!(written(|out| abort(out, false)), "\x1b_Gq=2,m=0\x1b\\");
        assert_eq!(written(|out| delete(out, ID, false)), "\x1b_Gq=2,a=d,d=I,i=16777233\x1b\\");
        assert_eq!(written(|out| lift(out, ID)), "\x1b_Gq=2,a=d,d=i,i=16777233\x1b\\");
        let whole = Place { number: 1, part: (0, 0, 600, 400), cells: (60, 20) };
        assert_eq!(
            written(|out| place(out, ID, &whole)),
            "\x1b_Gq=2,a=p,i=16777233,p=1,x=0,y=0,w=600,h=400,c=60,r=20,C=1\x1b\\"
        );
    }

    #[test]
    fn a_placeholder_names_row_column_and_the_high_byte() {
        assert_eq!(ID.placeholder((0, 2)), "\u{10eeee}\u{30e}\u{305}\u{30d}");
        assert!(ID.placeholder((296, 296)).len() <= 24, "fits into a cell without memory of its own");
    }
}
