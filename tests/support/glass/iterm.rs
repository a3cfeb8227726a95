//! Pictures as iTerm2 takes them: a whole file in one operating system command.

use std::collections::BTreeMap;

use image::RgbaImage;

use super::kitty::base64;

/// A picture and how it shall be shown.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) pixels: RgbaImage,
    /// Columns and rows of the box.
    pub(crate) cells: (u32, u32),
    pub(crate) keeps_aspect: bool,
    pub(crate) keeps_cursor: bool,
}

/// Reads what stands behind `1337;File=`; whatever is wrong goes into `faults`.
pub(crate) fn read(body: &[u8], cell: (u16, u16), faults: &mut Vec<String>) -> Option<File> {
    let mut fault = |what: String| faults.push(format!("iterm: {what}"));
    let mut halves = body.splitn(2, |byte| *byte == b':');
    let head = String::from_utf8_lossy(halves.next().unwrap_or_default()).into_owned();
    let mut keys = BTreeMap::new();
    for pair in head.split(';').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some((key, value)) if KEYS.contains(&key) => drop(keys.insert(key, value)),
            _ => fault(format!("argument {pair:?}")),
        }
    }
    if keys.get("inline") != Some(&"1") {
        fault("without inline=1 it is a download".to_owned());
        return None;
    }
    let Some(payload) = halves.next() else {
        fault("no payload".to_owned());
        return None;
    };
    let bytes = match base64(payload) {
        Ok(bytes) => bytes,
        Err(error) => {
            fault(format!("base64: {error}"));
            return None;
        }
    };
    if let Some(size) = keys.get("size")
        && size.parse() != Ok(bytes.len())
    {
        fault(format!("size={size}, and {} bytes came", bytes.len()));
    }
    let pixels = match image::load_from_memory(&bytes) {
        Ok(image) => image.into_rgba8(),
        Err(error) => {
            fault(format!("no picture: {error}"));
            return None;
        }
    };
    let mut side = |key: &str, pixels: u32, cell: u16| {
        let text = keys.get(key).copied().unwrap_or("auto");
        match text.parse::<u32>() {
            Ok(cells) if cells > 0 => cells,
            _ => {
                fault(format!("{key}={text} is no number of cells"));
                pixels.div_ceil(u32::from(cell))
            }
        }
    };
    let cells = (side("width", pixels.width(), cell.0), side("height", pixels.height(), cell.1));
    let keeps_aspect = keys.get("preserveAspectRatio") != Some(&"0");
    let keeps_cursor = keys.get("doNotMoveCursor") == Some(&"1");
    Some(File { pixels, cells, keeps_aspect, keeps_cursor })
}

const KEYS: [&str; 7] =
    ["name", "size", "width", "height", "preserveAspectRatio", "inline", "doNotMoveCursor"];
