//! The terminal that sees, which other tests trust, looks at bytes that were made by hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]

mod support;

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;
use support::glass::{Bytes, Glass, PLACEHOLDER, Profile, mark, psnr, rgb};

const CELL: (u16, u16) = (10, 20);
const RED: Rgba<u8> = Rgba([255, 0, 0, 255]);
const BLUE: Rgba<u8> = Rgba([0, 0, 255, 255]);
const BLACK: Rgba<u8> = Rgba([0, 0, 0, 255]);

/// A screen of 20x10 cells.
fn glass(profile: Profile) -> Glass {
    Glass::new(20, 10, CELL, profile)
}

/// One that was fed, without a fault.
fn fed(profile: Profile, bytes: impl AsRef<[u8]>) -> Glass {
    let mut glass = glass(profile);
    glass.feed(bytes.as_ref());
    assert_eq!(glass.faults(), [""; 0]);
    glass
}

/// The faults of a stream that has ended.
fn faults(profile: Profile, bytes: impl AsRef<[u8]>) -> Vec<String> {
    let mut glass = glass(profile);
    glass.feed(bytes.as_ref());
    glass.finish();
    glass.faults().to_vec()
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

fn gradient(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, ((x + y) * 255 / (width + height)) as u8])
    })
}

fn encoded(pixels: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(pixels: impl Into<DynamicImage>) -> String {
    STANDARD.encode(encoded(pixels, ImageFormat::Png))
}

/// One sequence of kitty's protocol.
fn kitty(keys: &str, payload: &str) -> String {
    format!("\x1b_G{keys};{payload}\x1b\\")
}

/// A whole picture, in chunks of this size.
fn chunked(keys: &str, payload: &str, size: usize) -> String {
    let chunks: Vec<&[u8]> = payload.as_bytes().chunks(size).collect();
    let last = chunks.len() - 1;
    let chunk = |(place, chunk): (usize, &&[u8])| {
        let more = u8::from(place < last);
        let keys = if place == 0 { format!("{keys},m={more}") } else { format!("m={more}") };
        kitty(&keys, std::str::from_utf8(chunk).unwrap())
    };
    chunks.iter().enumerate().map(chunk).collect()
}

/// A placeholder cell with so many of its marks.
fn placeholder(numbers: &[u32]) -> String {
    std::iter::once(PLACEHOLDER).chain(numbers.iter().map(|number| mark(*number).unwrap())).collect()
}

fn tmux(text: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", text.replace('\x1b', "\x1b\x1b"))
}

fn iterm(arguments: &str, bytes: &[u8]) -> String {
    format!("\x1b]1337;File=inline=1;size={};{arguments}:{}\x07", bytes.len(), STANDARD.encode(bytes))
}

#[test]
fn half_blocks_are_seen() {
    let glass = fed(Profile::Silent, "\x1b[38;2;255;0;0m\x1b[48;2;0;0;255m▀ \x1b[0m▀\x1b[7m ");
    let seen = glass.pixels((0, 0, 5, 1));
    assert_eq!(seen.dimensions(), (50, 20));
    let at = |x, y| *seen.get_pixel(x, y);
    assert_eq!([at(0, 0), at(9, 9), at(9, 10), at(0, 19)], [RED, RED, BLUE, BLUE]);
    assert_eq!([at(10, 0), at(19, 19)], [BLUE, BLUE], "a space shows its background");
    assert_ne!(at(20, 0), BLACK, "the default foreground");
    assert_eq!(at(20, 10), BLACK);
    assert_eq!(at(30, 0), at(20, 0), "inverse");
    assert_eq!(at(40, 0), BLACK, "nothing was written there");
}

#[test]
fn indexed_colours_are_those_of_xterm() {
    let table = [
        (16, [0, 0, 0]),
        (196, [255, 0, 0]),
        (231, [255; 3]),
        (232, [8; 3]),
        (110, [135, 175, 215]),
        (9, [255, 0, 0]),
    ];
    for (number, [red, green, blue]) in table {
        let seen = fed(Profile::Silent, format!("\x1b[48;5;{number}m ")).pixels((0, 0, 1, 1));
        assert_eq!(*seen.get_pixel(5, 5), Rgba([red, green, blue, 255]), "{number}");
    }
}

#[test]
fn all_marks_of_rows_and_columns_take_no_place() {
    assert_eq!(
        [mark(0), mark(1), mark(4), mark(296), mark(297)].map(|mark| mark.map(u32::from)),
        [Some(0x305), Some(0x30d), Some(0x312), Some(0x1d244), None]
    );
    for number in 0..297 {
        let glass = fed(Profile::Kitty, format!("\x1b[31m{}", placeholder(&[number, number, number % 256])));
        assert_eq!(glass.screen().cursor_position(), (0, 1), "{number}");
    }
}

#[test]
fn placeholders_show_a_picture() {
    let picture = gradient(200, 200);
    let send =
        chunked("q=2,i=42,f=100", &png(picture.clone()), 4096) + &kitty("q=2,a=p,U=1,i=42,c=10,r=5", "");
    let full: Vec<String> = (0..5)
        .map(|row| {
            let cells: String = (0..10).map(|column| placeholder(&[row, column])).collect();
            format!("\x1b[{};3H\x1b[38;5;42m{cells}\x1b[39m", row + 2)
        })
        .collect();
    let short: Vec<String> = (0..5)
        .map(|row| {
            let rest: String = (1..10).map(|_| placeholder(&[])).collect();
            format!("\x1b[{};3H\x1b[38;5;42m{}{rest}\x1b[39m", row + 2, placeholder(&[row]))
        })
        .collect();
    let expected = image::imageops::resize(&picture, 100, 100, image::imageops::FilterType::Triangle);
    for cells in [full.concat(), short.concat()] {
        let mut glass = fed(Profile::Kitty, format!("{send}\x1b[?2026h{cells}\x1b[?2026l"));
        assert_eq!(glass.faults(), [""; 0]);
        let seen = glass.pixels((2, 1, 10, 5));
        assert!(psnr(&rgb(&seen), &expected) > 50.0);
        assert_eq!(*glass.pixels((1, 1, 1, 1)).get_pixel(5, 5), BLACK);
        // What is written over it hides its cell and no other.
        glass.feed(b"\x1b[3;4HX");
        let seen = glass.pixels((2, 1, 10, 5));
        assert_eq!(*seen.get_pixel(10, 20), BLACK);
        assert_ne!(*seen.get_pixel(25, 25), BLACK);
        assert_eq!(glass.memory(), [(42, 200 * 200 * 4)].into());
    }
}

#[test]
fn the_id_is_in_the_colour_and_the_third_mark() {
    let id = 42 + (2 << 24);
    let cases = [
        (id, format!("\x1b[38;5;42m{}{}", placeholder(&[0, 0, 2]), placeholder(&[]))),
        (id, format!("\x1b[38;5;42m{}{}", placeholder(&[0, 0, 2]), placeholder(&[0]))),
        (id, format!("\x1b[38;5;42m{}{}", placeholder(&[0, 0, 2]), placeholder(&[0, 1]))),
        (id, format!("\x1b[38;2;0;0;42m{}{}", placeholder(&[0, 0, 2]), placeholder(&[0, 1, 2]))),
        (0x01_02_03, format!("\x1b[38;2;1;2;3m{}{}", placeholder(&[0, 0]), placeholder(&[0, 1]))),
    ];
    for (id, cells) in cases {
        let send = kitty(&format!("q=2,a=T,U=1,i={id},f=100,c=2,r=1"), &png(halves(20, 20)));
        let glass = fed(Profile::Kitty, send + &cells);
        assert_eq!(glass.lost(), [""; 0]);
        let seen = glass.pixels((0, 0, 2, 1));
        assert_eq!([*seen.get_pixel(5, 5), *seen.get_pixel(15, 5)], [RED, BLUE], "{id} {cells:?}");
    }
}

#[test]
fn a_picture_for_placeholders_keeps_its_aspect() {
    let send = kitty("q=2,a=T,U=1,i=7,f=100,c=4,r=4", &png(halves(40, 20)));
    let cells: Vec<String> = (0..4)
        .map(|row| {
            format!("\x1b[{};1H\x1b[38;5;7m{}", row + 1, placeholder(&[row]) + &placeholder(&[]).repeat(3))
        })
        .collect();
    let seen = fed(Profile::Kitty, send + &cells.concat()).pixels((0, 0, 4, 4));
    assert_eq!(
        [seen.get_pixel(5, 25), seen.get_pixel(5, 35), seen.get_pixel(35, 45), seen.get_pixel(35, 55)]
            .map(|pixel| *pixel),
        [BLACK, RED, BLUE, BLACK]
    );
}

#[test]
fn direct_placements_lie_over_or_under_text() {
    let place = |z: i32| {
        let send = kitty(&format!("q=2,a=T,i=1,p=1,f=100,c=4,r=2,C=1,z={z}"), &png(halves(40, 40)));
        let text = "▀\x1b[48;2;0;255;0m \x1b[0m";
        let glass = fed(Profile::KittyOld, format!("\x1b[2;3H{send}{text}"));
        assert_eq!(glass.screen().cursor_position(), (1, 4), "C=1 leaves the cursor");
        let seen = glass.pixels((2, 1, 4, 2));
        [seen.get_pixel(5, 5), seen.get_pixel(5, 15), seen.get_pixel(15, 5), seen.get_pixel(35, 35)]
            .map(|pixel| *pixel)
    };
    let ink = Rgba([229, 229, 229, 255]);
    assert_eq!(place(0), [RED, RED, RED, BLUE]);
    assert_eq!(place(-1), [ink, RED, RED, BLUE]);
    assert_eq!(place(i32::MIN / 2 - 1), [ink, RED, Rgba([0, 255, 0, 255]), BLUE], "under backgrounds");
}

#[test]
fn a_placement_moves_with_its_id_and_shows_a_part() {
    let send = kitty("q=2,i=1,f=100", &png(halves(40, 20)));
    let mut glass = fed(Profile::KittyOld, send);
    glass.feed(kitty("q=2,a=p,i=1,p=5,c=2,r=1,C=1", "").as_bytes());
    glass.feed(b"\x1b[5;5H");
    glass.feed(kitty("q=2,a=p,i=1,p=5,x=20,w=20,c=2,r=1,X=5,C=1", "").as_bytes());
    assert_eq!(glass.faults(), [""; 0]);
    assert_eq!(glass.placements(), 1);
    let old = glass.pixels((0, 0, 2, 1));
    assert!(old.pixels().all(|pixel| *pixel == BLACK));
    let seen = glass.pixels((4, 4, 3, 1));
    assert_eq!(
        [seen.get_pixel(2, 5), seen.get_pixel(7, 5), seen.get_pixel(19, 5), seen.get_pixel(20, 5)]
            .map(|pixel| *pixel),
        [BLACK, BLUE, BLUE, BLACK]
    );
}

#[test]
fn one_side_follows_from_the_other() {
    let send = kitty("q=2,a=T,i=1,f=100,c=4", &png(halves(80, 40)));
    let glass = fed(Profile::Kitty, send);
    let seen = glass.pixels((0, 0, 5, 2));
    assert_eq!(
        [seen.get_pixel(39, 19), seen.get_pixel(39, 20), seen.get_pixel(40, 5)].map(|pixel| *pixel),
        [BLUE, BLACK, BLACK]
    );
    assert_eq!(glass.screen().cursor_position(), (0, 4), "the cursor goes behind it");
}

#[test]
fn an_old_kitty_stretches_what_has_one_side_only() {
    let faults = faults(Profile::KittyOld, kitty("q=2,a=T,i=1,f=100,c=4", &png(halves(80, 40))));
    assert!(faults[0].contains("stretched"), "{faults:?}");
}

#[test]
fn pixels_come_raw_and_deflated_too() {
    let raw: Vec<u8> = halves(20, 20).pixels().flat_map(|pixel| pixel.0).collect();
    let three: Vec<u8> =
        halves(20, 20).pixels().flat_map(|Rgba([red, green, blue, _])| [*red, *green, *blue]).collect();
    let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    deflated.write_all(&raw).unwrap();
    let deflated = deflated.finish().unwrap();
    for (keys, bytes) in [("", raw), ("f=24,", three), ("f=32,o=z,", deflated)] {
        let send = chunked(&format!("{keys}q=2,a=T,i=1,s=20,v=20,C=1"), &STANDARD.encode(bytes), 400);
        let seen = fed(Profile::Kitty, send).pixels((0, 0, 2, 1));
        assert_eq!([*seen.get_pixel(5, 5), *seen.get_pixel(15, 15)], [RED, BLUE], "{keys}");
    }
}

#[test]
fn deleting_frees_what_it_frees_in_kitty() {
    let send = |keys: &str| kitty(&format!("q=2,f=100,{keys}"), &png(halves(10, 20)));
    let three = send("a=T,i=1,C=1") + &send("a=T,U=1,i=2,c=1,r=1") + &send("i=3");
    let table: [(&str, &[u32], usize); 12] = [
        ("", &[1, 2, 3], 1),
        ("d=a", &[1, 2, 3], 1),
        ("d=A", &[2, 3], 1),
        ("d=i,i=1", &[1, 2, 3], 1),
        ("d=I,i=1", &[2, 3], 1),
        ("d=I,i=2", &[1, 3], 1),
        ("d=I,i=3", &[1, 2], 2),
        ("d=I,i=9", &[1, 2, 3], 2),
        ("d=I,i=1,p=4", &[1, 2, 3], 2),
        ("d=R,x=1,y=2", &[3], 0),
        ("d=P,x=1,y=1", &[2, 3], 1),
        ("d=P,x=2,y=1", &[1, 2, 3], 2),
    ];
    for (keys, left, placements) in table {
        let glass = fed(Profile::Kitty, format!("{three}{}", kitty(&format!("q=2,a=d,{keys}"), "")));
        assert_eq!(glass.memory().into_keys().collect::<Vec<_>>(), left, "{keys}");
        assert_eq!(glass.placements(), placements, "{keys}");
    }
    let glass = fed(Profile::Kitty, format!("{three}\x1b[2J"));
    assert_eq!(glass.memory().into_keys().collect::<Vec<_>>(), [2], "erasing the screen");
}

#[test]
fn the_screens_have_pictures_of_their_own() {
    let send = kitty("q=2,a=T,U=1,i=1,f=100,c=1,r=1", &png(halves(10, 20)));
    let cell = format!("\x1b[H\x1b[38;5;1m{}", placeholder(&[0, 0]));
    let mut glass = fed(Profile::Kitty, format!("{send}\x1b[?1049h{cell}"));
    assert!(glass.lost()[0].contains("picture 1, which is not there"), "{:?}", glass.lost());
    glass.feed(format!("{send}\x1b[?1049l").as_bytes());
    assert_eq!(glass.memory(), [(1, 2 * 800)].into());
    // Coming back does not free what has a virtual placement, deleting does.
    glass.feed(b"\x1b[?1049h");
    assert_eq!(glass.memory(), [(1, 2 * 800)].into());
    glass.feed(kitty("q=2,a=d,d=I,i=1", "").as_bytes());
    assert_eq!(glass.memory(), [(1, 800)].into());
    assert_eq!(glass.faults(), [""; 0]);
}

#[test]
fn a_picture_that_comes_again_loses_its_placements() {
    let send = kitty("q=2,i=1,f=100", &png(halves(10, 20)));
    let put = kitty("q=2,a=p,U=1,i=1,c=1,r=1", "");
    let glass = fed(Profile::Kitty, format!("{send}{put}{send}"));
    assert_eq!(glass.placements(), 0);
    let begun = kitty("q=2,i=1,f=100,m=1", "iVBO");
    let glass = fed(Profile::Kitty, format!("{send}{put}{begun}"));
    assert!(glass.memory().is_empty(), "it is gone at the first chunk");
}

#[test]
fn a_transfer_is_broken_off_by_an_empty_last_chunk() {
    let begun = kitty("q=2,i=1,f=100,m=1", "iVBO") + "text between chunks" + &kitty("m=0", "");
    let glass = fed(Profile::Kitty, begun + &kitty("q=2,i=2,f=100", &png(halves(10, 20))));
    assert_eq!(glass.memory(), [(2, 800)].into());
}

#[test]
fn what_kitty_would_mishandle_is_told() {
    let picture = png(halves(10, 20));
    let table = [
        (kitty("q=2,i=1,f=100,m=1", "iVBO"), "never finished"),
        (kitty("i=1,f=100,m=1", "iVBO") + &kitty("i=2,f=100", &picture), "while a transfer is unfinished"),
        (kitty("i=1,f=100,m=1", "iVBO") + &kitty("a=d", ""), "a=d while a transfer is unfinished"),
        (chunked("i=1,f=100", &picture, 5), "no multiple of four"),
        (kitty("i=1,f=100", &"A".repeat(4100)), "a chunk of 4100 characters"),
        (kitty("i=1,f=100", "iVB!"), "base64"),
        (kitty("i=1,f=100", "iVBO"), "EBADPNG"),
        (kitty("i=1,f=24,s=2,v=2", "AAAA"), "ENODATA"),
        (kitty("a=p,i=9,c=1,r=1", ""), "ENOENT"),
        (kitty("a=p,U=1,i=9,c=1,r=1", ""), "ENOENT"),
        (kitty("i=1,k=3", ""), "no key 'k'"),
        (kitty("i=x", ""), "i=\"x\""),
        (kitty("i=1,I=2,f=100", &picture), "both an id and a number"),
        (kitty("a=T,i=1,f=100,c=21,r=1,C=1", &picture), "reaches column 21"),
        (kitty("a=T,i=1,f=100,c=1,r=11,C=1", &picture), "row 11 of 20x10"),
        (kitty("a=T,i=1,f=100,X=10", &picture), "no smaller than a cell"),
        (kitty("a=f,i=1", ""), "action 'f'"),
        ("\x1b_Hello\x1b\\".to_owned(), "not kitty's"),
        (
            format!("\x1b[?2026h\x1b[38;5;9m{}\x1b[?2026l", placeholder(&[0, 0])),
            "picture 9, which is not there",
        ),
        (format!("\x1b[?2026h{}\x1b[?2026l", placeholder(&[0, 0])), "without a colour"),
        (
            kitty("a=T,U=1,i=9,f=100,c=1,r=1", &picture)
                + &format!("\x1b[?2026h\x1b[38;5;9m{}\x1b[?2026l", placeholder(&[1, 0])),
            "row 1 of 1x1",
        ),
    ];
    for (bytes, expected) in table {
        let faults = faults(Profile::Kitty, &bytes);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    }
}

#[test]
fn placeholders_are_tofu_where_they_are_unknown() {
    let bytes = format!("\x1b[?2026h\x1b[38;5;9m{}\x1b[?2026l", placeholder(&[0, 0]));
    for profile in [Profile::KittyOld, Profile::Wezterm, Profile::Silent] {
        let faults = faults(profile, &bytes);
        assert!(faults[0].contains("shown as a character"), "{faults:?}");
    }
}

#[test]
fn pictures_of_iterm_are_seen_until_they_are_written_over() {
    let picture = gradient(100, 100);
    let bytes = encoded(picture.clone(), ImageFormat::Png);
    let arguments = "width=10;height=5;preserveAspectRatio=0;doNotMoveCursor=1";
    let mut glass = fed(Profile::Iterm, format!("\x1b[2;3H{}", iterm(arguments, &bytes)));
    assert_eq!(glass.screen().cursor_position(), (1, 2));
    assert_eq!(rgb(&glass.pixels((2, 1, 10, 5))), picture);
    let left = |glass: &Glass| glass.tiles();
    assert_eq!(left(&glass), 50);
    let erasers: [(&str, usize); 6] = [
        ("\x1b[2;3H ab", 47),
        ("\x1b[3;3H\x1b[4X", 43),
        ("\x1b[4;5H\x1b[1K", 40),
        ("\x1b[4;11H\x1b[K", 38),
        ("\x1b[6;1H\x1b[J", 28),
        ("\x1b[2J", 0),
    ];
    for (bytes, expected) in erasers {
        glass.feed(bytes.as_bytes());
        assert_eq!(left(&glass), expected, "{bytes:?}");
    }
    assert_eq!(glass.faults(), [""; 0]);
}

#[test]
fn a_jpeg_keeps_its_aspect_if_it_shall() {
    let bytes = encoded(gradient(200, 100), ImageFormat::Jpeg);
    let glass = fed(Profile::Vscode, iterm("width=10;height=5", &bytes));
    let seen = glass.pixels((0, 0, 10, 3));
    let expected =
        image::imageops::resize(&gradient(200, 100), 100, 50, image::imageops::FilterType::Triangle);
    let seen = image::imageops::crop_imm(&seen, 0, 0, 100, 50).to_image();
    assert!(psnr(&rgb(&seen), &expected) > 30.0);
    assert_eq!(glass.screen().cursor_position(), (4, 10), "VS Code always moves the cursor");
}

#[test]
fn a_picture_that_keeps_its_aspect_leaves_its_box_in_vs_code() {
    let picture = iterm("width=10;height=5", &encoded(halves(100, 160), ImageFormat::Png));
    let seen = |profile| fed(profile, &picture).tiles();
    assert_eq!((seen(Profile::Iterm), seen(Profile::Vscode)), (35, 80));
}

#[test]
fn what_iterm_would_mishandle_is_told() {
    let bytes = encoded(halves(10, 20), ImageFormat::Png);
    let table = [
        (iterm("width=10px;height=1", &bytes), "width=10px is no number of cells"),
        (iterm("height=1", &bytes), "width=auto"),
        (iterm("width=1;height=1;colour=red", &bytes), "argument \"colour=red\""),
        (format!("\x1b[?1049h{}", iterm("width=1;height=11", &bytes)), "row 11 of 20x10"),
        (iterm("width=1;height=1", b"no picture"), "no picture"),
        (iterm("width=1;height=1;size=5", &bytes), "size=5"),
        ("\x1b]1337;File=inline=1;width=1;height=1:A!\x07".to_owned(), "base64"),
        ("\x1b]1337;File=width=1;height=1:AAAA\x07".to_owned(), "download"),
        ("\x1b]1337;SetMark\x07".to_owned(), "no File="),
    ];
    for (bytes, expected) in table {
        let faults = faults(Profile::Iterm, &bytes);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    }
    let faults = faults(Profile::Kitty, iterm("width=1;height=1", &bytes));
    assert!(faults[0].contains("terminal that shows none"), "{faults:?}");
}

#[test]
fn sixels_are_seen() {
    // Two colours side by side, 20 wide and 20 high: three bands and a third of one.
    let band = |bits: char| format!("#1!10{bits}$#2!10?!10{bits}");
    let body = format!(
        "\"1;1;20;20#1;2;100;0;0#2;1;0;50;100{}-{}-{}-{}",
        band('~'),
        band('~'),
        band('~'),
        band('B')
    );
    let glass = fed(Profile::Foot, format!("\x1b[3;5H\x1b7\x1bP0;1;0q{body}\x1b\\\x1b8"));
    let seen = glass.pixels((4, 2, 2, 1));
    assert_eq!(*seen.get_pixel(9, 17), RED);
    assert_eq!(*seen.get_pixel(10, 0), BLUE, "hue 0 is blue");
    assert_eq!([seen.get_pixel(0, 18), seen.get_pixel(0, 19)].map(|pixel| *pixel), [RED, RED]);
    assert_eq!(glass.screen().cursor_position(), (2, 4));
}

#[test]
fn the_second_parameter_decides_about_gaps() {
    let cell = |second: u8| {
        let bytes = format!("\x1b[48;2;0;0;255m \x1b[H\x1bP0;{second}q\"1;1;10;6#1;2;100;0;0!5~\x1b\\");
        let seen = fed(Profile::XtermSixel, bytes).pixels((0, 0, 1, 1));
        [*seen.get_pixel(4, 5), *seen.get_pixel(5, 5), *seen.get_pixel(5, 6)]
    };
    assert_eq!(cell(1), [RED, BLUE, BLUE]);
    assert_eq!(cell(0), [RED, BLACK, BLUE]);
}

#[test]
fn what_sixel_terminals_would_mishandle_is_told() {
    let sixel = |body: &str| format!("\x1b[?1049h\x1bP0;1;0q{body}\x1b\\");
    let high = |bands: usize| format!("\"1;1;1;{}#1;2;0;0;0{}~", bands * 6, "~-".repeat(bands - 1));
    let table = [
        (sixel(&high(31)), "reach the last one"),
        (format!("\x1b[?1049h\x1b[10H\x1bP0;1;0q{}\x1b\\", high(1)), "reach the last one"),
        (sixel("\"1;1;210;6#1;2;0;0;0!210~"), "21 columns"),
        (sixel("\"1;1;1;6#256;2;0;0;0~"), "colour register"),
        (sixel("\"1;1;1;6#1;2;0;0;101~"), "colour [1, 2, 0, 0, 101]"),
        (sixel("\"1;1;1;6#7~"), "register 7 is used without a colour"),
        (sixel("\"1;1;1;6#1;2;0;0;0~~"), "2x6 pixels where 1x6"),
        (sixel("#1;2;0;0;0~"), "not announced"),
        (sixel("\"1;1;1;6#1;2;0;0;0!5"), "a run of [5]"),
        (sixel("\"1;1;1;6\x01#1;2;0;0;0~"), "byte 0x01"),
        (sixel(""), "a picture of 0x0 pixels"),
    ];
    for (bytes, expected) in table {
        let faults = faults(Profile::Foot, &bytes);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    }
    let nine_rows = sixel(&high(30));
    assert_eq!(faults(Profile::Foot, &nine_rows), [""; 0], "nine rows of ten");
    let none = faults(Profile::Xterm, &nine_rows);
    assert!(none[0].contains("terminal that shows none"), "{none:?}");
}

#[test]
fn what_every_terminal_would_mishandle_is_told() {
    let alternate = |bytes: &str| format!("\x1b[?1049h{bytes}");
    let table = [
        ("\x1b[?2026h".to_owned(), "never ended"),
        ("\x1b[?2026h\x1b[?2026h\x1b[?2026l".to_owned(), "begins within another"),
        (alternate("\x1b[10;20Hab"), "beyond the end of the last row"),
        (alternate("\x1b[10;1H\n"), "a line feed in the last row"),
        (alternate("\x1b[H\x1bM"), "a reverse line feed"),
        (alternate("\x1b[S"), "CSI S"),
        (alternate("\x1b[2L"), "CSI L"),
        ("\x1b[11;1H".to_owned(), "the cursor goes to"),
        ("\x1b[1;2".to_owned(), "ends within a sequence"),
        ("\x1b[1;2\x1b[H".to_owned(), "cut short"),
        ("\x1b]0;title\x1b[H".to_owned(), "cut short"),
        ("\x1b[>5z".to_owned(), "unknown: CSI >"),
        ("\x1b[?9999h".to_owned(), "unknown: CSI ?"),
        ("\x1b[<>1m".to_owned(), "malformed"),
        ("\x1b[77m".to_owned(), "unknown: CSI"),
        ("\x1b]4242;x\x07".to_owned(), "unknown: OSC 4242"),
        ("\x1bPx\x1b\\".to_owned(), "unknown: DCS x"),
        ("\x1bZ".to_owned(), "unknown: ESC Z"),
        ("\x1b^secret\x1b\\".to_owned(), "nobody reads"),
        ("\x01".to_owned(), "control 0x01"),
        (tmux("\x1b[c"), "there is no tmux"),
    ];
    for (bytes, expected) in table {
        let faults = faults(Profile::Silent, &bytes);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
    }
    for bytes in [&b"\xff"[..], b"\xe2\x96x", b"\xed\xa0\x80"] {
        assert_eq!(faults(Profile::Silent, bytes).len(), 1, "{bytes:?}");
    }
}

#[test]
fn what_programs_write_every_day_is_no_fault() {
    let bytes = "\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?1004h\x1b[?2004h\
        \x1b[2J\x1b[3J\x1b[10;19Hx\x1b[0m\x1b[1;2;3;4;5;7;8;9m\x1b[22;23;24;25;27;28;29m\x1b[38:2:1:2:3m\x1b[58;5;3m\
        \x1b[58;2;1;2;3m\x1b[59m\x1b[4:3m\x1b[39;49m\x1b[2 q\x1b]0;title\x07\x1b]8;;https://a\x1b\\b\x1b]8;;\x1b\\\
        \x1b7\x1b8\x1b[s\x1b[u\x1b[1;1H\x1b[5n\x1b[>1u\x1b[<u\x1b(B\x1b[?2026h\x1b[?2026l\x1b[?25h\x1b[?1049l\r\n\t\x08\x07";
    let glass = fed(Profile::Kitty, bytes);
    assert_eq!(glass.updates(), 1);
    assert!(!glass.is_updating());
}

#[test]
fn the_main_screen_may_scroll_and_takes_pictures_along() {
    let sixel = "\x1bP0;1;0q\"1;1;10;6#1;2;100;0;0!10~\x1b\\";
    let mut glass = fed(Profile::Foot, format!("\x1b[3;1H{sixel}\x1b[10;1H\n"));
    assert_eq!(*glass.pixels((0, 1, 1, 1)).get_pixel(0, 0), RED);
    assert_eq!((glass.tiles(), glass.scrolled()), (1, 1));
    glass.feed(b"\n\n");
    assert_eq!(glass.tiles(), 0);
    let picture = kitty("q=2,a=T,i=1,f=100,c=2,r=3", &png(halves(20, 60)));
    let glass = fed(Profile::Kitty, format!("\x1b[9;1H{picture}"));
    assert_eq!(*glass.pixels((0, 7, 1, 1)).get_pixel(0, 0), RED, "it made room for itself");
    assert_eq!(glass.screen().cursor_position(), (9, 2));
}

#[test]
fn terminals_answer_as_they_do() {
    let questions = "\x1b[>q\x1b[16t\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m\x1b[?2026$p\x1b[c";
    let table = [
        (
            Profile::Kitty,
            "\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;20;10t\x1b_Gi=31;OK\x1b\\\x1bP1$r48:2:1:2:3m\x1b\\\x1b[?2026;2$y\x1b[?62;c",
        ),
        (
            Profile::XtermSixel,
            "\x1bP>|XTerm(379)\x1b\\\x1bP1$r0;48:2::1:2:3m\x1b\\\x1b[?2026;0$y\x1b[?63;1;2;4;6;9;15;16;22;28c",
        ),
        (Profile::Alacritty, "\x1b[?6c"),
        (Profile::Vscode, "\x1b[6;20;10t\x1b[?2026;2$y\x1b[?62;4;9;22c"),
        (Profile::Silent, ""),
    ];
    for (profile, expected) in table {
        let mut glass = glass(profile);
        assert_eq!(String::from_utf8(glass.feed(questions.as_bytes())).unwrap(), expected, "{profile:?}");
        assert_eq!(glass.faults(), [""; 0], "{profile:?}");
        assert!(glass.memory().is_empty());
    }
    for profile in Profile::ALL.into_iter().filter(|profile| *profile != Profile::Tmux) {
        assert_eq!(faults(profile, questions), [""; 0], "{profile:?}");
        assert!(profile.environment().iter().any(|(name, _)| *name == "TERM"));
    }
}

#[test]
fn answers_can_come_late() {
    let mut glass = glass(Profile::Foot);
    glass.hold();
    assert_eq!(glass.feed(b"\x1b[c"), b"");
    assert_eq!(glass.feed(b"\x1b[5n"), b"");
    assert_eq!(glass.release(), b"\x1b[?62;4;22c\x1b[0n");
    assert_eq!(glass.feed(b"\x1b[5n"), b"\x1b[0n");
}

#[test]
fn kitty_says_how_it_went_unless_it_shall_not() {
    let picture = png(halves(10, 20));
    let table = [
        (kitty("i=1,f=100", &picture), "\x1b_Gi=1;OK\x1b\\"),
        (kitty("i=1,f=100,q=1", &picture), ""),
        (kitty("a=T,f=100,C=1", &picture), ""),
        (
            kitty("i=1,f=100", &picture) + &kitty("a=p,i=1,p=3,C=1", ""),
            "\x1b_Gi=1;OK\x1b\\\x1b_Gi=1,p=3;OK\x1b\\",
        ),
        (kitty("q=2,i=1,f=100", "AAAA"), ""),
        (kitty("a=d,d=I,i=1", ""), ""),
    ];
    for (bytes, expected) in table {
        assert_eq!(
            String::from_utf8(glass(Profile::Kitty).feed(bytes.as_bytes())).unwrap(),
            expected,
            "{bytes}"
        );
    }
    let said = String::from_utf8(glass(Profile::Kitty).feed(kitty("q=1,a=p,i=5", "").as_bytes())).unwrap();
    assert!(said.starts_with("\x1b_Gi=5;ENOENT:"), "{said:?}");
}

#[test]
fn tmux_passes_on_what_is_wrapped() {
    let picture = kitty("q=2,a=T,U=1,i=5,f=100,c=1,r=1", &png(halves(10, 20)));
    let cell = format!("\x1b[38;5;5m{}", placeholder(&[0, 0]));
    let glass = fed(Profile::Tmux, tmux(&picture) + &cell);
    assert_eq!(*glass.pixels((0, 0, 1, 1)).get_pixel(1, 1), RED);
    let bare = faults(Profile::Tmux, &picture);
    assert!(bare[0].contains("title of the pane"), "{bare:?}");
    let mut glass = Glass::new(20, 10, CELL, Profile::Tmux);
    let asked = format!("\x1b[>q{}\x1b[c", tmux("\x1b[>q\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"));
    let said = String::from_utf8(glass.feed(asked.as_bytes())).unwrap();
    assert_eq!(said, "\x1bP>|tmux 3.5a\x1b\\\x1bP>|kitty(0.41.1)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?1;2;4c");
}

#[test]
fn bytes_are_counted_by_protocol() {
    let picture = kitty("a=d,q=2", "");
    let file = iterm("width=1;height=1", &encoded(halves(10, 20), ImageFormat::Png));
    let sixel = "\x1bPq\"1;1;1;6#1;2;0;0;0~\x1b\\";
    let count = |profile, bytes: &str| {
        let mut glass = glass(profile);
        glass.feed(bytes.as_bytes());
        assert_eq!(glass.bytes().all(), bytes.len());
        glass.bytes()
    };
    let none = Bytes::default();
    assert_eq!(count(Profile::Kitty, &picture), Bytes { kitty: picture.len(), ..none });
    assert_eq!(count(Profile::Iterm, &file), Bytes { iterm: file.len(), ..none });
    assert_eq!(count(Profile::Foot, &format!("a{sixel}▀")), Bytes { sixel: sixel.len(), cells: 4, ..none });
    let wrapped = tmux(&picture);
    assert_eq!(count(Profile::Tmux, &wrapped), Bytes { kitty: wrapped.len(), ..none });
    count(Profile::Kitty, "\x1b[1\x1b[H\x1b]0;x\x1b[H\x1b\x1b[H\u{2580}");
}

#[test]
fn a_resize_takes_sixels_away() {
    let mut glass = fed(Profile::Foot, "\x1bPq\"1;1;1;6#1;2;0;0;0~\x1b\\");
    glass.resize(30, 15);
    assert_eq!((glass.tiles(), glass.screen().size()), (0, (15, 30)));
    assert_eq!(glass.pixels((0, 0, 30, 15)).dimensions(), (300, 300));
}

/// Looks at a program's recorded output: with `CAPSCOPE_STREAMS` set to a folder of `*.raw` files,
/// feeds them in the order of their names, says after each what came, and writes what is seen then
/// beside it as a PNG. `CAPSCOPE_PROFILE` names the terminal (`kitty`, `foot`, …), `CAPSCOPE_CELL` and
/// `CAPSCOPE_SCREEN` give sizes as `10x20` and `120x40`.
/// `cargo test --test glass recorded -- --ignored --nocapture`
#[test]
#[ignore = "for the eye"]
fn recorded_streams() {
    let Some(folder) = std::env::var_os("CAPSCOPE_STREAMS") else { return };
    let size = |name: &str, otherwise: (u16, u16)| {
        let text = std::env::var(name).ok()?;
        let (width, height) = text.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?)).or(Some(otherwise))
    };
    let (columns, rows) = size("CAPSCOPE_SCREEN", (120, 40)).unwrap_or((120, 40));
    let cell = size("CAPSCOPE_CELL", CELL).unwrap_or(CELL);
    let name = std::env::var("CAPSCOPE_PROFILE").unwrap_or("kitty".to_owned());
    let is_named = |profile: &Profile| format!("{profile:?}").eq_ignore_ascii_case(&name);
    let profile = Profile::ALL.into_iter().find(is_named).expect("CAPSCOPE_PROFILE names a terminal");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "raw"));
    paths.sort();
    let mut glass = Glass::new(columns, rows, cell, profile);
    let (mut before, mut told) = (Bytes::default(), 0);
    for path in paths {
        glass.feed(&std::fs::read(&path).unwrap());
        let now = glass.bytes();
        println!(
            "{}: {} bytes of cells, {} kitty, {} iterm, {} sixel; {} updates, {} placements, {} tiles, memory {:?}",
            path.file_name().unwrap().display(),
            now.cells - before.cells,
            now.kitty - before.kitty,
            now.iterm - before.iterm,
            now.sixel - before.sixel,
            glass.updates(),
            glass.placements(),
            glass.tiles(),
            glass.memory()
        );
        glass.faults()[told..].iter().for_each(|fault| println!("    {fault}"));
        (before, told) = (now, glass.faults().len());
        glass.pixels((0, 0, columns, rows)).save(path.with_extension("png")).unwrap();
    }
    glass.finish();
    glass.faults()[told..].iter().for_each(|fault| println!("    at the end: {fault}"));
}

/// A stream with something of everything.
fn mixture() -> Vec<u8> {
    let picture = png(gradient(30, 30));
    let mut stream = String::new();
    stream += "\x1b[?1049h\x1b[?2026h\x1b[2J\x1b[2;2H\x1b[38;2;9;8;7m▀é漢x\u{10EEEE}\x1b[c\x1b[>q";
    stream += &chunked("i=3,f=100", &picture, 100);
    stream += &kitty("a=p,U=1,i=3,c=3,r=2", "");
    stream += &format!("\x1b[4;4H\x1b[38;5;3m{}{}", placeholder(&[0, 0]), placeholder(&[]));
    stream += &iterm("width=2;height=2", &encoded(gradient(20, 20), ImageFormat::Jpeg));
    stream += "\x1b[7;2H\x1b7\x1bP0;1;0q\"1;1;10;6#1;2;100;0;0!10~-\x1b\\\x1b8\x1b[?2026l";
    stream += &tmux("\x1b[c");
    stream += "\x1b[12\x1b[3;3H\x1b]0;t\x1b[9999z\x1b]2;u\x1b\\\x18\x1bPabc\x18d";
    let mut stream = stream.into_bytes();
    stream.extend(b"\xe2\x96a\xff\xf0\x9f\x1b[1;1H\x1b\x1b\\\xf0\x9f\x98\x80\x1b[10;20Hwrap");
    stream
}

fn state(glass: &Glass) -> (Vec<String>, Bytes, RgbaImage, String, Vec<(u32, usize)>) {
    let memory = glass.memory().into_iter().collect();
    (glass.faults().to_vec(), glass.bytes(), glass.pixels((0, 0, 20, 10)), glass.screen().contents(), memory)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_cut_of_the_stream_is_the_same(cuts in proptest::collection::vec(1_usize..60, 1..80), profile in 0_usize..12) {
        let stream = mixture();
        let profile = Profile::ALL[profile];
        let mut whole = glass(profile);
        let answers = whole.feed(&stream);
        let mut cut = glass(profile);
        let mut said = Vec::new();
        let mut rest = stream.as_slice();
        for length in cuts.iter().cycle() {
            let (head, tail) = rest.split_at((*length).min(rest.len()));
            said.extend(cut.feed(head));
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(said, answers);
        prop_assert_eq!(state(&cut), state(&whole));
    }

    #[test]
    fn no_bytes_break_it(bytes in proptest::collection::vec(prop_oneof![
        Just(0x1b_u8), Just(b'['), Just(b'_'), Just(b'G'), Just(b'P'), Just(b'q'), Just(b']'), Just(b'\\'), Just(b';'),
        Just(b'#'), Just(b'!'), Just(b'1'), Just(b'~'), any::<u8>()
    ], 0..300)) {
        let mut glass = glass(Profile::Wezterm);
        glass.feed(&bytes);
        prop_assert_eq!(glass.pixels((0, 0, 20, 10)).dimensions(), (200, 200));
    }
}
