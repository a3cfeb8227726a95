//! The screen of pairs: key strings and what they lead to.

use std::time::Duration;

use crossterm::event::MouseEventKind;

use super::fake::{Stand, samples};
use crate::index::Stage;
use crate::pairs::Decision;
use crate::ui::Theme;
use crate::worker::{Effect, Marking, Reply};

fn stand() -> Stand {
    let mut stand = Stand::painted((140, 36), samples(40));
    stand.keys("gp");
    stand.pass(Duration::from_secs(1));
    stand
}

fn decided(stand: &Stand) -> Vec<(String, Decision)> {
    let one = |effect: &Effect| match effect {
        Effect::Mark(Marking::Decide { first, decision, .. }) => Some((first.clone(), *decision)),
        _ => None,
    };
    stand.workers.seen.iter().filter_map(one).collect()
}

#[test]
fn pairs_are_listed_and_shown() {
    let mut stand = stand();
    stand.shows("[Pairs]");
    stand.shows("39 pairs of 40 samples");
    stand.shows("0.500 replace_att color of dog: brown ↔ black");
    stand.shows("supplied · undecided · alike 0.70 · 8.0 bits");
    stand.shows("same: dog, grass");
    stand.shows("differs: color of dog: brown ↔ black");
    stand.shows("left   A dog on a sandy beach near the water.");
    stand.shows("only left: dog: small");
    // Both pictures are asked for, for boxes of the same size.
    let asked = stand.asked_pictures();
    let keys = asked.last().expect("pictures are asked for");
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0].cells, keys[1].cells);
    stand.keys("j");
    stand.shows("differs: count of dog: 2 ↔ 3");
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
}

#[test]
fn a_decision_is_kept_and_leads_on() {
    let mut stand = stand();
    stand.keys("arm");
    let kinds: Vec<Decision> = decided(&stand).into_iter().map(|(_, decision)| decision).collect();
    assert_eq!(kinds, [Decision::Accepted, Decision::Rejected, Decision::Undecided]);
    stand.shows("✓ 0.500 replace_att");
    stand.shows("✗ 0.490 count");
    stand.keys("kkk");
    stand.shows("supplied · accepted");
    // Among the undecided the next one comes under the cursor.
    stand.keys("fis:undecided<Enter>");
    stand.shows("37 pairs of 40 samples");
    stand.keys("a");
    stand.shows("36 pairs of 40 samples");
    assert_eq!(decided(&stand).len(), 4);
}

#[test]
fn pairs_are_found_by_their_change() {
    let mut stand = stand();
    stand.keys("fchange:count");
    stand.shows("13 pairs of 40 samples");
    stand.keys(" object:cat");
    stand.shows("No pair is found by this.");
    stand.keys("<C-u>chnge:x");
    stand.shows("no field chnge");
    stand.keys("<Esc>");
    stand.shows("39 pairs of 40 samples");
    stand.keys("fcat<Enter><Esc>");
    stand.shows("39 pairs of 40 samples");
    stand.shows("[Pairs]");
    // By kind: all counts stand together.
    stand.keys("o");
    stand.shows("0.490 count");
    let first = stand.marked();
    assert!(first.contains("count"), "{first}");
}

#[test]
fn both_samples_are_opened_and_back_leads_to_the_pairs() {
    let mut stand = stand();
    stand.keys("<Enter>");
    let ids = "(id:\"000000000000\" OR id:\"000000000139\")";
    assert!(stand.searched().contains(ids), "{}", stand.searched());
    stand.keys("q");
    stand.shows("[Pairs]");
}

#[test]
fn what_a_sample_differs_in_from_its_nearest() {
    let mut stand = Stand::painted((140, 36), samples(40));
    stand.keys("jgd");
    stand.shows("Nearest to 000000000139");
    stand.shows("2 pairs of 40 samples");
    stand.keys("<Esc>");
    stand.shows("39 pairs of 40 samples");
    // From the list of all pairs the way leads to the explorer.
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
}

#[test]
fn a_search_that_takes_its_time_says_how_far_it_is() {
    let mut stand = Stand::growing((140, 36), samples(40), 40, Theme::plain());
    stand.progress(Stage::Ready, 40);
    stand.workers.holds = true;
    stand.keys("gp");
    let generation = stand.workers.seen.iter().rev().find_map(|effect| match effect {
        Effect::Pairs { generation, .. } => Some(*generation),
        _ => None,
    });
    let generation = generation.expect("pairs are asked for");
    stand.reply(Reply::Pairing { generation, share: 0.42 });
    stand.shows("looking: 42");
    stand.reply(Reply::Pairing { generation: generation + 1, share: 0.9 });
    stand.shows("looking: 42");
    stand.reply(Reply::Pairs { generation, report: Err("known once all samples are indexed".into()) });
    stand.shows("known once all samples are indexed");
}

#[test]
fn the_mouse_chooses_a_pair() {
    let mut stand = stand();
    let row = stand.screen().lines().position(|line| line.contains("0.490 count")).expect("a row") as u16;
    stand.click(10, row);
    stand.shows("differs: count of dog: 2 ↔ 3");
    stand.mouse(MouseEventKind::ScrollDown, 10, row);
    stand.shows("differs: dog ↔ cat");
}

#[test]
fn narrow_screens_have_the_pair_below_the_list() {
    let mut stand = Stand::painted((70, 30), samples(40));
    stand.keys("gp");
    stand.shows("replace_att color of dog: brown ↔ black");
    stand.shows("differs: color of dog: brown ↔ black");
    let mut stand = Stand::painted((60, 12), samples(3));
    stand.keys("gpjjaf");
    stand.shows("❯");
}
