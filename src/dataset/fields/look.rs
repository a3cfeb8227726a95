//! What kind of thing is this text: prose, an address, a file name, an id …?

/// What one text looks like. Shares run from 0 to 1.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a list of independent observations")]
pub(crate) struct Look {
    /// How much it looks like natural language.
    pub(crate) prose: f32,
    /// Number of words.
    pub(crate) words: usize,
    /// It is an `http:` or `https:` address.
    pub(crate) url: bool,
    /// It ends as a picture's file does.
    pub(crate) image_name: bool,
    /// It holds a picture itself, in base64 or as a `data:` URL.
    pub(crate) image_data: bool,
    /// It has no spaces and is short: it may name something.
    pub(crate) id: bool,
    /// It is a UUID or a long hexadecimal number.
    pub(crate) hash: bool,
    /// It is a date or a time.
    pub(crate) date: bool,
    /// It is a number.
    pub(crate) number: bool,
    /// It asks.
    pub(crate) question: bool,
    /// It is a list of short words with commas between.
    pub(crate) tags: bool,
    /// It is long and in base64.
    pub(crate) base64: bool,
    /// It is about rights: a licence, a copyright line.
    pub(crate) rights: bool,
    /// It looks like a person's name or a title: capitalised words only.
    pub(crate) title: bool,
    /// It is HTML or source code.
    pub(crate) code: bool,
    /// It ends as a sentence does.
    pub(crate) ends: bool,
    /// It has a letter.
    pub(crate) lettered: bool,
}

/// Endings of picture files.
const ENDINGS: [&str; 16] = [
    "jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "jfif", "ppm", "pgm", "tga", "qoi", "ico",
    "avif", "heic",
];

/// Frequent small words of the languages in which captions come most.
const SMALL_WORDS: &[&str] = &[
    // English
    "a",
    "an",
    "the",
    "of",
    "in",
    "on",
    "with",
    "and",
    "is",
    "are",
    "to",
    "at",
    "by",
    "from",
    "near",
    "this",
    "that",
    "there",
    "his",
    "her",
    "their",
    "its",
    "for",
    "while",
    "under",
    "over",
    "next",
    "into",
    "two",
    "some",
    "as",
    "has",
    "which",
    // German
    "der",
    "die",
    "das",
    "ein",
    "eine",
    "einem",
    "einer",
    "eines",
    "und",
    "mit",
    "auf",
    "im",
    "am",
    "ist",
    "sind",
    "vor",
    "neben",
    "von",
    "zu",
    "den",
    "dem",
    "zwei",
    // French
    "le",
    "la",
    "les",
    "un",
    "une",
    "des",
    "du",
    "et",
    "dans",
    "sur",
    "avec",
    "est",
    "sont",
    "qui",
    "au",
    "aux",
    "deux",
    "près",
    // Spanish, Portuguese, Italian
    "el",
    "los",
    "las",
    "uno",
    "una",
    "y",
    "en",
    "con",
    "del",
    "de",
    "es",
    "que",
    "por",
    "o",
    "os",
    "um",
    "uma",
    "em",
    "com",
    "do",
    "da",
    "no",
    "na",
    "il",
    "lo",
    "gli",
    "di",
    "che",
    "e",
    "sul",
    "sulla",
    "nel",
    "nella",
    "su",
    "due",
    "dos",
    "é",
    // Dutch, Scandinavian
    "het",
    "een",
    "en",
    "van",
    "op",
    "met",
    "naar",
    "och",
    "på",
    "med",
    "av",
    "og",
    "på",
    "til",
    "er",
    "ett",
    // Czech, Polish, Slovak
    "na",
    "v",
    "ve",
    "se",
    "je",
    "jsou",
    "před",
    "vedle",
    "u",
    "s",
    "z",
    "i",
    "w",
    "jest",
    "są",
    "oraz",
    "przy",
    "dva",
    "dvě",
    "pod",
    "nad",
    "a",
    // Russian, Ukrainian, Turkish, Indonesian, Vietnamese
    "и",
    "в",
    "на",
    "с",
    "у",
    "по",
    "за",
    "стоит",
    "bir",
    "ve",
    "ile",
    "bu",
    "dan",
    "di",
    "yang",
    "dengan",
    "sebuah",
    "một",
    "và",
    "trên",
    "của",
];

/// Words that open a question.
const ASKING: &[&str] = &[
    "what", "where", "who", "why", "when", "which", "how", "is", "are", "does", "do", "can", "did", "was",
    "were", "has", "have", "could", "would", "whose", "was", "wie", "wo", "wer", "warum", "welche", "ist",
];

impl Look {
    /// Looks at a text. Only its beginning is read.
    pub(crate) fn at(text: &str) -> Self {
        let text = text.trim();
        let head = front(text, LOOKED_AT);
        // What is not read is taken to be like what is.
        let words = count_words(head) * text.len() / head.len().max(1);
        let mut look = Self { words, ..Self::default() };
        if head.is_empty() {
            return look;
        }
        let spaced = head.chars().any(char::is_whitespace);
        look.lettered = head.chars().any(char::is_alphabetic);
        look.image_data = is_image_data(head);
        look.base64 = look.image_data || (head.len() >= 120 && !spaced && is_base64(head));
        if look.base64 {
            return look;
        }
        look.url = is_url(head);
        look.image_name = looks_like_image_name(head);
        look.number = head.parse::<f64>().is_ok();
        look.hash = is_hash(head);
        look.date = is_date(head);
        look.id = !spaced && head.len() <= 128 && !look.url && !is_wide(head);
        if look.url || look.image_name || look.number || look.hash || look.date {
            return look;
        }
        let lower = head.to_lowercase();
        look.rights = is_about_rights(&lower);
        look.code = (head.starts_with('<') && head.contains('>') && head.contains("</"))
            || head.starts_with('{')
            || head.starts_with("[{")
            // Triples: `( tree , is , large )`.
            || ((head.starts_with('(') || head.starts_with('<')) && head.split(',').count() > 2 && head.ends_with([')', '>']));
        look.tags = is_tags(&lower);
        look.title = is_title(head);
        look.question = look.lettered && is_question(head, &lower);
        look.ends = text.ends_with(['.', '!', '。', '！', '…', '"', '”']);
        look.prose = if look.code { 0.0 } else { prose(head, &lower) };
        look
    }
}

/// Bytes of a text that are read.
const LOOKED_AT: usize = 1200;

/// The first bytes of a text, up to a border between characters.
fn front(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Whether a script writes without spaces between words.
fn is_wide_char(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{0e00}'..='\u{0e7f}' | '\u{20000}'..='\u{2fa1f}')
}

fn is_wide(text: &str) -> bool {
    let wide = text.chars().filter(|letter| is_wide_char(*letter)).count();
    wide * 3 > text.chars().filter(|letter| letter.is_alphabetic()).count() && wide > 0
}

fn count_words(text: &str) -> usize {
    if is_wide(text) {
        return text.chars().filter(|letter| is_wide_char(*letter)).count().div_ceil(2);
    }
    text.split_whitespace().count()
}

/// Whether it is an address on the web.
pub(crate) fn is_url(text: &str) -> bool {
    let start = front(text, 8).to_ascii_lowercase();
    (start.starts_with("http://") || start.starts_with("https://") || start.starts_with("//"))
        && text.len() > 8
        && !text.contains(char::is_whitespace)
}

/// Whether a name ends as the files of pictures do; a query or fragment behind it is no matter.
pub(crate) fn looks_like_image_name(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 4096 || text.contains('\n') {
        return false;
    }
    let bare = if is_url(text) { text.split(['?', '#']).next().unwrap_or(text) } else { text };
    // `photo.jpg.1` and `photo.jpg#2` occur in real sets.
    let bare = bare.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let bare = if bare.len() < text.len() && bare.ends_with(['.', '#']) {
        bare.strip_suffix(['.', '#']).unwrap_or(bare)
    } else {
        text.split(['?', '#']).next().unwrap_or(text)
    };
    let Some((stem, ending)) = bare.rsplit_once('.') else { return false };
    let named = !stem.is_empty() && ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
    // "He opened photo.jpg" is a sentence.
    named && stem.split_whitespace().count() <= 6
}

/// Whether it is the picture itself, as text.
pub(crate) fn is_image_data(text: &str) -> bool {
    text.starts_with("data:image/")
        || (text.len() > 60
            && ["/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR", "Qk0", "SUkq"]
                .iter()
                .any(|magic| text.starts_with(magic))
            && is_base64(text))
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_'))
        && text.bytes().any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && !text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_hash(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = text.bytes().filter(|byte| *byte == b'-').count();
    digits >= 16
        && digits + dashes == text.len()
        && dashes <= 5
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    text.len() >= 8
        && text.len() <= 35
        && digits >= 6
        && bytes.iter().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b':' | b' ' | b'T' | b'Z' | b'.' | b'+')
        })
        && bytes.iter().any(|byte| matches!(byte, b'-' | b'/' | b':'))
        && !text.starts_with(['-', '/', '.'])
}

fn is_about_rights(lower: &str) -> bool {
    lower.contains("creative commons")
        || lower.contains("all rights reserved")
        || lower.contains("copyright")
        || lower.contains('©')
        || lower.contains("licensed under")
        || (lower.contains("license") && lower.len() < 120)
        || lower.starts_with("cc by")
        || lower.starts_with("cc-by")
        || lower.contains("public domain")
}

/// Whether it is several short items between commas, few of them with small words.
pub(crate) fn is_tags(lower: &str) -> bool {
    let items: Vec<&str> =
        lower.split([',', ';', '|']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let short = items.iter().filter(|item| item.split_whitespace().count() <= 3).count();
    let small = lower.split_whitespace().filter(|word| SMALL_WORDS.contains(word)).count();
    items.len() >= 2 && short * 10 >= items.len() * 9 && small * 6 <= items.len()
}

fn is_title(head: &str) -> bool {
    let words: Vec<&str> = head.split_whitespace().collect();
    (1..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().next().is_some_and(|first| first.is_uppercase() || !first.is_alphabetic())
        })
        && words.iter().any(|word| word.chars().next().is_some_and(char::is_uppercase))
        && !head.ends_with('.')
}

fn is_question(head: &str, lower: &str) -> bool {
    let last = head.trim_end_matches(['"', '\'', ')', ' ']);
    if last.ends_with(['?', '？']) {
        return true;
    }
    // Options may follow: "What is it?\nA. cup\nB. hat".
    let first = lower.split_whitespace().next().unwrap_or("");
    (ASKING.contains(&first) && head.contains('?')) || head.contains("?\n")
}

/// How much a text looks like natural language.
fn prose(head: &str, lower: &str) -> f32 {
    let visible = head.chars().filter(|letter| !letter.is_whitespace()).count();
    // Combining marks (Devanagari vowels) are part of words.
    let letters = head
        .chars()
        .filter(|letter| {
            letter.is_alphabetic() || matches!(letter, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
        })
        .count();
    if visible == 0 || (letters as f32) < 0.6 * visible as f32 {
        return 0.0;
    }
    if is_wide(head) {
        return if letters >= 10 {
            1.0
        } else if letters >= 5 {
            0.8
        } else {
            0.2
        };
    }
    let words: Vec<&str> = lower
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let odd = words.iter().filter(|word| word.contains(['_', '/', '=', '@', '\\', '{', '<'])).count();
    if odd * 3 > words.len() {
        return 0.0;
    }
    let small = words.iter().filter(|word| SMALL_WORDS.contains(word)).count();
    let latin = head.chars().filter(char::is_ascii_alphabetic).count() * 2 > letters;
    match (words.len(), small) {
        (0 | 1, _) => 0.0,
        (2, 0) => 0.15,
        (2, _) | (3, 0) => 0.3,
        (3, _) => 0.7,
        (_, 0) if !latin => 0.85,
        (count, 0) if count >= 8 => 0.6,
        (_, 0) => 0.4,
        (4, _) => 0.9,
        _ => 1.0,
    }
}

/// Whether an instruction asks for a description of the whole picture, so that its answer is a
/// caption.
pub(crate) fn describes(instruction: &str) -> bool {
    /// Stems of asking for a description, in the languages of published instruction sets.
    const WORDS: &[&str] = &[
        "describ",
        "descript",
        "caption",
        "summar",
        "depict",
        "portray",
        "narrat",
        "elaborate on the",
        "illustrate the",
        "give an overview",
        "overview of the",
        "explain the visual",
        "account of the",
        "write a prompt",
        "generate a prompt",
        "explain the image",
        "explain what is shown",
        "what's happening in the",
        "what is happening in th",
        "what is this photo about",
        "what is this image about",
        "what do you see",
        "what can you see",
        "what's in the image",
        "what is in the image",
        "what is in this",
        "what's going on",
        "what is going on",
        "tell me about",
        "tell a story",
        "render a",
        "share a",
        "content of the image",
        "beschreib",
        "décri",
        "legend",
        "describ",
        "descriv",
        "popiš",
        "опиши",
        "描述",
        "说明",
        "説明",
        "what does the image show",
        "what does this image show",
        "present a compact",
        "analyze the image",
        "walk through the",
        "break down the element",
        "break down the",
        "provide a brief",
    ];
    let lower = front(instruction, 600).to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Whether an instruction is short enough to be one of a few set phrases.
pub(crate) fn is_template(instruction: &str) -> bool {
    instruction.len() <= 400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_look_like_prose() {
        for text in [
            "A black Honda motorcycle parked in front of a garage.",
            "bike resting against the box",
            "Ein Hund läuft über eine Wiese.",
            "Un chien court dans l'herbe avec un ballon",
            "Pes běží po louce vedle rybníka",
            "Собака бежит по траве рядом с домом",
            "一只狗在草地上奔跑，旁边有一个孩子。",
            "公園で犬と子供が遊んでいる写真です",
            "كلب يركض في الحديقة مع طفل صغير",
        ] {
            assert!(Look::at(text).prose >= 0.6, "{text}: {:?}", Look::at(text));
        }
    }

    #[test]
    fn other_things_do_not() {
        for text in [
            "http://farm7.staticflickr.com/6116/6255196340_da26cf2c9e_z.jpg",
            "coco/train2017/000000033471.jpg",
            "997bb945-628d-4724-b370-b84de974a19f",
            "2013-11-14 17:02:52",
            "llava-v1.5-13b",
            "train",
            "0.3312",
            "( tree trunk , is , large )",
        ] {
            assert!(Look::at(text).prose < 0.6, "{text}: {:?}", Look::at(text));
        }
    }

    #[test]
    fn names_of_pictures() {
        for name in ["a.jpg", "x/y z.PNG", "https://e.org/p.webp?w=9", "12_3.jpg#4", "12.jpg.1"] {
            assert!(looks_like_image_name(name), "{name}");
        }
        for name in ["a.txt", "jpg", ".png", "https://e.org/p", "A dog."] {
            assert!(!looks_like_image_name(name), "{name}");
        }
    }

    #[test]
    fn small_kinds() {
        assert!(Look::at("chair, dining table, umbrella, boat").tags);
        assert!(!Look::at("A dog, a cat and a bird on the lawn").tags);
        assert!(Look::at("Is there a light?").question);
        assert!(Look::at("Attribution-NonCommercial License").rights);
        assert!(Look::at("Jane Miller").title);
        assert!(Look::at(&format!("iVBORw0KGgo{}", "AbC4".repeat(40))).image_data);
        assert!(describes("<image>\nWrite a terse but informative summary of the picture."));
        assert!(!describes("What color is the bus?"));
    }
}
