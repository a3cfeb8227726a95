//! What the name of a field hints at. A hint is evidence, never a decision.

/// What the words in a field's name speak for; more is more, negative speaks against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hint {
    /// A text that describes.
    pub(crate) caption: f32,
    /// The text that came with the picture.
    pub(crate) original: f32,
    /// A text that is wrong on purpose.
    pub(crate) negative: f32,
    /// A picture.
    pub(crate) image: f32,
    /// Something about a picture that is none to look at: a mask.
    pub(crate) mask: f32,
    /// An id.
    pub(crate) id: f32,
    /// A question.
    pub(crate) question: f32,
    /// An answer.
    pub(crate) answer: f32,
    /// Choices.
    pub(crate) choices: f32,
    /// A kind or type.
    pub(crate) kind: f32,
    /// A split.
    pub(crate) split: f32,
    /// A source.
    pub(crate) source: f32,
    /// A truth value.
    pub(crate) label: f32,
    /// A pair's key.
    pub(crate) pair: f32,
    /// An address on the web.
    pub(crate) url: f32,
    /// Something that is no role at all: rights, people, dates, scores, messages.
    pub(crate) aside: f32,
    /// The longer of two texts.
    pub(crate) dense: f32,
    /// Tags.
    pub(crate) tags: f32,
}

/// The lower-case words in a field's name: `imageId`, `image_id` and `IMAGE-ID` give the same.
pub(crate) fn tokens(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        let border = !letter.is_alphanumeric()
            || (letter.is_uppercase() && before.is_lowercase())
            || (letter.is_numeric() != before.is_numeric() && before.is_alphanumeric());
        if border && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// What a field's name hints at.
pub(crate) fn hint(name: &str) -> Hint {
    let mut sum = Hint::default();
    let words = tokens(name);
    // `worker_a` is one of several, no answer; `q` and `q1` ask.
    let worded = |word: &String| word.chars().any(char::is_alphabetic);
    let single = words.iter().filter(|word| worded(word)).count() < 2;
    for word in words.iter().filter(|word| single || !matches!(word.as_str(), "a" | "q")) {
        weigh(word, &mut sum);
    }
    // Compounds that are written as one word.
    if let [word] = words.as_slice() {
        let start =
            ["img", "image", "photo", "pic", "file"].into_iter().find(|start| word.starts_with(start));
        if let Some((start, rest)) =
            start.and_then(|start| Some((start, word.strip_prefix(start).filter(|rest| !rest.is_empty())?)))
        {
            weigh(start, &mut sum);
            weigh(rest, &mut sum);
        }
    }
    sum
}

fn weigh(word: &str, sum: &mut Hint) {
    match word {
        "caption" | "captions" | "cap" | "caps" | "txt" | "text" | "texts" | "description"
        | "descriptions" | "desc" | "descr" | "describe" | "sentence" | "sentences" | "sent" | "sents"
        | "blurb" | "beschreibung" | "bildbeschreibung" | "bildunterschrift" | "legende" | "légende"
        | "leyenda" | "descripcion" | "descripción" | "descricao" | "descrição" | "descrizione"
        | "didascalia" | "popis" | "popisek" | "opis" | "подпись" | "описание" | "描述" | "标题" | "文本"
        | "字幕" | "說明" | "说明" | "キャプション" | "説明" | "narrative" | "narration" | "paragraph"
        | "recaption" | "depiction" => {
            sum.caption += 3.0;
        }
        "prompt" | "comment" | "comments" | "phrase" | "phrases" | "utterance" | "summary" | "statement"
        | "story" | "verbatim" | "content" | "transcript" | "wording" | "remark" | "expression"
        | "referring" | "annotation" | "raw" => {
            sum.caption += 1.5;
        }
        "title" | "headline" => {
            sum.caption += 0.3;
        }
        "label" | "labels" | "truth" | "correct" | "verdict" | "match" | "matches" => sum.label += 1.5,
        "alt" | "alttext" | "original" | "orig" | "org" | "web" | "noisy" => sum.original += 2.0,
        "old" | "before" | "initial" => sum.original += 1.0,
        "long" | "dense" | "detailed" | "detail" | "rich" | "enriched" | "extended" | "recap" | "full"
        | "vlm" | "synthetic" | "re" | "new" | "improved" | "generated" => sum.dense += 1.0,
        "negative" | "negatives" | "neg" | "foil" | "foils" | "hard" | "wrong" | "incorrect" | "false"
        | "distractor" | "distractors" | "perturbed" | "counterfactual" | "corrupted" | "adversarial" => {
            sum.negative += 3.0;
        }
        "image"
        | "images"
        | "img"
        | "imgs"
        | "picture"
        | "pictures"
        | "pic"
        | "pics"
        | "photo"
        | "photos"
        | "foto"
        | "fotos"
        | "bild"
        | "bilder"
        | "jpg"
        | "jpeg"
        | "png"
        | "webp"
        | "imagen"
        | "imagem"
        | "immagine"
        | "obraz"
        | "obrazek"
        | "изображение"
        | "фото"
        | "图像"
        | "图片"
        | "圖片"
        | "画像"
        | "frame"
        | "frames"
        | "screenshot"
        | "pixels"
        | "visual" => sum.image += 3.0,
        "file" | "filename" | "filepath" | "fname" | "path" | "filenames" | "datei" | "dateiname"
        | "fichier" | "file_name" | "src" | "location" | "uri" | "asset" | "media" => sum.image += 1.0,
        "url" | "urls" | "link" | "href" | "address" => sum.url += 2.0,
        "mask" | "masks" | "seg" | "segmentation" | "depth" | "alpha" | "heatmap" | "saliency" => {
            sum.mask += 3.0;
        }
        "id" | "ids" | "uid" | "uuid" | "guid" | "key" | "identifier" | "idx" | "index" | "nr" | "no"
        | "number" | "num" | "kennung" | "pk" | "sample" | "item" => sum.id += 2.0,
        "question" | "questions" | "q" | "query" | "ask" | "asked" | "frage" | "pregunta" | "otázka"
        | "вопрос" | "问题" | "instruction" | "user" | "human" | "input" | "inquiry" => {
            sum.question += 2.0;
        }
        "answer" | "answers" | "a" | "ans" | "response" | "responses" | "reply" | "replies" | "gts"
        | "solutions" | "gt" | "target" | "assistant" | "gpt" | "antwort" | "respuesta" | "odpověď"
        | "ответ" | "答案" | "output" | "solution" | "completion" => {
            sum.answer += 2.0;
        }
        "choices" | "options" | "candidates" | "alternatives" | "choice" | "option" | "选项" => {
            sum.choices += 3.0;
        }
        "type" | "kind" | "category" | "class" | "skill" | "task" | "types" => sum.kind += 2.0,
        "split" | "subset" | "partition" | "fold" | "phase" => sum.split += 3.0,
        "source" | "dataset" | "origin" | "corpus" | "provider" | "collection" | "datasource" | "quelle"
        | "provenance" => sum.source += 2.0,
        "pair" | "pairs" | "set" | "couple" | "twin" => sum.pair += 2.0,
        "tag" | "tags" | "keywords" | "keyword" | "objects" | "concepts" => sum.tags += 2.0,
        "license" | "licence" | "copyright" | "rights" | "author" | "artist" | "creator" | "photographer"
        | "owner" | "credit" | "credits" | "attribution" | "username" | "contributor" | "writer"
        | "annotator" | "worker" | "date" | "time" | "timestamp" | "created" | "modified" | "status"
        | "error" | "message" | "reason" | "rationale" | "explanation" | "exif" | "score" | "scores"
        | "similarity" | "prob" | "probability" | "confidence" | "model" | "engine" | "version" | "sha"
        | "md" | "md5" | "hash" | "phash" | "language" | "lang" | "nsfw" | "width" | "height" | "size"
        | "bytes" | "filesize" | "domain" | "page" | "program" | "tokens" | "token" | "metrics"
        | "metric" | "rating" | "votes" | "vote" | "log" | "note" | "notes" | "city" | "country"
        | "address_line" | "camera" | "lens" | "encoded" | "embedding" | "email" | "ocr" | "review"
        | "feedback" | "semantic" | "synset" | "synsets" | "aesthetic" | "disclaimer" | "terms" | "bio"
        | "profile" | "voice" | "audio" | "recording" | "lizenz" | "autor" | "datum" | "credito"
        | "uploader" | "guideline" | "guidelines" => sum.aside += 3.0,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        for (name, expected) in [
            ("imageId", vec!["image", "id"]),
            ("image/key", vec!["image", "key"]),
            ("caption_0", vec!["caption", "0"]),
            ("IIW-P5B", vec!["iiw", "p", "5", "b"]),
            ("TEXT", vec!["text"]),
        ] {
            assert_eq!(tokens(name), expected, "{name}");
        }
    }

    #[test]
    fn hints_add_up() {
        assert!(hint("original_caption").original > 0.0);
        assert!(hint("uri_of_photo").image >= 3.0);
        assert!(hint("license_text").aside > hint("license_text").caption - 1.0);
        assert!(hint("imgfile").image > 3.0);
    }
}
