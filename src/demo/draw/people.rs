//! People with what they wear and hold.

use super::{Brush, INK, Look, Rgb, patterned, things};
use crate::demo::kind::{Kind, Pose};

const SKINS: [Rgb; 4] = [Rgb(250, 214, 180), Rgb(232, 182, 140), Rgb(186, 126, 84), Rgb(122, 80, 56)];
const HAIRS: [Rgb; 5] =
    [Rgb(58, 40, 34), Rgb(122, 74, 36), Rgb(228, 180, 84), Rgb(40, 38, 44), Rgb(176, 82, 38)];

/// Paints a person, about 156 units tall when grown up.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    let child = matches!(look.kind, Kind::Boy | Kind::Girl);
    let scale = if child { 0.8 } else { 1.0 };
    let mut brush = brush.part((0.0, 0.0), scale);
    let skin = SKINS[(look.grain % 4) as usize];
    let trousers = Rgb(58, 72, 112);
    let hip = legs(&mut brush, look, trousers);
    let arm = hold(&mut brush, look, hip);
    torso(&mut brush, look, hip);
    sleeves(&mut brush, look, hip, arm, skin);
    head(&mut brush, look, (0.0, hip + 66.0), skin);
}

/// The legs; returns the height of the hip.
fn legs(brush: &mut Brush<'_>, look: &Look, cloth: Rgb) -> f32 {
    let shoe = Rgb(64, 48, 44);
    if look.pose == Pose::Ride {
        // Sits astride: only the near leg is seen, on the pedal or in the stirrup.
        brush.line(&[(-2.0, 0.0), (15.0, -16.0), (9.0, -38.0)], 14.0, cloth);
        brush.ellipse(13.0, -40.0, 9.0, 5.0, shoe);
        return 0.0;
    }
    let stride = match look.pose {
        Pose::Run => 20.0,
        Pose::Walk => 17.0,
        _ => 7.0,
    };
    let lift = if look.pose == Pose::Run { 12.0 } else { 0.0 };
    if look.pose == Pose::Run {
        brush.line(&[(-4.0, 56.0), (2.0, 32.0), (-stride, 14.0 + lift)], 14.0, cloth.shade());
        brush.ellipse(-stride - 4.0, 12.0 + lift, 6.0, 8.0, shoe);
    } else {
        brush.line(&[(-4.0, 56.0), (-stride, 8.0)], 14.0, cloth.shade());
        brush.ellipse(-stride + 2.0, 5.0, 10.0, 5.0, shoe);
    }
    brush.line(&[(4.0, 56.0), (stride * 0.8, 30.0), (stride, 8.0)], 14.0, cloth);
    brush.ellipse(stride + 4.0, 5.0, 10.0, 5.0, shoe);
    if matches!(look.kind, Kind::Woman | Kind::Girl) {
        brush.poly(&[(-11.0, 64.0), (11.0, 64.0), (21.0, 28.0), (-21.0, 28.0)], cloth);
    }
    54.0
}

/// Shirt: the part's own colour, or plain cloth where nothing is said of it.
fn torso(brush: &mut Brush<'_>, look: &Look, hip: f32) {
    let outline = [
        (-14.0, hip),
        (-16.0, hip + 24.0),
        (-17.0, hip + 38.0),
        (-9.0, hip + 48.0),
        (9.0, hip + 48.0),
        (17.0, hip + 38.0),
        (16.0, hip + 24.0),
        (14.0, hip),
    ];
    match look.part(Kind::Shirt) {
        Some((owner, shirt)) => {
            let before = brush.paint_for(owner);
            brush.poly(&outline, shirt.color);
            patterned(brush, shirt, (-15.5, hip + 1.0, 31.0, 40.0));
            brush.paint_for(before);
        }
        None => brush.poly(&outline, Rgb(150, 166, 178)),
    }
}

/// Arms; the near hand is at `hand` where something is held.
fn sleeves(brush: &mut Brush<'_>, look: &Look, hip: f32, hand: Option<(f32, f32)>, skin: Rgb) {
    let shirt = look.part(Kind::Shirt);
    let cloth = shirt.map_or(Rgb(132, 148, 160), |(_, shirt)| shirt.color.shade());
    let before = brush.paint_for(shirt.map_or(look.owner, |(owner, _)| owner));
    let shoulder = hip + 42.0;
    let swing = match look.pose {
        Pose::Run => 16.0,
        Pose::Walk => 12.0,
        Pose::Ride => -26.0,
        _ => 5.0,
    };
    let back = (-19.0 - swing * 0.4, shoulder - 20.0);
    let front = match (hand, look.pose) {
        (Some(hand), _) => (f32::midpoint(15.0, hand.0) + 2.0, f32::midpoint(shoulder, hand.1) - 6.0),
        (None, Pose::Ride) => (26.0, shoulder - 16.0),
        _ => (20.0 + swing * 0.3, shoulder - 20.0),
    };
    let rear = look.pose != Pose::Ride;
    if rear {
        brush.line(&[(-14.0, shoulder), back], 10.0, cloth);
    }
    brush.line(&[(14.0, shoulder), front], 10.0, cloth);
    brush.paint_for(look.owner);
    if rear {
        brush.line(&[back, (back.0 - 1.0 - swing * 0.4, back.1 - 18.0)], 8.0, skin);
    }
    let end = match (hand, look.pose) {
        (Some(hand), _) => hand,
        (None, Pose::Ride) => (40.0, shoulder - 20.0),
        _ => (front.0 + swing * 0.5, front.1 - 18.0),
    };
    brush.line(&[front, end], 8.0, skin);
    brush.disc(end.0, end.1, 5.0, skin);
    brush.paint_for(before);
}

/// What the person holds, behind the arm; returns where the hand is.
fn hold(brush: &mut Brush<'_>, look: &Look, hip: f32) -> Option<(f32, f32)> {
    let (owner, held) = look.parts.iter().find_map(|(owner, part)| {
        matches!(part.kind, Kind::Umbrella | Kind::Balloon | Kind::Flower | Kind::Book | Kind::Cup)
            .then_some((*owner, part))
    })?;
    let hand = match held.kind {
        Kind::Umbrella => (24.0, hip + 30.0),
        Kind::Balloon => (31.0, hip + 52.0),
        Kind::Flower => (30.0, hip + 22.0),
        _ => (29.0, hip + 20.0),
    };
    let before = brush.paint_for(owner);
    match held.kind {
        Kind::Umbrella => things::umbrella(&mut brush.part((22.0, hip + 8.0), 0.9), held),
        Kind::Balloon => things::balloon(&mut brush.part((36.0, hip + 50.0), 0.8), held),
        Kind::Flower => super::nature::flower(&mut brush.part((31.0, hip + 12.0), 0.72), held),
        Kind::Cup => things::cup(&mut brush.part((36.0, hip + 14.0), 0.7), held),
        _ => things::book(&mut brush.part((36.0, hip + 16.0), 0.72), held),
    }
    brush.paint_for(before);
    Some(hand)
}

fn head(brush: &mut Brush<'_>, look: &Look, middle: (f32, f32), skin: Rgb) {
    let hair = HAIRS[(look.grain / 4 % 5) as usize];
    let (x, y) = middle;
    let long = matches!(look.kind, Kind::Woman | Kind::Girl);
    if long {
        brush.round(x - 20.0, y - 24.0, 38.0, 44.0, 17.0, hair);
    }
    brush.rect(x - 5.0, y - 20.0, 10.0, 12.0, skin.shade());
    brush.disc(x, y, 17.0, skin);
    brush.arc(x, y + 1.0, 18.5, 19.0, (0.02, 0.48), hair);
    if long {
        brush.round(x - 20.0, y - 18.0, 7.0, 26.0, 3.5, hair);
        brush.round(x + 13.5, y - 18.0, 6.5, 26.0, 3.2, hair);
    }
    if look.kind == Kind::Man && look.grain.is_multiple_of(3) {
        brush.arc(x, y - 5.0, 14.0, 12.0, (0.5, 1.0), hair);
        brush.ellipse(x + 2.0, y - 7.0, 5.0, 2.4, Rgb(206, 92, 84));
    } else {
        brush.arc(x + 2.0, y - 6.0, 6.5, 5.0, (0.5, 1.0), Rgb(190, 70, 66));
    }
    for side in [-5.0, 8.0] {
        brush.ellipse(x + side, y + 0.5, 2.2, 2.8, INK);
    }
    brush.disc(x - 9.0, y - 5.0, 3.0, skin.mix(Rgb(240, 110, 100), 0.4));
    brush.disc(x + 12.0, y - 5.0, 3.0, skin.mix(Rgb(240, 110, 100), 0.4));
    if let Some((owner, hat)) = look.part(Kind::Hat) {
        let before = brush.paint_for(owner);
        brush.round(x - 14.0, y + 9.0, 28.0, 21.0, 9.0, hat.color);
        brush.rect(x - 14.0, y + 10.0, 28.0, 5.0, hat.color.deep());
        brush.round(x - 25.0, y + 5.0, 50.0, 7.0, 3.5, hat.color.shade());
        brush.paint_for(before);
    }
}
