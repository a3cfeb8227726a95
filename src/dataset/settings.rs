//! What the user says about a data set's fields: `--map`, and a `capscope.toml` beside the data.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The part that a field of a data set plays in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It names the sample.
    Id,
    /// A picture, or the way to one.
    Image,
    /// A text that describes the picture.
    Caption,
    /// The text that the picture came with.
    Original,
    /// A text about one region of the picture.
    Region,
    /// A text that is wrong on purpose.
    Negative,
    /// Objects, attributes, relations, boxes, tags.
    Descriptors,
    /// A question about the picture.
    Question,
    /// Its answer.
    Answer,
    /// The answers to choose from.
    Choices,
    /// What the two members of a pair have in common.
    Pair,
    /// Whether the text is true, or the kind of change.
    Label,
    /// `train`, `val` …
    Split,
    /// Where the sample comes from.
    Source,
    /// Left out altogether.
    Ignore,
    /// Kept as it is, searchable as `meta.*`.
    Meta,
}

impl Role {
    /// Every role, in the order of [`Role`].
    pub const ALL: [Self; 16] = [
        Self::Id,
        Self::Image,
        Self::Caption,
        Self::Original,
        Self::Region,
        Self::Negative,
        Self::Descriptors,
        Self::Question,
        Self::Answer,
        Self::Choices,
        Self::Pair,
        Self::Label,
        Self::Split,
        Self::Source,
        Self::Ignore,
        Self::Meta,
    ];

    /// The name as it stands in `--map`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Image => "image",
            Self::Caption => "caption",
            Self::Original => "original",
            Self::Region => "region",
            Self::Negative => "negative",
            Self::Descriptors => "descriptors",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Choices => "choices",
            Self::Pair => "pair",
            Self::Label => "label",
            Self::Split => "split",
            Self::Source => "source",
            Self::Ignore => "ignore",
            Self::Meta => "meta",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim().to_lowercase();
        Self::ALL
            .into_iter()
            .find(|role| role.name() == wanted || (wanted == "descriptor" && *role == Self::Descriptors))
            .ok_or_else(|| SettingsError::Role(text.trim().to_owned()))
    }
}

/// What the user says about the data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Role and field, in the order given. Several fields may have one role.
    pub map: Vec<(Role, String)>,
    /// The name to show for the data set.
    pub name: Option<String>,
    /// Rules of flags that replace the program's own, by profile and flag; read by `measure`.
    #[serde(default)]
    pub flags: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why settings cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A part of `--map` has no `=`.
    #[error("`{0}` is not of the form role=field, as in --map caption=re_caption,image=url")]
    Form(String),
    /// There is no such role.
    #[error("there is no role `{0}`; the roles are {roles}", roles = Role::ALL.map(Role::name).join(", "))]
    Role(String),
    /// The file cannot be read.
    #[error("{file}: {reason}")]
    File {
        /// The settings file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The layout of `capscope.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    #[serde(default)]
    map: toml::Table,
    #[serde(default)]
    flags: BTreeMap<String, BTreeMap<String, String>>,
}

impl Settings {
    /// Reads the value of `--map`: `role=field[,role=field]…`.
    pub fn parse_map(text: &str) -> Result<Self, SettingsError> {
        let mut map = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (role, field) = part.split_once('=').ok_or_else(|| SettingsError::Form(part.to_owned()))?;
            if field.trim().is_empty() {
                return Err(SettingsError::Form(part.to_owned()));
            }
            map.push((role.parse()?, field.trim().to_owned()));
        }
        Ok(Self { map, ..Self::default() })
    }

    /// Reads a `capscope.toml`: an optional `name`, a table `[map]` of `role = "field"` or
    /// `role = ["field", "field"]`, and tables `[flags.short]` and `[flags.dense]` of `FLAG = "rule"`.
    pub fn parse_toml(text: &str, file: &Path) -> Result<Self, SettingsError> {
        let wrong = |reason: String| SettingsError::File { file: file.display().to_string(), reason };
        let read: File = toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
        let mut map = Vec::new();
        for (role, fields) in read.map {
            let role: Role = role.parse().map_err(|error: SettingsError| wrong(error.to_string()))?;
            let fields = match fields {
                toml::Value::String(field) => vec![field],
                toml::Value::Array(fields) => fields
                    .into_iter()
                    .map(|field| field.as_str().map(str::to_owned))
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| wrong(format!("map.{role}: expected names of fields")))?,
                _ => return Err(wrong(format!("map.{role}: expected the name of a field"))),
            };
            map.extend(fields.into_iter().map(|field| (role, field)));
        }
        Ok(Self { map, name: read.name, flags: read.flags })
    }

    /// Reads `capscope.toml` in this folder, if there is one.
    pub(crate) fn beside(folder: &Path) -> Result<Option<Self>, SettingsError> {
        /// Larger files are no settings.
        const LARGEST: u64 = 1 << 20;
        let file = folder.join("capscope.toml");
        match std::fs::metadata(&file) {
            Ok(data) if data.is_file() && data.len() <= LARGEST => {}
            _ => return Ok(None),
        }
        let text = std::fs::read_to_string(&file).map_err(|error| SettingsError::File {
            file: file.display().to_string(),
            reason: error.to_string(),
        })?;
        Self::parse_toml(&text, &file).map(Some)
    }

    /// These settings laid over others: a role named here replaces what the others say of it, and
    /// a field named here gets no other role.
    pub(crate) fn over(&self, below: Self) -> Self {
        let kept = below.map.into_iter().filter(|(role, field)| {
            let repeated =
                !matches!(role, Role::Meta | Role::Ignore) && self.map.iter().any(|(own, _)| own == role);
            !repeated && !self.map.iter().any(|(_, own)| own == field)
        });
        let map = self.map.iter().cloned().chain(kept).collect();
        let mut flags = below.flags;
        for (profile, rules) in &self.flags {
            flags.entry(profile.clone()).or_default().extend(rules.clone());
        }
        Self { map, name: self.name.clone().or(below.name), flags }
    }

    /// The fields that the user gave this role.
    pub(crate) fn fields(&self, role: Role) -> impl Iterator<Item = &str> {
        self.map.iter().filter(move |(own, _)| *own == role).map(|(_, field)| field.as_str())
    }

    /// The role that the user gave this field.
    pub(crate) fn role_of(&self, field: &str) -> Option<Role> {
        self.map.iter().find(|(_, own)| own == field).map(|(role, _)| *role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read() {
        let read = Settings::parse_map("caption=re_caption, image=url").expect("well formed");
        assert_eq!(read.map, vec![(Role::Caption, "re_caption".to_owned()), (Role::Image, "url".to_owned())]);
        for role in Role::ALL {
            assert_eq!(role.to_string().parse::<Role>().expect("a name of a role"), role);
        }
    }

    #[test]
    fn mistakes_are_named() {
        let told = |text: &str| Settings::parse_map(text).expect_err("a mistake").to_string();
        assert!(told("caption").contains("role=field"));
        assert!(told("captoin=x").contains("there is no role `captoin`"));
    }

    #[test]
    fn a_toml_is_laid_under_the_command_line() {
        let below = Settings::parse_toml(
            "name = \"mine\"\n[map]\ncaption = [\"a\", \"b\"]\nimage = \"pic\"\n[flags.short]\nTHIN = \"units < 9\"\n",
            Path::new("capscope.toml"),
        )
        .expect("well formed");
        let both = Settings::parse_map("caption=c").expect("well formed").over(below);
        assert_eq!(both.fields(Role::Caption).collect::<Vec<_>>(), ["c"]);
        assert_eq!(both.fields(Role::Image).collect::<Vec<_>>(), ["pic"]);
        assert_eq!(both.name.as_deref(), Some("mine"));
        assert_eq!(both.flags["short"]["THIN"], "units < 9");
    }
}
