//! Replies taken out of what comes from the terminal; all else stays, in order.

use std::time::Duration;

use super::Question;
use super::shape::{Shape, shape};

/// A reply as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What it answers; `None` where we did not ask.
    pub question: Option<Question>,
    /// All of its bytes.
    pub bytes: Vec<u8>,
}

/// Takes bytes as they are read, in pieces of any size, and sorts them.
#[derive(Debug, Default)]
pub struct Replies {
    /// The beginning of what may become a reply: empty, or from an escape on.
    held: Vec<u8>,
    input: Vec<u8>,
    found: Vec<Reply>,
    is_over: bool,
}

impl Replies {
    /// Sorts more bytes. What follows the answer to the last question is input, whatever it is.
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(*byte);
        }
    }

    fn take(&mut self, byte: u8) {
        if self.is_over || (self.held.is_empty() && byte != 0x1b) {
            self.input.push(byte);
            return;
        }
        self.held.push(byte);
        match shape(&self.held) {
            Shape::Part => {}
            Shape::Whole(question) => {
                self.is_over = question == Some(Question::Attributes);
                self.found.push(Reply { question, bytes: std::mem::take(&mut self.held) });
            }
            // Only the escape is known to begin no reply; another one may follow.
            Shape::Other => {
                let held = std::mem::take(&mut self.held);
                if let Some((escape, rest)) = held.split_first() {
                    self.input.push(*escape);
                    self.feed(rest);
                }
            }
        }
    }

    /// What is no reply, in the order in which it came, as far as it is known.
    pub fn take_input(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.input)
    }

    /// The replies so far.
    pub fn take_found(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.found)
    }

    /// Whether the last question has been answered.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether a reply to this is there.
    pub(super) fn has(&self, question: Question) -> bool {
        self.found.iter().any(|reply| reply.question == Some(question))
    }

    /// Bytes that may become a reply.
    pub fn held(&self) -> &[u8] {
        &self.held
    }

    /// Gives up waiting for the rest of what may have become a reply: it is input.
    pub fn give_up(&mut self) {
        self.input.append(&mut self.held);
    }

    /// What was held, for the caller to deal with.
    pub(super) fn take_held(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }
}

/// How long the beginning of a sequence may be held back: an escape alone is most often a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patience {
    pub(super) escape: Duration,
    pub(super) sequence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { escape: Duration::from_millis(50), sequence: Duration::from_millis(500) }
    }
}

impl Patience {
    pub(super) fn with(&self, held: &[u8]) -> Duration {
        if held.len() > 1 { self.sequence } else { self.escape }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::shape::tests::REPLIES;
    use super::*;

    fn sorted(pieces: &[&[u8]]) -> (Vec<Option<Question>>, Vec<u8>) {
        let mut replies = Replies::default();
        for piece in pieces {
            replies.feed(piece);
        }
        replies.give_up();
        (replies.take_found().into_iter().map(|reply| reply.question).collect(), replies.take_input())
    }

    #[test]
    fn keys_between_replies_stay_in_order() {
        use Question::{Attributes, Cell, Kitty, Version};
        let (found, input) = sorted(&[
            b"j\x1b[A\x1bP>|kitty(0.41.1)\x1b\\k\x1b[6;17;8t\x1b[6~\x1b",
            b"_Gi=31;OK\x1b\\\xc3\xa4\x1bx\x1b",
            b"\x1b[?62;c/q\x1b[?1c",
        ]);
        assert_eq!(found, [Version, Cell, Kitty, Attributes].map(Some));
        assert_eq!(input, b"j\x1b[Ak\x1b[6~\xc3\xa4\x1bx\x1b/q\x1b[?1c");
    }

    #[test]
    fn what_is_given_up_is_input() {
        let mut replies = Replies::default();
        replies.feed(b"a\x1b");
        assert_eq!((replies.take_input(), replies.held()), (b"a".to_vec(), &b"\x1b"[..]));
        replies.give_up();
        replies.feed(b"_b\x1bP>|kit");
        assert_eq!(replies.take_input(), b"\x1b_b");
        assert_eq!(replies.take_held(), b"\x1bP>|kit");
    }

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..6),
            (0..REPLIES.len()).prop_map(|place| REPLIES[place].0.to_vec()),
            (0..REPLIES.len(), 1_usize..9).prop_map(|(place, end)| {
                let reply = REPLIES[place].0;
                reply[..end.min(reply.len())].to_vec()
            }),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_wherever_it_is_split(pieces in proptest::collection::vec(piece(), 0..8), cut in 0_usize..200) {
            let whole = pieces.concat();
            let cut = cut.min(whole.len());
            let mut replies = Replies::default();
            replies.feed(&whole[..cut]);
            replies.feed(&whole[cut..]);
            replies.give_up();
            let (input, found) = (replies.take_input(), replies.take_found());
            prop_assert_eq!(input.len() + found.iter().map(|reply| reply.bytes.len()).sum::<usize>(), whole.len());
            let mut at_once = Replies::default();
            at_once.feed(&whole);
            at_once.give_up();
            prop_assert_eq!((at_once.take_input(), at_once.take_found()), (input, found));
        }
    }
}
