//! What nobody may lose.

use super::*;
use crate::model::SampleMarks;

fn open(folder: &std::path::Path, session: &str) -> Workspace {
    Workspace::open(&folder.join("w.sqlite"), session).unwrap()
}

fn name(text: &str) -> TagName {
    TagName::parse(text).unwrap()
}

fn many(count: usize) -> Prints {
    (0..count).map(|number| print_of(&format!("{number:012}"))).collect()
}

/// Samples with a tag, or one below it.
fn within(work: &Workspace, name: &str) -> usize {
    let name = name.to_lowercase();
    let meant = work.tagged().unwrap().into_iter().filter(|(tag, _)| is_within(tag, &name));
    meant.fold(Prints::default(), |all, (_, prints)| all.with(&prints)).len()
}

fn marks_of(work: &Workspace, id: &str) -> SampleMarks {
    let print = print_of(id);
    let tags = work.tagged().unwrap().into_iter().filter(|(_, prints)| prints.has(print));
    let note = work.notes().unwrap().into_iter().find(|(of, _)| *of == print);
    SampleMarks {
        tags: tags.map(|(tag, _)| tag).collect(),
        note: note.map(|(_, note)| note),
        ..SampleMarks::default()
    }
}

#[test]
fn a_tag_is_given_and_taken_and_both_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut work = open(folder.path(), "a");
    assert_eq!(work.tag(&name("quality/blurry"), &many(10), true).unwrap().changed, 10);
    // Who has it already does not change.
    assert_eq!(work.tag(&name("quality/blurry"), &many(12), true).unwrap().changed, 2);
    assert_eq!(work.tag(&name("quality/dark"), &many(1), true).unwrap().changed, 1);
    assert_eq!((within(&work, "quality"), within(&work, "Quality/Dark"), within(&work, "qual")), (12, 1, 0));
    assert_eq!(marks_of(&work, "000000000000").tags, ["quality/blurry", "quality/dark"]);
    assert_eq!(work.tag(&name("quality/blurry"), &many(5), false).unwrap().changed, 5);
    assert_eq!(within(&work, "quality/blurry"), 7);
    let undone = work.undo().unwrap().unwrap();
    assert_eq!((undone.changed, undone.what.as_str()), (5, "untag quality/blurry"));
    assert_eq!(within(&work, "quality/blurry"), 12);
    work.undo().unwrap();
    work.undo().unwrap();
    assert_eq!((within(&work, "quality/blurry"), within(&work, "quality/dark")), (10, 0));
    work.redo().unwrap();
    assert_eq!(within(&work, "quality/blurry"), 12);
    // Something new: what was taken back stays so.
    work.tag(&name("other"), &many(1), true).unwrap();
    assert_eq!(work.redo().unwrap(), None);
    let tags = work.tags().unwrap();
    let tags: Vec<_> = tags.iter().map(|tag| (tag.name.as_str(), tag.samples)).collect();
    assert_eq!(tags, [("other", 1), ("quality/blurry", 12)]);
    assert!(work.is_sound().unwrap());
}

#[test]
fn each_session_takes_back_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (open(folder.path(), "one"), open(folder.path(), "other"));
    let before = other.version().unwrap();
    one.tag(&name("a"), &many(3), true).unwrap();
    assert_ne!(other.version().unwrap(), before, "a change by another is seen");
    assert_eq!(within(&other, "a"), 3);
    other.tag(&name("a"), &many(1), false).unwrap();
    other.write_note("x", "theirs").unwrap();
    let undone = one.undo().unwrap().unwrap();
    assert_eq!((undone.changed, undone.left), (2, 1));
    assert_eq!(one.undo().unwrap(), None);
    assert_eq!(marks_of(&other, "x").note.as_deref(), Some("theirs"));
}

#[test]
fn notes_decisions_and_digits_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut work = open(folder.path(), "a");
    work.write_note("x", "first").unwrap();
    work.write_note("x", "second").unwrap();
    work.decide("x", "y", "accepted").unwrap();
    work.bind(&name("a"), 1).unwrap();
    work.bind(&name("b"), 1).unwrap();
    let digits = |work: &Workspace| {
        work.tags().unwrap().iter().map(|tag| (tag.name.clone(), tag.digit)).collect::<Vec<_>>()
    };
    assert_eq!(digits(&work), [("b".to_owned(), Some(1))]);
    work.undo().unwrap();
    work.undo().unwrap();
    assert_eq!(digits(&work), []);
    work.undo().unwrap();
    assert_eq!(work.decisions().unwrap(), []);
    work.redo().unwrap();
    assert_eq!(work.decisions().unwrap(), [("x".to_owned(), "y".to_owned(), "accepted".to_owned())]);
    work.undo().unwrap();
    assert_eq!(marks_of(&work, "x").note.as_deref(), Some("second"));
    work.undo().unwrap();
    work.undo().unwrap();
    assert_eq!(marks_of(&work, "x"), SampleMarks::default());
    // Somebody else has written meanwhile: that is not undone.
    work.redo().unwrap();
    open(folder.path(), "b").write_note("x", "newer").unwrap();
    let undone = work.undo().unwrap().unwrap();
    assert_eq!((undone.changed, undone.left), (0, 1));
    assert_eq!(work.notes().unwrap().iter().filter(|(_, text)| text.contains("newer")).count(), 1);
}

#[test]
fn a_file_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), "a"));
    let path = folder.path().join("w.sqlite");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Workspace::open(&path, "a").unwrap_err().to_string();
    assert!(error.contains("w.sqlite: written by a later version"), "{error}");
    std::fs::write(&path, "no database at all, but long enough to look at").unwrap();
    let error = Workspace::open(&path, "a").unwrap_err().to_string();
    assert!(error.contains("w.sqlite: "), "{error}");
}

#[test]
fn settings_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut work = open(folder.path(), "a");
    assert_eq!(work.setting("session").unwrap(), None);
    work.set("session", "one").unwrap();
    work.set("session", "two").unwrap();
    assert_eq!(open(folder.path(), "b").setting("session").unwrap().as_deref(), Some("two"));
}
