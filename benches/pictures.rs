//! What pictures cost over a line, measured from outside: the real program in a pseudo-terminal whose
//! other end answers as real terminals do, and reads no faster than the line.
//!
//! ```text
//! cargo bench --bench pictures
//! ```
//!
//! A key waits for its frame as it is seen from outside, and the thread that draws is blocked as the program tells
//! (`--timings`): of all that the thread does from one key to the next, the longest time in which it hears nobody, with
//! what it waits for a core.
//!
//! Every picture has twelve megapixels and is drawn by this program. `CAPSCOPE_BENCH_PICTURES` names a
//! folder of others; `CAPSCOPE_BENCH_RATE` is the line's speed in bytes a second (250,000).
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::expect_used,
    reason = "a check of its own, not a part of the program; it uses a part of the tests' terminal"
)]

#[path = "../tests/support/glass/mod.rs"]
mod glass;
mod support;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use glass::{Glass, Profile};
use image::{Rgb, RgbImage};
use portable_pty::{CommandBuilder, NativePtySystem, PtySize, PtySystem};

/// The view has 60 by 30 cells; the row below it is its status line.
const SIZE: (u16, u16) = (60, 31);
const CELL: (u16, u16) = (10, 20);
/// A screen that has been still for so long is finished; finer pictures come later than that.
const STILL: Duration = Duration::from_millis(330);
const PATIENCE: Duration = Duration::from_secs(30);
const PICTURES: u32 = 24;
/// Keys of the walk on a quick line.
const KEYS: u64 = 200;

struct Session {
    glass: Glass,
    input: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
}

impl Session {
    /// Starts the program on these pictures, over a line of so many bytes a second, if there is a bound.
    /// It writes to `timings`, where that is given, how long its turns take.
    fn start(profile: Profile, data: &Path, home: &Path, rate: Option<f64>, timings: Option<&Path>) -> Self {
        let (pixel_width, pixel_height) = (SIZE.0 * CELL.0, SIZE.1 * CELL.1);
        let pair = NativePtySystem::default()
            .openpty(PtySize { rows: SIZE.1, cols: SIZE.0, pixel_width, pixel_height })
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_capscope"));
        command.arg("--index-dir");
        command.arg(home);
        command.arg(data);
        if let Some(timings) = timings {
            command.arg("--timings");
            command.arg(timings);
        }
        // From the beginning, wherever an earlier run has left.
        command.args(["--query", ""]);
        command.env("XDG_DATA_HOME", home);
        for name in ["TMUX", "STY", "NO_COLOR", "TERM_PROGRAM", "LC_TERMINAL", "COLORTERM", "KITTY_WINDOW_ID"]
        {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");
        for (name, value) in profile.environment() {
            command.env(name, value);
        }
        let mut reader = pair.master.try_clone_reader().expect("the terminal's output");
        let input = pair.master.take_writer().expect("the terminal's input");
        let (told, output) = channel();
        std::thread::spawn(move || {
            // The pair must live as long as somebody reads from it.
            let _pair = pair.master;
            let mut buffer = vec![0; if rate.is_some() { 4 << 10 } else { 64 << 10 }];
            while let Ok(read) = reader.read(&mut buffer) {
                if let Some(rate) = rate {
                    std::thread::sleep(Duration::from_secs_f64(read as f64 / rate));
                }
                if read == 0 || told.send((Instant::now(), buffer[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let child = pair.slave.spawn_command(command).expect("the program starts");
        Self { glass: Glass::new(SIZE.0, SIZE.1, CELL, profile), input, output, child }
    }

    fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.input.flush().expect("the terminal takes keys");
    }

    /// Takes in what is written until the screen is still; the time of the first and of the last byte, and
    /// how many they were.
    fn settle(&mut self, patience: Duration) -> Option<(Instant, Instant, usize)> {
        let (mut first, mut last, mut bytes) = (None, Instant::now(), 0);
        let mut wait = patience;
        while let Ok((when, more)) = self.output.recv_timeout(wait) {
            first.get_or_insert(when);
            last = when;
            bytes += more.len();
            wait = STILL;
            let answers = self.glass.feed(&more);
            if !answers.is_empty() {
                self.input.write_all(&answers).expect("the terminal answers");
            }
        }
        first.map(|first| (first, last, bytes))
    }

    fn quit(mut self) {
        let _ = self.input.write_all(b"\x03");
        let _ = self.child.wait();
    }
}

/// The data set: pictures of twelve megapixels, with slopes, edges and grain.
fn data(workplace: &Path) -> PathBuf {
    if let Some(folder) = std::env::var_os("CAPSCOPE_BENCH_PICTURES") {
        return folder.into();
    }
    let folder = workplace.join("photos");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut lines = String::new();
    for number in 0..PICTURES {
        let name = format!("{number:02}.jpg");
        lines += &format!(
            "{{\"id\":\"{number}\",\"image\":\"{name}\",\"caption\":\"picture number {number} of some discs\"}}\n"
        );
        if folder.join(&name).exists() {
            continue;
        }
        let picture = RgbImage::from_fn(4000, 3000, |x, y| {
            let place = i64::from((x / 500 * 7 + y / 500 * 13 + number * 5) % 11);
            let (dx, dy) = (i64::from(x % 500) - 250, i64::from(y % 500) - 250);
            let is_disc = dx * dx + dy * dy < (place * 20).pow(2);
            let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503) ^ number.wrapping_mul(977))
                >> 24
                & 15;
            let base = if is_disc {
                [220 - place * 12, 40 + place * 15, 60]
            } else {
                [i64::from(x / 20), 90 + i64::from(y / 24), 160]
            };
            Rgb(base.map(|channel| (channel + i64::from(grain)).clamp(0, 255) as u8))
        });
        picture.save(folder.join(&name)).expect("a picture");
    }
    let path = folder.join("data.jsonl");
    std::fs::write(&path, lines).expect("a file");
    path
}

/// What a session has written of its turns: for each key of so many, how long the longest turn took from this key to
/// the next. What the terminal answers comes as events too: those turns that are longest count.
fn blocked(timings: &Path, keys: usize) -> Vec<Duration> {
    let written = std::fs::read_to_string(timings).expect("the program has told of its turns");
    let mut moves = Vec::new();
    for line in written.lines() {
        let turn: serde_json::Value = serde_json::from_str(line).expect("a turn");
        let took = Duration::from_micros(turn["took"].as_u64().expect("a time"));
        if turn["woken"] == "event" {
            moves.push(took);
        } else if let Some(longest) = moves.last_mut() {
            *longest = took.max(*longest);
        }
    }
    moves.sort_unstable();
    moves.split_off(moves.len().saturating_sub(keys))
}

fn part(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    times.get(((times.len() * percent).div_ceil(100)).saturating_sub(1)).map_or(0.0, Duration::as_secs_f64)
        * 1000.0
}

fn main() {
    let workplace = support::workplace();
    let data = data(&workplace);
    let indexes = workplace.join("pictures");
    let timings = workplace.join("timings.jsonl");
    let rate: f64 =
        std::env::var("CAPSCOPE_BENCH_RATE").ok().and_then(|rate| rate.parse().ok()).unwrap_or(250_000.0);
    println!("view of 60x30 cells of 10x20 pixels over SSH; {} KB/s where the line is slow", rate / 1000.0);
    println!(
        "{:<12} {:>11} {:>11} {:>13} {:>13} {:>13} {:>16} {:>13} {:>9}",
        "terminal",
        "first look",
        "largest",
        "key, median",
        "key, p99",
        "15 keys settle",
        "blocked, median",
        "blocked, p99",
        "longest"
    );
    for profile in [Profile::Alacritty, Profile::Kitty, Profile::KittyOld, Profile::Iterm, Profile::Foot] {
        // One after another, each looked at: bytes of the first look, over the slow line.
        let mut session = Session::start(profile, &data, &indexes, Some(rate), None);
        session.settle(PATIENCE);
        session.keys("v");
        session.settle(PATIENCE);
        let mut looks = Vec::new();
        for _ in 0..10 {
            session.keys("n");
            if let Some((_, _, bytes)) = session.settle(PATIENCE) {
                looks.push(bytes);
            }
        }
        // A quick walk.
        for _ in 0..15 {
            session.keys("n");
            std::thread::sleep(Duration::from_millis(100));
        }
        let last = Instant::now().checked_sub(Duration::from_millis(100)).expect("the clock has begun");
        let settled = session
            .settle(PATIENCE)
            .map_or(0.0, |(_, end, _)| end.saturating_duration_since(last).as_secs_f64());
        session.quit();
        // How long a key waits for its frame, with pictures being decoded and sent, on a quick line.
        let mut session = Session::start(profile, &data, &indexes, None, Some(&timings));
        session.settle(PATIENCE);
        let mut waits = Vec::new();
        for step in 0..KEYS {
            while session.output.try_recv().is_ok() {}
            let pressed = Instant::now();
            session.keys(if step % 40 < 20 { "j" } else { "k" });
            if let Ok((when, _)) = session.output.recv_timeout(PATIENCE) {
                waits.push(when - pressed);
            }
            std::thread::sleep(Duration::from_millis(40 + step * 37 % 160));
        }
        session.quit();
        let mut blocked = blocked(&timings, KEYS as usize);
        let mean = looks.iter().sum::<usize>() / looks.len().max(1);
        println!(
            "{:<12} {:>9} B {:>9} B {:>10.1} ms {:>10.1} ms {:>11.2} s {:>14.1} ms {:>10.1} ms {:>6.1} ms",
            format!("{profile:?}"),
            mean,
            looks.iter().max().copied().unwrap_or(0),
            part(&mut waits.clone(), 50),
            part(&mut waits, 99),
            settled,
            part(&mut blocked.clone(), 50),
            part(&mut blocked.clone(), 99),
            part(&mut blocked, 100)
        );
    }
}
