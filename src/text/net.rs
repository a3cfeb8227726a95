//! The word net: which meanings a word has, in which order, and what each is a kind of.
//!
//! The asset `synsets.bin` is made by `examples/lexicon.rs` from WordNet 3.0 and is laid out like
//! the lexicon: a deflated run of sections, each a tag byte, a little-endian `u32` length and as
//! many bytes. Numbers are varints, seven bits a byte, the low ones first.
//!
//! - `K`, the keys in byte order: bytes shared with the key before, number of other bytes, those.
//!   A key is a word or a compound, each of its words a lemma: `fire hydrant`, `sport car`.
//! - `S`, for each key and each of noun, verb and adjective: the number of senses and the synsets,
//!   the most usual first. Synset 0 stands for what bears a name (Paris, the Moon): it holds the
//!   place of a sense, and nothing is known of it.
//! - `F`, for each synset its lexicographer file, a byte.
//! - `H`, for each synset the number of its hypernyms, and them.

use std::io::{Read, Write};
use std::ops::Range;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::lexicon::{LexiconError, split_section};

static ASSET: &[u8] = include_bytes!("../../assets/lexicon/synsets.bin");

/// First bytes of the inflated asset.
const MAGIC: &[u8] = b"capscope synsets 1\n";

/// The inflated asset may not be larger.
const MAX_BYTES: u64 = 32 << 20;

/// Longest key, in bytes.
pub(super) const MAX_KEY: usize = 64;

/// Nouns, verbs, adjectives.
const PARTS: usize = 3;

/// A meaning: a set of words that stand for one thing.
pub(super) type Synset = u32;

/// Stands for everything that bears a name of its own.
pub(super) const NAME: Synset = 0;

/// The place of a key in byte order.
pub(super) type Place = usize;

/// Which senses of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Noun,
    Verb,
    Adjective,
}

/// A key with its senses as nouns, verbs and adjectives, as the packer wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetKey {
    /// One lemma, or several with single spaces between.
    pub key: String,
    /// Synsets by part of speech, the most usual first.
    pub senses: [Vec<u32>; PARTS],
}

/// A synset as the packer wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetSynset {
    /// Number of the lexicographer file.
    pub file: u8,
    /// What it is a kind of.
    pub hypernyms: Vec<u32>,
}

/// Lists of numbers, one after the other.
#[derive(Debug, Default)]
struct Lists {
    /// Where each list begins in `items`, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn list(&self, place: usize) -> &[u32] {
        let start = self.starts.get(place).copied().unwrap_or_default() as usize;
        let end = self.starts.get(place + 1).copied().unwrap_or_default() as usize;
        self.items.get(start..end).unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The lists of those that point to each of `count` things.
    fn inverse(&self, count: usize) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for &item in &self.items {
            if let Some(start) = starts.get_mut(item as usize + 1) {
                *start += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut items = vec![0; total as usize];
        for place in 0..self.len() {
            for &item in self.list(place) {
                let Some(slot) = next.get_mut(item as usize) else { continue };
                if let Some(target) = items.get_mut(*slot as usize) {
                    *target = place as u32;
                }
                *slot += 1;
            }
        }
        Self { starts, items }
    }
}

/// Words and compounds with their meanings.
#[derive(Debug)]
pub(super) struct Net {
    /// All keys in byte order, without anything between them.
    letters: String,
    starts: Vec<u32>,
    /// For each first letter and second letter, the first key that begins so or later.
    shelves: Vec<u32>,
    /// For each key its nouns, verbs, adjectives: three lists a key.
    senses: Lists,
    files: Vec<u8>,
    hypernyms: Lists,
    hyponyms: OnceLock<Lists>,
    /// Keys that have a synset among their senses.
    members: OnceLock<Lists>,
}

impl Net {
    /// The net of this program, unpacked on first use.
    ///
    /// # Panics
    /// Never: a test unpacks the asset.
    pub(super) fn english() -> &'static Self {
        static NET: OnceLock<Net> = OnceLock::new();
        NET.get_or_init(|| {
            Self::unpack(ASSET).expect("the asset is a part of the program, and a test unpacks it")
        })
    }

    fn unpack(asset: &[u8]) -> Result<Self, LexiconError> {
        let mut bytes = Vec::with_capacity(asset.len() * 3);
        DeflateDecoder::new(asset).take(MAX_BYTES).read_to_end(&mut bytes)?;
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(LexiconError::Damaged("it begins otherwise"))?;
        let (mut letters, mut starts) = (String::new(), vec![0]);
        let (mut senses, mut hypernyms, mut files) = (Lists::default(), Lists::default(), Vec::new());
        while let Some((tag, section, after)) = split_section(rest)? {
            match tag {
                b'K' => letters = read_keys(section, &mut starts)?,
                b'S' => senses = read_lists(section)?,
                b'F' => section.clone_into(&mut files),
                b'H' => hypernyms = read_lists(section)?,
                _ => {}
            }
            rest = after;
        }
        let count = files.len();
        let in_range = |lists: &Lists| lists.items.iter().all(|synset| (*synset as usize) < count);
        if senses.len() != (starts.len() - 1) * PARTS
            || hypernyms.len() != count
            || !in_range(&senses)
            || !in_range(&hypernyms)
        {
            return Err(LexiconError::Damaged("its sections do not fit each other"));
        }
        let mut net = Self {
            letters,
            starts,
            shelves: Vec::new(),
            senses,
            files,
            hypernyms,
            hyponyms: OnceLock::new(),
            members: OnceLock::new(),
        };
        net.fill_shelves();
        Ok(net)
    }

    /// Number of keys.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of synsets.
    pub(super) fn synsets(&self) -> usize {
        self.files.len()
    }

    /// The key at a place.
    pub(super) fn key(&self, place: Place) -> &str {
        let start = self.starts.get(place).copied().unwrap_or_default() as usize;
        let end = self.starts.get(place + 1).copied().unwrap_or_default() as usize;
        self.letters.get(start..end).unwrap_or_default()
    }

    /// Where a key is.
    pub(super) fn find(&self, key: &str) -> Option<Place> {
        let place = self.lower_bound(key);
        (place < self.len() && self.key(place) == key).then_some(place)
    }

    /// Whether some compound begins with this word.
    pub(super) fn begins_compound(&self, word: &str) -> bool {
        let mut place = self.lower_bound(word);
        if self.key(place) == word {
            place += 1;
        }
        self.key(place).strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))
    }

    /// Words of the longest key that is these words or begins with them; 0 where there is none.
    pub(super) fn longest_from(&self, words: &str) -> usize {
        // A space comes before all letters: the keys that go on stand together.
        let keys = (self.lower_bound(words)..self.len()).map(|place| self.key(place));
        let goes_on =
            |key: &&str| key.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        keys.take_while(goes_on).map(|key| key.split(' ').count()).max().unwrap_or_default()
    }

    /// The senses of a key, the most usual first.
    pub(super) fn senses(&self, place: Place, part: Part) -> &[Synset] {
        self.senses.list(place * PARTS + part as usize)
    }

    /// All senses of a key, of whatever part of speech, without those that are names.
    pub(super) fn all_senses(&self, place: Place) -> impl Iterator<Item = Synset> {
        [Part::Noun, Part::Verb, Part::Adjective]
            .into_iter()
            .flat_map(move |part| self.senses(place, part).iter().copied())
            .filter(|synset| *synset != NAME)
    }

    /// What a synset is a kind of.
    pub(super) fn hypernyms(&self, synset: Synset) -> &[Synset] {
        self.hypernyms.list(synset as usize)
    }

    /// The kinds of a synset.
    pub(super) fn hyponyms(&self, synset: Synset) -> &[Synset] {
        self.hyponyms.get_or_init(|| self.hypernyms.inverse(self.synsets())).list(synset as usize)
    }

    /// The places of the keys that can mean a synset.
    pub(super) fn members(&self, synset: Synset) -> &[u32] {
        let invert = || {
            let mut members = self.senses.inverse(self.synsets());
            members.items.iter_mut().for_each(|list| *list /= PARTS as u32);
            members
        };
        self.members.get_or_init(invert).list(synset as usize)
    }

    /// The lexicographer file of a synset.
    pub(super) fn file(&self, synset: Synset) -> u8 {
        self.files.get(synset as usize).copied().unwrap_or_default()
    }

    /// The synsets themselves and all their kinds, as a set of flags.
    pub(super) fn closure(&self, roots: &[Synset]) -> Vec<bool> {
        let mut reached = vec![false; self.synsets()];
        let mut open = roots.to_vec();
        while let Some(synset) = open.pop() {
            match reached.get_mut(synset as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            open.extend(self.hyponyms(synset));
        }
        reached
    }

    fn lower_bound(&self, key: &str) -> Place {
        let shelf = shelf_of(key.as_bytes());
        let bounds = |place: usize| self.shelves.get(place).copied().unwrap_or_default() as usize;
        let Range { start: mut low, end: mut high } = bounds(shelf)..bounds(shelf + 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn fill_shelves(&mut self) {
        let mut shelves = vec![0_u32; SHELVES + 1];
        for place in 0..self.len() {
            let shelf = shelf_of(self.key(place).as_bytes());
            if let Some(count) = shelves.get_mut(shelf + 1) {
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

/// Triples of first letters, as far as byte order allows: what sorts before `a` is 0, after `z` 27.
const SHELVES: usize = 28 * 28 * 28;

fn shelf_of(key: &[u8]) -> usize {
    let rank = |place: usize| match key.get(place) {
        None => 0,
        Some(byte) if *byte < b'a' => 0,
        Some(byte) if *byte > b'z' => 27,
        Some(byte) => usize::from(byte - b'a') + 1,
    };
    // After a letter that shares its rank with others, the next letter says nothing of the order.
    let first = rank(0);
    if first == 0 || first == 27 {
        return first * 28 * 28;
    }
    let second = rank(1);
    let third = if second == 0 || second == 27 { 0 } else { rank(2) };
    (first * 28 + second) * 28 + third
}

fn read_keys(mut rest: &[u8], starts: &mut Vec<u32>) -> Result<String, LexiconError> {
    let mut letters = Vec::with_capacity(rest.len() * 2);
    let mut begin = 0;
    while let [shared, more, after @ ..] = rest {
        let (tail, after) =
            after.split_at_checked(usize::from(*more)).ok_or(LexiconError::Damaged("a key is cut"))?;
        let end = letters.len();
        let kept = begin..end.min(begin + usize::from(*shared));
        letters.extend_from_within(kept);
        letters.extend_from_slice(tail);
        begin = end;
        starts.push(letters.len() as u32);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(LexiconError::Damaged("a key is cut"));
    }
    String::from_utf8(letters).map_err(|_not_text| LexiconError::Damaged("not text"))
}

fn read_lists(mut rest: &[u8]) -> Result<Lists, LexiconError> {
    let mut lists = Lists { starts: vec![0], items: Vec::with_capacity(rest.len() / 2) };
    while !rest.is_empty() {
        let (count, after) = read_number(rest)?;
        rest = after;
        for _ in 0..count {
            let (item, after) = read_number(rest)?;
            lists.items.push(item);
            rest = after;
        }
        lists.starts.push(lists.items.len() as u32);
    }
    Ok(lists)
}

fn read_number(bytes: &[u8]) -> Result<(u32, &[u8]), LexiconError> {
    if let [byte @ ..0x80, rest @ ..] = bytes {
        return Ok((u32::from(*byte), rest));
    }
    let mut number = 0_u32;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        number |= u32::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok((number, bytes.get(place + 1..).unwrap_or_default()));
        }
    }
    Err(LexiconError::Damaged("a number is cut"))
}

fn write_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_list(list: &[u32], out: &mut Vec<u8>) {
    write_number(list.len() as u32, out);
    for item in list {
        write_number(*item, out);
    }
}

/// Makes an asset of keys in byte order, without doubles and of at most 64 bytes, and of synsets,
/// whose first stands for names.
pub fn pack_net(keys: &[NetKey], synsets: &[NetSynset]) -> Result<Vec<u8>, LexiconError> {
    let (mut letters, mut senses) = (Vec::new(), Vec::new());
    let mut before: &[u8] = &[];
    for entry in keys {
        let key = entry.key.as_bytes();
        if key.len() > MAX_KEY || key <= before {
            return Err(LexiconError::Damaged("a key is too long or out of order"));
        }
        let shared = key.iter().zip(before).take_while(|(here, there)| here == there).count();
        let tail = key.get(shared..).unwrap_or_default();
        letters.extend([shared as u8, tail.len() as u8]);
        letters.extend(tail);
        for part in &entry.senses {
            write_list(part, &mut senses);
        }
        before = key;
    }
    let mut hypernyms = Vec::new();
    for synset in synsets {
        write_list(&synset.hypernyms, &mut hypernyms);
    }
    let files: Vec<u8> = synsets.iter().map(|synset| synset.file).collect();
    let mut out = DeflateEncoder::new(Vec::new(), Compression::best());
    out.write_all(MAGIC)?;
    for (tag, bytes) in [(b'K', letters), (b'S', senses), (b'F', files), (b'H', hypernyms)] {
        out.write_all(&[tag])?;
        out.write_all(&(bytes.len() as u32).to_le_bytes())?;
        out.write_all(&bytes)?;
    }
    Ok(out.finish()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_asset_is_whole_and_small() {
        assert!(ASSET.len() < 1_250_000, "{} bytes", ASSET.len());
        let net = Net::english();
        assert!((110_000..140_000).contains(&net.len()), "{} keys", net.len());
        for place in 0..net.len() {
            assert_eq!(net.find(net.key(place)), Some(place), "{}", net.key(place));
        }
        let dog = net.find("dog").unwrap();
        let first = net.senses(dog, Part::Noun)[0];
        assert_eq!(net.file(first), 5);
        assert!(net.members(first).contains(&(dog as u32)));
        assert!(net.hypernyms(first).iter().any(|above| net.hyponyms(*above).contains(&first)));
        assert!(net.closure(&[first]).iter().filter(|reached| **reached).count() > 100);
        assert!(net.begins_compound("fire") && !net.begins_compound("xyzzy"));
        assert_eq!(net.find(""), None);
    }

    #[test]
    fn packing_comes_back_and_damage_is_told() {
        let keys = [("dog", 1), ("dog house", 300), ("zebra", 2)]
            .map(|(key, sense)| NetKey { key: key.to_owned(), senses: [vec![sense], vec![], vec![]] });
        let mut synsets = vec![NetSynset::default(); 301];
        synsets[2].hypernyms = vec![1];
        let asset = pack_net(&keys, &synsets).unwrap();
        let net = Net::unpack(&asset).unwrap();
        assert_eq!(net.find("dog house").map(|place| net.senses(place, Part::Noun)), Some(&[300][..]));
        assert_eq!(net.hyponyms(1), [2]);
        assert_eq!(net.members(2), [2]);
        for cut in 0..asset.len() {
            assert!(Net::unpack(&asset[..cut]).is_err(), "cut at {cut}");
        }
        let out_of_range = pack_net(&keys, &synsets[..10]).unwrap();
        assert!(Net::unpack(&out_of_range).is_err());
        assert!(pack_net(&[keys[1].clone(), keys[0].clone()], &synsets).is_err());
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec(any::<u32>(), 0..20)) {
            let mut bytes = Vec::new();
            write_list(&numbers, &mut bytes);
            let lists = read_lists(&bytes).unwrap();
            prop_assert_eq!(lists.list(0), numbers);
        }

        #[test]
        fn any_key_can_be_looked_for(key in any::<String>()) {
            let net = Net::english();
            prop_assert_eq!(net.find(&key).is_some_and(|place| net.key(place) != key), false);
            let _ = net.begins_compound(&key);
        }
    }
}
