//! Lists of words that the rules of this room know: `assets/vqa/words.txt`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

static WORDS: &str = include_str!("../../assets/vqa/words.txt");

/// A section of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Open a noun phrase.
    Determiner,
    /// Are a noun phrase by themselves.
    Pronoun,
    /// Say where.
    Preposition,
    /// Begin a yes/no question.
    Auxiliary,
    /// Stand between a subject and what is said of it.
    Adverb,
    /// Are nouns or adjectives too, and after `does the dog` are the verb.
    DoVerb,
    /// Take no article.
    Mass,
    /// Places on which things are rather than in them.
    Surface,
    /// Say nothing of a picture by themselves.
    Empty,
    /// Men and boys.
    Male,
    /// Women and girls.
    Female,
    /// Children.
    Young,
    /// Adults.
    Grown,
    /// Persons without a role that leaves out other roles.
    Anybody,
    /// May be any thing.
    Wild,
    /// The picture itself.
    Frame,
}

impl List {
    /// The sections in their order, with the names that they have in the file.
    const ALL: [(Self, &'static str); 16] = [
        (Self::Determiner, "determiner"),
        (Self::Pronoun, "pronoun"),
        (Self::Preposition, "preposition"),
        (Self::Auxiliary, "auxiliary"),
        (Self::Adverb, "adverb"),
        (Self::DoVerb, "do verb"),
        (Self::Mass, "mass"),
        (Self::Surface, "surface"),
        (Self::Empty, "empty"),
        (Self::Male, "male"),
        (Self::Female, "female"),
        (Self::Young, "young"),
        (Self::Grown, "grown"),
        (Self::Anybody, "anybody"),
        (Self::Wild, "wild"),
        (Self::Frame, "frame"),
    ];

    /// Whether the list has a word, in lower case.
    pub(super) fn has(self, word: &str) -> bool {
        table().get(word).is_some_and(|lists| lists & self.bit() != 0)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Each word with the lists that have it.
fn table() -> &'static FxHashMap<&'static str, u32> {
    static TABLE: OnceLock<FxHashMap<&'static str, u32>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = FxHashMap::default();
        let mut section = 0;
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
                let list = List::ALL.iter().find(|(_, known)| *known == name);
                section = list.map_or(0, |(list, _)| list.bit());
                continue;
            }
            for word in line.split_whitespace() {
                *table.entry(word).or_default() |= section;
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_known_and_has_words() {
        let sections = WORDS.lines().filter_map(|line| line.strip_prefix('[')?.split_once(']'));
        let names: Vec<&str> = sections.map(|(name, _)| name).collect();
        let known: Vec<&str> = List::ALL.iter().map(|(_, name)| *name).collect();
        assert_eq!(names, known);
        for (list, name) in List::ALL {
            assert!(table().values().any(|lists| lists & list.bit() != 0), "{name}");
        }
        assert!(List::Preposition.has("on") && !List::Preposition.has("dog"));
    }
}
