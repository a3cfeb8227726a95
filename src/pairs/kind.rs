//! The change that leads from one caption to another, by its name.

use super::edit::{Edit, Fate};
use super::role::{Role, Word};

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Things.
    Object,
    /// What they are like.
    Attribute,
    /// What they do and where they are.
    Relation,
}

impl Aspect {
    /// As it stands in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Attribute => "attribute",
            Self::Relation => "relation",
        }
    }
}

/// The kinds of change: the seven of `SugarCrepe` (Hsieh et al., 2306.14610), and three finer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A thing more.
    AddObject,
    /// A property more.
    AddAttribute,
    /// Another thing.
    ReplaceObject,
    /// Another property.
    ReplaceAttribute,
    /// Another relation or action.
    ReplaceRelation,
    /// Two things in each other's place.
    SwapObject,
    /// Two properties in each other's place.
    SwapAttribute,
    /// Another number of things.
    Count,
    /// Other words written in the picture.
    Text,
    /// Another state of a thing: open and closed.
    State,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::ReplaceObject,
        Self::ReplaceAttribute,
        Self::ReplaceRelation,
        Self::AddObject,
        Self::AddAttribute,
        Self::SwapObject,
        Self::SwapAttribute,
        Self::Count,
        Self::Text,
        Self::State,
    ];

    /// As it stands in records and queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddObject => "add_obj",
            Self::AddAttribute => "add_att",
            Self::ReplaceObject => "replace_obj",
            Self::ReplaceAttribute => "replace_att",
            Self::ReplaceRelation => "replace_rel",
            Self::SwapObject => "swap_obj",
            Self::SwapAttribute => "swap_att",
            Self::Count => "count",
            Self::Text => "text",
            Self::State => "state",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it is done to.
    pub fn aspect(self) -> Aspect {
        match self {
            Self::AddObject | Self::ReplaceObject | Self::SwapObject => Aspect::Object,
            Self::ReplaceRelation => Aspect::Relation,
            _ => Aspect::Attribute,
        }
    }
}

/// Names the change from one caption to another; none where they say the same.
pub fn change(one: &[Word], other: &[Word]) -> Option<Kind> {
    let way = edit(one, other);
    let (left, right) = (Sum::of(one, &way.first, other), Sum::of(other, &way.second, one));
    kind(&left, &right)
}

/// The way from the words of one caption to those of another.
pub fn edit(one: &[Word], other: &[Word]) -> Edit {
    let forms = |words| -> Vec<Form<'_>> { <[Word]>::iter(words).map(Form).collect() };
    Edit::between(&forms(one), &forms(other), |Form(word)| worth(word.role))
}

/// A word that is laid beside another: the same word where both have the same dictionary form.
struct Form<'w>(&'w Word);

impl PartialEq for Form<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.lemma == other.0.lemma
    }
}

/// What it is worth to keep a word in its place: things stay where they are, and what is said of them moves.
fn worth(role: Role) -> u32 {
    match role {
        Role::Function => 1,
        Role::Object => 32,
        _ => 8,
    }
}

/// What of one caption is not in its place in the other.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    objects: u32,
    properties: u32,
    counts: u32,
    texts: u32,
    verbs: u32,
    prepositions: u32,
    denials: u32,
    moved_objects: u32,
    moved_others: u32,
}

impl Sum {
    fn of(words: &[Word], fates: &[Fate], others: &[Word]) -> Self {
        let mut sum = Self::default();
        for (at, (word, fate)) in words.iter().zip(fates).enumerate() {
            if *fate == Fate::Alone && word.denies() {
                sum.denials += 1;
            }
            match (fate, word.role) {
                (Fate::Kept(_), _) | (_, Role::Function) => {}
                (Fate::Alone, _) if stands_before_name(words, fates, at) => sum.properties += 1,
                (Fate::Moved(other), role) => {
                    let there = others.get(*other).map_or(role, |word| word.role);
                    if role == Role::Object && there == Role::Object {
                        sum.moved_objects += 1;
                    } else if role != Role::Preposition {
                        sum.moved_others += 1;
                    }
                }
                (Fate::Alone, Role::Object) => sum.objects += 1,
                (Fate::Alone, Role::Count) => sum.counts += 1,
                (Fate::Alone, Role::Text) => sum.texts += 1,
                (Fate::Alone, Role::Verb) => sum.verbs += 1,
                (Fate::Alone, Role::Preposition) => sum.prepositions += 1,
                (Fate::Alone, _) => sum.properties += 1,
            }
        }
        sum
    }

    /// All that is only here.
    fn alone(&self) -> u32 {
        self.objects + self.properties + self.counts + self.texts + self.verbs + self.prepositions
    }

    fn moved(&self) -> u32 {
        self.moved_objects + self.moved_others
    }

    fn relations(&self) -> u32 {
        self.verbs + self.prepositions
    }
}

/// Whether a word that is only here, with those after it that are, stands before the name of a thing that is in
/// both, and so says what that is like: `a [trumpeting] elephant`, `a [suede] chair`.
fn stands_before_name(words: &[Word], fates: &[Fate], at: usize) -> bool {
    if !words
        .get(at)
        .is_some_and(|word| matches!(word.role, Role::Object | Role::Modifier | Role::Verb | Role::Other))
    {
        return false;
    }
    let mut start = at;
    while start > 0 && fates.get(start - 1) == Some(&Fate::Alone) {
        start -= 1;
    }
    let before = start.checked_sub(1).and_then(|before| words.get(before));
    // After a thing, and after `and`, another thing begins: `vegetables and [syrup] piled up`.
    let begins = before.is_none_or(|before| before.role != Role::Object && before.lemma != "and");
    let mut next = at;
    let mut is_after = false;
    while let Some(word) = words.get(next).filter(|_| begins) {
        let is_alone = fates.get(next) == Some(&Fate::Alone);
        is_after |= !is_alone;
        // `people riding horses`: who does something stands before no name.
        if next > at && word.role == Role::Verb {
            return false;
        }
        match word.role {
            Role::Object | Role::Modifier if is_after => return !is_alone,
            Role::Object | Role::Modifier | Role::Attribute | Role::Verb | Role::Other if word.is_close => {
                next += 1;
            }
            _ => return false,
        }
    }
    false
}

fn kind(left: &Sum, right: &Sum) -> Option<Kind> {
    let moved = left.moved();
    let (alone, beside) = (left.alone(), right.alone());
    // One that names a thing more may have put its words in another order as well.
    let adds =
        (left.objects == 0) != (right.objects == 0) && alone.min(beside) == 0 && left.moved_objects < 2;
    if moved > 0 && moved * 2 >= alone.max(beside) && !adds {
        return Some(if left.moved_objects > 0 { Kind::SwapObject } else { Kind::SwapAttribute });
    }
    if alone == 0 && beside == 0 {
        return (left.denials != right.denials).then_some(Kind::ReplaceRelation);
    }
    if alone == 0 || beside == 0 {
        let more = if alone == 0 { right } else { left };
        return Some(if more.objects > 0 {
            Kind::AddObject
        } else if more.properties + more.counts + more.texts > 0 {
            Kind::AddAttribute
        } else {
            Kind::ReplaceRelation
        });
    }
    if left.objects > 0 && right.objects > 0 {
        return Some(Kind::ReplaceObject);
    }
    if left.texts > 0 && right.texts > 0 {
        return Some(Kind::Text);
    }
    if left.relations() > 0 && right.relations() > 0 {
        return Some(Kind::ReplaceRelation);
    }
    if left.counts == alone && right.counts == beside {
        return Some(Kind::Count);
    }
    if left.properties + left.counts > 0 && right.properties + right.counts > 0 {
        return Some(Kind::ReplaceAttribute);
    }
    if left.objects + right.objects > 0 {
        return Some(Kind::ReplaceObject);
    }
    Some(if left.relations() + right.relations() > 0 {
        Kind::ReplaceRelation
    } else {
        Kind::ReplaceAttribute
    })
}

#[cfg(test)]
mod tests {
    use super::super::role::words;
    use super::*;
    use crate::measure::Analyst;
    use crate::model::{Caption, CaptionRole, Sample};

    fn kind_of(one: &str, other: &str) -> Option<Kind> {
        let mut analyst = Analyst::new();
        let [one, other] = [one, other].map(|text| {
            let caption = Caption { text: text.to_owned(), field: String::new(), role: CaptionRole::Main };
            let mut sample = Sample { captions: vec![caption], ..Sample::default() };
            analyst.analyse(&mut sample);
            words(text, 0, &sample.descriptors)
        });
        change(&one, &other)
    }

    #[test]
    fn changes_have_their_kind() {
        let table = [
            ("A dog sleeps on a rug.", "A dog sleeps on a rug.", None),
            ("A dog sleeps on a rug.", "The dog is sleeping on the rug.", None),
            ("A dog sleeps on a rug.", "A dog and a cat sleep on a rug.", Some(Kind::AddObject)),
            ("A dog on a rug near a fireplace.", "A dog on a rug.", Some(Kind::AddObject)),
            ("A dog sleeps on a rug.", "A dog sleeps on a striped rug.", Some(Kind::AddAttribute)),
            ("A lake behind a house.", "A frozen lake behind a house.", Some(Kind::AddAttribute)),
            ("A boy near a fence.", "A whistling boy near a fence.", Some(Kind::AddAttribute)),
            ("A dog sleeps on a rug.", "A dog sleeps on a sofa.", Some(Kind::ReplaceObject)),
            ("A green bottle on a shelf.", "A blue bottle on a shelf.", Some(Kind::ReplaceAttribute)),
            ("A bottle on a shelf.", "A bottle under a shelf.", Some(Kind::ReplaceRelation)),
            ("A girl pushes a cart.", "A girl pulls a cart.", Some(Kind::ReplaceRelation)),
            ("A girl pushes a boy.", "A boy pushes a girl.", Some(Kind::SwapObject)),
            ("A red car beside a green truck.", "A green car beside a red truck.", Some(Kind::SwapAttribute)),
            ("Two boats on a river.", "Five boats on a river.", Some(Kind::Count)),
            ("A sign that reads \"EXIT\".", "A sign that reads \"ENTER\".", Some(Kind::Text)),
        ];
        for (one, other, expected) in table {
            assert_eq!(kind_of(one, other), expected, "{one} | {other}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("replace"), None);
    }
}
