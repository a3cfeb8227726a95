//! The English lexicon: which words there are, and which forms are irregular.
//!
//! The asset is made by `examples/lexicon.rs`; its format is written and read here, next to each
//! other. It is a deflated run of sections, each a tag byte, a little-endian `u32` length and as
//! many bytes; a reader skips sections that it does not know, so that later versions may add some.
//!
//! - `W`, the words in byte order: for each the number of bytes shared with the word before, the
//!   number of other bytes, those bytes, and a byte of [`Parts`].
//! - `X`, the irregular forms in byte order: lines of `form lemma`.

use std::io::{Read, Write};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rustc_hash::FxHashMap;

static ASSET: &[u8] = include_bytes!("../../assets/lexicon/words.bin");

/// First bytes of the inflated asset.
const MAGIC: &[u8] = b"capscope lexicon 1\n";

/// Longest word that the asset holds, in bytes.
const MAX_WORD: usize = 64;

/// The inflated asset may not be larger.
const MAX_BYTES: u64 = 16 << 20;

/// What a word can be in a sentence, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts(pub u8);

impl Parts {
    /// A noun.
    pub const NOUN: Self = Self(1);
    /// A verb.
    pub const VERB: Self = Self(2);
    /// An adjective.
    pub const ADJECTIVE: Self = Self(4);
    /// An adverb.
    pub const ADVERB: Self = Self(8);
    /// Its own dictionary form, whatever it looks like.
    pub const OWN: Self = Self(16);

    /// Whether some part is in both.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// All parts of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Why an asset could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// It cannot be inflated.
    #[error("the lexicon cannot be inflated: {0}")]
    Inflate(#[from] std::io::Error),
    /// It is not laid out as it should be.
    #[error("the lexicon is damaged: {0}")]
    Damaged(&'static str),
}

/// Words with their parts of speech, and irregular forms.
#[derive(Debug)]
pub struct Lexicon {
    /// All words in byte order, without anything between them.
    letters: String,
    /// Where each word begins in `letters`, and where the last one ends.
    starts: Vec<u32>,
    parts: Vec<Parts>,
    /// For each pair of first letters, the first word that begins so or later.
    shelves: Vec<u32>,
    irregular: FxHashMap<Box<str>, Box<str>>,
}

/// Pairs of first letters: 27 times 27, a missing or other letter being the least.
const SHELVES: usize = 27 * 27;

impl Lexicon {
    /// The lexicon of this program, unpacked on first use.
    ///
    /// # Panics
    /// Never: a test unpacks the asset.
    pub fn english() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| {
            Self::unpack(ASSET).expect("the asset is a part of the program, and a test unpacks it")
        })
    }

    /// Reads an asset.
    pub fn unpack(asset: &[u8]) -> Result<Self, LexiconError> {
        let mut bytes = Vec::new();
        DeflateDecoder::new(asset).take(MAX_BYTES).read_to_end(&mut bytes)?;
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(LexiconError::Damaged("it begins otherwise"))?;
        let mut lexicon = Self {
            letters: String::new(),
            starts: vec![0],
            parts: Vec::new(),
            shelves: Vec::new(),
            irregular: FxHashMap::default(),
        };
        while let Some((tag, section, after)) = split_section(rest)? {
            match tag {
                b'W' => lexicon.read_words(section)?,
                b'X' => lexicon.read_irregular(section)?,
                _ => {}
            }
            rest = after;
        }
        lexicon.fill_shelves();
        Ok(lexicon)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// All words in byte order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.word(place))
    }

    /// All irregular forms with their dictionary forms, in no order.
    pub fn irregular_forms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.irregular.iter().map(|(form, lemma)| (&**form, &**lemma))
    }

    /// The dictionary form of an irregular form.
    pub fn irregular(&self, form: &str) -> Option<&str> {
        self.irregular.get(form).map(|lemma| &**lemma)
    }

    /// A word as the lexicon holds it, with its parts of speech.
    pub fn find(&self, word: &[u8]) -> Option<(&str, Parts)> {
        let first = shelf_of(word);
        let mut low = *self.shelves.get(first)? as usize;
        let mut high = *self.shelves.get(first + 1)? as usize;
        while low < high {
            let middle = usize::midpoint(low, high);
            let found = self.word(middle);
            match found.as_bytes().cmp(word) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some((found, *self.parts.get(middle)?)),
            }
        }
        None
    }

    fn word(&self, place: usize) -> &str {
        let start = self.starts.get(place).copied().unwrap_or_default() as usize;
        let end = self.starts.get(place + 1).copied().unwrap_or_default() as usize;
        self.letters.get(start..end).unwrap_or_default()
    }

    fn read_words(&mut self, mut rest: &[u8]) -> Result<(), LexiconError> {
        let mut word = Vec::with_capacity(MAX_WORD);
        while let [shared, more, after @ ..] = rest {
            let (letters, after) =
                after.split_at_checked(usize::from(*more)).ok_or(LexiconError::Damaged("a word is cut"))?;
            let (&parts, after) = after.split_first().ok_or(LexiconError::Damaged("a word is cut"))?;
            word.truncate(usize::from(*shared));
            word.extend_from_slice(letters);
            let text = str::from_utf8(&word).map_err(|_not_text| LexiconError::Damaged("not text"))?;
            self.letters.push_str(text);
            self.starts.push(self.letters.len() as u32);
            self.parts.push(Parts(parts));
            rest = after;
        }
        if rest.is_empty() { Ok(()) } else { Err(LexiconError::Damaged("a word is cut")) }
    }

    fn read_irregular(&mut self, section: &[u8]) -> Result<(), LexiconError> {
        let text = str::from_utf8(section).map_err(|_not_text| LexiconError::Damaged("not text"))?;
        for line in text.lines() {
            let (form, lemma) = line.split_once(' ').ok_or(LexiconError::Damaged("a form without lemma"))?;
            self.irregular.insert(form.into(), lemma.into());
        }
        Ok(())
    }

    fn fill_shelves(&mut self) {
        let mut shelves = vec![0_u32; SHELVES + 1];
        for place in 0..self.len() {
            let first = shelf_of(self.word(place).as_bytes());
            if let Some(count) = shelves.get_mut(first + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for count in &mut shelves {
            total += *count;
            *count = total;
        }
        self.shelves = shelves;
    }
}

fn shelf_of(word: &[u8]) -> usize {
    let rank = |place: usize| match word.get(place) {
        Some(letter @ b'a'..=b'z') => usize::from(letter - b'a') + 1,
        _ => 0,
    };
    rank(0) * 27 + rank(1)
}

/// A section's tag and bytes, and what comes after it.
pub(super) type Section<'a> = (u8, &'a [u8], &'a [u8]);

pub(super) fn split_section(bytes: &[u8]) -> Result<Option<Section<'_>>, LexiconError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let cut = LexiconError::Damaged("a section is cut");
    let Some((&[tag, a, b, c, d], rest)) = bytes.split_first_chunk::<5>() else { return Err(cut) };
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let (section, rest) = rest.split_at_checked(length).ok_or(cut)?;
    Ok(Some((tag, section, rest)))
}

/// Makes an asset of words with their parts of speech, and of irregular forms with their
/// dictionary forms. Both must be in byte order and without doubles; words are of the letters
/// a–z and at most 64 bytes.
pub fn pack(words: &[(String, Parts)], irregular: &[(String, String)]) -> Result<Vec<u8>, LexiconError> {
    let mut section = Vec::new();
    let mut before: &[u8] = &[];
    for (word, parts) in words {
        let letters = word.as_bytes();
        if letters.len() > MAX_WORD || !letters.iter().all(u8::is_ascii_lowercase) {
            return Err(LexiconError::Damaged("a word is not of the letters a-z"));
        }
        let shared = letters.iter().zip(before).take_while(|(here, there)| here == there).count();
        let rest = letters.get(shared..).unwrap_or_default();
        section.extend([shared as u8, rest.len() as u8]);
        section.extend(rest);
        section.push(parts.0);
        before = letters;
    }
    let forms: Vec<[&str; 4]> =
        irregular.iter().map(|(form, lemma)| [&**form, " ", &**lemma, "\n"]).collect();
    let forms = forms.concat().concat();

    let mut out = DeflateEncoder::new(Vec::new(), Compression::best());
    out.write_all(MAGIC)?;
    for (tag, bytes) in [(b'W', section.as_slice()), (b'X', forms.as_bytes())] {
        out.write_all(&[tag])?;
        out.write_all(&(bytes.len() as u32).to_le_bytes())?;
        out.write_all(bytes)?;
    }
    Ok(out.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: &str = include_str!("../../assets/lexicon/keep.txt");
    const IRREGULAR: &str = include_str!("../../assets/lexicon/irregular.txt");

    fn lines(list: &str) -> impl Iterator<Item = &str> {
        list.lines().filter(|line| !line.starts_with('#'))
    }

    #[test]
    fn the_asset_agrees_with_the_lists() {
        let lexicon = Lexicon::english();
        assert!((70_000..100_000).contains(&lexicon.len()), "{} words", lexicon.len());
        for word in lines(KEEP).flat_map(str::split_whitespace) {
            let (_, parts) = lexicon.find(word.as_bytes()).unwrap_or_else(|| panic!("{word} is missing"));
            assert!(parts.meets(Parts::OWN), "{word}");
            assert_eq!(lexicon.irregular(word).unwrap_or(word), word);
        }
        for line in lines(IRREGULAR).filter(|line| !line.is_empty()) {
            let (form, lemma) = line.split_once(' ').unwrap();
            assert_eq!(lexicon.irregular(form).unwrap_or(form), lemma);
        }
    }

    #[test]
    fn every_word_is_found() {
        let lexicon = Lexicon::english();
        assert!(ASSET.len() < 400_000, "{} bytes", ASSET.len());
        for word in lexicon.words() {
            assert_eq!(lexicon.find(word.as_bytes()).map(|(found, _)| found), Some(word));
        }
        assert!(lexicon.find(b"").is_none() && lexicon.find(b"qqq").is_none());
    }

    #[test]
    fn packing_comes_back_and_damage_is_told() {
        let words = ["dog", "dogma", "zebra"].map(|word| (word.to_owned(), Parts::NOUN));
        let irregular = [("men".to_owned(), "man".to_owned())];
        let asset = pack(&words, &irregular).unwrap();
        let lexicon = Lexicon::unpack(&asset).unwrap();
        assert_eq!(lexicon.words().collect::<Vec<_>>(), ["dog", "dogma", "zebra"]);
        assert_eq!(lexicon.irregular("men"), Some("man"));
        for cut in 0..asset.len() {
            assert!(Lexicon::unpack(&asset[..cut]).is_err(), "cut at {cut}");
        }
        assert!(pack(&[("é".to_owned(), Parts::NOUN)], &[]).is_err());
    }
}
