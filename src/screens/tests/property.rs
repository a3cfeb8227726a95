//! Whatever is pressed, at whatever size, nothing breaks.

use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEventKind};
use proptest::prelude::*;

use super::fake::{Stand, boxed, hostile, pairs, samples};
use crate::index::Stage;
use crate::worker::Reply;

#[derive(Clone, Debug)]
enum Step {
    Keys(String),
    Click(u16, u16),
    Drag(u16, u16),
    Wheel(bool, u16, u16),
    Resize(u16, u16),
    Paste(String),
    Pass(u64),
    Grow(u64),
    Notice(String),
    Hold,
    Go,
}

fn step() -> impl Strategy<Value = Step> {
    let key = prop_oneof![
        6 => "[jkhlgGnNzpJKxru/:?M0-9 \\[\\]+()a-fHLo=vbi-]{1,4}",
        4 => prop::sample::select(vec![
            "<Enter>", "<Esc>", "<Tab>", "<S-Tab>", "<C-d>", "<C-u>", "<C-f>", "<C-b>", "<C-w>", "<C-k>", "<C-y>",
            "<Up>", "<Down>", "<Left>", "<Right>", "<Home>", "<End>", "<PageUp>", "<PageDown>", "<BS>", "<Del>",
            "<C-r>", "<C-l>", "<A-b>", "<A-f>", "<F1>", "/dog<Enter>", "/(x", "G", "gf", "gc", "ge", "gf<Enter>", "i", "gi", "v", "v2", "v++l", "iv", "gc3]", "gc6]ll", "gc[", "犬", "👩\u{200d}🚀",
        ]).prop_map(str::to_owned),
    ];
    let point = (0_u16..130, 0_u16..50);
    prop_oneof![
        12 => key.prop_map(Step::Keys),
        2 => point.clone().prop_map(|(x, y)| Step::Click(x, y)),
        1 => point.clone().prop_map(|(x, y)| Step::Drag(x, y)),
        1 => (any::<bool>(), point).prop_map(|(down, (x, y))| Step::Wheel(down, x, y)),
        1 => (0_u16..220, 0_u16..70).prop_map(|(x, y)| Step::Resize(x, y)),
        1 => any::<String>().prop_map(Step::Paste),
        2 => (0_u64..700).prop_map(Step::Pass),
        1 => (0_u64..150).prop_map(Step::Grow),
        1 => any::<String>().prop_map(Step::Notice),
        1 => Just(Step::Hold),
        1 => Just(Step::Go),
    ]
}

fn take(stand: &mut Stand, step: Step) {
    match step {
        Step::Keys(keys) => {
            stand.keys(&keys);
        }
        Step::Click(x, y) => stand.click(x, y),
        Step::Drag(x, y) => {
            stand.mouse(MouseEventKind::Down(MouseButton::Left), x, y);
            stand.mouse(MouseEventKind::Drag(MouseButton::Left), y, x);
        }
        Step::Wheel(true, x, y) => stand.mouse(MouseEventKind::ScrollDown, x, y),
        Step::Wheel(false, x, y) => stand.mouse(MouseEventKind::ScrollUp, x, y),
        Step::Resize(x, y) => stand.event(&Event::Resize(x, y)),
        Step::Paste(text) => stand.event(&Event::Paste(text)),
        Step::Pass(time) => stand.pass(Duration::from_millis(time)),
        Step::Grow(many) => stand.progress(Stage::Indexing, many),
        Step::Notice(text) => stand.reply(Reply::Notice(text)),
        Step::Hold => stand.workers.holds = true,
        Step::Go => stand.let_go(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_break_it(width in 1_u16..220, height in 1_u16..70, steps in prop::collection::vec(step(), 1..40)) {
        let mut all = hostile();
        all.extend(boxed(20));
        all.extend(pairs(20));
        all.extend(samples(80));
        let mut stand = Stand::measured((width, height), all);
        for step in steps {
            take(&mut stand, step);
            let buffer = stand.buffer();
            for cell in buffer.content() {
                prop_assert!(!cell.symbol().contains(char::is_control), "{:?}", cell.symbol());
            }
        }
    }
}
