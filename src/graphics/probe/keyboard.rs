//! Keys from whoever reads the terminal: first the probe, then crossterm.

use std::time::Instant;

use crossterm::event::Event;

use super::{Keys, Late, Probed, Question};

/// Turns what comes from the terminal into events, without any of its replies.
#[derive(Debug, Default)]
pub struct Keyboard {
    keys: Keys,
    late: Option<Late>,
    heard: Vec<Question>,
}

impl Keyboard {
    /// The events in what the probe has told. When it is done, what it holds unfinished may be the
    /// beginning of a reply whose rest crossterm will read.
    pub fn probed(&mut self, probed: &Probed, now: Instant) -> Vec<Event> {
        match probed {
            Probed::Input(input) => self.keys.read(input),
            Probed::Done(answers) => {
                self.late = Some(Late::new(answers, now));
                let mut rest = self.keys.read(&answers.unfinished);
                rest.append(&mut self.keys.finish());
                rest.into_iter().flat_map(|event| self.pass(event, now)).collect()
            }
        }
    }

    /// The events to act on, given one of crossterm's.
    pub fn pass(&mut self, event: Event, now: Instant) -> Vec<Event> {
        let Some(late) = &mut self.late else { return vec![event] };
        let events = late.pass(event, now);
        self.heard.append(&mut late.take_heard());
        if late.is_over(now) {
            self.late = None;
        }
        events
    }

    /// Expects the answer to a question that is asked now, and keeps it from becoming keys.
    pub fn expect(&mut self, question: Question, now: Instant) {
        self.late.get_or_insert_with(|| Late::nothing(now)).expect(question, now);
    }

    /// Whether answers are still expected.
    pub fn is_expecting(&self, now: Instant) -> bool {
        self.late.as_ref().is_some_and(|late| !late.is_over(now))
    }

    /// Expects the answers to all questions: the probe was stopped, and crossterm will read them.
    pub fn expect_all(&mut self, now: Instant) {
        for question in Question::ALL {
            self.expect(question, now);
        }
    }

    /// Whether the answer to this question has come since this was asked the last time.
    pub fn has_heard(&mut self, question: Question) -> bool {
        let count = self.heard.len();
        self.heard.retain(|heard| *heard != question);
        self.heard.len() < count
    }

    /// When [`expire`](Self::expire) should be called, if nothing else happens.
    pub fn due(&self) -> Option<Instant> {
        self.late.as_ref().and_then(Late::due)
    }

    /// Keys that were held back for too long to belong to a reply.
    pub fn expire(&mut self, now: Instant) -> Vec<Event> {
        self.late.as_mut().map_or_else(Vec::new, |late| late.expire(now))
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::super::Answers;
    use super::*;

    #[test]
    fn an_answer_that_is_expected_is_heard_and_is_no_key() {
        let key = |letter, held| Event::Key(KeyEvent::new(KeyCode::Char(letter), held));
        let (bare, alt) = (KeyModifiers::NONE, KeyModifiers::ALT);
        let now = Instant::now();
        let mut keyboard = Keyboard::default();
        keyboard.expect(Question::Version, now);
        assert!(!keyboard.has_heard(Question::Version));
        assert_eq!(keyboard.pass(key('j', bare), now), [key('j', bare)]);
        for event in [
            key('P', alt | KeyModifiers::SHIFT),
            key('>', bare),
            key('|', bare),
            key('x', bare),
            key('\\', alt),
        ] {
            assert_eq!(keyboard.pass(event, now), []);
        }
        assert!(keyboard.has_heard(Question::Version));
        assert!(!keyboard.has_heard(Question::Version));
        // Nothing is held back any more.
        let escape = Event::Key(KeyEvent::new(KeyCode::Esc, bare));
        assert_eq!(keyboard.pass(escape.clone(), now), [escape]);
    }

    #[test]
    fn a_reply_that_the_deadline_cut_in_two_is_no_key() {
        let key = |letter| Event::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
        let back = Event::Key(KeyEvent::new(KeyCode::Char('\\'), KeyModifiers::ALT));
        let now = Instant::now();
        for (unfinished, rest) in [
            (&b"\x1bP>|kitty(0.4"[..], vec![key('1'), key(')'), back.clone()]),
            (b"\x1b[6;17", vec![key(';'), key('8'), key('t')]),
            (b"\x1b_Gi=31;OK\x1b", vec![key('\\')]),
        ] {
            let mut keyboard = Keyboard::default();
            assert_eq!(keyboard.probed(&Probed::Input(b"j".to_vec()), now), [key('j')]);
            let answers = Answers {
                asked: Question::ALL.to_vec(),
                unfinished: unfinished.to_vec(),
                ..Answers::default()
            };
            assert_eq!(keyboard.probed(&Probed::Done(Box::new(answers)), now), []);
            for event in rest {
                assert_eq!(keyboard.pass(event, now), [], "{}", unfinished.escape_ascii());
            }
            assert_eq!(keyboard.pass(key('k'), now), [key('k')]);
        }
    }
}
