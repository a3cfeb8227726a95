//! `data:` URLs.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::MediaError;

/// Data sets are written by many hands: with padding, without it, with wrong last bits.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// The bytes in a `data:` URL, base64 or percent-encoded. A text that does not begin with `data:`
/// is taken for bare base64. At most `limit` bytes.
pub(super) fn bytes(url: &str, limit: u64) -> Result<Vec<u8>, MediaError> {
    let (payload, base64) = match strip_scheme(url.trim_start()) {
        Some(rest) => {
            let (head, payload) = rest.split_once(',').ok_or(MediaError::BrokenDataUrl("no comma"))?;
            let is_base64 =
                head.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
            (payload, is_base64)
        }
        None => (url, true),
    };
    // The text may be three times as long as its bytes (all percent-encoded), never more.
    if payload.len() as u64 / 3 > limit {
        return Err(MediaError::TooManyBytes(limit));
    }
    let plain = unescaped(payload);
    let bytes = if base64 { decoded(plain)? } else { plain };
    if bytes.len() as u64 > limit {
        return Err(MediaError::TooManyBytes(limit));
    }
    Ok(bytes)
}

fn strip_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once(':')?;
    scheme.eq_ignore_ascii_case("data").then_some(rest)
}

/// Percent-decoding; a `%` without two hexadecimal digits stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        match (byte, after) {
            (b'%', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) << 4 | hex(*low));
                rest = tail;
            }
            _ => {
                out.push(byte);
                rest = after;
            }
        }
    }
    out
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a').wrapping_add(10),
    }
}

fn decoded(mut text: Vec<u8>) -> Result<Vec<u8>, MediaError> {
    text.retain(|byte| !byte.is_ascii_whitespace());
    let url_safe = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if url_safe { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(&text).map_err(|error| match error {
        base64::DecodeError::InvalidByte(..) => MediaError::BrokenDataUrl("not base64"),
        _ => MediaError::BrokenDataUrl("base64 that ends too early"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write() {
        let good: [(&str, &[u8]); 9] = [
            ("data:image/png;base64,aGVsbG8=", b"hello"),
            ("data:image/png;base64,aGVsbG8", b"hello"),
            ("DATA:;BASE64,aGVs\n bG8=", b"hello"),
            ("data:image/jpeg;charset=x;base64,aGVsbG8%3D", b"hello"),
            ("data:;base64,_-8=", &[0xff, 0xef]),
            ("data:,a%20b%ff%4", b"a b\xff%4"),
            ("data:text/plain,base64", b"base64"),
            ("aGVsbG8=", b"hello"),
            ("data:,", b""),
        ];
        for (url, expected) in good {
            assert_eq!(bytes(url, 100).as_deref(), Ok(expected), "{url}");
        }
        let bad = [
            ("data:image/png;base64", "broken data: URL: no comma"),
            ("data:;base64,aGVsb*8=", "broken data: URL: not base64"),
            ("data:;base64,aGVsb", "broken data: URL: base64 that ends too early"),
        ];
        for (url, expected) in bad {
            assert_eq!(bytes(url, 100).map_err(|error| error.to_string()), Err(expected.to_owned()), "{url}");
        }
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        assert_eq!(bytes("data:;base64,aGVsbG8=", 4), Err(MediaError::TooManyBytes(4)));
        assert_eq!(bytes(&format!("data:,{}", "x".repeat(1000)), 10), Err(MediaError::TooManyBytes(10)));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(data:)?.{0,60}") {
            let _ = bytes(&text, 1 << 20);
        }

        #[test]
        fn any_bytes_come_back(given in proptest::collection::vec(any::<u8>(), 0..100)) {
            let percent: Vec<String> = given.iter().map(|byte| format!("%{byte:02x}")).collect();
            prop_assert_eq!(bytes(&format!("data:,{}", percent.concat()), 100), Ok(given.clone()));
            let base64 = base64::engine::general_purpose::STANDARD.encode(&given);
            prop_assert_eq!(bytes(&format!("data:;base64,{base64}"), 100), Ok(given));
        }
    }
}
