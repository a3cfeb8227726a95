//! A text for the clipboard of whoever sits before the terminal: by OSC 52, which goes wherever the picture goes,
//! over SSH and through tmux and screen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Environment;

/// Bytes of a text that are sent at most: what xterm, kitty, iTerm2, foot and tmux all take.
pub const COPY_LIMIT: usize = 56_244;
/// Bytes that GNU screen lets through at a time.
const PIECE: usize = 240;

/// The bytes that put a text into the clipboard of the terminal; none where the text is longer than terminals take.
pub fn copying(text: &str, environment: &Environment) -> Option<Vec<u8>> {
    if text.len() > COPY_LIMIT {
        return None;
    }
    let plain = format!("\u{1b}]52;c;{}\u{7}", STANDARD.encode(text)).into_bytes();
    let mut bytes = Vec::new();
    if environment.screen {
        for piece in plain.chunks(PIECE) {
            bytes.extend_from_slice(b"\x1bP");
            bytes.extend_from_slice(piece);
            bytes.extend_from_slice(b"\x1b\\");
        }
        return Some(bytes);
    }
    if environment.is_tmux() {
        // tmux takes the bare sequence by `set-clipboard on`, and lets this one through by `allow-passthrough`.
        bytes.extend_from_slice(b"\x1bPtmux;\x1b");
        bytes.extend_from_slice(&plain);
        bytes.extend_from_slice(b"\x1b\\");
    }
    bytes.extend_from_slice(&plain);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str, variables: &[(&str, &str)]) -> String {
        let bytes = copying(text, &Environment::of_terminal(variables)).expect("short enough");
        String::from_utf8(bytes).expect("ASCII").replace('\u{1b}', "ESC ").replace('\u{7}', " BEL")
    }

    #[test]
    fn each_in_between_has_its_own_way() {
        assert_eq!(sent("a dog", &[]), "ESC ]52;c;YSBkb2c= BEL");
        assert_eq!(
            sent("a dog", &[("TMUX", "/tmp/tmux"), ("TERM", "tmux-256color")]),
            "ESC Ptmux;ESC ESC ]52;c;YSBkb2c= BELESC \\ESC ]52;c;YSBkb2c= BEL"
        );
        assert_eq!(sent("a dog", &[("STY", "1.tty")]), "ESC PESC ]52;c;YSBkb2c= BELESC \\");
        // Pieces, none of which ends the string that it is a part of.
        let long = sent(&"dog".repeat(200), &[("STY", "1.tty")]);
        assert_eq!(long.matches("ESC P").count(), 4);
        let joined = long.replace("ESC \\ESC P", "");
        assert_eq!(joined, format!("ESC PESC ]52;c;{} BELESC \\", STANDARD.encode("dog".repeat(200))));
    }

    #[test]
    fn hostile_text_is_only_letters_on_its_way() {
        let sent = sent("\u{7}\u{1b}]0;gotcha\u{7}", &[]);
        assert_eq!((sent.matches("ESC").count(), sent.matches("BEL").count()), (1, 1));
        assert_eq!(copying(&"a".repeat(COPY_LIMIT + 1), &Environment::default()), None);
        assert!(copying(&"a".repeat(COPY_LIMIT), &Environment::default()).is_some());
    }
}
