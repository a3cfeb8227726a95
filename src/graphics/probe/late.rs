//! Replies that come after we gave up waiting for them, when crossterm reads the terminal.
//!
//! crossterm knows no strings: of `ESC _ G i = 3 1 ; O K ESC \` it makes Alt+`_`, then a key for
//! each letter, then Alt+`\`; where a read ends behind an escape, the key Esc and the bare letter.
//! In a program that is steered by single letters that does harm. So keys are written back as the
//! bytes that they were made of, and what has the shape of a reply is dropped.
//!
//! `CSI` replies vanish in crossterm by themselves: it drops `CSI 6 ; 17 ; 8 t` as an error and
//! keeps `CSI ? 62 c` from us, unless a read ended right behind their escape.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::replies::Patience;
use super::shape::{Shape, shape};
use super::{Answers, Question};

/// A terminal that has not answered by now never will.
const LATEST: Duration = Duration::from_secs(30);

/// Holds back what may be a late reply until that is known.
#[derive(Debug)]
pub struct Late {
    /// What was asked and not answered.
    outstanding: Vec<Question>,
    until: Instant,
    patience: Patience,
    /// Events that may be a reply, and the bytes that they were made of.
    held: Vec<Event>,
    bytes: Vec<u8>,
    since: Option<Instant>,
    /// Answers that have come and were not told of yet.
    heard: Vec<Question>,
}

impl Late {
    /// Expects what these answers lack. Replies come in the order of the questions, so that behind
    /// the last one there is nothing to expect.
    pub fn new(answers: &Answers, now: Instant) -> Self {
        let lacks = |asked: &[Question], replies: &[super::Reply]| -> Vec<Question> {
            let has = |question: &Question| replies.iter().any(|reply| reply.question == Some(*question));
            asked.iter().copied().filter(|question| !has(question)).collect()
        };
        let mut outstanding =
            if answers.is_complete() { Vec::new() } else { lacks(&answers.asked, &answers.replies) };
        if let Some(outer) = &answers.outer {
            outstanding.append(&mut lacks(&outer.asked, &outer.replies));
        }
        Self { outstanding, until: now + LATEST, ..Self::nothing(now) }
    }

    /// Expects nothing yet.
    pub fn nothing(now: Instant) -> Self {
        Self {
            outstanding: Vec::new(),
            until: now,
            patience: Patience::default(),
            held: Vec::new(),
            bytes: Vec::new(),
            since: None,
            heard: Vec::new(),
        }
    }

    /// Expects the answer to a question that is asked now.
    pub fn expect(&mut self, question: Question, now: Instant) {
        self.outstanding.push(question);
        self.until = self.until.max(now + LATEST);
    }

    /// The questions whose answers have come since this was asked the last time.
    pub fn take_heard(&mut self) -> Vec<Question> {
        std::mem::take(&mut self.heard)
    }

    /// Whether nothing is expected any more, so that every event passes at once.
    pub fn is_over(&self, now: Instant) -> bool {
        self.held.is_empty() && (self.outstanding.is_empty() || now >= self.until)
    }

    /// The events that are known to be no reply, in order; this one or none or several.
    pub fn pass(&mut self, event: Event, now: Instant) -> Vec<Event> {
        let mut out = self.expire(now);
        if self.is_over(now) {
            out.push(event);
            return out;
        }
        let mut waiting = VecDeque::from([event]);
        while let Some(event) = waiting.pop_front() {
            let (is_key, written) = (matches!(event, Event::Key(_)), written(&event));
            if written.is_empty() {
                // The mouse, or a change of size: it stands outside of what is typed.
                if is_key {
                    out.append(&mut self.take_held());
                }
                out.push(event);
                continue;
            }
            if self.held.is_empty() {
                if !written.starts_with(b"\x1b") {
                    out.push(event);
                    continue;
                }
                self.since = Some(now);
            }
            self.held.push(event);
            self.bytes.extend_from_slice(&written);
            match shape(&self.bytes) {
                Shape::Part => {}
                Shape::Whole(question) => {
                    self.take_held();
                    self.outstanding.retain(|expected| Some(*expected) != question);
                    self.heard.extend(question);
                }
                // Only the first is known to begin no reply; the next may.
                Shape::Other => {
                    let mut rest = VecDeque::from(self.take_held());
                    out.extend(rest.pop_front());
                    rest.append(&mut waiting);
                    waiting = rest;
                }
            }
        }
        out
    }

    /// When [`expire`](Self::expire) should be called, if nothing else happens.
    pub fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + self.patience.with(&self.bytes))
    }

    /// What has been held for too long to be a reply.
    pub fn expire(&mut self, now: Instant) -> Vec<Event> {
        if self.due().is_some_and(|due| now >= due) { self.take_held() } else { Vec::new() }
    }

    fn take_held(&mut self) -> Vec<Event> {
        self.bytes.clear();
        self.since = None;
        std::mem::take(&mut self.held)
    }
}

/// The bytes of which crossterm made this key, if they may belong to a reply.
fn written(event: &Event) -> Vec<u8> {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) = event else {
        return Vec::new();
    };
    let mut bytes = Vec::new();
    match (code, modifiers.difference(KeyModifiers::SHIFT)) {
        (KeyCode::Esc, KeyModifiers::NONE) => bytes.push(0x1b),
        (KeyCode::Char('g'), KeyModifiers::CONTROL) => bytes.push(0x07),
        (KeyCode::Char(letter), held) if held == KeyModifiers::NONE || held == KeyModifiers::ALT => {
            if held == KeyModifiers::ALT {
                bytes.push(0x1b);
            }
            bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        _ => {}
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::shape::tests::REPLIES;
    use super::*;

    fn key(letter: char) -> Event {
        let shift = if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        Event::Key(KeyEvent::new(KeyCode::Char(letter), shift))
    }

    fn alt(letter: char) -> Event {
        let Event::Key(mut pressed) = key(letter) else { return key(letter) };
        pressed.modifiers |= KeyModifiers::ALT;
        Event::Key(pressed)
    }

    const ESC: Event = Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));

    /// What crossterm 0.29 makes of one read that holds a reply or a part of one, and letters.
    fn of_crossterm(read: &[u8]) -> Vec<Event> {
        let text = std::str::from_utf8(read).expect("UTF-8");
        let mut letters = text.chars().peekable();
        let mut events = Vec::new();
        while let Some(letter) = letters.next() {
            match (letter, letters.peek().copied()) {
                ('\u{1b}', None) => events.push(ESC),
                // Whole, it is dropped as an error, or kept from us.
                ('\u{1b}', Some('[')) => {
                    letters.find(|letter| matches!(letter, 't' | 'c'));
                }
                ('\u{1b}', Some('\u{1b}')) => {
                    letters.next();
                    events.push(ESC);
                }
                ('\u{1b}', Some(next)) => {
                    letters.next();
                    events.push(alt(next));
                }
                ('\u{7}', _) => {
                    events.push(Event::Key(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL)));
                }
                _ => events.push(key(letter)),
            }
        }
        events
    }

    fn late(now: Instant) -> Late {
        Late::new(&Answers { asked: Question::ALL.to_vec(), ..Answers::default() }, now)
    }

    fn passed(events: Vec<Event>) -> Vec<Event> {
        let now = Instant::now();
        let mut late = late(now);
        let mut out: Vec<Event> = events.into_iter().flat_map(|event| late.pass(event, now)).collect();
        out.append(&mut late.expire(now + Duration::from_secs(1)));
        out
    }

    #[test]
    fn a_late_reply_is_no_key_wherever_the_read_ended() {
        for (reply, _) in REPLIES {
            let is_sequence = reply.starts_with(b"\x1b[");
            for cut in 0..reply.len() {
                // Inside of a sequence crossterm waits for the rest by itself.
                if is_sequence && cut > 1 {
                    continue;
                }
                let mut events = vec![key('j')];
                events.append(&mut of_crossterm(&reply[..cut]));
                events.append(&mut of_crossterm(&reply[cut..]));
                events.push(key('k'));
                assert_eq!(passed(events), [key('j'), key('k')], "{} {cut}", reply.escape_ascii());
            }
        }
    }

    #[test]
    fn all_replies_at_once_leave_nothing() {
        let mut all: Vec<u8> = REPLIES.iter().flat_map(|(reply, _)| reply.iter().copied()).collect();
        all.extend_from_slice(b"\x1b]11;rgb:1/2/3\x07\x1b]10;?\x1b\\q");
        assert_eq!(passed(of_crossterm(&all)), [key('q')]);
    }

    #[test]
    fn keys_that_only_begin_like_a_reply_are_given_back() {
        let up: Event = Event::Key(KeyCode::Up.into());
        for typed in [
            vec![alt('_'), key('a')],
            vec![alt('P'), key('>'), key('x')],
            vec![alt('P'), key('j'), key('j')],
            vec![alt(']'), key('j')],
            vec![ESC, key('q')],
            vec![ESC, ESC, key('/')],
            vec![ESC, key('['), key('x')],
            vec![alt('_'), up.clone(), key('G')],
            vec![alt('_'), alt('x'), key('j')],
            vec![alt('\\'), key('j')],
            vec![alt('_')],
            vec![ESC],
        ] {
            assert_eq!(passed(typed.clone()), typed);
        }
        // A reply right behind a key that looked like one.
        let mut events = vec![alt('_')];
        events.append(&mut of_crossterm(b"\x1b_Gi=31;OK\x1b\\"));
        assert_eq!(passed(events), [alt('_')]);
    }

    #[test]
    fn what_stands_outside_of_typing_passes_at_once() {
        let now = Instant::now();
        let mut late = late(now);
        assert_eq!(late.pass(alt('_'), now), []);
        assert_eq!(late.pass(Event::Resize(80, 24), now), [Event::Resize(80, 24)]);
        assert_eq!(late.pass(Event::FocusLost, now), [Event::FocusLost]);
        assert_eq!(late.pass(key('x'), now), [alt('_'), key('x')]);
    }

    #[test]
    fn nothing_is_held_for_long() {
        let now = Instant::now();
        let mut late = late(now);
        assert_eq!(late.pass(ESC, now), []);
        let due = late.due().expect("held");
        assert_eq!(due, now + Duration::from_millis(50));
        assert_eq!(late.expire(now), []);
        assert_eq!(late.expire(due), [ESC]);
        assert_eq!(late.due(), None);
        late.pass(alt('P'), now);
        late.pass(key('>'), now);
        let due = now + Duration::from_millis(500);
        assert_eq!(late.due(), Some(due));
        assert_eq!(late.pass(key('|'), due), [alt('P'), key('>'), key('|')]);
    }

    #[test]
    fn it_ends_with_the_last_reply_or_with_patience() {
        let now = Instant::now();
        let complete = Answers::parse(b"\x1b[?62c");
        assert!(Late::new(&complete, now).is_over(now));
        let lacking = Answers { asked: vec![Question::Kitty], ..Answers::default() };
        let mut late = Late::new(&lacking, now);
        assert!(!late.is_over(now));
        for event in of_crossterm(b"\x1b_Gi=31;OK\x1b\\") {
            assert_eq!(late.pass(event, now), []);
        }
        assert!(late.is_over(now));
        let mut never = Late::new(&lacking, now);
        let end = now + LATEST;
        assert_eq!(never.pass(ESC, end), [ESC]);
        let outer = super::super::Outer::from_replies(Vec::new());
        let through_tmux = Answers { outer: Some(outer), ..complete };
        assert!(!Late::new(&through_tmux, now).is_over(now));
    }
}
