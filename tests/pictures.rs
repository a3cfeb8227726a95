//! Pictures on the glass: what the program writes is turned back into pixels and compared with the source.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program"
)]
#![cfg(unix)]

mod support;

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use support::glass::{Glass, Profile, psnr, rgb};
use support::session::{CELL, Session};

/// Columns and rows of the terminal; the full-screen view leaves the last row free.
const SIZE: (u16, u16) = (100, 30);
const VIEW: (u16, u16, u16, u16) = (0, 0, 100, 29);

/// A line over which bytes are dear.
const SSH: (&str, &str) = ("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");

/// A picture with slopes, edges and grain, as photographs have; another one for each number.
fn picture(number: u32, (width, height): (u32, u32)) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (x * 255 / width.max(1), y * 255 / height.max(1));
        let (dx, dy) =
            (i64::from(x) - i64::from(width / 3 + number * 40 % width), i64::from(y) - i64::from(height / 2));
        let is_disc = dx * dx + dy * dy < i64::from(height / 4).pow(2);
        let grain = (x.wrapping_mul(73) ^ y.wrapping_mul(151) ^ number.wrapping_mul(977)) % 7;
        let colour = if is_disc {
            [220, 60 + across / 3, 40]
        } else {
            [across * 2 / 3, 90 + down / 3, 200 - down / 2]
        };
        Rgb(colour.map(|channel| (channel + grain).min(255) as u8))
    })
}

/// A data set of pictures that fill the view exactly.
fn data_set(home: &Path, count: u32) -> (PathBuf, Vec<RgbImage>) {
    data_set_of(home, count, VIEW)
}

/// One of pictures that fill so many cells.
fn data_set_of(home: &Path, count: u32, view: (u16, u16, u16, u16)) -> (PathBuf, Vec<RgbImage>) {
    let folder = home.join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    let size = (u32::from(view.2 * CELL.0), u32::from(view.3 * CELL.1));
    let pictures: Vec<RgbImage> = (0..count).map(|number| picture(number, size)).collect();
    let mut lines = String::new();
    for (number, picture) in pictures.iter().enumerate() {
        picture.save(folder.join(format!("{number:02}.png"))).unwrap();
        lines += &format!(
            "{{\"id\":\"s{number:02}\",\"image\":\"{number:02}.png\",\"caption\":\"a red disc number {number} before a blue sky\"}}\n"
        );
    }
    let path = folder.join("data.jsonl");
    std::fs::write(&path, lines).unwrap();
    (path, pictures)
}

/// Tells what was measured, for whoever looks why a test fails.
fn noted(decibels: f64) -> f64 {
    println!("{decibels:.1} dB");
    decibels
}

/// How near what is seen in the view comes to a picture, in decibels.
fn quality(glass: &Glass, picture: &RgbImage) -> f64 {
    noted(psnr(&rgb(&glass.pixels(VIEW)), picture))
}

/// The same where a pixel is half a cell.
fn quality_of_blocks(glass: &Glass, picture: &RgbImage) -> f64 {
    let coarse = |image: &RgbImage| {
        imageops::resize(image, VIEW.2.into(), u32::from(VIEW.3) * 2, FilterType::Triangle)
    };
    noted(psnr(&coarse(&rgb(&glass.pixels(VIEW))), &coarse(picture)))
}

/// The letters in the cells of the view; the row below it tells of what goes on in the background.
fn cells(glass: &Glass) -> Vec<String> {
    glass.screen().rows(0, SIZE.0).take(VIEW.3.into()).map(|row| row.trim_end().to_owned()).collect()
}

/// Opens a set in the full-screen view, and steps through it, and leaves.
fn see(
    profile: Profile,
    variables: &[(&str, &str)],
    arguments: &[&str],
    least: f64,
    measure: fn(&Glass, &RgbImage) -> f64,
) {
    let home = tempfile::tempdir().unwrap();
    let (path, pictures) = data_set(home.path(), 3);
    let mut all = vec![path.to_str().unwrap()];
    all.extend_from_slice(arguments);
    let mut session = Session::start(profile, SIZE, home.path(), &all, variables);
    session.wait_for("3 samples");
    session.keys("v");
    let seen = |number: usize| format!("picture {number} with {least} dB in {profile:?}");
    session.wait_until(&seen(0), |glass| measure(glass, &pictures[0]) > least);
    session.keys("n");
    session.wait_until(&seen(1), |glass| measure(glass, &pictures[1]) > least);
    // A popup and its end leave cells and pixels as they were.
    let before = (cells(&session.glass), session.glass.pixels(VIEW));
    let tiles = session.glass.tiles();
    session.keys("?");
    session.wait_for("type to find a key");
    // The help hides the most of it, with its empty cells too.
    assert!(session.glass.tiles() * 2 <= tiles, "{} of {tiles} cells", session.glass.tiles());
    session.keys("\x1b");
    session
        .wait_until("the popup is closed", |glass| !glass.screen().contents().contains("type to find a key"));
    session.wait_until("the picture as before", |glass| measure(glass, &pictures[1]) > least);
    assert_eq!(before.0, cells(&session.glass));
    assert!(psnr(&rgb(&before.1), &rgb(&session.glass.pixels(VIEW))) > least, "pixels are not as before");
    session.keys("p");
    session.wait_until(&seen(0), |glass| measure(glass, &pictures[0]) > least);
    assert_eq!(session.glass.lost(), [""; 0]);
    session.keys("vQ");
    assert_eq!(session.end(), 0);
    session.assert_clean();
}

#[test]
fn kitty_shows_the_picture() {
    see(Profile::Kitty, &[], &[], 35.0, quality);
}

#[test]
fn kitty_shows_the_picture_over_a_line() {
    see(Profile::Kitty, &[SSH], &[], 26.0, quality);
}

#[test]
fn an_old_kitty_shows_the_picture() {
    see(Profile::KittyOld, &[], &[], 35.0, quality);
}

#[test]
fn kitty_in_tmux_shows_the_picture() {
    see(Profile::Tmux, &[SSH], &[], 26.0, quality);
}

#[test]
fn iterm_shows_the_picture() {
    see(Profile::Iterm, &[], &[], 32.0, quality);
    see(Profile::Wezterm, &[SSH], &[], 26.0, quality);
}

#[test]
fn vscode_shows_the_picture() {
    see(Profile::Vscode, &[], &[], 28.0, quality);
}

#[test]
fn sixels_show_the_picture() {
    see(Profile::XtermSixel, &[], &[], 26.0, quality);
    see(Profile::Foot, &[SSH], &[], 24.0, quality);
}

#[test]
fn half_blocks_show_the_picture() {
    see(Profile::Alacritty, &[], &[], 30.0, quality_of_blocks);
    see(Profile::Kitty, &[], &["--graphics", "blocks256"], 25.0, quality_of_blocks);
}

#[test]
fn a_silent_terminal_shows_the_picture_and_loses_no_key() {
    see(Profile::Silent, &[("COLORTERM", "truecolor")], &["--probe-timeout", "300"], 30.0, quality_of_blocks);
    let home = tempfile::tempdir().unwrap();
    let (path, _) = data_set(home.path(), 3);
    let arguments = [path.to_str().unwrap(), "--probe-timeout", "60000"];
    let mut session = Session::start(Profile::Silent, SIZE, home.path(), &arguments, &[]);
    // The terminal is still waited for, and keys act already.
    session.wait_for("3 samples");
    session.keys("/disc\r");
    session.wait_for("disc");
    session.keys("?");
    session.wait_for("type to find a key");
    session.keys("\x1b");
    session.wait_until("closed", |glass| !glass.screen().contents().contains("type to find a key"));
    session.keys("Q");
    assert_eq!(session.end(), 0);
    session.assert_clean();
}

#[test]
fn answers_that_come_late_are_no_keys() {
    for profile in [Profile::Kitty, Profile::XtermSixel, Profile::Foot, Profile::Iterm] {
        let home = tempfile::tempdir().unwrap();
        let (path, _) = data_set(home.path(), 3);
        let arguments = [path.to_str().unwrap(), "--probe-timeout", "50"];
        let mut session = Session::start(profile, SIZE, home.path(), &arguments, &[]);
        session.glass.hold();
        session.wait_for("3 samples");
        // Half-blocks: the time is over.
        session.wait_until("a picture", |glass| glass.screen().contents().contains('▀'));
        session.wait_until("densities", |glass| glass.screen().contents().contains('▅'));
        let before = cells(&session.glass);
        session.release();
        session.keys("?");
        session.wait_for("type to find a key");
        session.keys("\x1b");
        session.wait_until("closed", |glass| !glass.screen().contents().contains("type to find a key"));
        assert_eq!(before, cells(&session.glass), "{profile:?}");
        session.keys("Q");
        assert_eq!(session.end(), 0);
    }
}

#[test]
fn twenty_moves_leave_nothing_behind() {
    for (profile, variables) in [
        (Profile::Kitty, vec![]),
        (Profile::KittyOld, vec![]),
        (Profile::Iterm, vec![SSH]),
        (Profile::Foot, vec![]),
        (Profile::Xterm, vec![]),
    ] {
        let home = tempfile::tempdir().unwrap();
        let (path, pictures) = data_set(home.path(), 20);
        let mut session = Session::start(profile, SIZE, home.path(), &[path.to_str().unwrap()], &variables);
        session.wait_for("1/20");
        for _ in 1..20 {
            session.keys("j");
        }
        session.wait_for("19.png");
        session.keys("v");
        session.wait_until("the last picture", |glass| quality_of_blocks(glass, &pictures[19]) > 22.0);
        session.keys("vgg");
        session.wait_for("00.png");
        session.keys("v");
        session.wait_until("the first picture", |glass| quality_of_blocks(glass, &pictures[0]) > 22.0);
        assert!(session.glass.memory().len() <= 8, "{profile:?} holds {:?}", session.glass.memory());
        assert_eq!(session.glass.lost(), [""; 0]);
        session.keys("vQ");
        assert_eq!(session.end(), 0);
        session.assert_clean();
    }
}

#[test]
fn whatever_ends_it_nothing_is_left() {
    for signal in ["-TERM", "-HUP", "-INT"] {
        let home = tempfile::tempdir().unwrap();
        let (path, pictures) = data_set(home.path(), 2);
        let mut session = Session::start(Profile::Kitty, SIZE, home.path(), &[path.to_str().unwrap()], &[]);
        session.wait_for("2 samples");
        session.keys("v");
        session.wait_until("a picture", |glass| quality(glass, &pictures[0]) > 30.0);
        assert!(!session.glass.memory().is_empty());
        session.signal(signal);
        session.end();
        session.assert_clean();
    }
}

#[test]
fn a_stop_takes_the_pictures_away_and_going_on_brings_them_back() {
    let home = tempfile::tempdir().unwrap();
    let (path, pictures) = data_set(home.path(), 2);
    let mut session = Session::start(Profile::Kitty, SIZE, home.path(), &[path.to_str().unwrap()], &[]);
    session.wait_for("2 samples");
    session.keys("v");
    session.wait_until("a picture", |glass| quality(glass, &pictures[0]) > 30.0);
    session.keys("\x1a");
    session.wait_until("all is taken away", |glass| {
        glass.memory().is_empty() && !glass.screen().alternate_screen()
    });
    session.signal("-CONT");
    session.wait_until("the picture again", |glass| quality(glass, &pictures[0]) > 30.0);
    session.keys("vQ");
    assert_eq!(session.end(), 0);
    session.assert_clean();
}

#[test]
fn another_size_of_the_window_paints_anew() {
    for profile in [Profile::Kitty, Profile::KittyOld, Profile::Foot] {
        let home = tempfile::tempdir().unwrap();
        let (path, pictures) = data_set(home.path(), 2);
        let mut session = Session::start(profile, (80, 24), home.path(), &[path.to_str().unwrap()], &[]);
        session.wait_for("2 samples");
        session.keys("v");
        session.wait_for("+ nearer");
        session.resize(SIZE.0, SIZE.1);
        session.wait_until("the picture on the larger screen", |glass| quality(glass, &pictures[0]) > 26.0);
        session.keys("vQ");
        assert_eq!(session.end(), 0);
        session.assert_clean();
    }
}

#[test]
fn a_first_look_over_a_line_costs_few_bytes() {
    let view = (0, 0, 60, 30);
    for (profile, most) in [
        (Profile::Kitty, 60_000),
        (Profile::KittyOld, 60_000),
        (Profile::Iterm, 60_000),
        (Profile::Foot, 200_000),
    ] {
        let home = tempfile::tempdir().unwrap();
        let (path, pictures) = data_set_of(home.path(), 2, view);
        let mut session = Session::start(profile, (60, 31), home.path(), &[path.to_str().unwrap()], &[SSH]);
        session.wait_for("2 samples");
        let before = session.glass.bytes().all();
        session.keys("v");
        let near = |glass: &Glass| psnr(&rgb(&glass.pixels(view)), &pictures[0]);
        session.wait_until("a picture", |glass| near(glass) > 22.0);
        let bytes = session.glass.bytes().all() - before;
        println!("{profile:?}: {bytes} bytes, {:.1} dB", near(&session.glass));
        assert!(bytes <= most, "{profile:?}: {bytes} bytes");
        // A test's terminal takes all bytes at once: so the fine one follows.
        let coarse = near(&session.glass);
        if matches!(profile, Profile::Kitty | Profile::KittyOld) {
            session.wait_until("a fine picture", |glass| near(glass) > coarse + 0.5);
        }
        let bytes = session.glass.bytes().all() - before - bytes;
        println!("{profile:?}: {bytes} bytes more, {:.1} dB", near(&session.glass));
        assert!(bytes <= 250_000, "{profile:?}: {bytes} bytes");
        session.keys("vQ");
        session.end();
        session.assert_clean();
    }
}

#[test]
fn a_quick_walk_ends_with_its_picture() {
    for (profile, variables) in [
        (Profile::Kitty, vec![]),
        (Profile::KittyOld, vec![SSH]),
        (Profile::Iterm, vec![SSH]),
        (Profile::Alacritty, vec![]),
    ] {
        let home = tempfile::tempdir().unwrap();
        let (path, pictures) = data_set(home.path(), 8);
        let mut session = Session::start(profile, SIZE, home.path(), &[path.to_str().unwrap()], &variables);
        session.wait_for("8 samples");
        session.keys("v");
        session.wait_until("the first picture", |glass| quality_of_blocks(glass, &pictures[0]) > 24.0);
        for (key, there) in [("n", 7), ("p", 0)] {
            for step in 0..9 {
                session.keys(key);
                // Keys come in heaps and one by one.
                session.read(std::time::Duration::from_millis(step % 3 * 12));
            }
            session.wait_until("the last picture", |glass| quality_of_blocks(glass, &pictures[there]) > 24.0);
        }
        session.keys("vQ");
        assert_eq!(session.end(), 0);
        session.assert_clean();
    }
}
