//! Control sequences: those that vt100 does not know are known here.

use super::{Glass, Profile};

/// A control sequence, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Csi {
    /// One of `<=>?`, or 0.
    prefix: u8,
    /// What stands between semicolons, colons left in.
    parts: Vec<String>,
    /// Intermediates and the last letter.
    name: String,
}

impl Csi {
    /// `None` if it is malformed.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let rest = text.trim_start_matches(['<', '=', '>', '?']);
        let prefix = match text.len() - rest.len() {
            0 => 0,
            1 => *body.first()?,
            _ => return None,
        };
        let end = rest.find(|letter: char| !(letter.is_ascii_digit() || ";:".contains(letter)))?;
        let (numbers, name) = rest.split_at(end);
        // A prefix or a digit behind an intermediate.
        if name.chars().any(|letter| ('0'..='?').contains(&letter)) {
            return None;
        }
        let parts = numbers.split(';').map(str::to_owned).collect();
        Some(Self { prefix, parts, name: name.to_owned() })
    }

    /// The number at a place; 0 where nothing stands.
    fn number(&self, place: usize) -> u16 {
        self.parts.get(place).and_then(|part| part.parse().ok()).unwrap_or(0)
    }

    /// The first number, which counts something.
    fn count(&self) -> u16 {
        self.number(0).max(1)
    }

    fn written(&self) -> String {
        let prefix = if self.prefix == 0 { String::new() } else { char::from(self.prefix).to_string() };
        format!("\x1b[{prefix}{}{}", self.parts.join(";"), self.name)
    }
}

/// Modes of which nothing is seen: blinking, focus, mouse and scrolling dialects, colour notices.
const QUIET_MODES: [u16; 8] = [12, 1004, 1007, 1015, 1016, 1048, 2031, 2048];

impl Glass {
    pub(super) fn sequence(&mut self, csi: Csi, terminal: Profile) {
        let (row, column) = self.screen().cursor_position();
        let (rows, columns) = self.screen().size();
        let count = csi.count();
        match (csi.prefix, csi.name.as_str()) {
            (0, "c" | "n" | "t") | (b'>', "q") | (b'?', "$p" | "u") => self.question(&csi, terminal),
            // Second device attributes, keyboard dialects, sixel limits, cursor shapes.
            (b'>', "c" | "u" | "m") | (b'<' | b'=', "u") | (b'?', "S") | (0, " q") => {}
            (0, "s") => self.process(b"\x1b7"),
            (0, "u") => self.process(b"\x1b8"),
            (0, "!p") => self.region = (0, rows - 1),
            (0, "r") => {
                let bottom = if csi.number(1) == 0 { rows } else { csi.number(1) };
                self.region = (csi.count() - 1, bottom.min(rows).saturating_sub(1));
                self.process(csi.written().as_bytes());
            }
            (b'?', "h" | "l") => self.modes(&csi),
            (0, "m") => self.pen(&csi),
            (0 | b'?', "J") => {
                self.erase_display(csi.number(0), (row, column));
                if csi.number(0) != 3 {
                    self.process(csi.written().as_bytes());
                }
            }
            (0 | b'?', "K") => {
                match csi.number(0) {
                    0 => self.erase(row..row + 1, column..columns),
                    1 => self.erase(row..row + 1, 0..column + 1),
                    _ => self.erase(row..row + 1, 0..columns),
                }
                self.process(csi.written().as_bytes());
            }
            (0, "X") => {
                self.erase(row..row + 1, column..column.saturating_add(count));
                self.process(csi.written().as_bytes());
            }
            (0, "@" | "P") => {
                self.erase(row..row + 1, column..columns);
                self.process(csi.written().as_bytes());
            }
            (0, "L" | "M" | "S" | "T") => {
                let by =
                    if matches!(csi.name.as_str(), "M" | "S") { i64::from(count) } else { -i64::from(count) };
                self.scroll(by, &format!("CSI {}", csi.name));
                self.process(csi.written().as_bytes());
            }
            (0, "H" | "f") if csi.number(0) > rows || csi.number(1) > columns => {
                self.fault(format!("the cursor goes to {:?} of {columns}x{rows}", csi.parts));
                self.process(csi.written().as_bytes());
            }
            _ => self.process(csi.written().as_bytes()),
        }
    }

    fn erase_display(&mut self, what: u16, (row, column): (u16, u16)) {
        let (rows, columns) = self.screen().size();
        match what {
            0 => {
                self.erase(row..row + 1, column..columns);
                self.erase(row + 1..rows, 0..columns);
            }
            1 => {
                self.erase(0..row, 0..columns);
                self.erase(row..row + 1, 0..column + 1);
            }
            _ => {
                self.erase(0..rows, 0..columns);
                // kitty forgets what is on the screen then.
                self.kitty.clear(self.parser.screen().alternate_screen());
            }
        }
    }

    /// What is asked of the terminal.
    fn question(&mut self, csi: &Csi, terminal: Profile) {
        let answers = terminal.answers();
        let (rows, columns) = self.screen().size();
        let (row, column) = self.screen().cursor_position();
        let (width, height) = self.cell;
        let is_silent = terminal == Profile::Silent;
        let reply = match (csi.prefix, csi.name.as_str(), csi.number(0)) {
            (0, "c", 0) => answers.attributes.map(|attributes| format!("\x1b[{attributes}")),
            (b'>', "q", 0) => answers.version.map(|version| format!("\x1bP>|{version}\x1b\\")),
            (0, "n", 5) => (!is_silent).then(|| "\x1b[0n".to_owned()),
            (0, "n", 6) => (!is_silent).then(|| format!("\x1b[{};{}R", row + 1, column + 1)),
            (0, "t", 14) => answers.cell.then(|| format!("\x1b[4;{};{}t", height * rows, width * columns)),
            (0, "t", 16) => answers.cell.then(|| format!("\x1b[6;{height};{width}t")),
            (0, "t", 18) => (!is_silent).then(|| format!("\x1b[8;{rows};{columns}t")),
            // Titles are kept and brought back.
            (0, "t", 22 | 23) => None,
            (b'?', "$p", 2026) => answers.update.map(|state| format!("\x1b[?2026;{state}$y")),
            (b'?', "$p", mode) => answers.update.map(|_| format!("\x1b[?{mode};0$y")),
            (b'?', "u", _) => answers.kitty.then(|| "\x1b[?0u".to_owned()),
            _ => return self.fault(format!("unknown: {:?}", csi.written())),
        };
        self.replies.extend(reply.unwrap_or_default().as_bytes());
    }

    fn modes(&mut self, csi: &Csi) {
        let is_set = csi.name == "h";
        for place in 0..csi.parts.len() {
            match csi.number(place) {
                2026 => self.update(is_set),
                80 => self.fault("sixel: DECSDM is told apart differently by terminals"),
                mode if QUIET_MODES.contains(&mode) => {}
                mode => self.process(format!("\x1b[?{mode}{}", csi.name).as_bytes()),
            }
        }
    }

    /// A synchronized update begins or ends; at its end every placeholder shows something. An end
    /// without a beginning does no harm: programs that leave write one.
    fn update(&mut self, begins: bool) {
        if begins && self.is_updating {
            self.fault("a synchronized update begins within another");
        }
        if !begins && self.is_updating {
            self.updates += 1;
            let lost = self.lost();
            for fault in lost {
                if !self.faults.contains(&fault) {
                    self.fault(fault);
                }
            }
        }
        self.is_updating = begins;
    }

    /// Colours and attributes; vt100 gets those that it knows.
    fn pen(&mut self, csi: &Csi) {
        let mut kept = Vec::new();
        let mut parts = csi.parts.iter();
        while let Some(part) = parts.next() {
            let head = part.split(':').next().unwrap_or_default();
            match head {
                // The colour of underlines.
                "58" if part == "58" => {
                    let count = match parts.next().map(String::as_str) {
                        Some("5") => 1,
                        Some("2") => 3,
                        _ => return self.fault(format!("malformed: {:?}", csi.written())),
                    };
                    parts.by_ref().take(count).for_each(drop);
                }
                // It again, blinking, hidden, struck, overlined, and their ends.
                "58" | "59" | "5" | "6" | "8" | "9" | "25" | "28" | "29" | "53" | "55" => {}
                "38" | "48" if part == head => {
                    let count = match parts.as_slice().first().map(String::as_str) {
                        Some("5") => 2,
                        Some("2") => 4,
                        _ => 0,
                    };
                    kept.push(part.clone());
                    kept.extend(parts.by_ref().take(count).cloned());
                }
                "4" => kept.push(if part == "4:0" { "24" } else { "4" }.to_owned()),
                "21" => kept.push("4".to_owned()),
                _ => kept.push(part.clone()),
            }
        }
        if !kept.is_empty() {
            self.process(format!("\x1b[{}m", kept.join(";")).as_bytes());
        }
    }
}
