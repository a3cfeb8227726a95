//! A fence around decoders of others that answer some broken files with a panic.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a decoder whose panics are caught and become a skipped record.
/// A panic hook asks this, so as not to disturb the screen for a file that is merely broken.
pub fn decoding() -> bool {
    DECODING.with(Cell::get)
}

/// Runs a decoder; a panic inside becomes an error in words.
pub(super) fn caught<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let before = DECODING.with(|flag| flag.replace(true));
    let outcome = catch_unwind(AssertUnwindSafe(decode));
    DECODING.with(|flag| flag.set(before));
    match outcome {
        Ok(result) => result,
        Err(payload) => {
            let text = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned());
            Err(format!("the decoder gave up: {}", text.unwrap_or_else(|| "no reason given".to_owned())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_the_flag_falls_again() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let outcome: Result<(), String> = caught(|| panic!("bad {}", 1));
        std::panic::set_hook(hook);
        assert_eq!(outcome, Err("the decoder gave up: bad 1".to_owned()));
        assert!(!decoding());
        assert_eq!(caught(|| Ok(decoding())), Ok(true));
    }
}
