//! What grows and what is built outdoors.

use super::{Brush, INK, Look, PAPER, Rgb, patterned};
use crate::demo::canvas::Ink;
use crate::demo::kind::Kind;

/// Paints a plant or a building.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    match look.kind {
        Kind::Tree => tree(brush, look),
        Kind::PalmTree => palm(brush),
        Kind::Flower => flower(brush, look),
        Kind::Mushroom => mushroom(brush, look),
        Kind::Snowman => snowman(brush),
        Kind::House => house(brush, look),
        Kind::Barn => barn(brush, look),
        Kind::Tent => tent(brush, look),
        Kind::Lighthouse => lighthouse(brush, look),
        Kind::Fence => fence(brush, look),
        Kind::Plant => plant(brush),
        _ => pumpkin(brush, look),
    }
}

fn tree(brush: &mut Brush<'_>, look: &Look) {
    let leaf = [Rgb(52, 138, 66), Rgb(78, 154, 58), Rgb(36, 120, 84)][(look.grain % 3) as usize];
    let bark = Rgb(122, 82, 52);
    if (look.grain / 3).is_multiple_of(2) {
        brush.poly(&[(-9.0, 0.0), (9.0, 0.0), (6.0, 30.0), (-6.0, 30.0)], bark);
        for (low, half, high) in [(22.0, 46.0, 72.0), (54.0, 37.0, 108.0), (88.0, 28.0, 148.0)] {
            brush.poly(&[(-half, low), (half, low), (0.0, high)], Ink::fade(leaf.light(), leaf));
            brush.poly(&[(half * 0.2, low), (half, low), (0.0, high)], leaf.shade());
        }
        return;
    }
    brush.poly(&[(-10.0, 0.0), (10.0, 0.0), (6.0, 60.0), (-6.0, 60.0)], bark);
    brush.line(&[(0.0, 44.0), (20.0, 70.0)], 6.0, bark);
    for (x, y, radius) in [
        (-24.0, 80.0, 28.0),
        (24.0, 80.0, 28.0),
        (0.0, 72.0, 28.0),
        (-14.0, 112.0, 29.0),
        (16.0, 112.0, 28.0),
    ] {
        brush.disc(x, y, radius, leaf);
    }
    for (x, y, radius) in [(-16.0, 118.0, 14.0), (12.0, 92.0, 15.0), (-28.0, 84.0, 12.0)] {
        brush.disc(x, y, radius, leaf.light());
    }
    brush.ellipse(22.0, 70.0, 18.0, 10.0, leaf.shade());
}

fn palm(brush: &mut Brush<'_>) {
    let bark = Rgb(158, 112, 66);
    brush.poly(&[(-10.0, 0.0), (8.0, 0.0), (16.0, 60.0), (10.0, 116.0), (2.0, 116.0), (4.0, 60.0)], bark);
    for ring in 1..6 {
        let y = ring as f32 * 19.0;
        brush.line(&[(-6.0 + y * 0.1, y), (11.0 + y * 0.02, y + 2.0)], 2.0, bark.shade());
    }
    let leaf = Rgb(50, 148, 74);
    for (turn, length) in [(0.02, 44.0), (0.13, 40.0), (0.25, 32.0), (0.37, 42.0), (0.48, 46.0), (0.93, 36.0)]
    {
        let (a, b) = crate::demo::canvas::direction(turn);
        let tilt = if (0.25..0.75).contains(&turn) { turn + 0.05 } else { turn - 0.05 };
        brush.tilted(6.0 + a * length * 0.9, 116.0 + b * length * 0.7, length * 0.52, 7.0, tilt, leaf);
        brush.line(&[(6.0, 116.0), (6.0 + a * length * 1.2, 116.0 + b * length * 0.9)], 2.0, leaf.shade());
    }
    for (x, y) in [(0.0, 110.0), (12.0, 109.0), (6.0, 104.0)] {
        brush.disc(x, y, 6.0, Rgb(104, 66, 40));
    }
}

/// A flower on its stem.
pub(super) fn flower(brush: &mut Brush<'_>, look: &Look) {
    let leaf = Rgb(38, 120, 56);
    brush.line(&[(0.0, 0.0), (0.0, 50.0)], 4.6, leaf);
    brush.tilted(10.0, 20.0, 11.0, 5.0, 0.1, leaf);
    brush.tilted(-10.0, 14.0, 11.0, 5.0, 0.4, leaf);
    for petal in 0..6 {
        let (a, b) = crate::demo::canvas::direction(petal as f32 / 6.0 + 0.08);
        brush.disc(a * 11.0, 55.0 + b * 11.0, 8.0, look.color);
    }
    let middle = if look.color == Rgb(252, 208, 48) { Rgb(150, 84, 30) } else { Rgb(252, 212, 70) };
    brush.disc(0.0, 55.0, 7.5, middle);
}

fn mushroom(brush: &mut Brush<'_>, look: &Look) {
    brush.round(-8.0, 0.0, 16.0, 24.0, 6.0, Rgb(244, 232, 210));
    brush.arc(0.0, 18.0, 25.0, 27.0, (0.0, 0.5), look.color);
    let dot = if look.color == PAPER { Rgb(196, 150, 110) } else { PAPER };
    for (x, y, radius) in [(-13.0, 26.0, 4.0), (0.0, 36.0, 4.6), (12.0, 27.0, 4.0)] {
        brush.disc(x, y, radius, dot);
    }
}

fn snowman(brush: &mut Brush<'_>) {
    let snow = Ink::fade(Rgb(255, 255, 255), Rgb(206, 220, 238));
    brush.line(&[(-16.0, 66.0), (-40.0, 84.0)], 4.0, Rgb(110, 74, 46));
    brush.line(&[(16.0, 66.0), (40.0, 84.0)], 4.0, Rgb(110, 74, 46));
    brush.disc(0.0, 28.0, 29.0, snow);
    brush.disc(0.0, 68.0, 21.0, snow);
    brush.disc(0.0, 100.0, 16.0, snow);
    for (x, y) in [(-6.0, 104.0), (6.0, 104.0), (0.0, 74.0), (0.0, 62.0), (0.0, 36.0)] {
        brush.disc(x, y, 2.6, INK);
    }
    brush.poly(&[(0.0, 101.0), (0.0, 95.0), (22.0, 97.0)], Rgb(244, 124, 30));
    brush.line(&[(-14.0, 86.0), (14.0, 86.0)], 6.0, Rgb(206, 52, 60));
    brush.rect(-19.0, 112.0, 38.0, 4.0, INK);
    brush.rect(-12.0, 114.0, 24.0, 15.0, INK);
}

fn pane(look: &Look) -> Ink {
    if look.night {
        Ink::fade(Rgb(255, 232, 140), Rgb(252, 196, 90))
    } else {
        Ink::fade(Rgb(150, 196, 226), Rgb(200, 228, 240))
    }
}

fn house(brush: &mut Brush<'_>, look: &Look) {
    let wall = look.color;
    let roof = if wall == Rgb(216, 46, 48) { Rgb(84, 78, 92) } else { Rgb(168, 72, 56) };
    brush.rect(28.0, 90.0, 14.0, 36.0, roof.shade());
    brush.rect(-52.0, 0.0, 104.0, 74.0, Ink::fade(wall, wall.mix(wall.shade(), 0.5)));
    brush.poly(&[(-63.0, 70.0), (63.0, 70.0), (0.0, 131.0)], Ink::fade(roof.light(), roof));
    for x in [-42.0, 20.0] {
        brush.rect(x - 3.0, 27.0, 30.0, 34.0, PAPER);
        brush.rect(x, 30.0, 24.0, 28.0, pane(look));
        brush.rect(x + 11.0, 30.0, 2.0, 28.0, PAPER);
        brush.rect(x, 43.0, 24.0, 2.0, PAPER);
    }
    brush.disc(0.0, 92.0, 9.0, PAPER);
    brush.disc(0.0, 92.0, 7.0, pane(look));
    match look.part(Kind::Door) {
        Some((owner, door)) => {
            let before = brush.paint_for(owner);
            super::indoors::door(&mut brush.part((0.0, 0.0), 1.0), door);
            brush.paint_for(before);
        }
        None => brush.rect(-13.0, 0.0, 26.0, 50.0, wall.deep()),
    }
}

fn barn(brush: &mut Brush<'_>, look: &Look) {
    let wall = look.color;
    brush.poly(
        &[(-56.0, 0.0), (-56.0, 66.0), (-40.0, 98.0), (0.0, 118.0), (40.0, 98.0), (56.0, 66.0), (56.0, 0.0)],
        Ink::fade(wall, wall.mix(wall.shade(), 0.6)),
    );
    brush.line(
        &[(-60.0, 62.0), (-42.0, 100.0), (0.0, 119.0), (42.0, 100.0), (60.0, 62.0)],
        7.0,
        Rgb(76, 70, 80),
    );
    brush.rect(-26.0, 0.0, 52.0, 54.0, PAPER);
    brush.rect(-22.0, 0.0, 44.0, 50.0, wall.deep());
    brush.line(&[(-21.0, 2.0), (21.0, 48.0)], 3.4, PAPER);
    brush.line(&[(21.0, 2.0), (-21.0, 48.0)], 3.4, PAPER);
    brush.rect(-12.0, 70.0, 24.0, 22.0, PAPER);
    brush.rect(-9.0, 73.0, 18.0, 16.0, wall.deep());
}

fn tent(brush: &mut Brush<'_>, look: &Look) {
    let cloth = look.color;
    brush.poly(&[(-58.0, 0.0), (58.0, 0.0), (0.0, 78.0)], Ink::fade(cloth.light(), cloth));
    brush.poly(&[(24.0, 0.0), (58.0, 0.0), (0.0, 78.0)], cloth.shade());
    patterned(brush, look, (-30.0, 4.0, 34.0, 34.0));
    if look.active() {
        brush.poly(&[(-26.0, 0.0), (14.0, 0.0), (-4.0, 56.0)], Rgb(44, 34, 40));
        brush.poly(&[(-26.0, 0.0), (-36.0, 0.0), (-4.0, 58.0)], cloth.light().light());
    } else {
        brush.line(&[(-5.0, 1.0), (-4.0, 56.0)], 3.0, cloth.deep());
    }
    brush.line(&[(-6.0, 74.0), (0.0, 79.0), (6.0, 74.0)], 3.0, Rgb(110, 80, 54));
}

fn lighthouse(brush: &mut Brush<'_>, look: &Look) {
    let mark = look.color;
    brush.poly(
        &[(-26.0, 0.0), (26.0, 0.0), (15.0, 118.0), (-15.0, 118.0)],
        Ink::fade(PAPER, Rgb(222, 222, 226)),
    );
    for stripe in [12.0, 50.0, 88.0] {
        let half = |y: f32| 26.0 - y * 11.0 / 118.0;
        let (low, high) = (stripe, stripe + 18.0);
        brush.poly(&[(-half(low), low), (half(low), low), (half(high), high), (-half(high), high)], mark);
    }
    brush.rect(-20.0, 116.0, 40.0, 5.0, INK);
    brush.rect(-11.0, 120.0, 22.0, 20.0, Rgb(255, 236, 130));
    brush.rect(-12.0, 120.0, 3.0, 20.0, INK);
    brush.rect(9.0, 120.0, 3.0, 20.0, INK);
    brush.poly(&[(-16.0, 139.0), (16.0, 139.0), (0.0, 157.0)], mark);
    brush.round(-7.0, 0.0, 14.0, 22.0, 6.0, INK);
}

fn fence(brush: &mut Brush<'_>, look: &Look) {
    let wood = look.color;
    for y in [14.0, 34.0] {
        brush.rect(-61.0, y, 122.0, 6.0, wood.shade());
    }
    for post in 0..6 {
        let x = -58.0 + post as f32 * 21.0;
        brush.poly(&[(x, 0.0), (x + 11.0, 0.0), (x + 11.0, 42.0), (x + 5.5, 51.0), (x, 42.0)], wood);
    }
}

fn plant(brush: &mut Brush<'_>) {
    let leaf = Rgb(52, 142, 76);
    for (x, y, along, turn) in [
        (-13.0, 44.0, 20.0, 0.36),
        (13.0, 44.0, 20.0, 0.14),
        (0.0, 52.0, 22.0, 0.25),
        (-9.0, 34.0, 17.0, 0.43),
        (9.0, 34.0, 17.0, 0.07),
    ] {
        brush.tilted(x, y, along, 7.0, turn, leaf);
    }
    brush.tilted(-6.0, 54.0, 17.0, 5.0, 0.3, leaf.light());
    brush.poly(&[(-18.0, 28.0), (18.0, 28.0), (13.0, 0.0), (-13.0, 0.0)], Rgb(196, 104, 62));
    brush.rect(-20.0, 24.0, 40.0, 7.0, Rgb(214, 122, 78));
}

fn pumpkin(brush: &mut Brush<'_>, look: &Look) {
    let skin = look.color;
    brush.line(&[(0.0, 42.0), (4.0, 53.0)], 6.0, Rgb(70, 112, 50));
    for (x, half) in [(-20.0, 12.0), (20.0, 12.0), (-10.0, 14.0), (10.0, 14.0), (0.0, 12.0)] {
        brush.ellipse(x, 22.0, half, 22.0, skin);
        brush.ellipse(x, 22.0, half * 0.5, 20.0, skin.mix(skin.light(), 0.4));
    }
}
