//! Things that are carried, stand on tables or beside roads.

use super::{Brush, INK, Look, PAPER, Rgb, letters, patterned};
use crate::demo::canvas::{Ink, direction};
use crate::demo::kind::{Kind, Pattern, State};

/// Paints a small thing.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    match look.kind {
        Kind::Umbrella => umbrella(brush, look),
        Kind::Balloon => balloon(brush, look),
        Kind::Kite => kite(brush, look),
        Kind::Book => book(brush, look),
        Kind::Bench => bench(brush, look),
        Kind::Cup => cup(brush, look),
        Kind::Plate => plate(brush, look),
        Kind::Bowl => bowl(brush, look),
        Kind::Bottle => bottle(brush, look),
        Kind::Apple => apple(brush, look),
        Kind::Banana => banana(brush, look),
        Kind::Cake => cake(brush, look),
        Kind::Candle => candle(brush, look),
        Kind::Laptop => laptop(brush, look),
        Kind::Vase => vase(brush, look),
        Kind::Kettle => kettle(brush, look),
        Kind::Ball => ball(brush, look),
        Kind::Box => box_(brush, look),
        Kind::TeddyBear => teddy(brush, look),
        Kind::Sign => sign(brush, look),
        Kind::TrafficLight => traffic_light(brush, look),
        _ => mailbox(brush, look),
    }
}

/// An open umbrella; its handle ends at the origin.
pub(super) fn umbrella(brush: &mut Brush<'_>, look: &Look) {
    let cloth = look.color;
    brush.line(&[(0.0, 4.0), (0.0, 104.0)], 4.0, Rgb(94, 70, 54));
    brush.line(&[(0.0, 4.0), (6.0, 2.0), (9.0, 7.0)], 4.0, Rgb(94, 70, 54));
    brush.arc(0.0, 68.0, 47.0, 38.0, (0.0, 0.5), Ink::fade(cloth.light(), cloth));
    match look.pattern {
        Some(Pattern::Striped) => {
            for side in [-1.0, 1.0] {
                brush.poly(&[(0.0, 105.0), (side * 12.0, 69.0), (side * 24.0, 69.0)], PAPER);
                brush.poly(&[(0.0, 105.0), (side * 36.0, 69.0), (side * 45.0, 73.0)], PAPER);
            }
        }
        Some(Pattern::Spotted) => {
            for (x, y) in [(-30.0, 78.0), (-13.0, 92.0), (0.0, 77.0), (14.0, 92.0), (30.0, 78.0)] {
                brush.disc(x, y, 4.6, PAPER);
            }
        }
        None => {
            brush.poly(&[(0.0, 105.0), (12.0, 69.0), (30.0, 69.0)], cloth.shade());
            brush.poly(&[(0.0, 105.0), (-12.0, 69.0), (-30.0, 69.0)], cloth.shade());
        }
    }
    for scallop in 0..4 {
        let x = -35.0 + scallop as f32 * 23.4;
        brush.arc(x, 68.0, 11.7, 5.0, (0.5, 1.0), cloth.shade());
    }
    brush.line(&[(0.0, 104.0), (0.0, 110.0)], 3.4, Rgb(94, 70, 54));
}

/// A balloon; its string ends at the origin.
pub(super) fn balloon(brush: &mut Brush<'_>, look: &Look) {
    let skin = look.color;
    brush.line(&[(0.0, 0.0), (-2.0, 12.0), (1.0, 27.0)], 1.8, Rgb(70, 70, 86));
    brush.poly(&[(-4.0, 25.0), (5.0, 25.0), (0.5, 32.0)], skin.shade());
    brush.ellipse(0.0, 51.0, 20.0, 24.0, Ink::fade(skin.light(), skin));
    brush.tilted(-7.0, 60.0, 7.0, 4.0, 0.15, skin.light().light());
}

fn kite(brush: &mut Brush<'_>, look: &Look) {
    let cloth = look.color;
    let middle = (6.0, 36.0);
    let corners = [(28.0, 60.0), (28.0, 26.0), (-12.0, 12.0), (-4.0, 52.0)];
    brush.poly(&corners, cloth);
    brush.poly(&[corners[0], corners[1], middle], cloth.light());
    brush.poly(&[corners[2], corners[3], middle], cloth.shade());
    if look.pattern.is_some() {
        patterned(brush, look, (-2.0, 22.0, 22.0, 30.0));
    }
    brush.line(&[(-12.0, 12.0), (-20.0, 8.0), (-22.0, 2.0), (-29.0, 1.0)], 2.0, Rgb(80, 74, 90));
    for (x, y) in [(-20.0, 8.0), (-26.0, 2.5)] {
        brush.poly(&[(x - 4.0, y + 4.0), (x - 3.0, y - 4.0), (x + 4.0, y + 4.0), (x + 3.0, y - 4.0)], cloth);
    }
}

/// A book: flat with its pages spread, or shut and upright.
pub(super) fn book(brush: &mut Brush<'_>, look: &Look) {
    let cover = look.color;
    if look.state == Some(State::Open) {
        brush.poly(&[(-27.0, 4.0), (0.0, 0.0), (27.0, 4.0), (27.0, 32.0), (0.0, 28.0), (-27.0, 32.0)], cover);
        brush.poly(&[(-24.0, 8.0), (-1.0, 4.0), (-1.0, 33.0), (-24.0, 37.0)], PAPER);
        brush.poly(&[(24.0, 8.0), (1.0, 4.0), (1.0, 33.0), (24.0, 37.0)], PAPER);
        for line in 0..4 {
            let y = 12.0 + line as f32 * 5.6;
            brush.line(&[(-20.0, y + 2.0), (-5.0, y)], 1.6, Rgb(150, 150, 160));
            brush.line(&[(20.0, y + 2.0), (5.0, y)], 1.6, Rgb(150, 150, 160));
        }
        return;
    }
    brush.round(-22.0, 0.0, 44.0, 39.0, 3.0, cover.shade());
    brush.rect(-18.0, 2.0, 38.0, 4.0, PAPER);
    brush.round(-22.0, 5.0, 43.0, 34.0, 3.0, cover);
    brush.rect(-17.0, 6.0, 2.4, 32.0, cover.deep());
    brush.rect(-8.0, 24.0, 22.0, 4.0, Rgb(252, 226, 150));
    brush.rect(-4.0, 17.0, 14.0, 3.0, Rgb(252, 226, 150));
}

fn bench(brush: &mut Brush<'_>, look: &Look) {
    let wood = look.color;
    for x in [-48.0, 42.0] {
        brush.rect(x, 0.0, 6.0, 64.0, Rgb(70, 72, 80));
    }
    for y in [56.0, 45.0] {
        brush.round(-60.0, y, 120.0, 8.5, 3.0, wood);
    }
    brush.round(-60.0, 24.0, 120.0, 11.0, 3.0, Ink::fade(wood.light(), wood));
    brush.rect(-56.0, 21.0, 112.0, 4.0, wood.deep());
}

/// A cup with its handle to the right.
pub(super) fn cup(brush: &mut Brush<'_>, look: &Look) {
    let glaze = look.color;
    brush.ring(14.0, 19.0, 8.5, 3.6, glaze.shade());
    brush.poly(&[(-20.0, 35.0), (12.0, 35.0), (9.0, 3.0), (5.0, 0.0), (-13.0, 0.0), (-17.0, 3.0)], glaze);
    patterned(brush, look, (-17.0, 4.0, 26.0, 28.0));
    brush.ellipse(-4.0, 35.0, 16.0, 3.6, glaze.light());
    brush.ellipse(-4.0, 34.6, 13.0, 2.5, Rgb(96, 60, 40));
}

fn plate(brush: &mut Brush<'_>, look: &Look) {
    brush.ellipse(0.0, 7.0, 30.0, 7.0, look.color.shade());
    brush.ellipse(0.0, 9.0, 30.0, 6.0, look.color);
    brush.ellipse(0.0, 9.0, 19.0, 3.4, look.color.mix(look.color.shade(), 0.35));
}

fn bowl(brush: &mut Brush<'_>, look: &Look) {
    brush.arc(0.0, 29.0, 29.0, 29.0, (0.5, 1.0), Ink::fade(look.color, look.color.shade()));
    brush.rect(-11.0, 0.0, 22.0, 4.0, look.color.deep());
    brush.ellipse(0.0, 29.0, 29.0, 4.6, look.color.light());
    brush.ellipse(0.0, 28.6, 25.0, 3.2, look.color.deep());
}

fn bottle(brush: &mut Brush<'_>, look: &Look) {
    brush.round(-12.0, 0.0, 24.0, 42.0, 6.0, Ink::fade(look.color, look.color.shade()));
    brush.poly(&[(-11.0, 38.0), (11.0, 38.0), (5.0, 52.0), (-5.0, 52.0)], look.color);
    brush.rect(-5.0, 48.0, 10.0, 15.0, look.color);
    brush.rect(-6.0, 61.0, 12.0, 6.0, Rgb(220, 190, 120));
    brush.rect(-12.0, 12.0, 24.0, 16.0, Rgb(250, 240, 214));
}

fn apple(brush: &mut Brush<'_>, look: &Look) {
    brush.line(&[(0.0, 30.0), (3.0, 40.0)], 3.0, Rgb(104, 70, 44));
    brush.tilted(10.0, 37.0, 8.0, 4.0, 0.06, Rgb(70, 152, 66));
    for side in [-6.0, 6.0] {
        brush.ellipse(side, 17.0, 13.0, 16.5, look.color);
    }
    brush.tilted(-9.0, 23.0, 5.0, 3.0, 0.2, look.color.light().light());
}

fn banana(brush: &mut Brush<'_>, look: &Look) {
    let skin = look.color;
    let edge = |radius: f32, turn: f32, drop: f32| {
        let (a, b) = direction(turn);
        (a * radius, 38.0 + b * radius - drop)
    };
    let mut path: Vec<(f32, f32)> =
        (0..=12).map(|step| edge(28.0, 0.54 + step as f32 * 0.035, 8.0)).collect();
    path.extend((0..=12).rev().map(|step| edge(24.0, 0.54 + step as f32 * 0.035, -2.0)));
    brush.poly(&path, Ink::fade(skin, skin.mix(skin.shade(), 0.4)));
    brush.line(&[(-26.0, 26.0), (-26.0, 34.0)], 5.0, Rgb(120, 94, 40));
    brush.disc(26.0, 27.0, 3.0, Rgb(96, 74, 40));
}

fn cake(brush: &mut Brush<'_>, look: &Look) {
    let icing = look.color;
    brush.ellipse(0.0, 4.0, 31.0, 4.4, Rgb(226, 228, 234));
    brush.rect(-26.0, 5.0, 52.0, 29.0, Rgb(232, 190, 128));
    brush.rect(-26.0, 16.0, 52.0, 5.0, Rgb(250, 236, 214));
    brush.round(-27.0, 25.0, 54.0, 13.0, 6.0, icing);
    for drip in 0..5 {
        let x = -21.0 + drip as f32 * 10.5;
        brush.round(x - 4.0, 19.0 - (drip % 2) as f32 * 4.0, 8.0, 14.0, 4.0, icing);
    }
    brush.disc(0.0, 42.0, 6.5, Rgb(210, 34, 54));
    brush.line(&[(1.0, 46.0), (6.0, 51.0)], 1.8, Rgb(70, 120, 60));
}

fn candle(brush: &mut Brush<'_>, look: &Look) {
    if look.state == Some(State::Lit) {
        let before = brush.paint_for(0);
        for radius in [26.0, 17.0] {
            brush.disc(0.0, 52.0, radius, Ink::from(Rgb(255, 226, 120)).thin(0.3));
        }
        brush.paint_for(before);
    }
    brush.ellipse(0.0, 3.0, 11.0, 3.0, Rgb(190, 150, 70));
    brush.rect(-7.0, 3.0, 14.0, 38.0, Ink::fade(look.color.light(), look.color));
    brush.ellipse(0.0, 41.0, 7.0, 2.0, look.color.shade());
    brush.line(&[(0.0, 41.0), (0.0, 47.0)], 1.8, INK);
    if look.state == Some(State::Lit) {
        brush.poly(&[(-5.5, 49.0), (0.0, 61.0), (5.5, 49.0)], Rgb(255, 160, 40));
        brush.disc(0.0, 48.5, 5.5, Rgb(255, 160, 40));
        brush.ellipse(0.0, 48.5, 2.8, 5.0, Rgb(255, 244, 170));
    }
}

fn laptop(brush: &mut Brush<'_>, look: &Look) {
    let shell = look.color;
    if look.state == Some(State::Open) {
        brush.round(-31.0, 5.0, 62.0, 47.0, 4.0, shell);
        brush.rect(-27.0, 10.0, 54.0, 38.0, Ink::fade(Rgb(60, 130, 200), Rgb(130, 200, 236)));
        brush.rect(-22.0, 36.0, 26.0, 6.0, PAPER);
        brush.rect(-22.0, 26.0, 36.0, 3.0, Rgb(206, 232, 246));
        brush.rect(-22.0, 20.0, 30.0, 3.0, Rgb(206, 232, 246));
        brush.poly(&[(-31.0, 7.0), (31.0, 7.0), (38.0, 0.0), (-38.0, 0.0)], shell.shade());
    } else {
        brush.round(-38.0, 0.0, 76.0, 6.0, 2.0, shell.shade());
        brush.round(-38.0, 5.0, 76.0, 7.0, 3.0, shell);
        brush.rect(-6.0, 5.0, 12.0, 2.0, shell.deep());
    }
}

fn vase(brush: &mut Brush<'_>, look: &Look) {
    let glaze = look.color;
    brush.ellipse(0.0, 22.0, 19.0, 21.0, Ink::fade(glaze.light(), glaze));
    brush.rect(-10.0, 0.0, 20.0, 5.0, glaze.shade());
    patterned(brush, look, (-13.0, 10.0, 26.0, 24.0));
    brush.poly(&[(-8.0, 36.0), (8.0, 36.0), (11.0, 57.0), (-11.0, 57.0)], glaze);
    brush.ellipse(0.0, 57.0, 11.0, 2.6, glaze.deep());
}

fn kettle(brush: &mut Brush<'_>, look: &Look) {
    let metal = look.color;
    brush.ring(-2.0, 34.0, 19.0, 4.4, INK);
    brush.poly(&[(14.0, 10.0), (27.0, 34.0), (21.0, 36.0), (8.0, 24.0)], metal.shade());
    brush.poly(&[(-16.0, 38.0), (12.0, 38.0), (22.0, 0.0), (-26.0, 0.0)], Ink::fade(metal.light(), metal));
    brush.round(-17.0, 36.0, 30.0, 5.0, 2.0, metal.deep());
    brush.disc(-2.0, 43.0, 3.6, INK);
}

fn ball(brush: &mut Brush<'_>, look: &Look) {
    let skin = look.color;
    brush.disc(0.0, 25.0, 24.5, Ink::fade(skin.light(), skin));
    match look.pattern {
        Some(Pattern::Striped) => {
            let second = if skin == PAPER { Rgb(60, 90, 170) } else { PAPER };
            brush.rect(-23.0, 30.0, 46.0, 6.0, second);
            brush.rect(-23.5, 15.0, 47.0, 6.0, second);
        }
        Some(Pattern::Spotted) => patterned(brush, look, (-17.0, 8.0, 34.0, 34.0)),
        None => brush.tilted(-9.0, 35.0, 7.0, 4.0, 0.12, skin.light().light()),
    }
}

fn box_(brush: &mut Brush<'_>, look: &Look) {
    let card = look.color;
    brush.rect(-26.0, 0.0, 52.0, 38.0, Ink::fade(card, card.shade()));
    brush.rect(-5.0, 0.0, 10.0, 38.0, card.mix(card.light(), 0.5));
    if look.state == Some(State::Open) {
        brush.rect(-26.0, 33.0, 52.0, 6.0, Rgb(50, 40, 40));
        brush.poly(&[(-26.0, 38.0), (-31.0, 50.0), (-12.0, 50.0), (-4.0, 38.0)], card.light());
        brush.poly(&[(26.0, 38.0), (31.0, 50.0), (12.0, 50.0), (4.0, 38.0)], card.light());
    } else {
        brush.rect(-29.0, 35.0, 58.0, 11.0, card.light());
        brush.rect(-5.0, 35.0, 10.0, 11.0, card.shade());
    }
}

fn teddy(brush: &mut Brush<'_>, look: &Look) {
    let fur = look.color;
    for side in [-1.0, 1.0] {
        brush.disc(side * 12.0, 63.0, 6.5, fur.shade());
        brush.tilted(side * 18.0, 32.0, 10.0, 6.0, if side > 0.0 { 0.93 } else { 0.07 }, fur.shade());
        brush.ellipse(side * 14.0, 8.0, 11.0, 8.0, fur.shade());
        brush.disc(side * 16.0, 8.0, 4.4, fur.light().light());
    }
    brush.ellipse(0.0, 22.0, 18.0, 20.0, fur);
    brush.ellipse(0.0, 20.0, 10.0, 12.0, fur.light());
    brush.disc(0.0, 51.0, 16.0, fur);
    brush.ellipse(0.0, 46.0, 8.0, 6.0, fur.light().light());
    brush.disc(0.0, 48.5, 2.8, INK);
    brush.disc(-6.0, 55.0, 2.3, INK);
    brush.disc(6.0, 55.0, 2.3, INK);
}

fn sign(brush: &mut Brush<'_>, look: &Look) {
    brush.upright();
    brush.rect(-4.0, 0.0, 8.0, 60.0, Rgb(112, 104, 100));
    let board = look.color;
    let pale = matches!(board, PAPER | Rgb(252, 208, 48));
    let ink = if pale { Rgb(38, 34, 60) } else { PAPER };
    brush.round(-52.0, 54.0, 104.0, 45.0, 6.0, ink);
    brush.round(-49.0, 57.0, 98.0, 39.0, 4.0, board);
    letters::write(brush, look.text.unwrap_or_default(), (0.0, 76.5), (86.0, 27.0), ink);
}

fn traffic_light(brush: &mut Brush<'_>, look: &Look) {
    brush.rect(-4.0, 0.0, 8.0, 70.0, Rgb(84, 86, 94));
    brush.round(-20.0, 60.0, 40.0, 90.0, 9.0, Rgb(44, 46, 54));
    let lights = [
        (State::Stop, 133.0, Rgb(255, 54, 48)),
        (State::Caution, 105.0, Rgb(255, 206, 40)),
        (State::Go, 77.0, Rgb(60, 226, 96)),
    ];
    for (state, y, color) in lights {
        let on = look.state == Some(state);
        brush.disc(0.0, y, 12.0, if on { color } else { color.mix(Rgb(30, 30, 36), 0.78) });
        if on {
            brush.disc(-3.0, y + 3.0, 4.0, color.light().light());
        }
    }
}

fn mailbox(brush: &mut Brush<'_>, look: &Look) {
    brush.rect(-4.0, 0.0, 8.0, 50.0, Rgb(120, 88, 60));
    brush.round(-24.0, 46.0, 48.0, 42.0, 16.0, Ink::fade(look.color.light(), look.color));
    brush.rect(-24.0, 46.0, 48.0, 14.0, look.color);
    brush.rect(-15.0, 66.0, 30.0, 5.0, look.color.deep());
    brush.rect(-11.0, 52.0, 22.0, 8.0, PAPER);
}
