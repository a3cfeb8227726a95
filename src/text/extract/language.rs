//! Is a text in English? By its letters, its small words, and how many of its words the lexicon has.

use crate::text::{Lexicon, lemma};

use super::class::Class;
use super::words::{WordId, Words};

/// The language of a text, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, or too short to be told from it.
    English,
    /// Another language, which is not read.
    Other,
}

/// Tokens that are looked at: the beginning tells.
const LOOKED_AT: usize = 200;

/// Small words of other languages that are no English words, or hardly ever.
const FOREIGN: &[&str] = &[
    // German
    "der", "das", "und", "ein", "eine", "einen", "einem", "einer", "mit", "auf", "ist", "im", "den", "dem",
    "von", "zu", "vor", "neben", "sind", "auf", "nicht", "zwei", "über", "unter", "für", "sich",
    // French
    "le", "la", "les", "un", "une", "des", "du", "et", "dans", "sur", "avec", "qui", "est", "pour", "sous",
    "deux", "au", "aux", "devant", "près", "assis", "debout", "à",
    // Spanish, Portuguese, Italian, Catalan
    "el", "los", "las", "una", "uno", "unos", "unas", "y", "en", "con", "sobre", "del", "al", "que", "está",
    "están", "por", "para", "junto", "dos", "su", "um", "uma", "com", "em", "na", "no", "da", "do", "os",
    "il", "lo", "gli", "di", "che", "nel", "della", "sul", "e", "è", "per", "sono", "amb",
    // Dutch, Scandinavian
    "het", "een", "op", "met", "van", "en", "de", "twee", "naast", "och", "ett", "på", "med", "som", "och",
    "og", "et", "til", "av", "af", "der", "är", "er",
    // Polish, Czech, Turkish, Indonesian, Vietnamese
    "na", "się", "jest", "z", "w", "ve", "bir", "ile", "yang", "di", "dengan", "dan", "sebuah", "seorang",
    "một", "và", "trên",
];

/// Small words that only English has.
const ENGLISH: &[&str] = &[
    "the", "of", "with", "and", "is", "are", "his", "her", "their", "its", "this", "that", "there", "from",
    "by", "to", "for", "it", "he", "she", "they", "which", "who", "has", "have", "while", "next", "some",
    "two", "near", "up", "down", "out", "into", "has", "was", "were", "you", "i", "my", "your", "not", "or",
];

/// What a word says of the language of its text; worked out once a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints {
    /// Whether it counts at all: a word of letters.
    counts: bool,
    /// Whether the lexicon has it.
    known: bool,
    english: bool,
    foreign: bool,
    accented: bool,
}

impl Hints {
    pub(super) fn of(word: &str, verb: &str, class: Class) -> Self {
        let is_sign =
            matches!(class, Class::QUOTE | Class::SIGN | Class::STOP | Class::COMMA | Class::NUMBER);
        if is_sign || !word.chars().all(char::is_alphabetic) {
            return Self::default();
        }
        let lexicon = Lexicon::english();
        let listed = |word: &str| lexicon.find(word.as_bytes()).is_some();
        Self {
            counts: true,
            known: is_closed(class) || listed(word) || listed(lemma(word)) || listed(verb) || word.len() == 1,
            english: ENGLISH.contains(&word),
            foreign: FOREIGN.contains(&word),
            accented: !word.is_ascii(),
        }
    }
}

/// The language of a text.
pub(super) fn language(text: &str, words: &Words<'_>, tokens: &[WordId]) -> Language {
    if is_of_another_script(text) {
        return Language::Other;
    }
    let (mut count, mut known, mut english, mut foreign, mut accents) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    for token in tokens.iter().take(LOOKED_AT) {
        let hints = words.of(*token).hints;
        count += u32::from(hints.counts);
        known += u32::from(hints.known);
        english += u32::from(hints.english);
        foreign += u32::from(hints.foreign);
        accents += u32::from(hints.accented);
    }
    let unknown = count - known;
    // A short text without small words is a name or a list of tags as well as anything.
    let is_foreign = if count < 3 {
        foreign + accents >= count && known == 0 && accents > 0
    } else {
        foreign > english && (2 * unknown >= count || foreign * 4 >= count && unknown > 0)
            || english == 0 && accents * 3 >= count && 2 * unknown >= count
            || english == 0 && count >= 8 && 10 * unknown >= 7 * count
    };
    if is_foreign { Language::Other } else { Language::English }
}

fn is_closed(class: Class) -> bool {
    class.number() != 0
        && class.number() < Class::IRREGULAR_VERB.number()
        && !matches!(class, Class::PRESENT_PARTICIPLE | Class::PAST_FORM | Class::THIRD_PERSON)
}

/// Whether more letters are of another script than the Latin one.
fn is_of_another_script(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (mut latin, mut other) = (0_u32, 0_u32);
    for letter in text.chars().filter(|letter| letter.is_alphabetic()).take(1000) {
        if letter.is_ascii() || matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') {
            latin += 1;
        } else {
            other += 1;
        }
    }
    other > latin
}

#[cfg(test)]
mod tests {
    use super::super::extractor::Extractor;
    use super::*;

    #[test]
    fn languages_are_told_apart() {
        let english = [
            "",
            "red car",
            "a dog",
            "1girl, solo, long hair, looking at viewer, smile",
            "Freiburg Minster",
            "Eiffel Tower, Paris",
            "Photo of María José at the Café de Flore",
            "Samsung Galaxy S21 Ultra 5G",
            "A man riding a wave on a surfboard.",
            "man in la coste shirt",
            "IMG_2034.JPG",
            "two dogs",
            "jalapeño poppers and guacamole",
            "view of the La Sagrada Familia in Barcelona",
            "zebras grazing",
            "Le Corbusier chair with a chrome frame",
            "das boot poster on the wall",
            "masterpiece, best quality, cyberpunk city, neon lights",
        ];
        let other = [
            "Ein Mann reitet auf einem Pferd am Strand.",
            "eine Katze auf dem Sofa",
            "Un homme assis sur un banc dans le parc",
            "une voiture rouge",
            "Un perro marrón corriendo en la playa",
            "dos niños jugando al fútbol",
            "una mujer con un sombrero rojo",
            "Um homem andando de bicicleta na rua",
            "Un uomo che cammina nel parco con un cane",
            "Een man met een hoed op een fiets",
            "一只棕色的狗在沙滩上奔跑",
            "赤い車",
            "Собака бежит по пляжу",
            "رجل يركب حصانا",
            "En man som rider på en häst",
            "Zwei Hunde spielen im Schnee",
            "Pies biegnie na plaży z piłką",
            "Kumsalda koşan bir köpek ve bir çocuk",
        ];
        let mut extractor = Extractor::english();
        for text in english {
            assert_eq!(extractor.read(text, 0).language, Language::English, "{text}");
        }
        for text in other {
            assert_eq!(extractor.read(text, 0).language, Language::Other, "{text}");
        }
    }
}
