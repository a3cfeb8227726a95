//! The gallery and the view of one picture: key strings and what they lead to.

use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEventKind};

use super::fake::{Stand, boxed, pairs, samples};
use crate::media::{Mark, Part};
use crate::worker::{Effect, PictureKey};

const SIZE: (u16, u16) = (100, 30);

fn stand() -> Stand {
    Stand::measured(SIZE, samples(200))
}

/// The pictures that were asked for last, after a rest.
fn asked(stand: &mut Stand) -> Vec<PictureKey> {
    stand.pass(Duration::from_secs(1));
    stand.asked_pictures().last().cloned().unwrap_or_default()
}

fn first(stand: &mut Stand) -> PictureKey {
    asked(stand).into_iter().next().expect("a picture is asked for")
}

fn names(keys: &[PictureKey]) -> Vec<usize> {
    let name = |key: &PictureKey| {
        let label = key.reference.label();
        let digits: String = label.chars().filter(char::is_ascii_digit).skip(4).collect();
        digits.parse::<usize>().expect("a number") / 139
    };
    keys.iter().map(name).collect()
}

#[test]
fn the_gallery_has_the_hits_and_the_cursor_of_the_list() {
    let mut stand = stand();
    stand.keys("/zebra<Enter>4j");
    stand.keys("i");
    stand.shows("[Gallery]");
    stand.shows("5/58");
    stand.keys("ljhk2l");
    stand.shows("7/58");
    stand.keys("<Enter>");
    stand.shows("[Explore]");
    assert!(stand.marked().contains(" 7 "), "{}", stand.marked());
    stand.keys("gi");
    stand.shows("7/58");
    stand.keys("<Esc>");
    stand.shows("[Explore]");
    stand.keys("iq");
    stand.shows("[Explore]");
    assert!(!stand.left);
}

#[test]
fn keys_walk_over_thumbnails() {
    // Four columns and two rows in this size.
    let mut stand = stand();
    stand.keys("i");
    let place = |stand: &mut Stand, keys: &str, expected: &str| {
        stand.keys(keys);
        stand.shows(&format!(" {expected}/200 "));
    };
    place(&mut stand, "j", "5");
    place(&mut stand, "l", "6");
    place(&mut stand, "k", "2");
    place(&mut stand, "k", "2");
    place(&mut stand, "<PageDown>", "10");
    place(&mut stand, "<PageUp>", "2");
    place(&mut stand, "<End>", "200");
    place(&mut stand, "j", "200");
    place(&mut stand, "<Home>", "1");
    place(&mut stand, "h", "1");
    place(&mut stand, "42G", "42");
    place(&mut stand, "J", "43");
    place(&mut stand, "3<Right>", "46");
    place(&mut stand, "G<PageUp>", "192");
}

#[test]
fn rows_in_view_are_fetched() {
    let mut stand = Stand::new((300, 100), samples(3000));
    stand.keys("i----");
    stand.shows_not("⋯");
    for _ in 0..5 {
        stand.keys("<C-f>");
        stand.shows_not("⋯");
    }
    stand.keys("G");
    stand.shows_not("⋯");
    stand.shows("3,000/3,000");
    stand.keys("<Enter>");
    assert!(stand.marked().contains("3000"));
    stand.shows_not("⋯");
}

#[test]
fn pictures_are_asked_for_from_the_cursor_outwards_and_after_a_rest() {
    let mut stand = stand();
    stand.pass(Duration::from_secs(1));
    stand.keys("il");
    let keys = asked(&mut stand);
    assert_eq!(names(&keys[..8]), [1, 0, 2, 3, 5, 4, 6, 7]);
    assert!(names(&keys[8..]).iter().eq([8, 9, 10, 11, 12, 13, 14, 15].iter()));
    assert!(keys.iter().all(|key| key.part == Part::WHOLE && key.marks.is_empty()));
    let before = stand.asked_pictures().len();
    for _ in 0..20 {
        stand.keys("<C-f>");
        stand.pass(Duration::from_millis(10));
    }
    assert_eq!(stand.asked_pictures().len(), before, "asked on the way");
    assert_eq!(names(&asked(&mut stand))[0], 161);
    assert_eq!(stand.asked_pictures().len(), before + 1);
}

#[test]
fn thumbnails_that_came_stay_while_the_cursor_walks() {
    let mut stand = Stand::painted((200, 60), samples(200));
    stand.keys("i");
    stand.pass(Duration::from_secs(1));
    let before = stand.asked_pictures().len();
    stand.keys("lljjhkllj");
    stand.pass(Duration::from_secs(1));
    assert_eq!(stand.asked_pictures().len(), before);
    stand.shows_not("   …   ");
}

#[test]
fn thumbnails_have_a_size() {
    let mut stand = Stand::painted(SIZE, samples(200));
    let width = |stand: &mut Stand| first(stand).cells.0;
    stand.workers.paints = false;
    stand.keys("i");
    let usual = width(&mut stand);
    stand.keys("+");
    let large = width(&mut stand);
    assert!(large > usual, "{large} {usual}");
    stand.keys("---");
    assert!(width(&mut stand) < usual);
    stand.keys("----------");
    stand.shows(" 1/200 ");
    stand.keys("++++++++++++");
    assert!(width(&mut stand) > 80);
    stand.event(&Event::Resize(60, 18));
    stand.shows(" 1/200 ");
}

#[test]
fn the_mouse_chooses_opens_and_scrolls() {
    let mut stand = stand();
    stand.keys("i");
    stand.click(30, 8);
    stand.shows(" 2/200 ");
    stand.mouse(MouseEventKind::ScrollDown, 30, 8);
    stand.mouse(MouseEventKind::ScrollDown, 30, 8);
    stand.shows(" 10/200 ");
    stand.mouse(MouseEventKind::ScrollUp, 30, 8);
    stand.click(5, 20);
    stand.shows(" 9/200 ");
    stand.click(5, 20);
    stand.shows("[Explore]");
    assert!(stand.marked().contains(" 9 "));
    let column = stand.screen().lines().next().and_then(|line| line.find("Gallery")).expect("its name");
    stand.click(column as u16, 0);
    stand.shows("[Gallery]");
}

#[test]
fn queries_are_typed_in_the_gallery_too() {
    let mut stand = stand();
    stand.keys("i/zebra<Enter>");
    stand.shows("[Gallery]");
    stand.shows(" 1/58 ");
    stand.keys("r");
    stand.shows("[Gallery]");
    assert_eq!(stand.searched(), "zebra random:1");
    stand.keys("uu");
    stand.shows(" 1/200 ");
    stand.keys("/surfbord<Enter>");
    stand.shows("None of the 200 samples has");
    stand.keys("jlG<PageDown>v<Enter>");
    stand.shows("None of the 200 samples has");
}

#[test]
fn the_way_back_to_the_flags_leads_through_the_gallery() {
    let mut stand = stand();
    stand.keys("gf<Enter>");
    stand.shows("[Explore]");
    stand.keys("i");
    stand.shows("[Gallery]");
    stand.keys("<Esc>");
    stand.shows("[Explore]");
    stand.keys("<Esc>");
    stand.shows("[Flags]");
    stand.keys("vi");
    stand.shows("[Gallery]");
}

#[test]
fn a_picture_is_viewed_alone_and_nearer() {
    let mut stand = Stand::painted(SIZE, samples(200));
    stand.keys("v");
    assert_eq!((first(&mut stand).cells, first(&mut stand).part), ((100, 29), Part::WHOLE));
    stand.shows("000000000000.jpg · 640×480 · 1/200");
    stand.shows_not("[Explore]");
    stand.keys("+");
    stand.shows("zoom 1.5");
    // 4:3 in a box of 100 columns and 29 rows: the whole leaves room at its sides.
    let part = first(&mut stand).part;
    assert_eq!((part.height, part.width), (6667, 8621));
    stand.keys("l");
    assert!(first(&mut stand).part.x > part.x);
    stand.keys("hhhhjjjj");
    let rim = first(&mut stand).part;
    assert_eq!((rim.x, rim.y + rim.height), (0, 10_000));
    stand.keys("-");
    stand.shows_not("zoom");
    stand.keys("99+");
    stand.shows("zoom 6.6");
    stand.keys("0");
    stand.shows_not("zoom");
    stand.keys("+n");
    stand.shows("000000000139.jpg · 640×480 · 2/200");
    stand.keys("<PageDown>p<PageUp>");
    stand.shows("· 1/200");
    for close in ["<Esc>", "q", "v"] {
        stand.keys("v");
        stand.keys(close);
        stand.shows("[Explore]");
    }
    assert!(!stand.left);
    stand.keys("ilv");
    stand.shows("· 2/200");
    stand.keys("n<Esc>");
    stand.shows("[Gallery]");
    stand.shows(" 3/200 ");
    stand.keys("v/");
    stand.shows("[Gallery]");
    assert!(stand.cursor().is_some());
}

#[test]
fn the_mouse_zooms_and_drags() {
    let mut stand = Stand::painted(SIZE, samples(3));
    stand.keys("v");
    stand.mouse(MouseEventKind::ScrollUp, 50, 14);
    stand.mouse(MouseEventKind::ScrollUp, 50, 14);
    let before = first(&mut stand).part;
    stand.mouse(MouseEventKind::Down(MouseButton::Left), 60, 10);
    stand.mouse(MouseEventKind::Drag(MouseButton::Left), 40, 10);
    stand.mouse(MouseEventKind::Up(MouseButton::Left), 40, 10);
    let after = first(&mut stand).part;
    assert!(after.x > before.x && after.y == before.y, "{before:?} {after:?}");
    stand.mouse(MouseEventKind::Drag(MouseButton::Left), 10, 10);
    stand.mouse(MouseEventKind::ScrollDown, 50, 14);
    stand.mouse(MouseEventKind::ScrollDown, 50, 14);
    stand.mouse(MouseEventKind::ScrollDown, 50, 14);
    stand.shows_not("zoom");
}

fn lit(key: &PictureKey) -> Vec<bool> {
    key.marks.iter().map(|mark| mark.lit).collect()
}

#[test]
fn boxes_are_drawn_with_the_tree_and_its_node_is_lit() {
    let mut stand = Stand::new(SIZE, boxed(20));
    assert!(first(&mut stand).marks.is_empty());
    stand.keys("<Tab><Tab>");
    // The scene is the first node of the tree.
    let key = first(&mut stand);
    assert_eq!(lit(&key), [false, false]);
    let expected = Mark { x: 1000, y: 1000, width: 4000, height: 6500, lit: false, colour: 0 };
    assert_eq!(key.marks.first(), Some(&expected));
    stand.keys("j");
    let dog = first(&mut stand);
    assert_eq!(lit(&dog), [true, false]);
    // An attribute of the same thing: nothing else is seen, nothing else is asked for.
    let before = stand.asked_pictures().len();
    stand.keys("j");
    stand.pass(Duration::from_secs(1));
    let asked = stand.asked_pictures();
    assert!(asked.len() == before || asked.last().and_then(|keys| keys.first()) == Some(&dog));
    stand.keys("j");
    assert_eq!(lit(&first(&mut stand)), [true, true]);
    stand.keys("b");
    assert!(first(&mut stand).marks.is_empty());
    stand.keys("bv");
    assert_eq!(lit(&first(&mut stand)), [true, true]);
    stand.keys("b");
    assert!(first(&mut stand).marks.is_empty());
    stand.keys("<Esc><Esc>b");
    assert_eq!(lit(&first(&mut stand)), [false, false]);
}

#[test]
fn boxes_in_pixels_go_by_the_data_else_by_the_file() {
    // The data says 1280×960, the file has 640×480.
    let mut all = boxed(2);
    all[0].images[0].width = Some(1280);
    all[0].images[0].height = Some(960);
    all[1].images[0].width = None;
    let mut stand = Stand::painted(SIZE, all);
    stand.keys("b");
    let key = first(&mut stand);
    assert_eq!((key.marks[0].x, key.marks[0].width), (500, 2000));
    // Nothing is known of the second until it has come.
    stand.keys("j");
    stand.pass(Duration::from_secs(1));
    let marked = stand.asked_pictures().into_iter().flatten().rfind(|key| !key.marks.is_empty());
    assert_eq!(marked.map(|key| (key.marks[0].x, key.marks[0].width)), Some((1000, 4000)));
}

#[test]
fn two_pictures_are_shown_where_there_is_room() {
    let stand = Stand::painted((200, 60), pairs(20));
    stand.shows("2 pictures");
    stand.shows("1/2 · left");
    stand.shows("2/2 · right · ▸ 1st frame");
    let asked: Vec<_> = stand.asked_pictures().into_iter().flatten().collect();
    assert!(asked.iter().any(|key| key.reference.label().ends_with("-1.gif")));
    let mut small = Stand::painted((60, 18), pairs(20));
    small.shows("1/2");
    small.shows_not("2/2");
    small.keys("]");
    small.shows("2/2");
}

#[test]
fn two_pictures_are_viewed_at_the_same_place() {
    let mut stand = Stand::painted(SIZE, pairs(20));
    stand.keys("v2");
    stand.shows("1/2 · left");
    stand.shows("2/2 · right");
    stand.keys("++l");
    let keys = asked(&mut stand);
    assert_eq!(keys[0].part, keys[1].part);
    assert!(!keys[0].part.is_whole() && keys[0].reference != keys[1].reference);
    stand.keys("<Tab>");
    stand.shows("zoom 2.2");
    stand.keys("2");
    stand.shows_not("1/2 · left");
    stand.shows("· 2/2 ·");
    stand.keys("<Tab>");
    stand.shows("· 1/2 ·");
}

#[test]
fn a_frame_of_several_is_marked() {
    let mut stand = Stand::painted(SIZE, pairs(20));
    stand.keys("v]");
    stand.pass(Duration::from_secs(1));
    stand.shows("▸ 1st frame");
    let mut all = samples(4);
    all[1].images[0].reference = crate::model::ImageRef::File("/data/dance.gif".into());
    let mut stand = Stand::painted(SIZE, all);
    stand.keys("i");
    stand.pass(Duration::from_secs(1));
    let screen = stand.screen();
    assert_eq!(screen.matches('▸').count(), 1, "{screen}");
}

#[test]
fn what_cannot_be_shown_is_said() {
    let mut all = samples(3);
    all[0].images.clear();
    let mut stand = Stand::new(SIZE, all);
    stand.keys("v");
    stand.shows("[Explore]");
    stand.keys("jv");
    stand.pass(Duration::from_secs(1));
    stand.fail_pictures("not a picture: the JPEG ends too early");
    stand.shows("not a picture: the JPEG ends too early");
    stand.keys("p");
    stand.shows("this sample has no picture");
    stand.keys("++l2b");
    stand.keys("<Esc>i");
    stand.shows("A dog on a sandy beach");
    assert!(!stand.workers.seen.contains(&Effect::Quit));
}
