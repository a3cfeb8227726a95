//! Animals, all facing right.

use super::{Brush, INK, Look, PAPER, Rgb, eye};
use crate::demo::kind::{Kind, Pose};

/// Paints an animal.
pub(super) fn paint(brush: &mut Brush<'_>, look: &Look) {
    match look.kind {
        Kind::Dog => dog(brush, look),
        Kind::Cat => cat(brush, look),
        Kind::Bird => bird(brush, look),
        Kind::Horse => horse(brush, look),
        Kind::Cow => cow(brush, look),
        Kind::Sheep => sheep(brush, look),
        Kind::Duck => duck(brush, look),
        Kind::Fish => fish(brush, look),
        Kind::Chicken => chicken(brush, look),
        Kind::Rabbit => rabbit(brush, look),
        _ => butterfly(brush, look),
    }
}

/// Four legs under a body.
struct Legs {
    front: f32,
    back: f32,
    top: f32,
    width: f32,
    near: Rgb,
}

impl Legs {
    fn paint(&self, brush: &mut Brush<'_>, pose: Pose) {
        let far = self.near.shade();
        let gap = self.width * 1.25;
        // How far each foot lies ahead of its hip: back far, back near, front far, front near.
        let reach = match pose {
            Pose::Run => [-0.7, -0.35, 0.75, 0.45],
            Pose::Walk => [0.3, -0.3, 0.3, -0.25],
            _ => [0.0; 4],
        };
        let hips = [
            (self.back + gap, far),
            (self.back, self.near),
            (self.front + gap * 0.6, far),
            (self.front - gap * 0.4, self.near),
        ];
        for ((hip, color), reach) in hips.into_iter().zip(reach) {
            let lift = if pose == Pose::Run { self.top * 0.12 } else { 0.0 };
            let foot = (hip + reach * self.top, self.width / 2.0 + lift);
            brush.line(&[(hip, self.top), foot], self.width, color);
        }
    }
}

fn dog(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    let head = match look.pose {
        Pose::Sit => {
            brush.line(&[(-22.0, 8.0), (-38.0, 10.0), (-44.0, 22.0)], 8.0, coat.shade());
            brush.tilted(-8.0, 30.0, 32.0, 20.0, 0.17, coat);
            brush.ellipse(-14.0, 16.0, 22.0, 16.0, coat);
            brush.line(&[(12.0, 40.0), (14.0, 4.0)], 10.0, coat.shade());
            brush.line(&[(4.0, 40.0), (5.0, 4.0)], 11.0, coat);
            brush.ellipse(-10.0, 5.0, 18.0, 5.0, coat);
            (14.0, 62.0)
        }
        Pose::Lie => {
            brush.line(&[(-36.0, 12.0), (-48.0, 6.0)], 8.0, coat.shade());
            brush.round(-42.0, 0.0, 76.0, 32.0, 16.0, coat);
            brush.line(&[(22.0, 5.0), (46.0, 5.0)], 9.0, coat.shade());
            brush.ellipse(-26.0, 12.0, 17.0, 12.0, coat.shade());
            (30.0, 36.0)
        }
        pose => {
            brush.line(&[(-36.0, 48.0), (-44.0, 62.0), (-42.0, 72.0)], 8.0, coat.shade());
            Legs { front: 24.0, back: -32.0, top: 32.0, width: 10.0, near: coat }.paint(brush, pose);
            brush.round(-42.0, 24.0, 78.0, 32.0, 16.0, coat);
            brush.tilted(26.0, 50.0, 20.0, 13.0, 0.14, coat);
            (34.0, 62.0)
        }
    };
    let (x, y) = head;
    brush.disc(x - 2.0, y, 17.0, coat);
    brush.ellipse(x + 10.0, y - 6.0, 9.0, 8.0, coat.light());
    brush.disc(x + 16.0, y - 4.0, 3.6, INK);
    brush.tilted(x - 13.0, y - 1.0, 7.0, 14.0, 0.02, coat.deep());
    eye(brush, x + 3.0, y + 4.0, look.pose == Pose::Lie);
    brush.line(&[(x - 10.0, y - 14.0), (x + 3.0, y - 16.0)], 5.0, Rgb(220, 60, 60));
}

fn cat(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    let head = match look.pose {
        Pose::Lie => {
            brush.ellipse(-4.0, 17.0, 36.0, 17.0, coat);
            brush.line(&[(-32.0, 10.0), (-20.0, 4.0), (4.0, 4.0)], 8.0, coat.shade());
            (20.0, 24.0)
        }
        Pose::Stand | Pose::Walk | Pose::Run => {
            brush.line(&[(-28.0, 36.0), (-36.0, 52.0), (-30.0, 64.0)], 7.0, coat.shade());
            Legs { front: 14.0, back: -24.0, top: 24.0, width: 8.0, near: coat }.paint(brush, look.pose);
            brush.round(-32.0, 18.0, 56.0, 26.0, 13.0, coat);
            (21.0, 48.0)
        }
        _ => {
            brush.line(&[(-18.0, 6.0), (-32.0, 8.0), (-34.0, 26.0)], 8.0, coat.shade());
            brush.ellipse(-4.0, 22.0, 21.0, 23.0, coat);
            brush.line(&[(8.0, 28.0), (9.0, 4.0)], 9.0, coat);
            brush.line(&[(0.0, 28.0), (0.0, 4.0)], 9.0, coat);
            brush.line(&[(4.5, 20.0), (4.5, 2.0)], 1.4, coat.deep());
            (4.0, 54.0)
        }
    };
    let (x, y) = head;
    for side in [-1.0, 1.0] {
        brush.poly(
            &[(x + side * 17.0, y + 2.0), (x + side * 14.0, y + 24.0), (x + side * 2.0, y + 13.0)],
            coat,
        );
        brush.poly(
            &[(x + side * 14.0, y + 8.0), (x + side * 13.0, y + 19.0), (x + side * 6.0, y + 12.0)],
            Rgb(240, 160, 170),
        );
    }
    brush.ellipse(x, y, 18.0, 16.0, coat);
    brush.ellipse(x, y - 7.0, 8.0, 5.5, coat.light());
    for side in [-1.0, 1.0] {
        eye(brush, x + side * 7.5, y + 3.0, look.pose == Pose::Lie);
        brush.line(&[(x + side * 7.0, y - 6.0), (x + side * 19.0, y - 4.0)], 1.2, coat.deep());
    }
    brush.poly(&[(x - 3.0, y - 3.0), (x + 3.0, y - 3.0), (x, y - 7.0)], Rgb(222, 90, 110));
}

fn bird(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    brush.poly(&[(-14.0, 22.0), (-31.0, 30.0), (-29.0, 18.0)], coat.shade());
    if look.pose == Pose::Fly {
        brush.poly(&[(-8.0, 24.0), (-22.0, 43.0), (8.0, 26.0)], coat.shade());
    } else {
        brush.line(&[(-2.0, 12.0), (-2.0, 1.0), (4.0, 1.0)], 2.6, Rgb(214, 130, 40));
        brush.line(&[(4.0, 12.0), (4.0, 1.0), (10.0, 1.0)], 2.6, Rgb(214, 130, 40));
    }
    brush.ellipse(0.0, 20.0, 19.0, 12.0, coat);
    brush.ellipse(4.0, 15.0, 12.0, 7.0, coat.light());
    brush.disc(15.0, 28.0, 10.0, coat);
    brush.poly(&[(23.0, 31.0), (32.0, 27.0), (23.0, 24.0)], Rgb(250, 170, 40));
    eye(brush, 17.0, 30.0, false);
    if look.pose == Pose::Fly {
        brush.poly(&[(-10.0, 22.0), (-10.0, 43.0), (4.0, 34.0), (12.0, 21.0)], coat.deep());
    } else {
        brush.tilted(-5.0, 21.0, 14.0, 7.0, 0.97, coat.deep());
    }
}

fn horse(brush: &mut Brush<'_>, look: &Look) {
    let (coat, mane) = (look.color, look.color.deep());
    brush.line(&[(-46.0, 72.0), (-58.0, 56.0), (-56.0, 34.0)], 9.0, mane);
    Legs { front: 28.0, back: -38.0, top: 50.0, width: 10.0, near: coat }.paint(brush, look.pose);
    brush.round(-50.0, 44.0, 88.0, 38.0, 19.0, coat);
    if look.pose == Pose::Graze {
        brush.poly(&[(20.0, 76.0), (36.0, 70.0), (56.0, 26.0), (42.0, 20.0), (22.0, 50.0)], coat);
        brush.line(&[(26.0, 78.0), (40.0, 62.0), (54.0, 36.0)], 7.0, mane);
        brush.tilted(50.0, 16.0, 17.0, 9.0, 0.86, coat);
        brush.disc(55.0, 9.0, 7.0, coat.light());
        eye(brush, 48.0, 22.0, false);
    } else {
        brush.poly(&[(14.0, 76.0), (30.0, 112.0), (46.0, 106.0), (38.0, 58.0)], coat);
        brush.line(&[(12.0, 82.0), (22.0, 102.0), (32.0, 114.0)], 9.0, mane);
        brush.poly(&[(34.0, 108.0), (36.0, 121.0), (43.0, 110.0)], coat);
        brush.tilted(45.0, 98.0, 19.0, 11.0, 0.9, coat);
        brush.disc(55.0, 88.0, 7.5, coat.light());
        brush.disc(59.0, 89.0, 1.7, INK);
        eye(brush, 41.0, 104.0, false);
    }
}

fn cow(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    let patch = if look.color == PAPER { Rgb(60, 54, 58) } else { coat.light().light() };
    brush.line(&[(-48.0, 70.0), (-56.0, 44.0)], 4.0, coat.shade());
    brush.disc(-56.0, 40.0, 5.0, coat.deep());
    Legs { front: 30.0, back: -38.0, top: 38.0, width: 11.0, near: coat }.paint(brush, look.pose);
    brush.ellipse(-18.0, 31.0, 10.0, 7.0, Rgb(242, 166, 170));
    brush.round(-50.0, 32.0, 92.0, 46.0, 18.0, coat);
    brush.ellipse(-24.0, 60.0, 15.0, 11.0, patch);
    brush.ellipse(8.0, 48.0, 12.0, 9.0, patch);
    let (x, y) = if look.pose == Pose::Graze { (48.0, 28.0) } else { (44.0, 72.0) };
    if look.pose == Pose::Graze {
        brush.poly(&[(26.0, 70.0), (44.0, 62.0), (58.0, 34.0), (40.0, 26.0), (24.0, 40.0)], coat);
    }
    brush.line(&[(x - 9.0, y + 14.0), (x - 13.0, y + 23.0)], 5.0, Rgb(236, 224, 196));
    brush.line(&[(x + 8.0, y + 14.0), (x + 11.0, y + 23.0)], 5.0, Rgb(236, 224, 196));
    brush.tilted(x - 18.0, y + 9.0, 9.0, 5.0, 0.95, coat.shade());
    brush.round(x - 14.0, y - 12.0, 28.0, 30.0, 11.0, coat);
    brush.ellipse(x + 3.0, y - 10.0, 14.0, 10.0, Rgb(244, 178, 180));
    brush.disc(x - 2.0, y - 10.0, 2.2, INK);
    brush.disc(x + 8.0, y - 10.0, 2.2, INK);
    eye(brush, x - 5.0, y + 7.0, false);
    eye(brush, x + 7.0, y + 7.0, false);
}

fn sheep(brush: &mut Brush<'_>, look: &Look) {
    let wool = look.color;
    let face = if wool == PAPER { Rgb(70, 62, 66) } else { wool.deep() };
    Legs { front: 18.0, back: -24.0, top: 26.0, width: 8.0, near: face }.paint(brush, look.pose);
    for (x, y, radius) in [
        (-30.0, 40.0, 17.0),
        (-14.0, 52.0, 18.0),
        (8.0, 53.0, 18.0),
        (22.0, 40.0, 17.0),
        (-16.0, 30.0, 17.0),
        (8.0, 30.0, 17.0),
    ] {
        brush.disc(x, y, radius, wool);
    }
    for (x, y) in [(-22.0, 44.0), (-4.0, 52.0), (2.0, 36.0)] {
        brush.ring(x, y, 7.0, 1.8, wool.shade());
    }
    let (x, y) = if look.pose == Pose::Graze { (36.0, 22.0) } else { (34.0, 52.0) };
    brush.tilted(x - 12.0, y + 6.0, 10.0, 5.0, 0.06, face);
    brush.tilted(x + 1.0, y, 12.0, 15.0, 0.05, face);
    brush.disc(x - 3.0, y + 14.0, 8.0, wool);
    eye(brush, x + 4.0, y + 3.0, false);
}

fn duck(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    let low = if look.pose == Pose::Swim { -4.0 } else { 6.0 };
    if look.pose != Pose::Swim {
        for x in [-6.0, 6.0] {
            brush.line(&[(x, 14.0), (x, 2.0), (x + 7.0, 2.0)], 4.0, Rgb(240, 140, 30));
        }
    }
    brush.poly(&[(-20.0, low + 14.0), (-34.0, low + 30.0), (-14.0, low + 26.0)], coat);
    brush.ellipse(-3.0, low + 16.0, 27.0, 15.0, coat);
    brush.poly(&[(6.0, low + 20.0), (8.0, low + 38.0), (24.0, low + 38.0), (22.0, low + 14.0)], coat);
    brush.disc(16.0, low + 38.0, 12.0, coat);
    brush.ellipse(29.0, low + 35.0, 7.0, 4.0, Rgb(244, 140, 30));
    eye(brush, 18.0, low + 41.0, false);
    brush.tilted(-8.0, low + 18.0, 15.0, 8.0, 0.03, coat.shade());
    if look.pose == Pose::Swim {
        brush.ellipse(-2.0, 1.0, 33.0, 3.4, Rgb(190, 224, 244));
    }
}

fn fish(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    brush.poly(&[(-18.0, 20.0), (-37.0, 37.0), (-31.0, 20.0), (-37.0, 3.0)], coat.shade());
    brush.poly(&[(-10.0, 30.0), (2.0, 41.0), (14.0, 32.0)], coat.shade());
    brush.ellipse(6.0, 20.0, 29.0, 15.0, coat);
    brush.ellipse(8.0, 13.0, 20.0, 7.0, coat.light());
    brush.tilted(0.0, 18.0, 8.0, 5.0, 0.1, coat.deep());
    eye(brush, 22.0, 23.0, false);
    brush.line(&[(31.0, 15.0), (26.0, 15.0)], 2.0, coat.deep());
}

fn chicken(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    for x in [-5.0, 5.0] {
        brush.line(&[(x, 14.0), (x, 1.5), (x + 6.0, 1.5)], 3.0, Rgb(236, 160, 40));
    }
    brush.poly(&[(-12.0, 22.0), (-30.0, 44.0), (-24.0, 26.0), (-8.0, 40.0)], coat.shade());
    brush.ellipse(-2.0, 24.0, 22.0, 15.0, coat);
    brush.poly(&[(2.0, 28.0), (6.0, 48.0), (20.0, 46.0), (18.0, 22.0)], coat);
    for (x, y) in [(8.0, 56.0), (13.0, 58.0), (18.0, 55.0)] {
        brush.disc(x, y, 4.0, Rgb(214, 40, 44));
    }
    brush.disc(13.0, 48.0, 9.0, coat);
    brush.poly(&[(21.0, 50.0), (30.0, 46.0), (21.0, 43.0)], Rgb(246, 176, 40));
    brush.ellipse(19.0, 39.0, 2.6, 4.0, Rgb(214, 40, 44));
    eye(brush, 15.0, 50.0, false);
    brush.tilted(-6.0, 25.0, 13.0, 8.0, 0.95, coat.shade());
}

fn rabbit(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    brush.disc(-24.0, 14.0, 6.0, coat.light().light());
    brush.ellipse(-6.0, 20.0, 20.0, 19.0, coat);
    brush.ellipse(-8.0, 6.0, 16.0, 6.0, coat.shade());
    brush.line(&[(9.0, 20.0), (11.0, 4.0)], 8.0, coat);
    for (x, turn) in [(6.0, 0.28), (14.0, 0.23)] {
        brush.tilted(x, 58.0, 15.0, 5.0, turn, coat);
        brush.tilted(x, 58.0, 10.0, 2.4, turn, Rgb(240, 170, 180));
    }
    brush.ellipse(11.0, 39.0, 15.0, 13.0, coat);
    brush.disc(23.0, 38.0, 3.0, Rgb(222, 100, 120));
    eye(brush, 15.0, 43.0, false);
}

fn butterfly(brush: &mut Brush<'_>, look: &Look) {
    let coat = look.color;
    for side in [-1.0, 1.0] {
        brush.tilted(side * 14.0, 30.0, 13.0, 12.0, 0.05 * side, coat);
        brush.tilted(side * 10.0, 12.0, 10.0, 9.0, 0.0, coat.shade());
        brush.disc(side * 15.0, 31.0, 5.0, coat.light().light());
        brush.disc(side * 10.0, 12.0, 3.0, coat.light());
        brush.line(&[(0.0, 34.0), (side * 7.0, 44.0)], 1.6, INK);
    }
    brush.ellipse(0.0, 22.0, 3.0, 15.0, INK);
}
