//! Key strings and what they lead to.

use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEventKind};
use ratatui::style::Modifier;

use super::fake::{Stand, rows, samples};
use crate::index::Stage;
use crate::model::Evidence;
use crate::ui::Theme;
use crate::worker::{Effect, Reply};

const SIZE: (u16, u16) = (100, 30);

fn stand() -> Stand {
    Stand::new(SIZE, samples(200))
}

#[test]
fn typing_searches_at_every_key_and_enter_keeps() {
    let mut stand = stand();
    stand.keys("/zeb");
    assert_eq!(stand.searched(), "zeb");
    stand.shows("zebra on a sandy beach");
    stand.keys("ra<Enter>");
    assert!(stand.workers.seen.contains(&Effect::Remember("zebra".into())));
    let last = stand.workers.seen.iter().rev().find(|effect| matches!(effect, Effect::Search { .. }));
    assert!(matches!(last, Some(Effect::Search { live: false, .. })));
    stand.keys("jj");
    assert!(stand.marked().contains(" 3 "), "{}", stand.marked());
}

#[test]
fn generations_only_grow_and_an_old_answer_is_dropped() {
    let mut stand = stand();
    stand.workers.holds = true;
    stand.keys("/zebra");
    let mut searches: Vec<_> = stand.workers.waiting.clone();
    let generations: Vec<u64> = searches
        .iter()
        .filter_map(|effect| match effect {
            Effect::Search { generation, .. } => Some(*generation),
            _ => None,
        })
        .collect();
    assert!(generations.is_sorted() && generations.len() == 5);
    // The answers come in the wrong order; only the newest may show.
    searches.reverse();
    stand.workers.waiting = searches;
    stand.let_go();
    stand.shows("58 hits");
}

#[test]
fn undo_goes_back_to_the_query_and_its_row() {
    let mut stand = stand();
    stand.keys("/dog<Enter>5j");
    assert!(stand.marked().contains(" 6 "));
    stand.keys("/<C-u>zebra<Enter>jj");
    stand.keys("u");
    assert_eq!(stand.searched(), "dog");
    assert!(stand.marked().contains(" 6 "), "{}", stand.marked());
    stand.keys("u");
    assert_eq!(stand.searched(), "");
    stand.keys("<C-r><C-r>");
    assert_eq!(stand.searched(), "zebra");
    assert!(stand.marked().contains(" 3 "), "{}", stand.marked());
    stand.keys("<C-r>");
    assert_eq!(stand.searched(), "zebra");
}

#[test]
fn an_error_never_blanks_the_list() {
    let mut stand = stand();
    stand.keys("/dog<Enter>");
    let before = stand.marked();
    stand.keys("/ (red");
    stand.shows("expected `)` to close this");
    stand.shows("^~~~");
    stand.shows("57 hits of dog");
    assert!(stand.screen().contains(before.trim_end_matches(['│', '┃', ' '])));
    // The old hits can even be walked, and fetched, as far as they go.
    stand.keys("<Esc>G");
    assert!(stand.marked().contains("57"));
    stand.shows_not("⋯");
    stand.shows("expected `)` to close this");
    stand.keys("/<BS><BS><BS><BS>");
    stand.shows_not("expected `)`");
}

#[test]
fn hits_are_lit_and_the_cursor_is_in_the_box() {
    let mut stand = stand();
    stand.keys("/zebra");
    let buffer = stand.buffer();
    let rows = rows(&buffer);
    let line = rows.iter().position(|row| row.contains("A zebra in a crowded")).expect("a hit in the list");
    let column = rows[line].chars().take_while(|c| *c != 'z').count();
    let lit = |x: usize| buffer[(x as u16, line as u16)].modifier.contains(Modifier::UNDERLINED);
    assert!(lit(column) && lit(column + 4) && !lit(column - 1) && !lit(column + 5));
    assert_eq!(stand.cursor(), Some((8, 1)));
    stand.keys("<Home><Right>");
    assert_eq!(stand.cursor(), Some((4, 1)));
    stand.keys("<Esc>");
    assert_eq!(stand.cursor(), None);
}

#[test]
fn ten_million_hits_are_walked_with_a_window() {
    let mut stand = Stand::new(SIZE, samples(3000));
    stand.keys("G");
    assert!(stand.marked().contains("3000"));
    stand.shows("000000416861");
    stand.keys("gg");
    assert!(stand.marked().contains(" 1 "));
    stand.keys("1234G");
    assert!(stand.marked().contains("1234"));
    for _ in 0..40 {
        stand.keys("<C-f>");
        stand.shows_not("⋯");
    }
    let most = stand.workers.seen.iter().filter_map(|effect| match effect {
        Effect::Search { count, .. } => Some(*count),
        _ => None,
    });
    assert!(most.max().is_some_and(|most| most <= 200));
}

#[test]
fn rows_on_their_way_show_as_placeholders() {
    let mut stand = Stand::new(SIZE, samples(3000));
    stand.workers.holds = true;
    stand.keys("G");
    stand.shows("⋯");
    stand.let_go();
    stand.shows_not("⋯");
}

#[test]
fn the_cursor_stays_on_its_sample_while_the_index_grows() {
    let mut stand = Stand::growing(SIZE, samples(300), 100, Theme::plain());
    stand.progress(Stage::Indexing, 100);
    stand.pass(Duration::from_secs(1));
    // In this order every new sample comes in before the others.
    stand.keys("/random:1<Enter>5j");
    let before = stand.marked();
    let id = before.split_whitespace().nth(3).expect("an id").to_owned();
    stand.progress(Stage::Indexing, 110);
    stand.pass(Duration::from_secs(1));
    let after = stand.marked();
    assert!(after.contains(&id), "{before}\n{after}");
    assert!(after.contains(" 16 "), "{after}");
    stand.shows("110 samples");
}

#[test]
fn the_cursor_comes_back_to_its_sample_when_an_index_begins_with_fewer() {
    for (keys, row) in [("", "20/20"), ("k", "5/20")] {
        let mut stand = Stand::growing(SIZE, samples(20), 20, Theme::plain());
        stand.keys("19j");
        stand.shows("20/20");
        stand.workers.searchable = 6;
        // Ready, so that rows are asked for again.
        stand.progress(Stage::Ready, 6);
        stand.pass(Duration::from_secs(1));
        stand.shows("6/6");
        // Whoever moves on meanwhile is not taken back.
        stand.keys(keys);
        stand.progress(Stage::Ready, 20);
        stand.pass(Duration::from_secs(1));
        stand.shows(row);
    }
}

#[test]
fn keys_typed_before_the_rows_come_lead_to_them() {
    let mut stand = Stand::growing(SIZE, samples(20), 1, Theme::plain());
    stand.progress(Stage::Indexing, 1);
    stand.keys("jjk");
    stand.shows("1/1");
    stand.progress(Stage::Indexing, 20);
    stand.pass(Duration::from_secs(1));
    stand.shows("2/20");
}

#[test]
fn a_fresh_query_stays_at_its_best_hit_while_the_index_grows() {
    let mut stand = Stand::growing(SIZE, samples(300), 100, Theme::plain());
    stand.keys("/random:1<Enter>");
    stand.progress(Stage::Indexing, 200);
    stand.pass(Duration::from_secs(1));
    assert!(stand.marked().contains(" 1 "));
    stand.shows("1/200");
}

#[test]
fn nothing_ticks_when_nothing_happens() {
    let mut stand = stand();
    stand.pass(Duration::from_mins(1));
    assert_eq!(stand.screens.next_tick(), None);
    stand.keys("j");
    assert!(stand.screens.next_tick().is_some());
    stand.pass(Duration::from_secs(4));
    assert_eq!(stand.screens.next_tick(), None);
}

#[test]
fn nothing_ticks_for_ever_while_somebody_types() {
    let mut stand = stand();
    stand.pass(Duration::from_mins(1));
    // A place that is to be kept soon, and then is none.
    stand.keys("j/dog");
    stand.screens.on_tick(stand.now + Duration::from_mins(1));
    assert_eq!(stand.screens.next_tick(), None);
}

#[test]
fn a_quick_walk_asks_for_the_last_picture_only() {
    let mut stand = stand();
    stand.pass(Duration::from_secs(1));
    let before = stand.asked_pictures().len();
    for _ in 0..10 {
        stand.keys("j");
        stand.pass(Duration::from_millis(10));
    }
    stand.pass(Duration::from_millis(100));
    let asked = stand.asked_pictures();
    assert_eq!(asked.len(), before + 1);
    let last = asked.last().expect("asked once");
    let names: Vec<_> = last.iter().map(|key| key.reference.label()).collect();
    let expected = [10, 11, 9, 12].map(|place| format!("/data/val2017/{:012}.jpg", place * 139));
    assert_eq!(names, expected);
}

#[test]
fn tab_goes_round_the_panes_and_enter_opens() {
    let mut stand = stand();
    for name in ["━ Text ━", "━ Tree ━", "━ Tree ━ Questions ━", "━ Tree ━ Questions ━ Fields ━"]
    {
        stand.keys("<Tab>");
        stand.shows(name);
    }
    stand.keys("<Tab>");
    stand.shows("━ Samples ━");
    stand.keys("<S-Tab><S-Tab><Esc><Enter>");
    stand.shows_not("Samples");
    stand.shows("━ Text ━");
    stand.keys("q");
    stand.shows("━ Samples ━");
    assert!(!stand.left);
    stand.keys("q");
    assert!(stand.left);
}

#[test]
fn a_node_of_the_tree_is_searched_for() {
    let mut stand = stand();
    stand.keys("<Tab><Tab>j");
    stand.shows("▾ dog");
    stand.keys("<Enter>");
    assert_eq!(stand.searched(), "object:dog");
    stand.shows("hits");
    // The tree's cursor is still on the dog.
    stand.keys("u<Tab><Tab>j<Enter>");
    assert_eq!(stand.searched(), "dog{brown}");
}

#[test]
fn the_tree_folds() {
    let mut stand = stand();
    stand.keys("<Tab><Tab>jh");
    stand.shows("▸ dog");
    stand.shows_not("color brown");
    stand.keys("<C-l> ");
    stand.shows("color brown");
}

#[test]
fn next_hit_walks_the_text_and_then_the_samples() {
    let mut stand = stand();
    stand.keys("/dog<Enter><Tab>n");
    stand.shows("hit 1/3");
    stand.keys("nn");
    stand.shows("hit 3/3");
    stand.keys("n");
    stand.shows("hit 1/1");
    assert!(stand.marked().contains(" 2 "));
    stand.keys("NN");
    assert!(stand.marked().contains(" 1 "), "{}", stand.marked());
}

#[test]
fn completion_is_chosen_with_tab_and_enter() {
    let mut stand = stand();
    stand.keys("/surf<Tab>");
    stand.shows("surfboard");
    stand.shows("389");
    stand.keys("<Tab><Enter>");
    assert_eq!(stand.searched(), "surfboard");
    stand.keys("<C-w>su<Tab>");
    stand.shows("surfer");
    stand.keys("rfe");
    stand.shows_not("surfboard  ");
    stand.keys("<Esc>");
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
}

#[test]
fn history_is_walked_with_up_and_down() {
    let mut stand = stand();
    stand.keys("/<Up>");
    assert_eq!(stand.searched(), "zebra");
    stand.keys("<Up>");
    assert_eq!(stand.searched(), "red car");
    stand.keys("<Down><Down>");
    assert_eq!(stand.searched(), "");
}

#[test]
fn no_hits_come_with_a_guess() {
    let mut stand = stand();
    stand.keys("/surfbord<Enter>");
    stand.shows("None of the 200 samples has");
    stand.shows("Did you mean");
    stand.shows("surfboard (389)");
}

#[test]
fn the_palette_runs_commands() {
    let mut stand = stand();
    stand.keys(":shuf<Enter>");
    assert_eq!(stand.searched(), "random:1");
    stand.keys(":shuf<Enter>");
    assert_eq!(stand.searched(), "random:2");
    stand.keys(":show all<Enter>");
    assert_eq!(stand.searched(), "");
    stand.keys(":mouse<Enter>");
    assert!(!stand.screens.wants_mouse());
}

#[test]
fn help_is_searched_and_closed() {
    let mut stand = stand();
    stand.keys("?");
    stand.shows("Keys in the list");
    stand.keys("random");
    stand.shows("random:7");
    stand.shows_not("one row down");
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
    stand.keys("/x<F1>");
    stand.shows("Keys in the query box");
}

#[test]
fn messages_are_counted_until_they_are_read() {
    let mut stand = stand();
    stand.reply(Reply::Notice("captions.json:7: this is no JSON".into()));
    stand.shows("• captions.json:7: this is no JSON");
    stand.pass(Duration::from_secs(10));
    stand.shows("M: 1 new");
    stand.keys("M");
    stand.shows("Messages");
    stand.shows("• captions.json:7: this is no JSON");
    stand.keys("q");
    stand.shows_not("new ");
    assert!(!stand.left);
}

#[test]
fn the_way_out() {
    for keys in ["Q", "<C-c>", "/dog<C-c>", "?<C-c>", "q"] {
        let mut stand = stand();
        stand.keys(keys);
        assert!(stand.left, "{keys}");
    }
    let mut stand = stand();
    stand.keys("<C-z><C-l>");
    assert!(stand.workers.seen.contains(&Effect::Suspend) && stand.workers.seen.contains(&Effect::Redraw));
}

#[test]
fn a_paste_opens_the_box() {
    let mut stand = stand();
    stand.event(&Event::Paste("zebra\n\u{1b}[0m".into()));
    assert_eq!(stand.searched(), "zebra [0m");
}

#[test]
fn zoom_shows_one_pane() {
    let mut stand = stand();
    stand.keys("<Tab>z");
    stand.shows_not("Samples");
    stand.keys("z");
    stand.shows("Samples");
    stand.keys("p");
    stand.shows_not("Text");
    stand.shows("Picture");
    stand.keys("j<Esc>");
    stand.shows("━ Text ━");
    assert!(stand.screen().contains("2/200"));
}

#[test]
fn the_mouse_clicks_turns_and_drags() {
    let mut stand = stand();
    stand.click(20, 7);
    assert!(stand.marked().contains(" 5 "), "{}", stand.marked());
    stand.mouse(MouseEventKind::ScrollDown, 20, 10);
    assert!(stand.marked().contains(" 5 "));
    stand.mouse(MouseEventKind::ScrollDown, 20, 10);
    assert!(stand.marked().contains(" 7 "), "{}", stand.marked());
    stand.click(20, 1);
    stand.keys("zebra");
    assert_eq!(stand.searched(), "zebra");
    stand.keys("<C-u><Esc>");
    stand.mouse(MouseEventKind::Down(MouseButton::Left), 46, 3);
    stand.mouse(MouseEventKind::Drag(MouseButton::Left), 30, 28);
    stand.shows("200 3▣◆? 0000…7661");
    stand.mouse(MouseEventKind::Up(MouseButton::Left), 30, 28);
    stand.mouse(MouseEventKind::Drag(MouseButton::Left), 30, 3);
    stand.shows("200 3▣◆? 0000…7661");
}

#[test]
fn a_double_click_opens_the_sample() {
    let mut stand = stand();
    stand.click(20, 7);
    stand.click(20, 7);
    stand.shows_not("Samples");
    stand.shows("5/200");
}

#[test]
fn the_tree_is_clicked() {
    let mut stand = stand();
    let screen = stand.screen();
    let row = screen.lines().position(|line| line.contains("▾ dog")).expect("the tree is shown") as u16;
    stand.click(60, row);
    stand.shows("━ Tree ━");
    let line = screen.lines().nth(usize::from(row)).expect("a row");
    let column = line.chars().position(|c| c == '▾').expect("a sign") as u16;
    stand.pass(Duration::from_secs(2));
    stand.click(column, row);
    stand.shows("▸ dog");
}

/// The words of a row that have a modifier.
fn words_with(stand: &Stand, modifier: Modifier, area: std::ops::Range<u16>) -> Vec<String> {
    let buffer = stand.buffer();
    let mut found = Vec::new();
    for y in area {
        let mut word = String::new();
        for x in 48..buffer.area.right() {
            let cell = &buffer[(x, y)];
            if cell.modifier.contains(modifier) {
                word.push_str(cell.symbol());
            } else if !word.is_empty() {
                found.push(std::mem::take(&mut word));
            }
        }
    }
    found
}

#[test]
fn a_node_of_the_tree_lights_its_words() {
    let mut stand = stand();
    // The words of supplied descriptors are looked for in the captions.
    stand.keys("<Tab><Tab>j");
    assert_eq!(words_with(&stand, Modifier::REVERSED, 16..23), ["dog", "dog", "dog"]);
    stand.keys("jjj");
    assert_eq!(words_with(&stand, Modifier::REVERSED, 16..23), ["zebra"]);
    stand.keys("<Esc>");
    assert!(words_with(&stand, Modifier::REVERSED, 16..23).is_empty());
}

#[test]
fn words_of_the_text_choose_their_node() {
    let mut stand = stand();
    stand.keys("<Tab>l");
    stand.shows("▾ dog ◂");
    assert_eq!(words_with(&stand, Modifier::REVERSED, 16..23), ["dog"]);
    stand.keys("ll");
    stand.shows("zebra ◂");
    stand.shows_not("dog ◂");
    stand.keys("<Tab><Enter>");
    assert_eq!(stand.searched(), "object:zebra");
    // A node inside of a folded one comes to light.
    stand.keys("u<Tab><Tab>-<S-Tab>h");
    stand.shows("▸ dog ◂");
}

#[test]
fn a_clicked_word_chooses_its_node() {
    let mut stand = stand();
    let screen = stand.screen();
    let row = screen.lines().position(|line| line.contains("2 There is one dog")).expect("a caption");
    let line = screen.lines().nth(row).expect("a row");
    let before = line.split("zebra").next().expect("a zebra");
    stand.click(before.chars().count() as u16 + 2, row as u16);
    stand.shows("━ Text ━");
    stand.shows("zebra ◂");
    stand.click(before.chars().count() as u16 - 2, row as u16);
    stand.shows_not("◂");
}

#[test]
fn the_words_that_caused_a_flag_are_lit() {
    let mut stand = Stand::measured(SIZE, samples(200));
    stand.keys("<Tab><Tab><Tab>");
    assert!(words_with(&stand, Modifier::REVERSED, 16..23).is_empty());
    stand.keys("j");
    stand.shows("⚑ HEDGED");
    assert_eq!(words_with(&stand, Modifier::REVERSED, 16..23), ["dog"]);
}

#[test]
fn words_that_nobody_told_of_are_looked_for() {
    let mut all = samples(200);
    all[1].descriptors[0].evidence = vec![Evidence { caption: 0, start: 2, end: 8, sentence: 0 }];
    all[1].descriptors.truncate(1);
    let mut stand = Stand::measured(SIZE, all);
    stand.keys("j<Tab><Tab><Tab>");
    stand.shows("⚑ BARE_OBJECTS");
    assert_eq!(words_with(&stand, Modifier::REVERSED, 16..23), ["surfer"]);
}

#[test]
fn a_resize_keeps_the_cursor_in_view() {
    let mut stand = stand();
    stand.keys("20j");
    for size in [(60, 18), (200, 60), (40, 10), (39, 9), (300, 100), (100, 30)] {
        stand.event(&Event::Resize(size.0, size.1));
        if size != (39, 9) {
            assert!(stand.marked().contains(" 21 "), "{size:?}");
        }
    }
}
