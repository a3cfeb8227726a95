//! Where the workspace of a data set is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::WorkspaceError;

/// Finds the workspace of a data set: by where the data is, else by what it is, so that it is found again where data
/// was moved; else a new one. `folder` is the user's data folder. From then on it is found by both.
///
/// Two files of a line each are all there is to it: `keys/KEY` has the name of the workspace.
///
/// # Errors
/// Where the folder cannot be written.
pub fn locate(folder: &Path, name: &str, place: &str, content: &str) -> Result<PathBuf, WorkspaceError> {
    let folder = folder.join("workspaces");
    let keys = folder.join("keys");
    std::fs::create_dir_all(&keys).map_err(at(&keys))?;
    let found = read(&keys, place).or_else(|| read(&keys, content));
    let file = found.unwrap_or_else(|| format!("{}-{}.sqlite", short(name), clean(place)));
    for key in [place, content] {
        if read(&keys, key).is_none() {
            write(&keys, &clean(key), &file)?;
        }
    }
    // Another process may have been first.
    Ok(folder.join(read(&keys, place).unwrap_or(file)))
}

/// The workspace of a data set, if it has one; nothing is made.
pub fn find(folder: &Path, place: &str, content: &str) -> Option<PathBuf> {
    let folder = folder.join("workspaces");
    let keys = folder.join("keys");
    let path = folder.join(read(&keys, place).or_else(|| read(&keys, content))?);
    path.exists().then_some(path)
}

fn read(keys: &Path, key: &str) -> Option<String> {
    let name = std::fs::read_to_string(keys.join(clean(key))).ok()?;
    // What is no plain name was not written by us.
    let name = name.trim().to_owned();
    (!name.is_empty() && name == clean(&name)).then_some(name)
}

fn write(folder: &Path, key: &str, file: &str) -> Result<(), WorkspaceError> {
    let path = folder.join(key);
    let beside = folder.join(format!("{key}.{}", std::process::id()));
    std::fs::write(&beside, format!("{file}\n")).map_err(at(&beside))?;
    // Whoever was first has decided.
    match std::fs::hard_link(&beside, &path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            // A file system without such links.
            std::fs::rename(&beside, &path).map_err(at(&path))
        }
        _ => std::fs::remove_file(&beside).map_err(at(&beside)),
    }
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> WorkspaceError {
    move |cause| WorkspaceError::File { path: path.to_owned(), cause }
}

fn clean(text: &str) -> String {
    let plain =
        |sign: char| if sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.') { sign } else { '_' };
    text.trim_start_matches('.').chars().map(plain).collect()
}

fn short(name: &str) -> String {
    clean(name).chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_found_where_data_was_moved() {
        let folder = tempfile::tempdir().unwrap();
        let find = |place: &str, content: &str| locate(folder.path(), "set one", place, content).unwrap();
        assert_eq!(super::find(folder.path(), "place1", "content1"), None);
        let first = find("place1", "content1");
        assert_eq!(first, folder.path().join("workspaces/set_one-place1.sqlite"));
        // Moved.
        assert_eq!(find("place2", "content1"), first);
        // More files at the new place.
        assert_eq!(find("place2", "content2"), first);
        assert_ne!(find("place3", "content3"), first);
        // A key that somebody has spoilt leads nowhere else.
        std::fs::write(folder.path().join("workspaces/keys/place4"), "../../etc/passwd").unwrap();
        assert!(find("place4", "content4").starts_with(folder.path().join("workspaces")));
    }
}
