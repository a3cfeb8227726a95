//! Sky, ground and rooms behind the things. Nothing here is spoken of but place and weather.

use super::{PAPER, Rgb};
use crate::demo::canvas::{Brush, Canvas, HEIGHT, Ink, WIDTH};
use crate::demo::dice::Dice;
use crate::demo::place::{Mood, Place};

/// Row of the horizon.
const HORIZON: f32 = 152.0;

/// Paints all that lies behind the things.
pub(in crate::demo) fn backdrop(canvas: &mut Canvas, place: Place, mood: Mood, grain: u64) {
    let mut dice = Dice::new(grain);
    canvas.paint_for(0);
    if place.indoors() {
        room(canvas, place, mood, &mut dice);
        return;
    }
    sky(canvas, mood, &mut dice);
    match place {
        Place::Beach => beach(canvas, mood, &mut dice),
        Place::Street => street(canvas, place, mood, &mut dice),
        Place::City => city(canvas, place, mood, &mut dice),
        Place::Harbor | Place::Lake => water(canvas, place, mood, &mut dice),
        _ => meadow(canvas, place, mood, &mut dice),
    }
}

/// Paints what falls from the sky, over everything but owned by nothing.
pub(in crate::demo) fn weather(canvas: &mut Canvas, mood: Mood, grain: u64) {
    let mut dice = Dice::new(grain ^ 0x5EED);
    canvas.paint_for(0);
    match mood {
        Mood::Rainy => {
            for _ in 0..90 {
                let foot = (dice.between(0.0, 390.0), dice.between(8.0, 286.0));
                let drop = Ink::from(Rgb(226, 238, 250)).thin(0.45);
                Brush::new(canvas, foot, 1.0, false).line(&[(0.0, 0.0), (4.0, 15.0)], 1.5, drop);
            }
        }
        Mood::Snowy => {
            for _ in 0..110 {
                let foot = (dice.between(0.0, 384.0), dice.between(0.0, 288.0));
                let size = dice.between(1.2, 2.9);
                // Thin enough not to take pixels away from what it falls in front of.
                Brush::new(canvas, foot, 1.0, false).disc(0.0, 0.0, size, Ink::from(PAPER).thin(0.49));
            }
        }
        _ => {}
    }
}

fn sky(canvas: &mut Canvas, mood: Mood, dice: &mut Dice) {
    let (top, bottom) = match mood {
        Mood::Sunny | Mood::Plain => (Rgb(66, 158, 232), Rgb(200, 234, 250)),
        Mood::Cloudy => (Rgb(138, 164, 190), Rgb(214, 224, 230)),
        Mood::Rainy => (Rgb(84, 98, 124), Rgb(158, 172, 188)),
        Mood::Snowy => (Rgb(156, 176, 204), Rgb(228, 234, 242)),
        Mood::Sunset => (Rgb(92, 74, 158), Rgb(255, 172, 96)),
        Mood::Night => (Rgb(10, 16, 52), Rgb(52, 62, 118)),
    };
    canvas.band(0.0, HORIZON + 30.0, Ink::fade(top, bottom));
    let corner = if dice.chance(50) { 46.0 } else { 338.0 };
    match mood {
        Mood::Sunny => {
            let mut brush = Brush::new(canvas, (corner, 38.0), 1.0, false);
            brush.disc(0.0, 0.0, 40.0, Ink::from(Rgb(255, 244, 170)).thin(0.3));
            for ray in 0..12 {
                let (a, b) = crate::demo::canvas::direction(ray as f32 / 12.0);
                brush.line(&[(a * 29.0, b * 29.0), (a * 37.0, b * 37.0)], 3.4, Rgb(255, 222, 84));
            }
            brush.disc(0.0, 0.0, 24.0, Ink::fade(Rgb(255, 238, 120), Rgb(255, 208, 60)));
            clouds(canvas, 2, PAPER, dice);
        }
        Mood::Cloudy => clouds(canvas, 6, Rgb(240, 243, 246), dice),
        Mood::Rainy => clouds(canvas, 6, Rgb(112, 124, 146), dice),
        Mood::Snowy => clouds(canvas, 3, Rgb(236, 240, 246), dice),
        Mood::Sunset => {
            let mut brush = Brush::new(canvas, (dice.between(90.0, 290.0), HORIZON - 8.0), 1.0, false);
            brush.disc(0.0, 0.0, 62.0, Ink::from(Rgb(255, 224, 130)).thin(0.28));
            brush.disc(0.0, 0.0, 36.0, Ink::fade(Rgb(255, 232, 120), Rgb(255, 140, 70)));
            clouds(canvas, 2, Rgb(226, 130, 148), dice);
        }
        Mood::Night => {
            for _ in 0..46 {
                let foot = (dice.between(0.0, 384.0), dice.between(0.0, 130.0));
                let size = dice.between(0.7, 1.7);
                Brush::new(canvas, foot, 1.0, false).disc(0.0, 0.0, size, Rgb(240, 240, 220));
            }
            let mut brush = Brush::new(canvas, (corner, 38.0), 1.0, false);
            brush.disc(0.0, 0.0, 34.0, Ink::from(Rgb(250, 246, 200)).thin(0.14));
            brush.disc(0.0, 0.0, 21.0, Rgb(252, 246, 206));
            for (x, y, radius) in [(-7.0, 6.0, 4.5), (7.0, -3.0, 5.5), (-3.0, -10.0, 3.0)] {
                brush.disc(x, y, radius, Rgb(228, 220, 178));
            }
        }
        Mood::Plain => {}
    }
}

fn clouds(canvas: &mut Canvas, number: usize, color: Rgb, dice: &mut Dice) {
    for _ in 0..number {
        let foot = (dice.between(0.0, 384.0), dice.between(26.0, 84.0));
        let mut brush = Brush::new(canvas, foot, dice.between(0.7, 1.25), false);
        for (x, y, radius) in [(-24.0, 8.0, 11.0), (-6.0, 14.0, 16.0), (15.0, 10.0, 13.0), (30.0, 6.0, 8.0)] {
            brush.disc(x, y, radius, color);
        }
        brush.round(-35.0, -3.0, 73.0, 14.0, 7.0, color);
    }
}

/// Rounded hills along the horizon.
fn hills(canvas: &mut Canvas, color: Rgb, height: f32, dice: &mut Dice) {
    let mut x = dice.between(-40.0, 20.0);
    while x < 420.0 {
        let half = dice.between(70.0, 110.0);
        let up = height * dice.between(0.6, 1.0);
        Brush::new(canvas, (x, HORIZON + 16.0), 1.0, false).ellipse(0.0, 0.0, half, up + 16.0, color);
        x += half * 1.1;
    }
}

/// How the ground's colours look in this light.
fn lit(color: Rgb, mood: Mood) -> Rgb {
    match mood {
        Mood::Night => color.mix(Rgb(14, 20, 58), 0.62),
        Mood::Sunset => color.mix(Rgb(222, 112, 88), 0.28),
        Mood::Rainy => color.mix(Rgb(88, 102, 120), 0.34),
        Mood::Cloudy => color.mix(Rgb(150, 160, 168), 0.16),
        _ => color,
    }
}

fn meadow(canvas: &mut Canvas, place: Place, mood: Mood, dice: &mut Dice) {
    let front = place.front(mood);
    let snowy = mood == Mood::Snowy;
    let hill = if snowy { Rgb(206, 220, 236) } else { Rgb(122, 186, 128) };
    hills(canvas, lit(hill, mood), if place == Place::Countryside { 44.0 } else { 26.0 }, dice);
    let (top, bottom) = if snowy {
        (Rgb(226, 236, 246), Rgb(250, 252, 255))
    } else if place == Place::Farm {
        (Rgb(158, 196, 84), Rgb(116, 170, 66))
    } else {
        (Rgb(132, 200, 92), Rgb(84, 164, 70))
    };
    canvas.band(front.top as f32, 288.0, Ink::fade(lit(top, mood), lit(bottom, mood)));
    if place == Place::Farm && !snowy {
        for furrow in 0..5 {
            let y = 168.0 + furrow as f32 * 4.0;
            canvas.band(y, y + 1.6, lit(Rgb(196, 190, 92), mood));
        }
    }
    if place == Place::Park && !snowy {
        let mut brush = Brush::new(canvas, (192.0, 288.0), 1.0, dice.chance(50));
        brush.poly(
            &[
                (-190.0, 0.0),
                (30.0, 0.0),
                (60.0, 40.0),
                (130.0, 80.0),
                (200.0, 96.0),
                (200.0, 104.0),
                (90.0, 88.0),
                (-10.0, 50.0),
            ],
            lit(Rgb(226, 204, 158), mood),
        );
    }
    let tuft = if snowy { Rgb(204, 218, 234) } else { Rgb(66, 140, 58) };
    for _ in 0..26 {
        let foot = (dice.between(4.0, 380.0), dice.between(204.0, 286.0));
        let mut brush = Brush::new(canvas, foot, 1.0, false);
        for x in [-3.0, 0.0, 3.0] {
            brush.line(&[(x * 0.4, 0.0), (x, 5.0)], 1.5, lit(tuft, mood));
        }
    }
    if place == Place::Countryside {
        let back = place.back(mood);
        canvas.band(back.top as f32, back.bottom as f32, lit(Rgb(160, 150, 140), mood));
        for tie in 0..33 {
            let left = tie as f32 * 12.0 - 4.0;
            let foot = (left, back.bottom as f32 - 3.0);
            Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 6.0, 11.0, lit(Rgb(112, 82, 60), mood));
        }
        canvas.band(184.0, 186.5, lit(Rgb(92, 96, 106), mood));
        canvas.band(192.0, 194.5, lit(Rgb(92, 96, 106), mood));
    }
}

fn beach(canvas: &mut Canvas, mood: Mood, dice: &mut Dice) {
    let (sea, sand) = (Place::Beach.back(mood), Place::Beach.front(mood));
    let fade = Ink::fade(lit(Rgb(40, 130, 196), mood), lit(Rgb(96, 200, 210), mood));
    canvas.band(sea.top as f32, sea.bottom as f32, fade);
    for _ in 0..22 {
        let foot = (dice.between(0.0, 384.0), dice.between(156.0, 192.0));
        let length = dice.between(6.0, 18.0);
        Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, length, 1.4, lit(Rgb(190, 230, 240), mood));
    }
    let fade = Ink::fade(lit(Rgb(250, 226, 166), mood), lit(Rgb(236, 200, 132), mood));
    canvas.band(sand.top as f32, 288.0, fade);
    canvas.band(sand.top as f32 - 2.0, sand.top as f32 + 3.0, lit(Rgb(244, 250, 250), mood));
    canvas.band(sand.top as f32 + 3.0, sand.top as f32 + 9.0, lit(Rgb(214, 184, 128), mood));
    for _ in 0..16 {
        let foot = (dice.between(4.0, 380.0), dice.between(216.0, 284.0));
        Brush::new(canvas, foot, 1.0, false).ellipse(0.0, 0.0, 3.0, 1.4, lit(Rgb(206, 168, 108), mood));
    }
}

/// Road with its middle line, and the sidewalk behind it.
fn road(canvas: &mut Canvas, place: Place, mood: Mood) {
    let (walk, road) = (place.back(mood), place.front(mood));
    let snowy = mood == Mood::Snowy;
    let paving = if snowy { Rgb(232, 238, 246) } else { Rgb(192, 188, 184) };
    canvas.band(walk.top as f32, walk.bottom as f32, lit(paving, mood));
    for slab in 0..13 {
        let foot = (slab as f32 * 32.0 + 8.0, walk.bottom as f32);
        Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 1.4, 22.0, lit(Rgb(164, 160, 158), mood));
    }
    canvas.band(walk.bottom as f32 - 4.0, walk.bottom as f32, lit(Rgb(146, 144, 144), mood));
    let asphalt = if snowy { Rgb(150, 156, 168) } else { Rgb(98, 102, 114) };
    canvas.band(road.top as f32, 288.0, Ink::fade(lit(asphalt, mood), lit(asphalt.shade(), mood)));
    for dash in 0..7 {
        let foot = (dash as f32 * 62.0 - 14.0, 240.0);
        Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 34.0, 4.5, lit(Rgb(240, 232, 200), mood));
    }
}

fn street(canvas: &mut Canvas, place: Place, mood: Mood, dice: &mut Dice) {
    let hill = if mood == Mood::Snowy { Rgb(214, 226, 238) } else { Rgb(134, 184, 140) };
    hills(canvas, lit(hill, mood), 22.0, dice);
    let lawn = if mood == Mood::Snowy { Rgb(238, 244, 250) } else { Rgb(126, 186, 100) };
    canvas.band(HORIZON + 10.0, place.back(mood).top as f32, lit(lawn, mood));
    road(canvas, place, mood);
}

/// A row of towers with shining windows.
fn city(canvas: &mut Canvas, place: Place, mood: Mood, dice: &mut Dice) {
    let mut left = -8.0;
    while left < 384.0 {
        let (width, height) = (dice.between(36.0, 62.0), dice.between(62.0, 116.0));
        let wall = Rgb(34, 38, 78).mix(Rgb(64, 58, 108), dice.share());
        let mut brush = Brush::new(canvas, (left, 184.0), 1.0, false);
        brush.rect(0.0, 0.0, width, height, wall);
        let (columns, rows) = ((width / 12.0) as usize, (height / 14.0) as usize);
        for column in 0..columns {
            for row in 0..rows {
                let (x, y) = (5.0 + column as f32 * 12.0, 6.0 + row as f32 * 14.0);
                if dice.chance(52) {
                    brush.rect(x, y, 5.0, 7.0, Rgb(255, 218, 122));
                } else {
                    brush.rect(x, y, 5.0, 7.0, wall.shade());
                }
            }
        }
        left += width + 2.0;
    }
    road(canvas, place, mood);
}

fn water(canvas: &mut Canvas, place: Place, mood: Mood, dice: &mut Dice) {
    let (back, front) = (place.back(mood), place.front(mood));
    if place == Place::Lake {
        for (x, half, high) in [(40.0, 92.0, 84.0), (196.0, 120.0, 108.0), (340.0, 96.0, 78.0)] {
            let (x, high) = (x + dice.between(-14.0, 14.0), high + dice.between(-10.0, 8.0));
            let mut brush = Brush::new(canvas, (x, 178.0), 1.0, false);
            let rock = lit(Rgb(122, 132, 168), mood);
            brush.poly(&[(-half, 0.0), (half, 0.0), (0.0, high)], rock);
            brush.poly(&[(half * 0.1, 0.0), (half, 0.0), (0.0, high)], rock.shade());
            let cap = high * 0.68;
            let side = half * 0.32;
            brush.poly(
                &[
                    (-side, cap),
                    (-side * 0.4, cap + 5.0),
                    (0.0, cap - 6.0),
                    (side * 0.5, cap + 5.0),
                    (side, cap),
                    (0.0, high),
                ],
                lit(PAPER, mood),
            );
        }
        let meadow = Ink::fade(lit(Rgb(112, 176, 92), mood), lit(Rgb(196, 176, 116), mood));
        canvas.band(back.top as f32 - 6.0, back.bottom as f32, meadow);
    } else {
        hills(canvas, lit(Rgb(118, 150, 178), mood), 30.0, dice);
        canvas.band(HORIZON + 8.0, back.top as f32, lit(Rgb(66, 134, 186), mood));
        canvas.band(back.top as f32, back.bottom as f32 - 6.0, lit(Rgb(178, 132, 88), mood));
        canvas.band(back.bottom as f32 - 6.0, back.bottom as f32, lit(Rgb(120, 84, 56), mood));
        for plank in 0..17 {
            let foot = (plank as f32 * 24.0 + 6.0, back.bottom as f32 - 6.0);
            Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 1.4, 14.0, lit(Rgb(140, 100, 66), mood));
        }
    }
    let fade = Ink::fade(lit(Rgb(72, 150, 206), mood), lit(Rgb(30, 96, 168), mood));
    canvas.band(front.top as f32, 288.0, fade);
    if place == Place::Harbor {
        for post in 0..6 {
            let foot = (post as f32 * 74.0 + 10.0, back.bottom as f32 + 12.0);
            Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 7.0, 14.0, lit(Rgb(96, 66, 44), mood));
        }
    }
    for _ in 0..44 {
        let foot = (dice.between(-8.0, 384.0), dice.between(front.top as f32 + 5.0, 285.0));
        let length = dice.between(8.0, 24.0);
        let foam = Ink::from(lit(Rgb(196, 228, 244), mood)).thin(0.62);
        Brush::new(canvas, foot, 1.0, false).round(0.0, 0.0, length, 2.0, 1.0, foam);
    }
}

fn room(canvas: &mut Canvas, place: Place, mood: Mood, dice: &mut Dice) {
    let walls = [
        (Rgb(250, 228, 190), Rgb(244, 212, 168)),
        (Rgb(196, 226, 222), Rgb(172, 208, 206)),
        (Rgb(232, 214, 232), Rgb(214, 194, 218)),
        (Rgb(212, 222, 240), Rgb(190, 204, 228)),
    ];
    let (top, bottom) = walls[dice.below(walls.len())];
    let dim = |color: Rgb| if mood == Mood::Night { color.mix(Rgb(58, 40, 84), 0.42) } else { color };
    let floor = place.front(mood).top as f32;
    canvas.band(0.0, floor, Ink::fade(dim(top), dim(bottom)));
    match place {
        Place::Kitchen => {
            let tile = dim(bottom.mix(PAPER, 0.5));
            for row in 0..4 {
                for column in 0..17 {
                    let foot =
                        (column as f32 * 24.0 - (row % 2) as f32 * 12.0 + 1.0, 136.0 + row as f32 * 20.0);
                    Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 22.0, 18.0, tile);
                }
            }
        }
        Place::LivingRoom => {
            for stripe in 0..8 {
                let foot = (stripe as f32 * 50.0 + 8.0, floor);
                let paper = dim(top.mix(bottom.shade(), 0.24));
                Brush::new(canvas, foot, 1.0, false).rect(0.0, 0.0, 16.0, floor, paper);
            }
        }
        _ => {}
    }
    let wood = [Rgb(190, 138, 92), Rgb(164, 118, 84), Rgb(206, 168, 124)][dice.below(3)];
    canvas.band(floor, HEIGHT as f32, Ink::fade(dim(wood), dim(wood.shade())));
    for plank in 0..4 {
        let y = floor + 14.0 + plank as f32 * 17.0;
        canvas.band(y, y + 1.3, dim(wood.shade()));
    }
    canvas.band(floor - 8.0, floor, dim(PAPER));
    let rug = [Rgb(200, 84, 84), Rgb(84, 120, 178), Rgb(98, 150, 116)][dice.below(3)];
    let mut brush = Brush::new(canvas, (WIDTH as f32 / 2.0, 268.0), 1.0, false);
    brush.ellipse(0.0, 0.0, 150.0, 17.0, dim(rug));
    brush.ellipse(0.0, 0.0, 136.0, 13.0, dim(rug.light()));
    brush.ellipse(0.0, 0.0, 122.0, 10.0, dim(rug));
}
