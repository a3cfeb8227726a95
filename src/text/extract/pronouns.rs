//! Whom a pronoun means: simple rules of kind and nearness.

use super::class::Class;
use super::words::Word;

/// Sentences back in which the meant thing may be.
pub(super) const REACH: usize = 3;

/// What a pronoun may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Man,
    Woman,
    Thing,
    Several,
}

/// What a word stands for, if it is a pronoun that stands for something named before.
pub(super) fn meant(word: &Word) -> Option<Meant> {
    if word.class != Class::PRONOUN {
        return None;
    }
    Some(match &*word.text {
        "he" | "him" => Meant::Man,
        "she" | "her" => Meant::Woman,
        "it" => Meant::Thing,
        "they" | "them" => Meant::Several,
        _ => return None,
    })
}

impl Meant {
    /// Whether a thing that is named by this word may be meant.
    pub(super) fn may_be(self, head: &Word) -> bool {
        let noun = &*head.noun;
        let plural = is_plural(head);
        match self {
            Self::Man => !plural && (is_man(noun) || is_anybody(noun)),
            Self::Woman => !plural && (is_woman(noun) || is_anybody(noun)),
            Self::Thing => !plural && !is_man(noun) && !is_woman(noun) && !is_somebody(noun),
            Self::Several => plural,
        }
    }
}

/// Whether the word names several.
pub(super) fn is_plural(word: &Word) -> bool {
    matches!(&*word.text, "people" | "men" | "women" | "children" | "kids" | "couple" | "group")
        || word.text.ends_with('s') && word.text != word.noun
}

fn is_man(noun: &str) -> bool {
    matches!(
        noun,
        "man"
            | "boy"
            | "guy"
            | "gentleman"
            | "male"
            | "father"
            | "groom"
            | "king"
            | "husband"
            | "son"
            | "brother"
            | "grandfather"
            | "policeman"
            | "fisherman"
            | "businessman"
            | "fireman"
            | "waiter"
    )
}

fn is_woman(noun: &str) -> bool {
    matches!(
        noun,
        "woman"
            | "girl"
            | "lady"
            | "female"
            | "mother"
            | "bride"
            | "queen"
            | "wife"
            | "daughter"
            | "sister"
            | "grandmother"
            | "policewoman"
            | "waitress"
            | "princess"
            | "actress"
    )
}

/// People of either kind, and animals that may be called he or she.
fn is_anybody(noun: &str) -> bool {
    is_somebody(noun)
        || matches!(noun, "dog" | "cat" | "horse" | "puppy" | "kitten" | "bear" | "baby" | "child")
}

fn is_somebody(noun: &str) -> bool {
    matches!(
        noun,
        "person"
            | "player"
            | "rider"
            | "surfer"
            | "skier"
            | "snowboarder"
            | "skateboarder"
            | "batter"
            | "pitcher"
            | "catcher"
            | "umpire"
            | "cyclist"
            | "worker"
            | "chef"
            | "child"
            | "kid"
            | "toddler"
            | "teenager"
            | "student"
            | "soldier"
            | "officer"
            | "dancer"
            | "singer"
            | "vendor"
            | "driver"
            | "tourist"
            | "figure"
            | "character"
            | "model"
            | "individual"
            | "performer"
            | "musician"
            | "artist"
            | "athlete"
            | "passenger"
            | "pedestrian"
            | "customer"
            | "farmer"
            | "adult"
            | "couple"
    )
}
