//! Furniture, and what hangs on a wall.

use super::{Brush, INK, Look, PAPER, Rgb};
use crate::demo::canvas::{Ink, direction};
use crate::demo::kind::Kind;

/// Paints a piece of furniture.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    match look.kind {
        Kind::Table => table(brush, look),
        Kind::Desk => desk(brush, look),
        Kind::Chair => chair(brush, look),
        Kind::Sofa => sofa(brush, look),
        Kind::Lamp => lamp(brush, look),
        Kind::Door => door(brush, look),
        Kind::Window => window(brush, look),
        Kind::Clock => clock(brush, look),
        Kind::Painting => painting(brush, look),
        _ => television(brush),
    }
}

fn table(brush: &mut Brush<'_>, look: &Look) {
    let wood = look.color;
    for x in [-100.0, 90.0] {
        brush.rect(x, 0.0, 10.0, 88.0, wood.shade());
    }
    brush.rect(-98.0, 76.0, 196.0, 12.0, wood.shade());
    brush.round(-112.0, 86.0, 224.0, 11.0, 4.0, Ink::fade(wood.light(), wood));
}

fn desk(brush: &mut Brush<'_>, look: &Look) {
    let wood = look.color;
    brush.rect(-108.0, 0.0, 9.0, 88.0, wood.shade());
    brush.rect(48.0, 0.0, 60.0, 88.0, wood.shade());
    for drawer in 0..3 {
        let low = 6.0 + drawer as f32 * 27.0;
        brush.round(53.0, low, 50.0, 22.0, 2.0, wood);
        brush.round(71.0, low + 10.0, 14.0, 3.0, 1.5, wood.deep());
    }
    brush.round(-115.0, 86.0, 230.0, 11.0, 3.0, Ink::fade(wood.light(), wood));
}

fn chair(brush: &mut Brush<'_>, look: &Look) {
    let paint = look.color;
    brush.line(&[(-26.0, 107.0), (-26.0, 3.0)], 7.0, paint.shade());
    brush.line(&[(24.0, 48.0), (26.0, 3.0)], 7.0, paint.shade());
    brush.line(&[(-14.0, 48.0), (-14.0, 10.0)], 5.0, paint.deep());
    brush.line(&[(14.0, 48.0), (14.0, 10.0)], 5.0, paint.deep());
    brush.round(-29.0, 66.0, 14.0, 42.0, 6.0, paint);
    brush.round(-31.0, 44.0, 62.0, 12.0, 5.0, Ink::fade(paint.light(), paint));
}

fn sofa(brush: &mut Brush<'_>, look: &Look) {
    let cloth = look.color;
    for x in [-100.0, 92.0] {
        brush.rect(x, 0.0, 9.0, 12.0, Rgb(90, 62, 44));
    }
    brush.round(-104.0, 36.0, 208.0, 72.0, 18.0, Ink::fade(cloth, cloth.shade()));
    brush.line(&[(0.0, 50.0), (0.0, 104.0)], 2.0, cloth.deep());
    brush.round(-98.0, 8.0, 196.0, 44.0, 8.0, Ink::fade(cloth.light(), cloth));
    brush.line(&[(0.0, 14.0), (0.0, 48.0)], 2.0, cloth.shade());
    for x in [-117.0, 91.0] {
        brush.round(x, 6.0, 26.0, 70.0, 12.0, cloth.mix(cloth.light(), 0.4));
    }
}

fn lamp(brush: &mut Brush<'_>, look: &Look) {
    if look.active() {
        let before = brush.paint_for(0);
        for radius in [88.0, 66.0, 46.0] {
            brush.disc(0.0, 122.0, radius, Ink::from(Rgb(255, 236, 150)).thin(0.15));
        }
        brush.paint_for(before);
    }
    brush.ellipse(0.0, 4.0, 22.0, 4.5, Rgb(92, 84, 88));
    brush.line(&[(0.0, 4.0), (0.0, 108.0)], 5.0, Rgb(92, 84, 88));
    let shade = look.color;
    let ink = if look.active() {
        Ink::fade(shade.light(), Rgb(255, 244, 190))
    } else {
        Ink::fade(shade.shade(), shade.deep())
    };
    brush.poly(&[(-18.0, 148.0), (18.0, 148.0), (31.0, 102.0), (-31.0, 102.0)], ink);
    if look.active() {
        brush.disc(0.0, 101.0, 7.0, Rgb(255, 252, 220));
    }
}

/// A door, with the dark behind it where it stands open.
pub(super) fn door(brush: &mut Brush<'_>, look: &Look) {
    let paint = look.color;
    brush.rect(-15.0, 0.0, 30.0, 53.0, PAPER);
    if look.active() {
        brush.rect(-12.0, 0.0, 24.0, 50.0, if look.night { Rgb(255, 214, 110) } else { Rgb(40, 32, 40) });
        brush.poly(&[(-15.0, 0.0), (-15.0, 52.0), (-26.0, 48.0), (-26.0, -5.0)], paint);
        brush.disc(-23.5, 22.0, 1.6, Rgb(252, 210, 90));
    } else {
        brush.rect(-12.0, 0.0, 24.0, 50.0, paint);
        brush.rect(-8.0, 28.0, 16.0, 17.0, paint.shade());
        brush.rect(-8.0, 6.0, 16.0, 17.0, paint.shade());
        brush.disc(8.5, 25.5, 2.2, Rgb(252, 210, 90));
    }
}

fn window(brush: &mut Brush<'_>, look: &Look) {
    brush.rect(-45.0, 0.0, 90.0, 79.0, PAPER);
    if look.night {
        brush.rect(-39.0, 6.0, 78.0, 67.0, Ink::fade(Rgb(16, 22, 60), Rgb(52, 60, 116)));
        brush.disc(20.0, 54.0, 9.0, Rgb(252, 244, 200));
        brush.disc(24.0, 57.0, 8.0, Rgb(22, 28, 70));
        for (x, y) in [(-28.0, 60.0), (-14.0, 46.0), (-24.0, 28.0), (16.0, 30.0)] {
            brush.disc(x, y, 1.6, PAPER);
        }
    } else {
        brush.rect(-39.0, 6.0, 78.0, 67.0, Ink::fade(Rgb(120, 190, 240), Rgb(214, 238, 250)));
        brush.ellipse(-16.0, 54.0, 13.0, 6.0, PAPER);
        brush.ellipse(-6.0, 58.0, 9.0, 6.0, PAPER);
        brush.arc(14.0, 6.0, 25.0, 22.0, (0.0, 0.5), Rgb(110, 180, 90));
        brush.arc(-20.0, 6.0, 19.0, 14.0, (0.0, 0.5), Rgb(84, 160, 84));
    }
    brush.rect(-2.0, 4.0, 4.0, 71.0, PAPER);
    brush.rect(-41.0, 38.0, 82.0, 4.0, PAPER);
    brush.rect(-46.0, -1.0, 92.0, 6.0, Rgb(220, 214, 204));
}

fn clock(brush: &mut Brush<'_>, look: &Look) {
    brush.disc(0.0, 33.0, 32.5, look.color.deep());
    brush.disc(0.0, 33.0, 30.0, look.color);
    brush.disc(0.0, 33.0, 23.0, PAPER);
    for hour in 0..12 {
        let (a, b) = direction(hour as f32 / 12.0);
        brush.disc(a * 19.0, 33.0 + b * 19.0, 1.8, INK);
    }
    // Mirrored things would show a mirrored time; nobody speaks of the time.
    let (a, b) = direction((look.grain % 12) as f32 / 12.0);
    brush.line(&[(0.0, 33.0), (a * 10.0, 33.0 + b * 10.0)], 3.6, INK);
    let (a, b) = direction((look.grain / 12 % 12) as f32 / 12.0);
    brush.line(&[(0.0, 33.0), (a * 16.0, 33.0 + b * 16.0)], 2.4, INK);
    brush.disc(0.0, 33.0, 2.6, Rgb(200, 50, 50));
}

fn painting(brush: &mut Brush<'_>, look: &Look) {
    brush.rect(-47.0, 0.0, 94.0, 71.0, Rgb(176, 128, 60));
    brush.rect(-42.0, 5.0, 84.0, 61.0, Rgb(120, 84, 40));
    let sky = [Rgb(250, 190, 130), Rgb(170, 214, 236), Rgb(210, 190, 230)][(look.grain % 3) as usize];
    brush.rect(-39.0, 8.0, 78.0, 55.0, Ink::fade(sky, PAPER));
    brush.poly(&[(-39.0, 8.0), (-39.0, 22.0), (-14.0, 48.0), (8.0, 20.0), (8.0, 8.0)], Rgb(104, 112, 150));
    brush.poly(&[(-10.0, 8.0), (18.0, 38.0), (39.0, 18.0), (39.0, 8.0)], Rgb(78, 128, 104));
    brush.disc(26.0, 52.0, 6.0, Rgb(252, 220, 110));
}

fn television(brush: &mut Brush<'_>) {
    brush.round(-49.0, 5.0, 98.0, 64.0, 5.0, INK);
    brush.rect(-44.0, 10.0, 88.0, 54.0, Ink::fade(Rgb(70, 130, 190), Rgb(130, 196, 226)));
    brush.arc(-12.0, 10.0, 30.0, 22.0, (0.0, 0.5), Rgb(88, 170, 96));
    brush.disc(24.0, 48.0, 8.0, Rgb(252, 220, 90));
}
