//! Names of tags.

use super::WorkspaceError;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, as `quality/blurry`.
    pub name: String,
    /// Samples that have it.
    pub samples: u64,
    /// The digit that stands for it, where somebody has bound one.
    pub digit: Option<u8>,
}

/// The name of a tag: levels with `/` between them, small letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagName(String);

impl TagName {
    /// Reads a name. Case is no difference.
    ///
    /// # Errors
    /// Where there is a level without a letter, or a sign that a query would take for something else.
    pub fn parse(text: &str) -> Result<Self, WorkspaceError> {
        let name = text.trim().to_lowercase();
        let is_sign = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.');
        let is_level =
            |level: &str| !level.is_empty() && !level.starts_with(['-', '.']) && level.chars().all(is_sign);
        if name.len() <= 200 && name.split('/').all(is_level) {
            Ok(Self(name))
        } else {
            Err(WorkspaceError::TagName(text.chars().take(80).collect()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a tag is meant by the name of a tag: by its own, or by that of one above it.
pub fn is_within(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_levels() {
        for good in ["blurry", "quality/blurry", "A-1_b.c", "größe/2"] {
            assert_eq!(TagName::parse(good).map(|name| name.0).ok(), Some(good.to_lowercase()), "{good}");
        }
        for bad in ["", "/", "a//b", "a/", "a b", "a\u{1b}[m", "-a", "a:b", "a*", "\"a\""] {
            assert!(TagName::parse(bad).is_err(), "{bad}");
        }
        assert!(is_within("quality/blurry", "quality") && is_within("quality", "quality"));
        assert!(!is_within("quality-of", "quality") && !is_within("quality", "quality/blurry"));
    }
}
