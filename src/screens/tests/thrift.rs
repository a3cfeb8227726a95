//! How much goes over the line when somebody walks down the list.

use ratatui::backend::{Backend, CrosstermBackend};

use super::fake::{Stand, samples};
use crate::index::Stage;
use crate::ui::Theme;

/// Cells and bytes that each of `moves` presses of `j` changes.
fn walk(stand: &mut Stand, moves: usize) -> (Vec<usize>, Vec<usize>) {
    let (mut cells, mut bytes) = (Vec::new(), Vec::new());
    let mut before = stand.buffer();
    for _ in 0..moves {
        stand.keys("j");
        let after = stand.buffer();
        let changed = before.diff(&after);
        let mut written = Vec::new();
        CrosstermBackend::new(&mut written).draw(changed.iter().copied()).expect("a buffer takes all");
        cells.push(changed.len());
        bytes.push(written.len());
        before = after;
    }
    cells.sort_unstable();
    bytes.sort_unstable();
    (cells, bytes)
}

#[test]
fn a_step_down_the_list_writes_less_than_two_thousand_bytes() {
    for theme in [Theme::dark(), Theme::light(), Theme::sixteen(), Theme::plain()] {
        let mut stand = Stand::growing((100, 30), samples(200), 200, theme);
        stand.progress(Stage::Ready, 200);
        stand.keys("j");
        let (cells, bytes) = walk(&mut stand, 30);
        println!(
            "cells: median {}, most {}; bytes: median {}, most {}",
            cells[15], cells[29], bytes[15], bytes[29]
        );
        assert!(bytes[15] < 2000, "{bytes:?}");
    }
}

#[test]
fn a_step_down_a_list_without_descriptors_writes_little() {
    let bare = samples(200).into_iter().map(|mut sample| {
        sample.descriptors.clear();
        sample.questions.clear();
        sample.captions.truncate(1);
        sample
    });
    let mut stand = Stand::growing((100, 30), bare.collect(), 200, Theme::dark());
    stand.progress(Stage::Ready, 200);
    stand.keys("j");
    let (cells, bytes) = walk(&mut stand, 30);
    println!(
        "cells: median {}, most {}; bytes: median {}, most {}",
        cells[15], cells[29], bytes[15], bytes[29]
    );
    assert!(bytes[15] < 1000, "{bytes:?}");
}
