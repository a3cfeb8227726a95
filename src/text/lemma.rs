//! The dictionary form of a word, for somebody who looks for things in pictures.
//!
//! There is no part of speech at hand, so one form has one lemma: the noun first (`leaves` is
//! `leaf`, `saw` stays), then the verb (`parked` is `park`), then the adjective (`larger` is
//! `large`). A form ending in -ing or -ed goes to its verb unless `keep.txt` says that it is a
//! thing (`building`). `people` is `person`, since that is who stands in the picture. Words
//! that the lexicon lacks lose a plural ending and nothing else.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::lexicon::{Lexicon, Parts};

/// Words that a [`Lemmatiser`] remembers at most.
const SLOTS: usize = 1 << 13;

/// Longest word that it remembers, in bytes.
const SHORT: usize = 23;

/// The dictionary form of a folded word: `dogs` gives `dog`. Idempotent.
pub fn lemma(folded: &str) -> &str {
    match resolve(folded) {
        Form::Start(length) => folded.get(..length).unwrap_or(folded),
        Form::Listed(word) => word,
    }
}

/// [`lemma`] with a memory, for those who ask of the same words a million times. The memory is a
/// table in which a word has one place and drives out the word before it: words of captions are so
/// unequal in number that this is as good as a larger one, and it stays in the processor's cache.
#[derive(Debug)]
pub struct Lemmatiser {
    slots: Vec<Slot>,
}

/// A word with its form.
#[derive(Clone, Debug)]
struct Slot {
    word: [u8; SHORT],
    length: u8,
    form: Form,
}

impl Default for Lemmatiser {
    fn default() -> Self {
        Self { slots: vec![Slot { word: [0; SHORT], length: 0, form: Form::Start(0) }; SLOTS] }
    }
}

impl Clone for Lemmatiser {
    /// One with an empty memory.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Lemmatiser {
    /// The dictionary form of a folded word, as [`lemma`] gives it.
    pub fn lemma<'w>(&mut self, folded: &'w str) -> &'w str {
        match self.form(folded) {
            Form::Start(length) => folded.get(..length).unwrap_or(folded),
            Form::Listed(word) => word,
        }
    }

    fn form(&mut self, folded: &str) -> Form {
        let letters = folded.as_bytes();
        let place = FxBuildHasher.hash_one(letters) as usize % SLOTS;
        let Some(slot) = self.slots.get_mut(place).filter(|_| letters.len() <= SHORT) else {
            return resolve(folded);
        };
        if slot.word.get(..usize::from(slot.length)) != Some(letters) {
            slot.form = resolve(folded);
            slot.length = letters.len() as u8;
            for (room, letter) in slot.word.iter_mut().zip(letters) {
                *room = *letter;
            }
        }
        slot.form
    }
}

/// Where a dictionary form is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// It is the beginning of the word, so many bytes.
    Start(usize),
    /// It is this word of the lexicon.
    Listed(&'static str),
}

/// Follows one step after the other until nothing changes. Every step but one through the list of
/// irregular forms makes the word shorter, and the lemmas of that list are at rest, so this ends.
fn resolve(folded: &str) -> Form {
    let mut form = Form::Start(folded.len());
    if folded.len() < 2 || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return form;
    }
    let lexicon = Lexicon::english();
    let mut word = folded;
    for _ in 0..folded.len() {
        let Some(next) = step(lexicon, word) else { break };
        (form, word) = match (next, form) {
            (Form::Listed(listed), _) => (next, listed),
            (Form::Start(length), Form::Start(_)) => (next, folded.get(..length).unwrap_or(folded)),
            // An ending that comes off a listed word leaves a word that is listed too; were it
            // not, the listed word is the better answer.
            (Form::Start(_), Form::Listed(_)) => break,
        };
    }
    form
}

/// One inflection less, if there is one.
fn step(lexicon: &'static Lexicon, word: &str) -> Option<Form> {
    if let Some(listed) = lexicon.irregular(word) {
        return (listed != word).then_some(Form::Listed(listed));
    }
    let entry = lexicon.find(word.as_bytes()).map(|(_, parts)| parts);
    if entry.is_some_and(|parts| parts.meets(Parts::OWN)) {
        return None;
    }
    let bases = Bases { lexicon, word, entry };
    let listed = bases
        .of_men()
        .or_else(|| bases.of_plural())
        .or_else(|| bases.of_verb_form())
        .or_else(|| bases.of_comparative());
    match (listed, entry) {
        (Some(listed), _) => Some(Form::Listed(listed)),
        (None, Some(_)) => None,
        (None, None) => unlisted_plural(word).map(Form::Start),
    }
}

/// Looks for the words of the lexicon of which a word may be a form.
struct Bases<'w> {
    lexicon: &'static Lexicon,
    word: &'w str,
    /// What the word is itself.
    entry: Option<Parts>,
}

impl Bases<'_> {
    /// `policemen` is `policeman`.
    fn of_men(&self) -> Option<&'static str> {
        let stem = self.word.strip_suffix("men").filter(|_| self.entry.is_none())?;
        self.find(stem, "man", Parts::NOUN)
    }

    /// The singular of a plural noun, and the base of a verb's third person, which is spelt alike.
    fn of_plural(&self) -> Option<&'static str> {
        let parts = Parts::NOUN.and(Parts::VERB);
        let stem = self.word.strip_suffix('s')?;
        let deceptive = stem.ends_with(['s', 'u', 'i']);
        if stem.len() < 3 || stem.ends_with('s') || deceptive && self.entry.is_some() {
            return None;
        }
        // `crosses` is of `cross`, although there is a `crosse`.
        let of_double_s =
            || self.find(stem.strip_suffix('e').filter(|stem| stem.ends_with("ss"))?, "", parts);
        of_double_s()
            .or_else(|| self.find(stem, "", parts))
            .or_else(|| self.of_longer_plural(stem.strip_suffix('e')?))
    }

    /// The singular of a plural in -es.
    fn of_longer_plural(&self, stem: &str) -> Option<&'static str> {
        let parts = Parts::NOUN.and(Parts::VERB);
        if let Some(start) = stem.strip_suffix('i') {
            return self.find(start, "y", parts);
        }
        if !["s", "x", "z", "ch", "sh", "o"].iter().any(|end| stem.ends_with(end)) {
            return None;
        }
        self.find(stem, "", parts).or_else(|| self.find(undouble(stem)?, "", parts))
    }

    /// The base of a form in -ing or -ed. Where the form is not a noun or verb of its own, a noun
    /// will do too: `bearded`.
    fn of_verb_form(&self) -> Option<&'static str> {
        let stem = self
            .word
            .strip_suffix("ing")
            .or_else(|| self.word.strip_suffix("ed").filter(|stem| !stem.ends_with('e')))?;
        let is_thing = self.entry.is_some_and(|parts| parts.meets(Parts::NOUN.and(Parts::VERB)));
        let of_noun = || if is_thing { None } else { self.of_stem(stem, Parts::NOUN) };
        self.of_stem(stem, Parts::VERB).or_else(of_noun)
    }

    /// The base of a form in -er or -est, where that form is no word of its own.
    fn of_comparative(&self) -> Option<&'static str> {
        if self.entry.is_some() {
            return None;
        }
        let stem = self.word.strip_suffix("er").or_else(|| self.word.strip_suffix("est"))?;
        if stem.len() < 3 { None } else { self.of_stem(stem, Parts::ADJECTIVE) }
    }

    /// The word that lost a letter or gained one when an ending with a vowel came after it.
    fn of_stem(&self, stem: &str, parts: Parts) -> Option<&'static str> {
        if stem.len() < 2 || !stem.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
            return None;
        }
        let plain = || self.find(stem, "", parts);
        let with_e = || self.find(stem, "e", parts);
        let with_y = || self.find(stem.strip_suffix('i')?, "y", parts);
        let undoubled = || self.find(undouble(stem)?, "", parts);
        if would_double(stem) {
            with_e().or_else(plain).or_else(with_y).or_else(undoubled)
        } else {
            plain().or_else(with_e).or_else(with_y).or_else(undoubled)
        }
    }

    fn find(&self, stem: &str, ending: &str, parts: Parts) -> Option<&'static str> {
        let mut letters = [0_u8; 80];
        let length = stem.len() + ending.len();
        let room = letters.get_mut(..length)?;
        let (start, end) = room.split_at_mut_checked(stem.len())?;
        start.copy_from_slice(stem.as_bytes());
        end.copy_from_slice(ending.as_bytes());
        let (word, found) = self.lexicon.find(room)?;
        found.meets(parts).then_some(word)
    }
}

/// Whether a base spelt so would have doubled its last letter: one vowel, then one consonant.
/// `staring` is therefore a form of `stare`, and `resting` one of `rest`.
fn would_double(stem: &str) -> bool {
    let mut letters = stem.bytes().rev();
    let is_vowel = |letter: u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u');
    let (Some(last), Some(middle)) = (letters.next(), letters.next()) else { return false };
    let before = letters.next();
    !is_vowel(last)
        && !matches!(last, b'w' | b'x' | b'y')
        && is_vowel(middle)
        && !before.is_some_and(|letter| is_vowel(letter) && letter != b'u')
}

/// `runn` gives `run`.
fn undouble(stem: &str) -> Option<&str> {
    let shorter = stem.get(..stem.len().checked_sub(1)?)?;
    let doubled = stem.bytes().next_back() == shorter.bytes().next_back();
    (doubled && shorter.len() >= 2).then_some(shorter)
}

/// The length of the singular of a word that no dictionary knows: `selfies`, `wetsuits`.
fn unlisted_plural(word: &str) -> Option<usize> {
    let stem = word.strip_suffix('s')?;
    if stem.len() < 3 || stem.ends_with(['s', 'u', 'i', 'a']) {
        return None;
    }
    let sibilant = ["sse", "xe", "zze", "che", "she"].iter().any(|end| stem.ends_with(end));
    Some(stem.len() - usize::from(sibilant))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One line a lemma: the lemma, then forms that lead to it.
    const FORMS: &str = "
        dog dogs
        person people persons
        man men
        woman women
        child children
        leaf leaves
        life lives
        wolf wolves
        shelf shelves
        knife knives
        glass glasses
        saw saws
        left
        bus buses busses
        gas gases
        grass grasses
        lens lenses
        tennis
        species
        series
        pants
        shorts
        jeans
        scissors
        clothes
        sunglasses
        window windows
        hand hands
        leg legs
        bowl bowls
        board boards
        box boxes
        bench benches
        dish dishes
        dress dresses
        horse horses
        house houses
        vase vases
        slice slices
        rose roses
        pony ponies
        sky skies
        city cities
        baby babies
        strawberry strawberries
        cookie cookies
        movie movies
        pie pies
        tie ties tied tying
        potato potatoes
        tomato tomatoes
        photo photos
        shoe shoes
        canoe canoes
        tooth teeth
        foot feet
        mouse mice
        goose geese
        sheep
        fish fishes
        ski skis skiing skied
        taxi taxis
        iris irises
        canvas
        christmas
        selfie selfies
        hoodie hoodies
        drone drones
        skateboarder skateboarders
        wetsuit wetsuits
        smartphone smartphones
        backpack backpacks
        giraffe giraffes
        zebra zebras
        umbrella umbrellas
        pizza pizzas
        kite kites
        surfer surfers
        skier skiers
        player players
        policeman policemen
        run running runs ran
        sit sitting sits sat
        stand standing stands stood
        park parked parking parks
        wear wearing wears wore worn
        surf surfing surfs surfed
        ride riding rides rode ridden
        hold holding holds held
        walk walking walked walks
        eat eating ate eaten
        fly flying flew flown
        swim swimming swam
        play playing played
        look looking looked looks
        lie lying lies lied
        drive driving drove driven drives
        throw throwing threw thrown
        catch catching caught
        hit hitting hits
        cut cutting
        jump jumping jumped
        smile smiling smiled
        graze grazing grazed
        lead leading led
        feed feeding fed
        stare staring stared
        star starring starred
        share sharing shared
        rest resting rested
        rake raking raked
        race racing raced
        bike biking bikes
        hike hiking
        skate skating skated
        skateboard skateboarding skateboards
        snowboard snowboarding
        sing singing sang
        swing swinging swung
        hang hanging hung
        bring bringing brought
        use using
        fry fried fries frying
        dry dried drying
        carry carrying carried carries
        bake baked baking
        chop chopped chopping
        slice sliced
        stripe striped stripes
        spot spotted
        beard bearded
        cover covered covering
        fill filled
        place placed
        open opening
        color colored colors colour coloured
        paint painted
        decorate decorated
        stack stacked
        make made making makes
        build built
        take taken taking took
        break broken broke
        freeze frozen froze
        write written wrote
        find found
        see seeing seen
        be is are was were been am
        have has had having
        do does did done doing
        go goes going went gone
        large larger largest
        big bigger biggest
        small smaller smallest
        old older oldest
        young younger youngest
        tall taller tallest
        dark darker darkest
        happy happier happiest
        pretty prettier prettiest
        wet wetter
        near nearest
        gray grey
        number numbers
        corner corners
        flower flowers
        water waters
        paper papers
        tower towers
        river
        summer
        winter
        dinner
        silver
        leather
        finger fingers
        soldier soldiers
        forest forests
        vest vests
        chest
        west
        nest nests
        modest
        counter counters
        computer computers
        trailer trailers
        burger burgers
        hamburger hamburgers
        under
        over
        after
        other others
        building buildings
        painting paintings
        ceiling ceilings
        wedding
        evening
        morning
        clothing
        icing
        frosting
        railing railings
        awning awnings
        crossing
        dressing
        topping toppings
        bedding
        siding
        landing
        lighting
        drawing drawings
        writing
        earring earrings
        string strings
        wing wings
        king
        ring rings
        spring
        duckling ducklings
        sibling siblings
        something
        pudding
        thing things
        sling
        bowling
        boxing
        training
        bored
        naked
        wicked
        red
        bed beds
        shed
        sled sleds
        seed seeds
        weed weeds
        speed
        hundred hundreds
        tired
        this
        his
        its
        us
        as
        plus
        always
        less
        news
        texas
        paris
        james
        cactus
        octopus
        hibiscus
        asparagus
        basis
        chess
        glove gloves
        sleeve sleeves
        wave waves
        cave caves
        olive olives
        scarf scarves
        loaf loaves
        half halves
        hoof hooves
        tv tvs
        boss bosses
        mattress mattresses
        cross crosses crossed
        dice
        media
        frisbee frisbees
        bee bees
        knee knees
        tree trees
        axe axes
        sunflower sunflowers
        girl girls
        boy boys
        guy guys
        lady ladies
        family families
        puppy puppies
        kitten kittens
        bunny bunnies
        truck trucks
        train trains
        airplane airplanes
        motorcycle motorcycles
        beach beaches
        mountain mountains
        street streets
        traffic
        don't
        7
        1990s
        café
    ";

    #[test]
    fn words_of_captions() {
        let mut count = 0;
        for line in FORMS.lines() {
            let mut words = line.split_whitespace();
            let Some(expected) = words.next() else { continue };
            for word in std::iter::once(expected).chain(words) {
                assert_eq!(lemma(word), expected, "{word}");
                count += 1;
            }
        }
        assert!(count >= 200, "{count}");
    }

    #[test]
    fn a_lemma_is_its_own_lemma() {
        let lexicon = Lexicon::english();
        let mut lemmatiser = Lemmatiser::default();
        for word in lexicon.words().chain(lexicon.irregular_forms().map(|(form, _)| form)) {
            for form in [
                word.to_owned(),
                format!("{word}s"),
                format!("{word}ing"),
                format!("{word}ed"),
                format!("{word}er"),
            ] {
                let base = lemma(&form);
                assert_eq!(lemma(base), base, "{form}");
                assert_eq!(lemmatiser.lemma(&form), base);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_lemma_at_rest(word in prop_oneof!["[a-z]{0,70}", any::<String>(), "[a-z]{1,6}(s|ies|ing|ed|er|est|ings)"]) {
            let base = lemma(&word);
            prop_assert_eq!(lemma(base), base);
        }
    }
}
