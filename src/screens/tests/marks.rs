//! Marks on the screen: key strings and what they lead to.

use std::time::Duration;

use super::fake::{Stand, samples};
use crate::export::Format;
use crate::worker::{Effect, ExportNews, ExportWish, Marking, Reply};

fn stand() -> Stand {
    Stand::new((100, 30), samples(200))
}

/// Markings that were wished for, without those of sessions.
fn wished(stand: &Stand) -> Vec<Marking> {
    let one = |effect: &Effect| match effect {
        Effect::Mark(Marking::Session(_)) => None,
        Effect::Mark(marking) => Some(marking.clone()),
        _ => None,
    };
    stand.workers.seen.iter().filter_map(one).collect()
}

fn session(stand: &Stand) -> Option<String> {
    let one = |effect: &Effect| match effect {
        Effect::Mark(Marking::Session(text)) => Some(text.clone()),
        _ => None,
    };
    stand.workers.seen.iter().rev().find_map(one)
}

#[test]
fn a_sample_gets_a_tag_and_loses_it() {
    let mut stand = stand();
    stand.keys("jt");
    stand.shows("Tags of 000000000139");
    stand.shows("no tags so far: type a name for one");
    stand.keys("Quality/Good");
    stand.shows("+ quality/good");
    stand.keys("<Enter>");
    stand.shows_not("Tags of");
    stand.shows("tag quality/good");
    assert!(stand.marked().contains('●'), "{}", stand.marked());
    // Another sample, the same tag with few letters.
    stand.keys("jtqg<Enter>/tag:quality/good<Enter>");
    stand.shows("2 hits");
    stand.keys("t");
    stand.shows("● quality/good");
    stand.keys("<Enter>");
    stand.shows("1 hit");
    stand.keys("t<Esc>tno name<Enter>");
    stand.shows("no name of a tag: letters, digits");
    assert_eq!(wished(&stand).len(), 3);
}

#[test]
fn all_hits_get_a_tag_and_all_is_taken_back_in_its_order() {
    let mut stand = stand();
    stand.keys("/zebra<Enter>T");
    stand.shows("Tag all 58 hits");
    stand.keys("striped<Enter>");
    stand.shows("tagged 58 samples striped");
    stand.keys("/<C-u>tag:striped<Enter>");
    stand.shows("58 hits");
    stand.keys("T<C-x>");
    stand.shows("untagged 58 samples striped");
    stand.shows("0 hits");
    // First the tag comes back, then the query before, then the first tag goes.
    stand.keys("u");
    stand.shows("taken back: a step");
    stand.shows("58 hits");
    stand.keys("u");
    assert_eq!(stand.searched(), "zebra");
    stand.keys("u");
    assert!(stand.workers.samples.iter().all(|sample| sample.marks.tags.is_empty()));
    stand.keys("u");
    assert_eq!(stand.searched(), "");
    stand.keys("u<C-r><C-r><C-r>");
    assert_eq!(stand.searched(), "tag:striped");
    stand.shows("58 hits");
    let all = wished(&stand);
    assert_eq!(all.iter().filter(|one| **one == Marking::Undo).count(), 2);
}

#[test]
fn the_space_bar_marks_and_goes_on() {
    let mut stand = stand();
    stand.keys("<Space><Space>k<Space>/tag:marked<Enter>");
    stand.shows("1 hit");
    assert!(stand.marked().contains("0000…0000"), "{}", stand.marked());
    // In the tree it folds.
    stand.keys("x");
    let before = wished(&stand).len();
    stand.keys("<Tab><Tab><Space>");
    assert_eq!(wished(&stand).len(), before);
}

#[test]
fn a_digit_stands_for_a_tag() {
    let mut stand = stand();
    // Without a tag it begins a number.
    stand.keys("3j");
    assert!(stand.marked().contains(" 4 "), "{}", stand.marked());
    stand.keys("tblurry<Enter>t<A-3>");
    stand.shows("key 3");
    stand.keys("<Esc>j3");
    stand.shows("tag blurry");
    stand.keys("/tag:blurry<Enter>");
    stand.shows("2 hits");
    // In a number that another digit has begun it is a digit.
    stand.keys("x13j");
    assert!(stand.marked().contains(" 14 "), "{}", stand.marked());
}

#[test]
fn a_note_is_written_and_written_anew() {
    let mut stand = stand();
    stand.keys("cwrong color<Enter>");
    assert!(stand.marked().contains('✎'), "{}", stand.marked());
    stand.keys("c");
    stand.shows("Note on 000000000000");
    stand.shows("wrong color");
    stand.keys("!<Esc>c<C-u>  <Enter>");
    let texts: Vec<String> = wished(&stand)
        .into_iter()
        .filter_map(|marking| match marking {
            Marking::Note { text, .. } => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["wrong color", "  "]);
}

#[test]
fn queries_have_names() {
    let mut stand = stand();
    stand.keys("s");
    stand.shows("search for something first to give it a name");
    stand.keys("<Esc>/zebra<Enter>sstripes<Enter>");
    stand.keys("x");
    assert_eq!(stand.searched(), "");
    stand.keys("sstr");
    stand.shows("stripes");
    stand.keys("<Enter>");
    assert_eq!(stand.searched(), "zebra");
    // By another query, then none.
    stand.keys("/<C-u>dog<Enter>sstripes<C-s>");
    assert_eq!(stand.workers.marks.queries, [("stripes".to_owned(), "dog".to_owned())]);
    stand.keys("s<C-x>");
    assert_eq!(stand.workers.marks.queries, []);
    stand.keys("<Esc>u");
    assert_eq!(stand.workers.marks.queries.len(), 1);
}

#[test]
fn whoever_comes_back_goes_on_where_they_left() {
    let mut stand = stand();
    stand.pass(Duration::from_mins(1));
    assert_eq!(session(&stand), None, "nobody has gone anywhere");
    stand.keys("/zebra<Enter>4j");
    stand.pass(Duration::from_secs(4));
    let kept = session(&stand).expect("kept after a while");
    stand.keys("jjgpQ");
    assert_ne!(session(&stand), Some(kept.clone()), "kept when leaving");
    let mut back = Stand::left_at((100, 30), samples(200), &kept);
    assert_eq!(back.searched(), "zebra");
    assert!(back.marked().contains(" 5 "), "{}", back.marked());
    back.shows("as you left it; x shows all samples");
    back.keys("x");
    assert_eq!(back.searched(), "");
    let other = session(&stand).expect("kept when leaving");
    Stand::left_at((100, 30), samples(200), &other).shows("[Pairs]");
    // Thresholds that were moved are where they were.
    let mut moved = Stand::left_at(
        (120, 40),
        samples(200),
        r#"{"screen":"Flags","query":"","cursor":0,"thresholds":{"THIN":7.0}}"#,
    );
    moved.pass(Duration::from_secs(1));
    moved.shows("reset");
    moved.keys("lQ");
    let kept = session(&moved).expect("kept when leaving");
    assert!(kept.contains("\"THIN\":7.0") && kept.contains("\"HEDGED\":"), "{kept}");
    // What another version has written is no place.
    assert_eq!(Stand::left_at((100, 30), samples(200), "{}").searched(), "");
}

#[test]
fn what_is_copied_is_said() {
    let mut stand = stand();
    let copied = |stand: &Stand| {
        let one = |effect: &Effect| match effect {
            Effect::Copy(text) => Some(text.clone()),
            _ => None,
        };
        stand.workers.seen.iter().rev().find_map(one).expect("something is copied")
    };
    stand.keys("yi");
    assert_eq!(copied(&stand), "000000000000");
    stand.shows("the id is sent to the terminal's clipboard: 12 bytes");
    stand.keys("ya");
    assert_eq!(copied(&stand).lines().count(), 3);
    stand.keys("yj");
    let json: serde_json::Value = serde_json::from_str(&copied(&stand)).expect("JSON");
    assert_eq!(json["id"], "000000000000");
    stand.keys("/zebra<Enter>yq");
    assert_eq!(copied(&stand), "zebra");
    stand.keys("xyq");
    stand.shows("there is nothing of that to copy");
}

#[test]
fn hits_are_exported_and_it_can_be_stopped() {
    let mut stand = stand();
    stand.keys("/zebra<Enter>E");
    stand.shows("Export 58 hits");
    stand.shows("❯ coco_val2017-hits.jsonl");
    stand.shows("The ending tells the form");
    stand.keys("<C-u>out as kohya<Enter>");
    stand.shows("exporting to out …");
    let wish = ExportWish { query: "zebra".into(), to: "out".into(), format: Some(Format::Kohya) };
    assert!(stand.workers.seen.contains(&Effect::Export(wish)));
    stand.reply(Reply::Export(ExportNews::Going { samples: 20, total: 58 }));
    stand.shows("exporting: 20 of 58 samples; E stops it");
    stand.keys("E");
    assert_eq!(stand.workers.seen.last(), Some(&Effect::StopExport));
    stand.reply(Reply::Export(ExportNews::Ended(Ok(None))));
    stand.shows("the export was stopped, and nothing is left of it");
    stand.keys("E<C-u>");
    stand.shows("a file or a folder");
    stand.keys("<Enter>");
    stand.shows_not("Export 58 hits");
}
