//! Flags and coverage: key strings and what they lead to.

use std::time::Duration;

use crossterm::event::{MouseButton, MouseEventKind};

use super::fake::{Stand, samples};
use crate::index::Stage;
use crate::ui::Theme;
use crate::worker::Effect;

const SIZE: (u16, u16) = (100, 30);

fn stand() -> Stand {
    Stand::measured(SIZE, samples(200))
}

/// Times that flags or coverage were asked for.
fn asked(stand: &Stand) -> usize {
    let is_look = |effect: &&Effect| matches!(effect, Effect::Flags { .. } | Effect::Coverage { .. });
    stand.workers.seen.iter().filter(is_look).count()
}

#[test]
fn screens_are_gone_to_and_closed() {
    let mut stand = stand();
    stand.shows("[Explore]");
    stand.keys("gf");
    stand.shows("[Flags]");
    stand.shows("of 200 flagged");
    stand.keys("gc");
    stand.shows("━[Overview]");
    stand.keys("ge");
    stand.shows("━ Samples ━");
    stand.keys("gf<Esc>");
    stand.shows("━ Samples ━");
    stand.keys("gcq");
    stand.shows("━ Samples ━");
    assert!(!stand.left);
    stand.keys("q");
    assert!(stand.left);
    // The names can be clicked.
    let mut stand = self::stand();
    let column = |stand: &Stand, name: &str| {
        let screen = stand.screen();
        let line = screen.lines().next().expect("a top line").to_owned();
        line.find(name).expect("the name") as u16
    };
    stand.click(column(&stand, "Flags"), 0);
    stand.shows("[Flags]");
    stand.click(column(&stand, "Coverage"), 0);
    stand.shows("[Coverage]");
}

#[test]
fn a_report_is_asked_for_once_a_query() {
    let mut stand = stand();
    stand.keys("gf");
    assert_eq!(asked(&stand), 1);
    stand.keys("jjgegfk");
    assert_eq!(asked(&stand), 1);
    stand.keys("/zeb");
    assert_eq!(asked(&stand), 1);
    stand.keys("ra<Enter>");
    assert_eq!(asked(&stand), 2);
    stand.shows("[Flags]");
    stand.shows("of 58 flagged");
    stand.keys("u");
    stand.shows("of 200 flagged");
}

#[test]
fn enter_opens_the_flagged_and_back_leads_to_them() {
    let mut stand = stand();
    stand.keys("/dog<Enter>gfogg");
    let before = stand.screen();
    stand.keys("<Enter>");
    assert_eq!(stand.searched(), "dog flag:THIN sort:units_per_caption");
    stand.shows("━ Samples ━");
    stand.shows("back to flags");
    stand.keys("j<Enter><Esc>");
    stand.shows("━ Samples ━");
    stand.keys("<Esc>");
    assert_eq!(stand.screen(), before);
    assert_eq!(stand.searched(), "dog");
    // Another query, typed meanwhile, is not taken away.
    stand.keys("<Enter>/<C-u>zebra<Enter>q");
    stand.shows("[Flags]");
    stand.shows("of 58 flagged");
}

#[test]
fn a_moved_threshold_counts_at_once() {
    let mut stand = stand();
    stand.keys("gfj");
    stand.shows("units_per_caption < 4");
    stand.shows("12 of 200 samples");
    stand.keys("l");
    stand.shows("units_per_caption < 5, moved from < 4");
    stand.shows("30 of 200 samples");
    stand.shows("≠");
    assert_eq!(asked(&stand), 1);
    stand.keys("3h");
    stand.shows("units_per_caption < 2, moved");
    stand.keys("2l");
    // Back at its place it is not moved any more.
    stand.shows_not("moved from");
    stand.keys("L<Enter>");
    assert_eq!(stand.searched(), "units_per_caption:<6 sort:units_per_caption");
    stand.keys("<Esc>");
    stand.shows("units_per_caption < 6, moved");
    stand.keys("=");
    stand.shows_not("moved from");
    stand.keys("99h<Enter>");
    assert_eq!(stand.searched(), "units_per_caption:<0 sort:units_per_caption");
    stand.keys("<Esc>999l<Enter>");
    assert_eq!(stand.searched(), "units_per_caption:<19 sort:units_per_caption");
}

#[test]
fn the_upper_side_is_counted_from_the_other_end() {
    let mut stand = stand();
    stand.keys("gf");
    stand.shows("─ HEDGED ");
    stand.keys("ll<Enter>");
    assert_eq!(stand.searched(), "hedging:>=0.25 sort:-hedging");
    stand.keys("<Esc>=<Enter>");
    assert_eq!(stand.searched(), "flag:HEDGED sort:-hedging");
}

#[test]
fn flags_stand_by_count_or_as_in_their_table() {
    let mut stand = stand();
    stand.keys("gfG");
    assert!(stand.marked().contains("VERBOSE"), "{}", stand.marked());
    stand.shows("No figure decides this flag.");
    stand.keys("o");
    assert!(stand.marked().contains("VERBOSE"));
    let screen = stand.screen();
    let place = |name: &str| screen.find(name).expect("a flag");
    assert!(place(" THIN") < place("▌VERBOSE") && place("▌VERBOSE") < place(" HEDGED"));
}

#[test]
fn the_mouse_chooses_flags_and_drags_the_threshold() {
    let mut stand = stand();
    stand.keys("gf");
    stand.click(4, 4);
    assert!(stand.marked().contains("THIN"), "{}", stand.marked());
    let screen = stand.screen();
    let row = screen.lines().position(|line| line.contains('▲')).expect("a threshold") as u16;
    let column = |screen: &str| {
        let line = screen.lines().find(|line| line.contains('▲')).expect("a threshold");
        line.chars().position(|c| c == '▲').expect("a threshold") as u16
    };
    let from = column(&screen);
    stand.mouse(MouseEventKind::Down(MouseButton::Left), from, row);
    stand.mouse(MouseEventKind::Drag(MouseButton::Left), from + 6, row);
    stand.mouse(MouseEventKind::Up(MouseButton::Left), from + 6, row);
    // It comes to rest at the edge that is next to the mouse.
    assert!(column(&stand.screen()).abs_diff(from + 6) <= 1);
    stand.shows("moved from < 4");
    stand.mouse(MouseEventKind::ScrollUp, from, row);
    assert!(column(&stand.screen()) < from + 6);
}

#[test]
fn what_is_not_known_yet_is_said() {
    for (keys, name) in [("gf", "Flags"), ("gc", "Coverage")] {
        let mut stand = Stand::growing(SIZE, samples(200), 100, Theme::plain());
        stand.progress(Stage::Indexing, 100);
        stand.keys(keys);
        stand.shows(&format!("━ {name} ━"));
        stand.shows("known once all samples are indexed");
        stand.progress(Stage::Indexing, 150);
        assert_eq!(asked(&stand), 1);
        stand.progress(Stage::Ready, 200);
        assert_eq!(asked(&stand), 2);
        stand.shows_not("known once");
        stand.shows("200");
    }
}

#[test]
fn waiting_is_said_after_a_while_and_takes_nothing_away() {
    let mut stand = stand();
    stand.keys("gf");
    stand.workers.holds = true;
    stand.keys("/zebra<Enter>");
    stand.shows("of 200 flagged");
    stand.pass(Duration::from_secs(1));
    stand.shows("counting anew …");
    stand.shows("DUPLICATE");
    stand.let_go();
    stand.shows("of 58 flagged");
}

#[test]
fn no_hits_have_no_flags() {
    let mut stand = stand();
    stand.keys("/qqqqq<Enter>gf");
    stand.shows("No sample answers the query.");
    stand.keys("lLjk=<Enter>");
    stand.keys("gc");
    stand.shows("No sample answers the query.");
}

#[test]
fn the_pages_of_the_coverage_go_round() {
    let mut stand = stand();
    stand.keys("/dog<Enter>gc");
    for name in ["Density", "Facets", "Concepts", "Ranks", "Curve", "Matrix", "Facts", "Overview"] {
        stand.keys("<Tab>");
        stand.shows(&format!("[{name}]"));
    }
    stand.keys("[");
    stand.shows("[Facts]");
    stand.keys("]<S-Tab>");
    stand.shows("[Facts]");
}

#[test]
fn concepts_fold_and_are_searched_for() {
    let mut stand = stand();
    stand.keys("/dog<Enter>gc3]");
    stand.shows("▸ animal");
    stand.shows_not("zebra  ");
    stand.keys("jl");
    stand.shows("▾ animal");
    stand.shows("zebra");
    stand.keys("lj<Enter>");
    assert_eq!(stand.searched(), "dog concept:zebra");
    stand.shows("back to coverage");
    stand.keys("<Esc>");
    stand.shows("[Concepts]");
    stand.keys("hh");
    stand.shows("▸ animal");
    stand.keys("-");
    stand.shows_not("animal");
    stand.keys("+");
    stand.shows("bus");
}

#[test]
fn a_cell_of_the_matrix_is_searched_for() {
    let mut stand = stand();
    stand.keys("gc6]jl");
    stand.shows("fire hydrant: white");
    stand.keys("<Enter>");
    assert_eq!(stand.searched(), "fire-hydrant{white}");
    stand.keys("<Esc>9l");
    stand.shows("fire hydrant: two-storied");
}

#[test]
fn facts_of_each_level_are_searched_for() {
    let mut stand = stand();
    stand.keys("gc[j<Enter>");
    assert_eq!(stand.searched(), "object:\"fire hydrant\"");
    stand.keys("<Esc>4l<Enter>");
    assert_eq!(stand.searched(), "rel:(dog on sofa)");
    stand.keys("<Esc>j<Enter>");
    assert_eq!(stand.searched(), "rel:(man \"in front of\" bus)");
}

#[test]
fn the_figures_of_a_sample_have_a_pane() {
    let mut stand = stand();
    stand.shows("▁TH");
    stand.keys("<Tab><Tab><Tab>");
    stand.shows("⚑ THIN");
    stand.shows("units_per_caption is 1, < 4");
    stand.keys("<Enter>");
    assert_eq!(stand.searched(), "flag:THIN");
}
