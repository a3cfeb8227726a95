//! What drives, sails and flies, all facing right.

use super::{Brush, INK, Look, PAPER, Rgb};
use crate::demo::canvas::Ink;
use crate::demo::kind::Kind;

/// Paints a vehicle.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    match look.kind {
        Kind::Car => car(brush, look),
        Kind::Bus => bus(brush, look),
        Kind::Truck => truck(brush, look),
        Kind::Tractor => tractor(brush, look),
        Kind::Bicycle => bicycle(brush, look),
        Kind::Boat => boat(brush, look),
        Kind::Ship => ship(brush, look),
        Kind::Train => train(brush, look),
        _ => plane(brush, look),
    }
}

fn glass(look: &Look) -> Ink {
    if look.night {
        Ink::fade(Rgb(255, 236, 160), Rgb(250, 200, 100))
    } else {
        Ink::fade(Rgb(206, 236, 250), Rgb(140, 190, 226))
    }
}

fn wheel(brush: &mut Brush<'_>, x: f32, radius: f32) {
    brush.disc(x, radius, radius, INK);
    brush.disc(x, radius, radius * 0.52, Rgb(190, 194, 202));
    brush.disc(x, radius, radius * 0.2, INK);
}

fn car(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    brush.poly(&[(-38.0, 38.0), (-24.0, 62.0), (18.0, 62.0), (38.0, 38.0)], body);
    brush.poly(&[(-30.0, 40.0), (-20.0, 56.0), (-4.0, 56.0), (-4.0, 40.0)], glass(look));
    brush.poly(&[(2.0, 40.0), (2.0, 56.0), (15.0, 56.0), (28.0, 40.0)], glass(look));
    brush.round(-62.0, 12.0, 124.0, 30.0, 12.0, Ink::fade(body.light(), body));
    brush.rect(-60.0, 20.0, 120.0, 4.0, body.shade());
    brush.line(&[(-2.0, 38.0), (-2.0, 18.0)], 1.6, body.deep());
    brush.round(6.0, 31.0, 10.0, 3.0, 1.5, body.deep());
    brush.disc(57.0, 31.0, 5.0, Rgb(255, 244, 180));
    brush.round(-62.0, 28.0, 6.0, 8.0, 2.0, Rgb(190, 30, 40));
    wheel(brush, -36.0, 14.0);
    wheel(brush, 36.0, 14.0);
}

fn bus(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    brush.round(-63.0, 12.0, 126.0, 70.0, 10.0, Ink::fade(body.light(), body));
    brush.rect(-63.0, 26.0, 126.0, 7.0, body.deep());
    for pane in 0..4 {
        brush.round(-57.0 + pane as f32 * 24.0, 46.0, 20.0, 26.0, 3.0, glass(look));
    }
    brush.round(40.0, 18.0, 18.0, 56.0, 3.0, glass(look));
    brush.line(&[(49.0, 18.0), (49.0, 74.0)], 1.6, body.deep());
    brush.disc(60.0, 22.0, 3.6, Rgb(255, 244, 180));
    wheel(brush, -38.0, 13.0);
    wheel(brush, 24.0, 13.0);
}

fn truck(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    brush.rect(-62.0, 14.0, 124.0, 9.0, Rgb(70, 74, 84));
    brush.round(-63.0, 22.0, 82.0, 52.0, 3.0, Ink::fade(Rgb(236, 238, 240), Rgb(200, 204, 210)));
    for bar in 0..3 {
        brush.rect(-56.0 + bar as f32 * 26.0, 26.0, 2.0, 44.0, Rgb(176, 180, 188));
    }
    brush.round(23.0, 14.0, 40.0, 52.0, 8.0, Ink::fade(body.light(), body));
    brush.round(36.0, 40.0, 22.0, 20.0, 4.0, glass(look));
    brush.disc(59.0, 25.0, 4.0, Rgb(255, 244, 180));
    wheel(brush, -44.0, 13.0);
    wheel(brush, -14.0, 13.0);
    wheel(brush, 42.0, 13.0);
}

fn tractor(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    brush.line(&[(34.0, 50.0), (34.0, 76.0)], 6.0, Rgb(80, 82, 90));
    brush.round(-4.0, 20.0, 60.0, 34.0, 7.0, Ink::fade(body.light(), body));
    brush.rect(-40.0, 24.0, 44.0, 26.0, body.shade());
    brush.rect(-36.0, 48.0, 36.0, 30.0, glass(look));
    for x in [-36.0, -3.0] {
        brush.rect(x, 48.0, 4.0, 30.0, body.deep());
    }
    brush.round(-42.0, 76.0, 48.0, 7.0, 3.0, body);
    for bar in 0..3 {
        brush.rect(38.0 + bar as f32 * 5.0, 28.0, 2.4, 18.0, body.deep());
    }
    let (x, radius) = (-28.0, 29.0);
    brush.disc(x, radius, radius, INK);
    brush.disc(x, radius, radius * 0.56, body.light());
    brush.disc(x, radius, radius * 0.2, INK);
    wheel(brush, 40.0, 16.0);
}

fn bicycle(brush: &mut Brush<'_>, look: &Look) {
    let frame = look.color;
    for x in [-34.0, 34.0] {
        brush.ring(x, 24.0, 23.5, 5.6, INK);
        for spoke in 0..6 {
            let (a, b) = crate::demo::canvas::direction(spoke as f32 / 6.0);
            brush.line(&[(x, 24.0), (x + a * 20.0, 24.0 + b * 20.0)], 1.0, Rgb(150, 154, 162));
        }
        brush.disc(x, 24.0, 4.0, Rgb(90, 92, 100));
    }
    let (crank, seat, fork) = ((-3.0, 20.0), (-14.0, 56.0), (25.0, 58.0));
    brush.line(&[(-34.0, 24.0), crank, fork, seat, (-34.0, 24.0)], 7.0, frame);
    brush.line(&[seat, crank], 7.0, frame);
    brush.line(&[(34.0, 24.0), (23.0, 64.0), (30.0, 70.0)], 7.0, frame);
    brush.line(&[(22.0, 70.0), (36.0, 70.0)], 5.0, INK);
    brush.line(&[seat, (-16.0, 63.0)], 4.0, INK);
    brush.round(-27.0, 62.0, 22.0, 6.5, 3.0, INK);
    brush.disc(crank.0, crank.1, 6.0, Rgb(110, 112, 120));
    brush.line(&[crank, (4.0, 10.0)], 3.0, Rgb(90, 92, 100));
}

fn waves(brush: &mut Brush<'_>, half: f32) {
    let before = brush.paint_for(0);
    brush.ellipse(0.0, 1.0, half, 3.6, Rgb(214, 238, 250));
    brush.paint_for(before);
}

fn boat(brush: &mut Brush<'_>, look: &Look) {
    let hull = look.color;
    brush.line(&[(0.0, 24.0), (0.0, 117.0)], 4.0, Rgb(120, 84, 52));
    brush.poly(&[(4.0, 34.0), (4.0, 112.0), (46.0, 38.0)], Ink::fade(PAPER, Rgb(222, 226, 232)));
    brush.poly(
        &[(-4.0, 38.0), (-4.0, 100.0), (-36.0, 40.0)],
        Ink::fade(Rgb(238, 238, 236), Rgb(206, 212, 220)),
    );
    brush.poly(&[(0.0, 119.0), (0.0, 109.0), (-18.0, 114.0)], hull);
    brush.poly(&[(-50.0, 28.0), (53.0, 28.0), (36.0, 2.0), (-36.0, 2.0)], Ink::fade(hull, hull.shade()));
    brush.rect(-48.0, 22.0, 98.0, 4.0, hull.light().light());
    waves(brush, 56.0);
}

fn ship(brush: &mut Brush<'_>, look: &Look) {
    let hull = look.color;
    for x in [-18.0, 4.0] {
        brush.rect(x, 50.0, 13.0, 25.0, Rgb(226, 80, 60));
        brush.rect(x, 66.0, 13.0, 8.0, Rgb(50, 48, 56));
    }
    brush.round(-38.0, 28.0, 74.0, 26.0, 3.0, Ink::fade(PAPER, Rgb(220, 224, 230)));
    for pane in 0..5 {
        brush.disc(-29.0 + pane as f32 * 13.0, 42.0, 3.8, glass(look));
    }
    brush.poly(&[(-56.0, 30.0), (62.0, 34.0), (46.0, 2.0), (-46.0, 2.0)], Ink::fade(hull, hull.shade()));
    for pane in 0..6 {
        brush.disc(-36.0 + pane as f32 * 14.0, 19.0, 2.8, glass(look));
    }
    waves(brush, 60.0);
}

fn train(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    for (left, width) in [(-123.0, 72.0), (-46.0, 72.0)] {
        brush.rect(left + 70.0, 18.0, 8.0, 6.0, INK);
        brush.round(left, 14.0, width, 58.0, 7.0, Ink::fade(body.light(), body));
        brush.rect(left, 24.0, width, 6.0, body.deep());
        for pane in 0..3 {
            brush.round(left + 7.0 + pane as f32 * 21.0, 40.0, 16.0, 20.0, 3.0, glass(look));
        }
        wheel(brush, left + 16.0, 9.0);
        wheel(brush, left + width - 16.0, 9.0);
    }
    brush.poly(
        &[(31.0, 14.0), (31.0, 74.0), (84.0, 74.0), (104.0, 64.0), (123.0, 26.0), (121.0, 14.0)],
        Ink::fade(body.light(), body),
    );
    brush.rect(31.0, 24.0, 91.0, 6.0, body.deep());
    brush.poly(&[(86.0, 44.0), (86.0, 66.0), (98.0, 62.0), (107.0, 44.0)], glass(look));
    brush.round(42.0, 42.0, 16.0, 18.0, 3.0, glass(look));
    brush.round(63.0, 42.0, 16.0, 18.0, 3.0, glass(look));
    brush.disc(115.0, 30.0, 4.0, Rgb(255, 244, 180));
    wheel(brush, 48.0, 10.0);
    wheel(brush, 74.0, 10.0);
    wheel(brush, 100.0, 10.0);
}

fn plane(brush: &mut Brush<'_>, look: &Look) {
    let body = look.color;
    brush.poly(&[(-52.0, 26.0), (-56.0, 47.0), (-42.0, 47.0), (-28.0, 28.0)], body.shade());
    brush.poly(&[(0.0, 26.0), (-16.0, 44.0), (-6.0, 44.0), (22.0, 28.0)], body.deep());
    brush.round(-54.0, 14.0, 108.0, 20.0, 10.0, Ink::fade(body.light(), body));
    brush.poly(&[(-50.0, 14.0), (-54.0, 26.0), (-20.0, 24.0)], body);
    for pane in 0..6 {
        brush.disc(-26.0 + pane as f32 * 11.0, 26.0, 2.8, glass(look));
    }
    brush.poly(&[(38.0, 24.0), (38.0, 32.0), (46.0, 31.0), (51.0, 25.0)], glass(look));
    brush.poly(&[(6.0, 20.0), (-22.0, 1.0), (-8.0, 1.0), (28.0, 19.0)], body.shade());
}
