//! Pictures as sixels: bands of six rows of pixels, painted with one colour after the other.

use image::{Rgba, RgbaImage};

/// Colour registers that terminals have; xterm is told so, foot has more.
const REGISTERS: u32 = 256;

/// Larger pictures are a fault of the program.
const LARGEST: u32 = 10_000;

/// A picture, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Sixel {
    pub(crate) pixels: RgbaImage,
    /// Rows of pixels of all bands, also where the picture ends within the last one.
    pub(crate) band_rows: u32,
    pub(crate) faults: Vec<String>,
}

struct Painter {
    registers: Vec<Option<Rgba<u8>>>,
    register: u32,
    /// Column and top row.
    at: (u32, u32),
    dots: Vec<(u32, u32, Rgba<u8>)>,
    /// Width and height that were announced.
    announced: Option<(u32, u32)>,
    used: (u32, u32),
    faults: Vec<String>,
}

/// Paints what stands in `ESC P parameters q body ESC \`. Where nothing is painted the background
/// is, unless the second parameter is 1.
pub(crate) fn paint(parameters: &[u32], body: &[u8], background: Rgba<u8>) -> Sixel {
    let mut painter = Painter {
        registers: vec![None; REGISTERS as usize],
        register: 0,
        at: (0, 0),
        dots: Vec::new(),
        announced: None,
        used: (0, 0),
        faults: Vec::new(),
    };
    painter.read(body);
    let clear = if parameters.get(1) == Some(&1) { Rgba([0; 4]) } else { background };
    let announced = painter.announced.unwrap_or_default();
    let size = (painter.used.0.max(announced.0), painter.used.1.max(announced.1));
    if painter.announced.is_none() {
        painter.faults.push("sixel: the size is not announced".to_owned());
    } else if painter.used.0 > announced.0 || painter.used.1 > announced.1 {
        let (used, (width, height)) = (painter.used, announced);
        painter
            .faults
            .push(format!("sixel: {}x{} pixels where {width}x{height} are announced", used.0, used.1));
    }
    if size.0 == 0 || size.1 == 0 || size.0 > LARGEST || size.1 > LARGEST {
        painter.faults.push(format!("sixel: a picture of {}x{} pixels", size.0, size.1));
        return Sixel { pixels: RgbaImage::new(0, 0), band_rows: 0, faults: painter.faults };
    }
    let mut pixels = RgbaImage::from_pixel(size.0, size.1, clear);
    for (x, y, colour) in &painter.dots {
        pixels.put_pixel(*x, *y, *colour);
    }
    Sixel { pixels, band_rows: (painter.at.1 + 6).max(size.1), faults: painter.faults }
}

impl Painter {
    fn fault(&mut self, what: String) {
        // One of a kind is enough.
        let what = format!("sixel: {what}");
        if !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }

    fn read(&mut self, body: &[u8]) {
        let mut rest = body;
        while let [byte, tail @ ..] = rest {
            rest = tail;
            match byte {
                b'"' => {
                    let numbers = numbers(&mut rest);
                    match numbers[..] {
                        [_, _, width, height] => self.announced = Some((width, height)),
                        _ => self.fault(format!("raster attributes {numbers:?}")),
                    }
                }
                b'#' => {
                    let numbers = numbers(&mut rest);
                    self.colour(&numbers);
                }
                b'!' => {
                    let count = numbers(&mut rest);
                    match (&count[..], rest) {
                        ([count], [dots @ 0x3f..=0x7e, tail @ ..]) => {
                            rest = tail;
                            self.dots(*dots, *count);
                        }
                        _ => self.fault(format!("a run of {count:?}")),
                    }
                }
                b'$' => self.at.0 = 0,
                b'-' => self.at = (0, self.at.1 + 6),
                0x3f..=0x7e => self.dots(*byte, 1),
                b'\r' | b'\n' => {}
                other => self.fault(format!("byte {other:#04x}")),
            }
        }
        // A last line feed begins no band.
        if self.at.1 >= 6 && self.used.1 <= self.at.1 {
            self.at.1 -= 6;
        }
    }

    fn colour(&mut self, numbers: &[u32]) {
        let Some(register) = numbers.first().copied().filter(|register| *register < REGISTERS) else {
            return self.fault(format!("colour register {numbers:?}"));
        };
        self.register = register;
        let colour = match *numbers {
            [_] => return,
            [_, 2, red, green, blue] if red.max(green).max(blue) <= 100 => {
                let part = |percent: u32| ((percent * 255 + 50) / 100) as u8;
                Rgba([part(red), part(green), part(blue), 255])
            }
            [_, 1, hue, lightness, saturation] if hue <= 360 && lightness.max(saturation) <= 100 => {
                from_hls(hue, lightness, saturation)
            }
            _ => return self.fault(format!("colour {numbers:?}")),
        };
        self.registers[register as usize] = Some(colour);
    }

    fn dots(&mut self, byte: u8, count: u32) {
        let count = count.clamp(1, LARGEST);
        let bits = byte - 0x3f;
        let colour = self.registers[self.register as usize];
        if bits != 0 && colour.is_none() {
            self.fault(format!("register {} is used without a colour", self.register));
        }
        let colour = colour.unwrap_or(Rgba([255, 0, 255, 255]));
        for bit in (0..6).filter(|bit| bits & (1 << bit) != 0) {
            let y = self.at.1 + bit;
            self.dots.extend((self.at.0..self.at.0 + count).map(|x| (x, y, colour)));
            self.used.1 = self.used.1.max(y + 1);
            self.used.0 = self.used.0.max(self.at.0 + count);
        }
        self.at.0 += count;
    }
}

/// Numbers with semicolons between them; `rest` begins behind them afterwards.
fn numbers(rest: &mut &[u8]) -> Vec<u32> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    head.split(|byte| *byte == b';').map(decimal).collect()
}

/// What digits say; nothing says zero.
pub(crate) fn decimal(digits: &[u8]) -> u32 {
    digits.iter().fold(0_u32, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0')))
    })
}

/// DEC's hue begins at blue.
fn from_hls(hue: u32, lightness: u32, saturation: u32) -> Rgba<u8> {
    let (lightness, saturation) = (f64::from(lightness) / 100.0, f64::from(saturation) / 100.0);
    let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
    let sector = f64::from((hue + 240) % 360) / 60.0;
    let second = chroma * (1.0 - (sector % 2.0 - 1.0).abs());
    let (red, green, blue) = match sector as u32 {
        0 => (chroma, second, 0.0),
        1 => (second, chroma, 0.0),
        2 => (0.0, chroma, second),
        3 => (0.0, second, chroma),
        4 => (second, 0.0, chroma),
        _ => (chroma, 0.0, second),
    };
    let part = |value: f64| ((value + lightness - chroma / 2.0) * 255.0).round() as u8;
    Rgba([part(red), part(green), part(blue), 255])
}
