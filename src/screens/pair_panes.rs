//! Two pictures side by side, each under a title of its own.
//!
//! ```text
//! ─ 1/2 · left · 640×480 ─── │ ─ 2/2 · right · 640×480 ──
//!  (picture)                 │  (picture)
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::Image;
use crate::ui::{Theme, clip, put, rule};
use crate::worker::PictureKey;

use super::picture::{Pictures, Sight, can_be_made, key_of};
use super::show::draw_divider;

/// Columns and rows from which there is room for two.
const SMALLEST: (u16, u16) = (48, 5);

/// Where one of the two lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Half {
    pub(crate) title: Rect,
    pub(crate) body: Rect,
}

/// One of the two.
pub(crate) struct Member<'a> {
    pub(crate) image: &'a Image,
    pub(crate) sight: Sight,
    /// What its title says.
    pub(crate) title: String,
    /// Whether keys that are about one picture mean this one.
    pub(crate) is_chosen: bool,
}

/// Where the two lie; `None` where there is no room for two.
pub(crate) fn halves(area: Rect) -> Option<[Half; 2]> {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return None;
    }
    // Equally wide, so that the same part of both is seen in the same size.
    let width = (area.width - 1) / 2;
    let half = |x: u16| Half {
        title: Rect { x, width, height: 1, ..area },
        body: Rect { x, width, y: area.y + 1, height: area.height - 1 },
    };
    Some([half(area.x), half(area.x + width + 1)])
}

/// Which two of so many pictures are shown, where one of them is chosen: neighbours, the chosen one
/// among them.
pub(crate) fn members(many: usize, chosen: usize) -> Option<[usize; 2]> {
    let last = many.checked_sub(2)?;
    let first = chosen.min(last);
    Some([first, first + 1])
}

/// Where two of so many pictures lie in an area, and which they are; `None` where there is no room, or no second.
pub(crate) fn fitting(area: Rect, many: usize, chosen: usize) -> Option<([Half; 2], [usize; 2])> {
    halves(area).zip(members(many, chosen))
}

/// What is to be asked for, the chosen one first.
pub(crate) fn keys(area: Rect, both: [(&Image, &Sight); 2], chosen: usize) -> Vec<PictureKey> {
    let Some(halves) = halves(area) else { return Vec::new() };
    let both = halves.into_iter().zip(both);
    let mut keys: Vec<Option<PictureKey>> = both
        .map(|(half, (image, sight))| can_be_made(image).then(|| key_of(image, half.body, sight)))
        .collect();
    if chosen == 1 {
        keys.reverse();
    }
    keys.into_iter().flatten().collect()
}

/// Draws the two.
pub(crate) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    both: [Member<'_>; 2],
    pictures: &Pictures,
    theme: &Theme,
) {
    let Some(halves) = halves(area) else { return };
    let [left, _] = &halves;
    draw_divider(buffer, Rect { x: left.title.right(), width: 1, ..area }, theme);
    for (half, member) in halves.into_iter().zip(both) {
        rule(buffer, half.title, half.title.x, "─", theme.rule);
        let text = clip(&member.title, usize::from(half.title.width).saturating_sub(4));
        let style = if member.is_chosen { theme.focus } else { theme.dim };
        if !text.is_empty() {
            put(buffer, half.title, half.title.x + 1, &format!(" {text} "), style);
        }
        pictures.draw(buffer, half.body, Some(member.image), &member.sight, theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lie_beside_each_other_where_there_is_room() {
        assert_eq!(halves(Rect::new(0, 0, 47, 20)), None);
        assert_eq!(halves(Rect::new(0, 0, 80, 4)), None);
        let [left, right] = halves(Rect::new(3, 2, 51, 20)).expect("room");
        assert_eq!((left.title, left.body), (Rect::new(3, 2, 25, 1), Rect::new(3, 3, 25, 19)));
        assert_eq!((right.title, right.body), (Rect::new(29, 2, 25, 1), Rect::new(29, 3, 25, 19)));
    }

    #[test]
    fn the_chosen_one_is_among_the_two() {
        let table = [
            (0, 0, None),
            (1, 0, None),
            (2, 0, Some([0, 1])),
            (2, 1, Some([0, 1])),
            (5, 3, Some([3, 4])),
            (5, 4, Some([3, 4])),
        ];
        for (many, chosen, expected) in table {
            assert_eq!(members(many, chosen), expected, "{chosen} of {many}");
        }
    }
}
