//! Pictures on the stage, with sheets made by hand: what is written, and when.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use super::sheet::{Payload, Sheet};
use super::{Mode, Painting, Sight, Stage, Strokes};

const SCREEN: Rect = Rect::new(0, 0, 40, 12);
const PANE: Rect = Rect::new(10, 2, 6, 4);
const POPUP: Rect = Rect::new(12, 3, 3, 2);

fn stage(mode: Mode) -> Stage {
    let sight = super::decide(super::Choice::None, &super::Environment::default(), None);
    Stage::new(Sight { mode, cell: Some((10, 20)), ..sight }, 9)
}

fn stored(subject: u64, bytes: usize) -> Painting {
    Painting::of_sheet(Sheet::new(subject, (6, 4), (60, 80), Payload::Stored(vec![b'A'; bytes])), None)
}

fn painted(name: &str) -> Painting {
    Painting::of_sheet(Sheet::new(0, (6, 4), (60, 80), Payload::Painted(format!("<{name}>").into())), None)
}

/// Shows paintings at their places, and perhaps a popup over them.
fn show(stage: &mut Stage, paintings: &[(&Painting, Rect)], popup: bool) -> (Buffer, Strokes) {
    let mut buffer = Buffer::empty(SCREEN);
    buffer.set_string(0, 0, "list", Color::Red);
    for (painting, area) in paintings {
        stage.learn(painting);
        painting.paint(*area, &mut buffer);
    }
    if popup {
        for place in POPUP.positions() {
            buffer[place].reset();
            buffer[place].set_symbol("P");
        }
    }
    let strokes = stage.set(&mut buffer);
    assert!(buffer.content.iter().all(|cell| !cell.symbol().contains('\u{f0000}')), "a claim is left");
    (buffer, strokes)
}

/// Sends all that is waiting; the number of slices and of pictures.
fn send(stage: &mut Stage, most: usize) -> (usize, usize, String) {
    let (mut slices, mut pictures, mut text) = (0, 0, String::new());
    while let Some(slice) = stage.slice(most) {
        slices += 1;
        pictures += usize::from(slice.completes);
        text.push_str(&String::from_utf8(slice.bytes).unwrap());
    }
    (slices, pictures, text)
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\x1b', "^")
}

#[test]
fn placeholders_stand_where_nothing_covers_the_picture() {
    let mut stage = stage(Mode::Kitty);
    let picture = stored(1, 5000);
    let (buffer, strokes) = show(&mut stage, &[(&picture, PANE)], true);
    assert_eq!(strokes, Strokes::default());
    for place in PANE.positions() {
        let cell = &buffer[place];
        if POPUP.contains(place) {
            assert_eq!(cell.symbol(), "P");
        } else {
            assert!(cell.symbol().starts_with('\u{10eeee}'), "{place}");
            assert_eq!(cell.fg, Color::Indexed(16));
        }
    }
    let (slices, pictures, text) = send(&mut stage, 4096);
    assert_eq!((slices, pictures), (2, 1));
    assert!(text.contains("a=T,U=1,f=100,i=150994960,c=6,r=4,m=1;"), "{}", said(text.as_bytes()));
    // The same again costs nothing.
    let (again, strokes) = show(&mut stage, &[(&picture, PANE)], false);
    assert_eq!((strokes, stage.has_more()), (Strokes::default(), false));
    assert_eq!(again[(12, 3)].fg, Color::Indexed(16));
}

#[test]
fn the_next_picture_takes_the_same_cells() {
    let mut stage = stage(Mode::Kitty);
    let (first, second) = (stored(1, 100), stored(2, 100));
    let (before, _) = show(&mut stage, &[(&first, PANE)], false);
    send(&mut stage, 4096);
    let (after, strokes) = show(&mut stage, &[(&second, PANE)], false);
    assert_eq!(before, after);
    assert_eq!(said(&strokes.before), "^_Gq=2,a=d,d=I,i=150994960^\\");
    assert!(send(&mut stage, 4096).2.contains("i=150994960"));
}

#[test]
fn a_transfer_that_nobody_wants_any_more_is_ended_properly() {
    let mut stage = stage(Mode::Kitty);
    let (first, second) = (stored(1, 20_000), stored(2, 100));
    show(&mut stage, &[(&first, PANE)], false);
    assert!(!stage.slice(4096).unwrap().completes);
    let (_, strokes) = show(&mut stage, &[(&second, PANE)], false);
    assert_eq!(said(&strokes.before), "^_Gq=2,m=0^\\^_Gq=2,a=d,d=I,i=150994960^\\");
    let (slices, pictures, _) = send(&mut stage, 4096);
    assert_eq!((slices, pictures), (1, 1));
    // One that is still wanted goes on.
    let third = stored(3, 20_000);
    show(&mut stage, &[(&third, PANE)], false);
    stage.slice(4096);
    let (_, strokes) = show(&mut stage, &[(&third, PANE)], true);
    assert_eq!(strokes, Strokes::default());
    assert_eq!(send(&mut stage, 4096).0, 4);
}

#[test]
fn a_coarse_picture_stays_until_the_fine_one_is_there() {
    for mode in [Mode::Kitty, Mode::KittyDirect] {
        let mut stage = stage(mode);
        let (coarse, fine) = (stored(1, 100), stored(1, 20_000));
        show(&mut stage, &[(&coarse, PANE)], false);
        send(&mut stage, 4096);
        let (shown, _) = show(&mut stage, &[(&coarse, PANE)], false);
        let (meanwhile, strokes) = show(&mut stage, &[(&fine, PANE)], false);
        assert_eq!(shown, meanwhile, "{mode:?}");
        assert_eq!(said(&strokes.before), "");
        send(&mut stage, 4096);
        let (_, strokes) = show(&mut stage, &[(&fine, PANE)], false);
        if mode == Mode::KittyDirect {
            assert_eq!(said(&strokes.before), "^_Gq=2,a=d,d=i,i=150994960^\\");
            assert!(said(&strokes.after).contains("a=p,i=150994961"), "{}", said(&strokes.after));
        }
    }
}

#[test]
fn few_pictures_stay_in_the_terminals_memory() {
    let mut stage = stage(Mode::Kitty);
    let mut held = 0_i32;
    for number in 0..300_u16 {
        // Every place is another, so that no slot can be taken over in place.
        let area = Rect { x: number % 30, y: number / 40, ..PANE };
        let (_, strokes) = show(&mut stage, &[(&stored(number.into(), 100), area)], false);
        let count = |text: &str, what: &str| text.matches(what).count() as i32;
        held -= count(&said(&strokes.before), "d=I");
        held += count(&send(&mut stage, 4096).2, "a=T");
        assert!(held <= 6, "{held} after {number}");
    }
}

#[test]
fn a_doubtful_picture_is_sent_again_and_shown_meanwhile() {
    let mut stage = stage(Mode::Kitty);
    let picture = stored(1, 100);
    let (before, _) = show(&mut stage, &[(&picture, PANE)], false);
    send(&mut stage, 4096);
    stage.doubt();
    let (after, strokes) = show(&mut stage, &[(&picture, PANE)], false);
    assert_eq!((&before, strokes), (&after, Strokes::default()));
    assert_eq!(send(&mut stage, 4096).1, 1);
    assert!(!stage.has_more());
}

#[test]
fn a_placement_leaves_room_for_a_popup() {
    let mut stage = stage(Mode::KittyDirect);
    let picture = stored(1, 100);
    let (buffer, strokes) = show(&mut stage, &[(&picture, PANE)], false);
    assert_eq!((buffer[(13, 4)].symbol(), strokes), ("…", Strokes::default()));
    assert_eq!(send(&mut stage, 4096).1, 1);
    let (buffer, strokes) = show(&mut stage, &[(&picture, PANE)], false);
    assert_eq!(buffer[(13, 4)].symbol(), " ");
    let whole = "^7^[3;11H^_Gq=2,a=p,i=150994960,p=1,x=0,y=0,w=60,h=80,c=6,r=4,C=1^\\^8";
    assert_eq!(said(&strokes.after), whole);
    let (_, strokes) = show(&mut stage, &[(&picture, PANE)], true);
    assert_eq!(said(&strokes.before), "^_Gq=2,a=d,d=i,i=150994960^\\");
    let parts = said(&strokes.after);
    assert_eq!(parts.matches("a=p").count(), 4, "{parts}");
    assert!(parts.contains("^[4;11H^_Gq=2,a=p,i=150994960,p=2,x=0,y=20,w=20,h=40,c=2,r=2"), "{parts}");
    let (_, strokes) = show(&mut stage, &[(&picture, PANE)], false);
    assert!(said(&strokes.after).contains("c=6,r=4"));
    let (_, strokes) = show(&mut stage, &[], false);
    assert_eq!(said(&strokes.before), "^_Gq=2,a=d,d=i,i=150994960^\\");
}

#[test]
fn what_is_painted_over_cells_is_erased_cell_by_cell() {
    let mut stage = stage(Mode::Sixel);
    let (one, two) = (painted("one"), painted("two"));
    let (_, strokes) = show(&mut stage, &[(&one, PANE)], false);
    assert_eq!((said(&strokes.before), said(&strokes.after)), (String::new(), "^7^[3;11H<one>^8".into()));
    // It lies there; nothing is written, under a popup neither.
    assert_eq!(show(&mut stage, &[(&one, PANE)], false).1, Strokes::default());
    let (buffer, strokes) = show(&mut stage, &[(&one, PANE)], true);
    assert_eq!(buffer[(12, 3)].symbol(), "P");
    assert_eq!(
        (said(&strokes.before), said(&strokes.after)),
        ("^[4;13H^[3X^[5;13H^[3X".into(), String::new())
    );
    assert_eq!(show(&mut stage, &[(&one, PANE)], true).1, Strokes::default());
    // The popup has made a hole: it is painted again.
    let (_, strokes) = show(&mut stage, &[(&one, PANE)], false);
    assert_eq!((said(&strokes.before), said(&strokes.after)), (String::new(), "^7^[3;11H<one>^8".into()));
    let (_, strokes) = show(&mut stage, &[(&two, PANE)], false);
    assert!(said(&strokes.before).starts_with("^[3;11H^[6X^[4;11H^[6X"), "{}", said(&strokes.before));
    assert_eq!(said(&strokes.after), "^7^[3;11H<two>^8");
    // Cells that a popup has now are not erased under it.
    show(&mut stage, &[(&two, PANE)], true);
    let (_, strokes) = show(&mut stage, &[], true);
    assert!(said(&strokes.before).contains("^[4;11H^[2X^[4;16H^[1X"), "{}", said(&strokes.before));
}

#[test]
fn empty_cells_of_a_popup_hide_what_is_painted_under_them() {
    let mut stage = stage(Mode::Iterm);
    let it = painted("it");
    show(&mut stage, &[(&it, PANE)], false);
    let mut buffer = Buffer::empty(SCREEN);
    it.paint(PANE, &mut buffer);
    for place in POPUP.positions() {
        buffer[place].reset();
    }
    let strokes = stage.set(&mut buffer);
    assert_eq!(
        (said(&strokes.before), said(&strokes.after)),
        ("^[4;13H^[3X^[5;13H^[3X".into(), String::new())
    );
}

#[test]
fn more_pictures_than_there_are_ids_do_not_take_each_others_place() {
    let mut stage = stage(Mode::Kitty);
    let paintings: Vec<Painting> = (0..260).map(|subject| stored(subject, 100)).collect();
    let screen = Rect::new(0, 0, 130, 80);
    let frame = |stage: &mut Stage| {
        let mut buffer = Buffer::empty(screen);
        for (place, painting) in (0_u16..).zip(&paintings) {
            stage.learn(painting);
            painting.paint(Rect::new(place % 20 * 6, place / 20 * 4, 6, 4), &mut buffer);
        }
        stage.set(&mut buffer)
    };
    frame(&mut stage);
    assert_eq!(send(&mut stage, 4096).1, 240);
    assert_eq!(frame(&mut stage), Strokes::default());
    assert!(!stage.has_more());
}

#[test]
fn after_a_change_of_client_what_is_laid_can_still_be_taken_away() {
    let mut sixel = stage(Mode::Sixel);
    let (one, two) = (painted("one"), painted("two"));
    show(&mut sixel, &[(&one, PANE)], false);
    sixel.doubt();
    let (_, strokes) = show(&mut sixel, &[(&two, Rect { x: 20, ..PANE })], false);
    assert!(said(&strokes.before).starts_with("^[3;11H^[6X"), "{}", said(&strokes.before));
    sixel.doubt();
    let (_, strokes) = show(&mut sixel, &[(&two, Rect { x: 20, ..PANE })], false);
    assert_eq!(said(&strokes.after), "^7^[3;21H<two>^8");
    // A transfer in its midst begins anew.
    let mut kitty = stage(Mode::Kitty);
    let long = stored(1, 20_000);
    show(&mut kitty, &[(&long, PANE)], false);
    kitty.slice(4096);
    kitty.doubt();
    let (_, strokes) = show(&mut kitty, &[(&long, PANE)], false);
    assert_eq!(said(&strokes.before), "^_Gq=2,m=0^\\");
    assert_eq!(send(&mut kitty, 4096).0, 5);
}

#[test]
fn the_last_row_is_never_painted_on() {
    for mode in [Mode::Sixel, Mode::Iterm] {
        let mut stage = stage(mode);
        let low = Rect { y: SCREEN.height - 4, ..PANE };
        let (buffer, strokes) = show(&mut stage, &[(&painted("low"), low)], false);
        assert_eq!((buffer[(13, 10)].symbol(), strokes), ("…", Strokes::default()));
    }
}

#[test]
fn after_a_change_of_size_all_is_painted_again() {
    let mut stage = stage(Mode::Iterm);
    let picture = painted("it");
    show(&mut stage, &[(&picture, PANE)], false);
    let mut larger = Buffer::empty(Rect::new(0, 0, 50, 20));
    picture.paint(PANE, &mut larger);
    assert_eq!(said(&stage.set(&mut larger).after), "^7^[3;11H<it>^8");
}

#[test]
fn a_picture_that_is_gone_leaves_no_claim() {
    let mut stage = stage(Mode::Kitty);
    let mut buffer = Buffer::empty(SCREEN);
    stored(1, 100).paint(PANE, &mut buffer);
    stage.set(&mut buffer);
    assert_eq!(buffer, Buffer::empty(SCREEN));
}

#[test]
fn one_picture_may_stand_in_two_places() {
    let other = Rect { x: 20, ..PANE };
    let mut kitty = stage(Mode::Kitty);
    let picture = stored(1, 100);
    let (buffer, _) = show(&mut kitty, &[(&picture, PANE), (&picture, other)], false);
    assert_eq!(buffer[Position::new(10, 2)], buffer[Position::new(20, 2)]);
    assert_eq!(send(&mut kitty, 4096).1, 1);
    let mut sixel = stage(Mode::Sixel);
    let it = painted("it");
    let (_, strokes) = show(&mut sixel, &[(&it, PANE), (&it, other)], false);
    assert_eq!(said(&strokes.after), "^7^[3;11H<it>^[3;21H<it>^8");
}
