//! Flags of a sample's pictures: missing, unreadable, tiny, and so on.
//!
//! They do not follow from captions, so no rule over [`super::Column`]s decides them. Each is one comparison
//! of a figure of its own, and only the least side is a matter of taste: it can be set as the rules of
//! captions can, `IMAGE_TINY = "side < 200"`. All of them can be switched off.

use std::collections::BTreeSet;

use super::flags::{Flag, FlagId};
use super::rule::Comparison;

/// Pixels of the shorter side below which a picture is tiny: those that COYO-700M leaves out.
const LEAST_SIDE: u32 = 200;
/// The largest threshold for it: of larger pictures no side is kept.
pub const MOST_SIDE: u32 = 256;

/// What is known of the pictures of one sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureFacts {
    /// Pictures that are not there.
    pub missing: u32,
    /// Pictures that cannot be decoded.
    pub unreadable: u32,
    /// Pictures that move.
    pub animated: u32,
    /// Pictures whose suffix is that of another format.
    pub misnamed: u32,
    /// Pixels of the shortest side of all pictures that could be decoded, where that is below
    /// [`MOST_SIDE`].
    pub side: Option<u32>,
    /// Other samples with a picture that looks the same.
    pub twins: u32,
}

impl PictureFacts {
    /// The figure that decides a flag; none where it is not known or not one of pictures.
    fn figure(&self, flag: FlagId) -> Option<u32> {
        match flag {
            FlagId::ImageMissing => Some(self.missing),
            FlagId::ImageUnreadable => Some(self.unreadable),
            FlagId::ImageTiny => self.side,
            FlagId::ImageAnimated => Some(self.animated),
            FlagId::ImageSuffix => Some(self.misnamed),
            FlagId::ImageDuplicate => Some(self.twins),
            _ => None,
        }
    }
}

/// The name of the figure of a flag.
fn name(flag: FlagId) -> &'static str {
    match flag {
        FlagId::ImageMissing => "images_missing",
        FlagId::ImageUnreadable => "images_unreadable",
        FlagId::ImageTiny => "side",
        FlagId::ImageAnimated => "images_animated",
        FlagId::ImageSuffix => "images_misnamed",
        _ => "image_twins",
    }
}

/// When the pictures of a sample are flagged, in one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PictureRules {
    off: BTreeSet<FlagId>,
    side: u32,
}

impl Default for PictureRules {
    fn default() -> Self {
        Self { off: BTreeSet::new(), side: LEAST_SIDE }
    }
}

impl PictureRules {
    /// Takes a rule as a user writes it; tells whether it can be understood.
    pub(super) fn set(&mut self, flag: FlagId, rule: &str) -> bool {
        let words: Vec<&str> = rule.split_whitespace().collect();
        let side = match (words.as_slice(), flag) {
            ([], _) => {
                self.off.insert(flag);
                return true;
            }
            (["side", "<", side], FlagId::ImageTiny) => side.parse().ok(),
            _ => None,
        };
        let Some(side) = side.filter(|side| *side <= MOST_SIDE) else { return false };
        self.off.remove(&flag);
        self.side = side;
        true
    }

    fn threshold(&self, flag: FlagId) -> Option<(Comparison, u32)> {
        match flag {
            _ if self.off.contains(&flag) => None,
            FlagId::ImageTiny => Some((Comparison::Below, self.side)),
            _ => Some((Comparison::AtLeast, 1)),
        }
    }

    /// The rule of a flag as it would be written; none where it is switched off.
    pub(super) fn shown(&self, flag: FlagId) -> Option<String> {
        let (comparison, threshold) = self.threshold(flag)?;
        Some(format!("{} {} {threshold}", name(flag), comparison.sign()))
    }

    /// Whether a sample has a flag.
    pub(super) fn holds(&self, flag: FlagId, facts: &PictureFacts) -> bool {
        let holds = |(comparison, threshold): (Comparison, u32)| {
            facts.figure(flag).is_some_and(|figure| comparison.holds(figure.into(), threshold.into()))
        };
        self.threshold(flag).is_some_and(holds)
    }

    /// The flags of a sample's pictures.
    pub(super) fn flags(&self, facts: &PictureFacts) -> Vec<Flag> {
        let flag = |id: &FlagId| {
            let (comparison, threshold) = self.threshold(*id)?;
            let value = facts.figure(*id).filter(|_| self.holds(*id, facts))?;
            Some(Flag {
                id: *id,
                column: name(*id),
                value: value.into(),
                comparison: comparison.sign(),
                threshold: threshold.into(),
                percentile: None,
                spans: Vec::new(),
                mend: id.mend(),
            })
        };
        FlagId::PICTURES.iter().filter_map(flag).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::flags::{FlagTable, Profile};
    use super::*;

    #[test]
    fn pictures_are_flagged_by_figures_of_their_own() {
        let table = FlagTable::published().clone();
        let ids = |table: &FlagTable, facts: &PictureFacts| -> Vec<&str> {
            table.picture_flags(Profile::Short, facts).iter().map(|flag| flag.id.name()).collect()
        };
        assert_eq!(ids(&table, &PictureFacts::default()), Vec::<&str>::new());
        let facts =
            PictureFacts { missing: 1, animated: 2, side: Some(199), twins: 3, ..PictureFacts::default() };
        let all = ["IMAGE_MISSING", "IMAGE_TINY", "IMAGE_ANIMATED", "IMAGE_DUPLICATE"];
        assert_eq!(ids(&table, &facts), all);
        assert_eq!(
            ids(&table, &PictureFacts { side: Some(200), ..PictureFacts::default() }),
            Vec::<&str>::new()
        );
        let own = table.clone().with("[short]\nIMAGE_TINY = \"side < 64\"\nIMAGE_ANIMATED = \"\"").unwrap();
        assert_eq!(ids(&own, &facts), ["IMAGE_MISSING", "IMAGE_DUPLICATE"]);
        assert_eq!(own.picture_rule(Profile::Short, FlagId::ImageTiny).as_deref(), Some("side < 64"));
        assert_eq!(own.picture_rule(Profile::Dense, FlagId::ImageTiny).as_deref(), Some("side < 200"));
        assert_eq!(own.picture_rule(Profile::Short, FlagId::ImageAnimated), None);
        for wrong in
            ["IMAGE_TINY = \"units < 3\"", "IMAGE_TINY = \"side < 999\"", "IMAGE_MISSING = \"side < 9\""]
        {
            let error = table.clone().with(&format!("[short]\n{wrong}")).unwrap_err().to_string();
            assert!(error.contains("side < 200"), "{error}");
        }
    }
}
