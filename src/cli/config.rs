//! What the user always wants: `capscope/config.toml` in the user's folder of configurations.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::graphics::Choice;

/// The file's content. A key that we do not know is an error, since it was meant to do something.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Config {
    /// How pictures are shown, as with `--graphics`
    graphics: Option<String>,
    /// Milliseconds, as with `--probe-timeout`
    pub(super) probe_timeout: Option<u64>,
    /// Kilobytes, as with `--graphics-budget`
    pub(super) graphics_budget: Option<u32>,
}

impl Config {
    /// The user's; empty where there is no such file.
    pub(super) fn of_user() -> anyhow::Result<Self> {
        path().map_or_else(|| Ok(Self::default()), |path| Self::read(&path))
    }

    fn read(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).with_context(|| path.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.choice()?;
        Ok(config)
    }

    /// How pictures are shown, where the file says so.
    pub(super) fn choice(&self) -> anyhow::Result<Option<Choice>> {
        self.graphics.as_deref().map(|name| parsed("graphics", name)).transpose()
    }
}

/// A choice by its name, from a place that is called so.
pub(super) fn parsed(place: &str, name: &str) -> anyhow::Result<Choice> {
    name.parse().map_err(|expected| anyhow::anyhow!("{place} is `{name}`, {expected}"))
}

/// `$XDG_CONFIG_HOME/capscope/config.toml`, else that in `~/.config`.
fn path() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("capscope").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let config = Config::parse("graphics = \"kitty-direct\"\nprobe-timeout = 300\n").expect("read");
        assert_eq!(config.choice().expect("known"), Some(Choice::KittyDirect));
        assert_eq!(config.probe_timeout, Some(300));
        assert_eq!(Config::parse("").expect("read").choice().expect("none"), None);
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(Config::read(&folder.path().join("none.toml")).expect("empty").probe_timeout, None);
    }

    #[test]
    fn a_fault_is_told_with_its_file_and_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        for (text, told) in [
            ("graphics = \"auto\"\ncolour = 1\n", "line 2"),
            ("graphics = \"auto\"\nprobe-timeout = \"x\"\n", "line 2"),
            ("graphics = \"sixels\"\n", "graphics is `sixels`, expected one of auto, kitty"),
        ] {
            std::fs::write(&path, text).expect("written");
            let error = format!("{:#}", Config::read(&path).expect_err("faulty"));
            assert!(error.contains("config.toml: ") && error.contains(told), "{error}");
        }
    }
}
