//! Which key wants what, where: one table.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::command::Action;

/// What has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// The query box.
    Query,
    /// The result list.
    List,
    /// The captions.
    Text,
    /// The descriptor tree.
    Tree,
    /// The questions.
    Questions,
    /// The fields.
    Fields,
    /// The flags and figures of a sample.
    Figures,
    /// The picture, alone on the screen.
    Picture,
    /// The gallery.
    Gallery,
    /// The picture on the whole screen.
    Viewer,
    /// The screen of flags.
    Flags,
    /// The screen of coverage.
    Coverage,
    /// The screen of pairs.
    Pairs,
    /// The line there that takes letters.
    PairSearch,
    /// The screen of questions.
    QuestionsScreen,
    /// The spot-check.
    Spot,
    /// The line there that takes letters.
    SpotReasons,
    /// The help screen, whose box takes letters.
    Help,
    /// The palette, whose box takes letters.
    Palette,
    /// The messages.
    Messages,
    /// The tags, whose box takes letters.
    Tags,
    /// The saved queries, whose box takes letters.
    Saved,
    /// The note, whose box takes letters.
    Note,
    /// Where an export goes, whose box takes letters.
    Export,
}

impl Context {
    /// Whether letters go into a box here.
    pub fn is_typing(self) -> bool {
        matches!(
            self,
            Self::Query
                | Self::PairSearch
                | Self::SpotReasons
                | Self::Help
                | Self::Palette
                | Self::Tags
                | Self::Saved
                | Self::Note
                | Self::Export
        )
    }

    /// Whether one sample is in front of the user, which a digit may tag.
    pub fn has_sample(self) -> bool {
        matches!(
            self,
            Self::List
                | Self::Text
                | Self::Tree
                | Self::Questions
                | Self::Fields
                | Self::Figures
                | Self::Picture
                | Self::Gallery
                | Self::Viewer
        )
    }

    /// What help calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query box",
            Self::List => "list",
            Self::Text => "text",
            Self::Tree => "tree",
            Self::Questions => "questions",
            Self::Fields => "fields",
            Self::Figures => "figures",
            Self::Picture => "picture",
            Self::Gallery => "gallery",
            Self::Viewer => "view of a picture",
            Self::Flags => "screen of flags",
            Self::Coverage => "screen of coverage",
            Self::Pairs => "screen of pairs",
            Self::PairSearch => "search among pairs",
            Self::QuestionsScreen => "screen of questions",
            Self::Spot => "spot-check",
            Self::SpotReasons => "reasons of a spot-check",
            Self::Help => "help",
            Self::Palette => "palette",
            Self::Messages => "messages",
            Self::Tags => "tags",
            Self::Saved => "saved queries",
            Self::Note => "note",
            Self::Export => "export",
        }
    }
}

/// Where a line of the table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Everywhere,
    /// Wherever letters are commands.
    Browsing,
    /// Wherever letters go into a box.
    Typing,
    Only(Context),
}

impl Place {
    fn holds(self, context: Context) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Browsing => !context.is_typing(),
            Self::Typing => context.is_typing(),
            Self::Only(only) => only == context,
        }
    }
}

use Action as A;
use Context as C;
use Place::{Browsing, Everywhere, Only, Typing};

/// The table. Of several lines that fit, the most particular place wins. Keys are written as
/// `g g`, `C-d`, `A-b`, `S-Tab`, `Enter`.
const TABLE: &[(Place, &str, Action)] = &[
    (Browsing, "j", A::Down),
    (Browsing, "Down", A::Down),
    (Browsing, "k", A::Up),
    (Browsing, "Up", A::Up),
    (Browsing, "C-d", A::HalfDown),
    (Browsing, "C-u", A::HalfUp),
    (Browsing, "C-f", A::PageDown),
    (Browsing, "PageDown", A::PageDown),
    (Browsing, "C-b", A::PageUp),
    (Browsing, "PageUp", A::PageUp),
    (Browsing, "g g", A::First),
    (Browsing, "Home", A::First),
    (Browsing, "G", A::Last),
    (Browsing, "End", A::Last),
    (Only(C::Viewer), "n", A::NextSample),
    (Only(C::Viewer), "p", A::PreviousSample),
    (Browsing, "J", A::NextSample),
    (Browsing, "K", A::PreviousSample),
    (Browsing, "n", A::NextHit),
    (Browsing, "N", A::PreviousHit),
    (Browsing, "/", A::Search),
    (Browsing, "x", A::ClearQuery),
    (Browsing, "r", A::Shuffle),
    (Browsing, "u", A::Undo),
    (Browsing, "C-r", A::Redo),
    (Browsing, "Space", A::Mark),
    (Browsing, "t", A::Tag),
    (Browsing, "T", A::TagAll),
    (Browsing, "c", A::Note),
    (Browsing, "s", A::SavedQueries),
    (Browsing, "E", A::Export),
    (Browsing, "y i", A::CopyId),
    (Browsing, "y c", A::CopyCaption),
    (Browsing, "y a", A::CopyCaptions),
    (Browsing, "y p", A::CopyPath),
    (Browsing, "y j", A::CopyJson),
    (Browsing, "y q", A::CopyQuery),
    (Only(C::Tags), "C-x", A::TakeAway),
    (Only(C::Saved), "C-x", A::TakeAway),
    (Only(C::Saved), "C-s", A::SaveAs),
    (Only(C::Tags), "A-1", A::BindDigit),
    (Only(C::Tags), "A-2", A::BindDigit),
    (Only(C::Tags), "A-3", A::BindDigit),
    (Only(C::Tags), "A-4", A::BindDigit),
    (Only(C::Tags), "A-5", A::BindDigit),
    (Only(C::Tags), "A-6", A::BindDigit),
    (Only(C::Tags), "A-7", A::BindDigit),
    (Only(C::Tags), "A-8", A::BindDigit),
    (Only(C::Tags), "A-9", A::BindDigit),
    (Browsing, "Tab", A::FocusNext),
    (Browsing, "S-Tab", A::FocusPrevious),
    (Browsing, "Enter", A::Open),
    (Browsing, "Esc", A::Back),
    (Browsing, "z", A::Zoom),
    (Browsing, "p", A::ZoomPicture),
    (Browsing, "v", A::ShowPicture),
    (Browsing, "b", A::ToggleBoxes),
    (Browsing, "i", A::ToggleGallery),
    (Browsing, "]", A::NextPicture),
    (Browsing, "[", A::PreviousPicture),
    (Only(C::List), "l", A::Open),
    (Only(C::List), "Right", A::Open),
    (Only(C::List), "h", A::Back),
    (Only(C::List), "Left", A::Back),
    (Only(C::Picture), "l", A::NextPicture),
    (Only(C::Picture), "h", A::PreviousPicture),
    (Only(C::Picture), "Right", A::NextPicture),
    (Only(C::Picture), "Left", A::PreviousPicture),
    (Only(C::Tree), "h", A::Fold),
    (Only(C::Tree), "Left", A::Fold),
    (Only(C::Tree), "l", A::Unfold),
    (Only(C::Tree), "Right", A::Unfold),
    (Only(C::Tree), "Space", A::ToggleFold),
    (Only(C::Tree), "-", A::FoldAll),
    (Only(C::Tree), "+", A::UnfoldAll),
    (Only(C::Fields), "h", A::Fold),
    (Only(C::Fields), "Left", A::Fold),
    (Only(C::Fields), "l", A::Unfold),
    (Only(C::Fields), "Right", A::Unfold),
    (Only(C::Fields), "Space", A::ToggleFold),
    (Only(C::Fields), "-", A::FoldAll),
    (Only(C::Fields), "+", A::UnfoldAll),
    (Only(C::Figures), "h", A::Fold),
    (Only(C::Figures), "Left", A::Fold),
    (Only(C::Figures), "l", A::Unfold),
    (Only(C::Figures), "Right", A::Unfold),
    (Only(C::Figures), "Space", A::ToggleFold),
    (Only(C::Figures), "-", A::FoldAll),
    (Only(C::Figures), "+", A::UnfoldAll),
    (Only(C::Text), "l", A::NextFact),
    (Only(C::Text), "Right", A::NextFact),
    (Only(C::Text), "h", A::PreviousFact),
    (Only(C::Text), "Left", A::PreviousFact),
    (Browsing, "g e", A::GoExplore),
    (Browsing, "g i", A::GoGallery),
    (Browsing, "g f", A::GoFlags),
    (Browsing, "g c", A::GoCoverage),
    (Browsing, "g p", A::GoPairs),
    (Browsing, "g q", A::GoQuestions),
    (Browsing, "g s", A::GoSpot),
    (Browsing, "g d", A::GoNearest),
    (Only(C::Gallery), "h", A::Left),
    (Only(C::Gallery), "Left", A::Left),
    (Only(C::Gallery), "l", A::Right),
    (Only(C::Gallery), "Right", A::Right),
    (Only(C::Gallery), "+", A::Larger),
    (Only(C::Gallery), "=", A::Larger),
    (Only(C::Gallery), "-", A::Smaller),
    (Only(C::Viewer), "+", A::Larger),
    (Only(C::Viewer), "=", A::Larger),
    (Only(C::Viewer), "-", A::Smaller),
    (Only(C::Viewer), "0", A::Whole),
    (Only(C::Viewer), "h", A::Left),
    (Only(C::Viewer), "Left", A::Left),
    (Only(C::Viewer), "l", A::Right),
    (Only(C::Viewer), "Right", A::Right),
    (Only(C::Viewer), "PageDown", A::NextSample),
    (Only(C::Viewer), "N", A::PreviousSample),
    (Only(C::Viewer), "PageUp", A::PreviousSample),
    (Only(C::Viewer), "Tab", A::NextPicture),
    (Only(C::Viewer), "S-Tab", A::PreviousPicture),
    (Only(C::Viewer), "2", A::PairView),
    (Only(C::Flags), "l", A::RaiseThreshold),
    (Only(C::Flags), "Right", A::RaiseThreshold),
    (Only(C::Flags), "h", A::LowerThreshold),
    (Only(C::Flags), "Left", A::LowerThreshold),
    (Only(C::Flags), "L", A::RaiseThresholdFar),
    (Only(C::Flags), "S-Right", A::RaiseThresholdFar),
    (Only(C::Flags), "H", A::LowerThresholdFar),
    (Only(C::Flags), "S-Left", A::LowerThresholdFar),
    (Only(C::Flags), "=", A::ResetThreshold),
    (Only(C::Flags), "o", A::Reorder),
    (Only(C::Coverage), "Tab", A::NextPage),
    (Only(C::Coverage), "]", A::NextPage),
    (Only(C::Coverage), "S-Tab", A::PreviousPage),
    (Only(C::Coverage), "[", A::PreviousPage),
    (Only(C::Coverage), "h", A::Left),
    (Only(C::Coverage), "Left", A::Left),
    (Only(C::Coverage), "l", A::Right),
    (Only(C::Coverage), "Right", A::Right),
    (Only(C::Coverage), "Space", A::ToggleFold),
    (Only(C::Coverage), "-", A::FoldAll),
    (Only(C::Coverage), "+", A::UnfoldAll),
    (Only(C::Pairs), "f", A::FindPairs),
    (Only(C::Pairs), "a", A::AcceptPair),
    (Only(C::Pairs), "r", A::RejectPair),
    (Only(C::Pairs), "m", A::UndecidePair),
    (Only(C::Pairs), "o", A::Reorder),
    (Only(C::Pairs), "h", A::Left),
    (Only(C::Pairs), "Left", A::Left),
    (Only(C::Pairs), "l", A::Right),
    (Only(C::Pairs), "Right", A::Right),
    (Only(C::QuestionsScreen), "o", A::Reorder),
    (Only(C::QuestionsScreen), "h", A::Left),
    (Only(C::QuestionsScreen), "Left", A::Left),
    (Only(C::QuestionsScreen), "l", A::Right),
    (Only(C::QuestionsScreen), "Right", A::Right),
    (Only(C::Spot), "a", A::JudgeRight),
    (Only(C::Spot), "x", A::JudgeWrong),
    (Only(C::Spot), "r", A::JudgeWrong),
    (Only(C::Spot), "1", A::JudgeFor),
    (Only(C::Spot), "2", A::JudgeFor),
    (Only(C::Spot), "3", A::JudgeFor),
    (Only(C::Spot), "4", A::JudgeFor),
    (Only(C::Spot), "5", A::JudgeFor),
    (Only(C::Spot), "6", A::JudgeFor),
    (Only(C::Spot), "7", A::JudgeFor),
    (Only(C::Spot), "8", A::JudgeFor),
    (Only(C::Spot), "9", A::JudgeFor),
    (Only(C::Spot), "m", A::JudgeUnsure),
    (Only(C::Spot), "s", A::PutOff),
    (Only(C::Spot), "b", A::SampleBack),
    (Only(C::Spot), "Backspace", A::SampleBack),
    (Only(C::Spot), "u", A::UndoVerdict),
    (Only(C::Spot), "C-r", A::RedoVerdict),
    (Only(C::Spot), "e", A::EditReasons),
    (Browsing, "?", A::Help),
    (Browsing, ":", A::Palette),
    (Browsing, "M", A::Messages),
    (Browsing, "q", A::Quit),
    (Browsing, "Q", A::QuitNow),
    (Everywhere, "F1", A::Help),
    (Everywhere, "C-l", A::Redraw),
    (Everywhere, "C-z", A::Suspend),
    (Everywhere, "C-c", A::Cancel),
    (Typing, "Left", A::CursorLeft),
    (Typing, "C-b", A::CursorLeft),
    (Typing, "Right", A::CursorRight),
    (Typing, "C-f", A::CursorRight),
    (Typing, "A-b", A::WordLeft),
    (Typing, "C-Left", A::WordLeft),
    (Typing, "A-f", A::WordRight),
    (Typing, "C-Right", A::WordRight),
    (Typing, "Home", A::LineStart),
    (Typing, "C-a", A::LineStart),
    (Typing, "End", A::LineEnd),
    (Typing, "C-e", A::LineEnd),
    (Typing, "Backspace", A::DeleteLeft),
    (Typing, "C-h", A::DeleteLeft),
    (Typing, "Delete", A::DeleteRight),
    (Typing, "C-d", A::DeleteRight),
    (Typing, "C-w", A::KillWordLeft),
    (Typing, "A-Backspace", A::KillWordLeft),
    (Typing, "A-d", A::KillWordRight),
    (Typing, "C-u", A::KillToStart),
    (Typing, "C-k", A::KillToEnd),
    (Typing, "C-y", A::PutBack),
    (Typing, "Enter", A::Accept),
    (Typing, "Esc", A::Back),
    (Typing, "PageDown", A::PageDown),
    (Typing, "PageUp", A::PageUp),
    (Typing, "Down", A::Down),
    (Typing, "C-n", A::Down),
    (Typing, "Up", A::Up),
    (Typing, "C-p", A::Up),
    (Only(C::Query), "Up", A::HistoryBack),
    (Only(C::Query), "C-p", A::HistoryBack),
    (Only(C::Query), "Down", A::HistoryForward),
    (Only(C::Query), "C-n", A::HistoryForward),
    (Only(C::Query), "Tab", A::Complete),
    (Only(C::Query), "S-Tab", A::CompletePrevious),
];

/// A key with what was held down, as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    code: KeyCode,
    held: KeyModifiers,
}

impl Key {
    fn of(event: KeyEvent) -> Self {
        let mut held = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match event.code {
            // Terminals differ in whether they report Shift with a letter that it made.
            KeyCode::Char(c) => {
                held.remove(KeyModifiers::SHIFT);
                KeyCode::Char(if held.contains(KeyModifiers::CONTROL) { c.to_ascii_lowercase() } else { c })
            }
            KeyCode::BackTab => {
                held.insert(KeyModifiers::SHIFT);
                KeyCode::Tab
            }
            code => code,
        };
        Self { code, held }
    }

    /// The digit that it is.
    fn digit(self) -> Option<u64> {
        let KeyCode::Char(c) = self.code else { return None };
        c.to_digit(10).map(u64::from)
    }

    /// Reads `C-d`, `A-Backspace`, `Enter`, `G`; `None` where it is no key.
    fn parse(text: &str) -> Option<Self> {
        let mut held = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, after) = match rest.as_bytes() {
                [b'C', b'-', _, ..] => (KeyModifiers::CONTROL, rest.get(2..)?),
                [b'A', b'-', _, ..] => (KeyModifiers::ALT, rest.get(2..)?),
                [b'S', b'-', _, ..] => (KeyModifiers::SHIFT, rest.get(2..)?),
                _ => break,
            };
            held.insert(modifier);
            rest = after;
        }
        let code = match rest {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "Space" => KeyCode::Char(' '),
            "Backspace" => KeyCode::Backspace,
            "Delete" => KeyCode::Delete,
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "Left" => KeyCode::Left,
            "Right" => KeyCode::Right,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            "PageUp" => KeyCode::PageUp,
            "PageDown" => KeyCode::PageDown,
            "F1" => KeyCode::F(1),
            _ => {
                let mut chars = rest.chars();
                let c = chars.next()?;
                if chars.next().is_some() {
                    return None;
                }
                KeyCode::Char(c)
            }
        };
        Some(Self { code, held })
    }
}

/// One line of the keymap, for help and hints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// The keys that want it, as they are written: `g g`, `C-d`.
    pub keys: Vec<&'static str>,
}

/// What a key press came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// This is wanted, so many times where a number was typed before.
    Action(Action, Option<u64>),
    /// A beginning: `g`, or a digit.
    Waiting,
    /// Nothing is bound to it here.
    Nothing,
}

/// The table of keys, and the keys of an unfinished sequence.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Place, Vec<Key>, &'static str, Action)>,
    count: Option<u64>,
    begun: Vec<Key>,
    /// Digits that stand for tags, and so begin no count where there is a sample.
    tags: Vec<u8>,
}

impl Default for Keymap {
    fn default() -> Self {
        let read = |(place, keys, action): &(Place, &'static str, Action)| {
            let sequence: Option<Vec<Key>> = keys.split(' ').map(Key::parse).collect();
            sequence.map(|sequence| (*place, sequence, *keys, *action))
        };
        Self {
            bindings: TABLE.iter().filter_map(read).collect(),
            count: None,
            begun: Vec::new(),
            tags: Vec::new(),
        }
    }
}

impl Keymap {
    /// What this key press wants where `context` has the keys. A count (`12j`) and the beginning of
    /// a sequence (`g g`) are kept until the press that ends them.
    pub fn press(&mut self, event: KeyEvent, context: Context) -> Pressed {
        if event.kind == KeyEventKind::Release {
            return Pressed::Waiting;
        }
        let key = Key::of(event);
        if self.take_digit(key, context) {
            return Pressed::Waiting;
        }
        self.begun.push(key);
        if let Some(action) = self.find(context) {
            self.begun.clear();
            let count = self.count.take();
            // The digit that is the key says which one is meant.
            let digit = if action == A::JudgeFor { key.digit() } else { None };
            return Pressed::Action(action, digit.or(count));
        }
        if self.is_beginning(context) {
            return Pressed::Waiting;
        }
        let was_sequence = self.begun.len() > 1 || self.count.is_some();
        self.forget();
        // Esc in the midst of `12` or `g` only forgets them.
        if was_sequence { Pressed::Waiting } else { Pressed::Nothing }
    }

    /// The action of a finished key press, as [`Keymap::press`] without its count.
    pub fn action(&mut self, event: KeyEvent, context: Context) -> Option<Action> {
        match self.press(event, context) {
            Pressed::Action(action, _) => Some(action),
            Pressed::Waiting | Pressed::Nothing => None,
        }
    }

    /// Says which digits stand for tags.
    pub fn bind_digits(&mut self, tags: Vec<u8>) {
        self.tags = tags;
    }

    /// Drops a count or a sequence that was begun.
    pub fn forget(&mut self) {
        self.count = None;
        self.begun.clear();
    }

    /// What was typed of a command by now: `12g`.
    pub fn pending(&self) -> String {
        let mut text = self.count.map_or_else(String::new, |count| count.to_string());
        for key in &self.begun {
            if let KeyCode::Char(c) = key.code {
                text.push(c);
            }
        }
        text
    }

    /// What can be wanted in a context and by which keys, in the order of [`Action::ALL`].
    pub fn entries(&self, context: Context) -> Vec<Entry> {
        let keys_of = |action: Action| Entry { action, keys: self.keys(action, context) };
        Action::ALL.iter().map(|action| keys_of(*action)).filter(|entry| !entry.keys.is_empty()).collect()
    }

    /// The keys of one action in a context, the first being the one to show.
    pub fn keys(&self, action: Action, context: Context) -> Vec<&'static str> {
        let bound = |sequence: &[Key]| self.lookup(sequence, context);
        let mine =
            self.bindings.iter().filter(|(place, _, _, other)| *other == action && place.holds(context));
        mine.filter(|(_, sequence, ..)| bound(sequence) == Some(action))
            .map(|(_, _, text, _)| *text)
            .collect()
    }

    fn take_digit(&mut self, key: Key, context: Context) -> bool {
        let Some(digit) = key.digit() else { return false };
        if context.is_typing() || !key.held.is_empty() || !self.begun.is_empty() {
            return false;
        }
        // A digit that is a command here begins no count.
        if self.count.is_none() && self.lookup(&[key], context).is_some() {
            return false;
        }
        if self.count.is_none() && context.has_sample() && self.tags.contains(&(digit as u8)) {
            return false;
        }
        if digit == 0 && self.count.is_none() {
            return false;
        }
        let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
        self.count = Some(count.min(999_999_999_999));
        true
    }

    fn find(&self, context: Context) -> Option<Action> {
        self.lookup(&self.begun, context)
    }

    fn lookup(&self, wanted: &[Key], context: Context) -> Option<Action> {
        let mut fitting =
            self.bindings.iter().filter(|(place, keys, ..)| place.holds(context) && keys == wanted);
        let first = fitting.next()?;
        if matches!(first.0, Only(_)) {
            return Some(first.3);
        }
        let particular = fitting.find(|(place, ..)| matches!(place, Only(_)));
        Some(particular.unwrap_or(first).3)
    }

    fn is_beginning(&self, context: Context) -> bool {
        let begins = |keys: &[Key]| keys.len() > self.begun.len() && keys.starts_with(&self.begun);
        self.bindings.iter().any(|(place, keys, ..)| place.holds(context) && begins(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(keymap: &mut Keymap, key: &str, context: Context) -> Pressed {
        let key = Key::parse(key).expect("a key");
        keymap.press(KeyEvent::new(key.code, key.held), context)
    }

    #[test]
    fn every_line_of_the_table_is_a_key() {
        assert_eq!(Keymap::default().bindings.len(), TABLE.len());
    }

    #[test]
    fn no_key_is_bound_twice_in_one_place() {
        for (place, (where_, keys, _)) in TABLE.iter().enumerate() {
            let again = TABLE.iter().skip(place + 1).any(|(other, text, _)| other == where_ && text == keys);
            assert!(!again, "{keys} in {where_:?}");
        }
    }

    #[test]
    fn counts_and_sequences() {
        let mut keymap = Keymap::default();
        assert_eq!(press(&mut keymap, "1", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "0", Context::List), Pressed::Waiting);
        assert_eq!(keymap.pending(), "10");
        assert_eq!(press(&mut keymap, "j", Context::List), Pressed::Action(Action::Down, Some(10)));
        assert_eq!(press(&mut keymap, "g", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "g", Context::List), Pressed::Action(Action::First, None));
        assert_eq!(press(&mut keymap, "g", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "%", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "%", Context::List), Pressed::Nothing);
        assert_eq!(press(&mut keymap, "G", Context::List), Pressed::Action(Action::Last, None));
    }

    #[test]
    fn a_digit_that_stands_for_a_tag_begins_no_count() {
        let mut keymap = Keymap::default();
        keymap.bind_digits(vec![1]);
        assert_eq!(press(&mut keymap, "1", Context::List), Pressed::Nothing);
        // In the midst of a number it is a digit as any other, and so it is where there is no sample.
        assert_eq!(press(&mut keymap, "2", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "1", Context::List), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "j", Context::List), Pressed::Action(Action::Down, Some(21)));
        assert_eq!(press(&mut keymap, "1", Context::Flags), Pressed::Waiting);
    }

    #[test]
    fn a_digit_that_is_a_command_begins_no_count() {
        let mut keymap = Keymap::default();
        assert_eq!(press(&mut keymap, "2", Context::Viewer), Pressed::Action(Action::PairView, None));
        assert_eq!(press(&mut keymap, "0", Context::Viewer), Pressed::Action(Action::Whole, None));
        assert_eq!(press(&mut keymap, "1", Context::Viewer), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "2", Context::Viewer), Pressed::Waiting);
        assert_eq!(press(&mut keymap, "n", Context::Viewer), Pressed::Action(Action::NextSample, Some(12)));
        assert_eq!(press(&mut keymap, "2", Context::List), Pressed::Waiting);
        assert_eq!(keymap.pending(), "2");
    }

    #[test]
    fn a_digit_says_which_reason_is_meant() {
        let mut keymap = Keymap::default();
        assert_eq!(press(&mut keymap, "3", Context::Spot), Pressed::Action(Action::JudgeFor, Some(3)));
        assert_eq!(press(&mut keymap, "9", Context::Spot), Pressed::Action(Action::JudgeFor, Some(9)));
        assert_eq!(press(&mut keymap, "x", Context::Spot), Pressed::Action(Action::JudgeWrong, None));
    }

    #[test]
    fn letters_are_typed_in_a_box() {
        let mut keymap = Keymap::default();
        for key in ["j", "1", "g", "?", "q"] {
            assert_eq!(press(&mut keymap, key, Context::Query), Pressed::Nothing);
        }
        assert_eq!(press(&mut keymap, "C-w", Context::Query), Pressed::Action(Action::KillWordLeft, None));
    }

    #[test]
    fn the_particular_place_wins() {
        let mut keymap = Keymap::default();
        assert_eq!(press(&mut keymap, "Up", Context::Query), Pressed::Action(Action::HistoryBack, None));
        assert_eq!(press(&mut keymap, "Up", Context::Palette), Pressed::Action(Action::Up, None));
        assert_eq!(keymap.keys(Action::Up, Context::Query), Vec::<&str>::new());
        assert_eq!(keymap.keys(Action::Fold, Context::Tree), ["h", "Left"]);
    }

    #[test]
    fn shift_is_reported_in_more_than_one_way() {
        let mut keymap = Keymap::default();
        let loud = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(keymap.action(loud, Context::List), Some(Action::Last));
        let back = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(keymap.action(back, Context::List), Some(Action::FocusPrevious));
    }
}
