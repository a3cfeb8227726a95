//! What a reply looks like, byte by byte. One grammar for replies in time and for late ones.

use super::Question;

/// What a stretch of bytes that begins with an escape may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A whole reply; `None` to a question that we did not ask.
    Whole(Option<Question>),
    /// The beginning of a reply, so far.
    Part,
    /// No reply, whatever follows.
    Other,
}

/// Nobody answers with more.
const LONGEST: usize = 1024;

/// Judges bytes from an escape on.
pub(super) fn shape(bytes: &[u8]) -> Shape {
    if bytes.len() > LONGEST {
        return Shape::Other;
    }
    match bytes {
        [] | [0x1b] => Shape::Part,
        [0x1b, b'[', rest @ ..] => sequence(rest),
        [0x1b, b'P', rest @ ..] => device_string(rest),
        [0x1b, b'_', rest @ ..] => string(rest, b"G", kitty(rest)),
        [0x1b, b']', rest @ ..] => system_string(rest),
        _ => Shape::Other,
    }
}

/// `CSI ? 62 ; 4 c` or `CSI 6 ; 17 ; 8 t`: neither begins like the sequence of any key, except for
/// the 6, which may be that of page down and ends otherwise.
fn sequence(rest: &[u8]) -> Shape {
    let Some((first, rest)) = rest.split_first() else { return Shape::Part };
    let (end, question) = match first {
        b'?' => (b'c', Question::Attributes),
        b'6' => (b't', Question::Cell),
        _ => return Shape::Other,
    };
    if question == Question::Cell && !matches!(rest.first(), None | Some(b';')) {
        return Shape::Other;
    }
    let is_parameter = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    match rest.split_last() {
        Some((last, parameters)) if *last == end && parameters.iter().all(is_parameter) => {
            Shape::Whole(Some(question))
        }
        _ if rest.iter().all(is_parameter) => Shape::Part,
        _ => Shape::Other,
    }
}

/// `DCS > | name ST` or `DCS 1 $ r values ST`, with 0 for "cannot say".
fn device_string(rest: &[u8]) -> Shape {
    let beginnings: [(&[u8], Question); 3] =
        [(b">|", Question::Version), (b"1$r", Question::Truecolor), (b"0$r", Question::Truecolor)];
    let shapes = beginnings.map(|(beginning, question)| string(rest, beginning, Some(question)));
    shapes.into_iter().find(|shape| *shape != Shape::Other).unwrap_or(Shape::Other)
}

/// `OSC number ; text`, ended by ST or BEL. We ask no such question, but others before us may have.
fn system_string(rest: &[u8]) -> Shape {
    if rest.first().is_some_and(|first| !first.is_ascii_digit()) {
        return Shape::Other;
    }
    string(rest, b"", None)
}

/// A reply of kitty to our question, not one about some picture.
fn kitty(rest: &[u8]) -> Option<Question> {
    rest.starts_with(b"Gi=31").then_some(Question::Kitty)
}

/// A string that begins so and has printable bytes up to its end.
fn string(rest: &[u8], beginning: &[u8], question: Option<Question>) -> Shape {
    let Some(body) = rest.strip_prefix(beginning) else {
        return if beginning.starts_with(rest) { Shape::Part } else { Shape::Other };
    };
    let is_printable = |byte: &u8| *byte >= 0x20 && *byte != 0x7f;
    match body {
        [text @ .., 0x1b, b'\\'] | [text @ .., 0x07] if text.iter().all(is_printable) => {
            Shape::Whole(question)
        }
        [text @ .., 0x1b] | text if text.iter().all(is_printable) => Shape::Part,
        _ => Shape::Other,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Replies as terminals give them.
    pub(in super::super) const REPLIES: [(&[u8], Question); 13] = [
        (b"\x1bP>|kitty(0.41.1)\x1b\\", Question::Version),
        (b"\x1bP>|tmux 3.5a\x1b\\", Question::Version),
        (b"\x1bP>|XTerm(379)\x1b\\", Question::Version),
        (b"\x1b[6;17;8t", Question::Cell),
        (b"\x1bP1$r48:2:1:2:3m\x1b\\", Question::Truecolor),
        (b"\x1bP1$r0;48:2::1:2:3m\x1b\\", Question::Truecolor),
        (b"\x1bP0$r\x1b\\", Question::Truecolor),
        (b"\x1b_Gi=31;OK\x1b\\", Question::Kitty),
        (b"\x1b_Gi=31;EINVAL:no such thing\x1b\\", Question::Kitty),
        (b"\x1b[?62;c", Question::Attributes),
        (b"\x1b[?6c", Question::Attributes),
        (b"\x1b[?62;4;22c", Question::Attributes),
        (b"\x1b[?1;2;4c", Question::Attributes),
    ];

    #[test]
    fn replies_are_known_whole_and_in_part() {
        for (reply, question) in REPLIES {
            assert_eq!(shape(reply), Shape::Whole(Some(question)), "{}", reply.escape_ascii());
            for end in 1..reply.len() {
                assert_eq!(shape(&reply[..end]), Shape::Part, "{} {end}", reply.escape_ascii());
            }
        }
        for foreign in
            [&b"\x1b]11;rgb:0000/0000/0000\x07"[..], b"\x1b]11;rgb:0/0/0\x1b\\", b"\x1b_Gi=7;OK\x1b\\"]
        {
            assert_eq!(shape(foreign), Shape::Whole(None), "{}", foreign.escape_ascii());
        }
    }

    #[test]
    fn keys_are_no_replies() {
        let keys: [&[u8]; 17] = [
            b"\x1b[A",
            b"\x1b[6~",
            b"\x1b[6;5~",
            b"\x1b[1;5C",
            b"\x1b[<0;3;4M",
            b"\x1b[200~",
            b"\x1b[I",
            b"\x1bOP",
            b"\x1b\x1b",
            b"\x1bx",
            b"\x1bPx",
            b"\x1bP1x",
            b"\x1b_a",
            b"\x1b]x",
            b"\x1bP>|abc\x1b[",
            b"\x1b_G\r",
            b"\x1b[67",
        ];
        for key in keys {
            assert_eq!(shape(key), Shape::Other, "{}", key.escape_ascii());
        }
        assert_eq!(shape(&[b"\x1bP>|".as_slice(), &[b'x'; 2000]].concat()), Shape::Other);
    }
}
