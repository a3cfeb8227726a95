//! The best picture that a number of bytes allows.
//!
//! For each way to write a picture there is a ladder: steps of less and less quality and size. How
//! much each step takes for most photographs is known, so a picture's first try tells which step is
//! the one to take.

use image::{DynamicImage, RgbImage, RgbaImage};

use super::png::indexed;
use super::quantise::Colours;
use super::sixel::sixel;
use super::snap::Snap;
use crate::media::{jpeg, resized};

/// A picture that was written in no more than a number of bytes, or what would help.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::graphics) enum Fit<T> {
    /// It was done.
    Done(T),
    /// Even the last step takes too much. With sides of this share (below 1) it should be possible;
    /// 0 if no picture would be small enough.
    TooLarge(f64),
}

/// An encoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graphics) struct Encoded<T> {
    /// What is to be sent, without base64
    pub payload: T,
    /// Pixels across and down
    pub size: (u32, u32),
    /// Nothing better could be had: this is the ladder's first step.
    pub is_best: bool,
}

/// Bytes of so many bytes in base64.
pub(in crate::graphics) fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// One step of a ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    /// Share of the sides of the largest size
    scale: f64,
    /// Colours of the palette, or JPEG's quality
    fineness: u16,
    /// See [`Snap`].
    slack: u32,
    /// Bytes a pixel of the largest size, for most photographs
    weight: f64,
}

const fn step(scale: f64, fineness: u16, slack: u32, weight: f64) -> Step {
    Step { scale, fineness, slack, weight }
}

/// PNG: colours go before size, since a terminal that scales a picture up makes no details. Measured
/// with photographs.
const PNG: [Step; 17] = [
    step(1.0, 256, 0, 0.72),
    step(1.0, 256, 40, 0.62),
    step(1.0, 256, 80, 0.565),
    step(1.0, 128, 80, 0.48),
    step(1.0, 128, 160, 0.425),
    step(1.0, 64, 160, 0.36),
    step(0.85, 64, 160, 0.261),
    step(0.7, 64, 160, 0.182),
    step(0.6, 64, 160, 0.137),
    step(0.5, 64, 160, 0.0987),
    step(0.42, 64, 160, 0.0721),
    step(0.35, 64, 160, 0.0527),
    step(0.28, 32, 160, 0.0297),
    step(0.22, 32, 160, 0.0199),
    step(0.15, 16, 80, 0.0087),
    step(0.1, 16, 160, 0.0045),
    step(0.05, 4, 160, 0.0012),
];

/// JPEG: below a quality of 45 its blocks are more of a nuisance than fewer pixels are.
const JPEG: [Step; 14] = [
    step(1.0, 92, 0, 0.60),
    step(1.0, 85, 0, 0.41),
    step(1.0, 75, 0, 0.298),
    step(1.0, 60, 0, 0.224),
    step(1.0, 45, 0, 0.182),
    step(0.85, 45, 0, 0.136),
    step(0.7, 45, 0, 0.097),
    step(0.6, 45, 0, 0.0735),
    step(0.5, 45, 0, 0.0543),
    step(0.42, 45, 0, 0.0403),
    step(0.35, 45, 0, 0.0304),
    step(0.28, 45, 0, 0.0212),
    step(0.15, 30, 0, 0.008),
    step(0.05, 20, 0, 0.004),
];

/// Sixels, which terminals do not scale.
const SIXEL: [Step; 16] = [
    step(1.0, 256, 0, 1.64),
    step(1.0, 256, 10, 1.37),
    step(1.0, 256, 20, 1.20),
    step(1.0, 256, 40, 1.00),
    step(1.0, 128, 40, 0.866),
    step(1.0, 128, 60, 0.772),
    step(1.0, 128, 80, 0.704),
    step(1.0, 128, 120, 0.608),
    step(1.0, 64, 120, 0.552),
    step(1.0, 64, 240, 0.42),
    step(1.0, 32, 240, 0.389),
    step(1.0, 32, 400, 0.316),
    step(1.0, 16, 400, 0.283),
    step(1.0, 16, 800, 0.211),
    step(1.0, 8, 1600, 0.136),
    step(1.0, 2, 6400, 0.048),
];

/// The best PNG with a palette whose base64 takes at most `budget` bytes, and whose sides are at
/// most `largest` (a share, up to 1) of those of `canvas`.
pub(in crate::graphics) fn png_within(
    canvas: &RgbaImage,
    largest: f64,
    budget: usize,
) -> Fit<Encoded<Vec<u8>>> {
    let source = DynamicImage::from(canvas.clone());
    let mut last = None;
    climb(&PNG, pixels(canvas.dimensions(), largest), budget, |step| {
        let size = scaled(canvas.dimensions(), largest * step.scale);
        let small = last.take_if(|(_, small): &mut (_, RgbaImage)| small.dimensions() == size);
        let (colours, small) = small.unwrap_or_else(|| {
            let small = if size == canvas.dimensions() {
                canvas.clone()
            } else {
                resized(&source, size).into_rgba8()
            };
            (Colours::of(&small), small)
        });
        let painted = colours.palette(usize::from(step.fineness)).paint(&small, Snap::Stretches(step.slack));
        last = Some((colours, small));
        let payload = indexed(&painted).ok()?;
        Some((base64_length(payload.len()), Encoded { payload, size, is_best: false }))
    })
}

/// The best JPEG whose base64 takes at most `budget` bytes, and whose sides are at most `largest` (a
/// share, up to 1) of those of `canvas`.
pub(in crate::graphics) fn jpeg_within(
    canvas: &RgbImage,
    largest: f64,
    budget: usize,
) -> Fit<Encoded<Vec<u8>>> {
    let source = DynamicImage::from(canvas.clone());
    climb(&JPEG, pixels(canvas.dimensions(), largest), budget, |step| {
        let size = scaled(canvas.dimensions(), largest * step.scale);
        let quality = step.fineness as u8;
        let payload = if size == canvas.dimensions() {
            jpeg(canvas, quality)
        } else {
            jpeg(&resized(&source, size).into_rgb8(), quality)
        };
        let payload = payload.ok()?;
        Some((base64_length(payload.len()), Encoded { payload, size, is_best: false }))
    })
}

/// The best sixels of at most `budget` bytes; their size is always that of `canvas`.
pub(in crate::graphics) fn sixel_within(canvas: &RgbaImage, budget: usize) -> Fit<Encoded<String>> {
    let colours = Colours::of(canvas);
    climb(&SIXEL, pixels(canvas.dimensions(), 1.0), budget, |step| {
        let palette = colours.palette(usize::from(step.fineness)).in_percents();
        let painted = palette.paint(canvas, Snap::Sixels(step.slack));
        let payload = sixel(&painted);
        Some((payload.len(), Encoded { payload, size: canvas.dimensions(), is_best: false }))
    })
}

/// A size of a share of the sides, none of which becomes 0.
pub(in crate::graphics) fn scaled(size: (u32, u32), share: f64) -> (u32, u32) {
    let share = share.clamp(0.0, 1.0);
    let side = |length: u32| ((f64::from(length) * share).round() as u32).max(1);
    (side(size.0), side(size.1))
}

fn pixels(size: (u32, u32), share: f64) -> f64 {
    let (width, height) = scaled(size, share);
    f64::from(width) * f64::from(height)
}

/// Tries after which what fits is good enough.
const TRIES: usize = 3;

/// How much of the budget the step after each try may be expected to take. If all of them are too
/// large, the last step is taken.
const MARGINS: [f64; 5] = [0.97, 0.93, 0.85, 0.6, 0.3];

/// A picture that compresses much worse than most does not begin at a step that it cannot keep; one
/// that compresses better should not be robbed of it.
const HOPE: f64 = 0.9;

/// Finds the first step that fits.
fn climb<T>(
    steps: &[Step],
    pixels: f64,
    budget: usize,
    mut encode: impl FnMut(&Step) -> Option<(usize, Encoded<T>)>,
) -> Fit<Encoded<T>> {
    let room = budget as f64;
    let fits = |ratio: f64, room: f64| {
        let found = steps.iter().position(|step| step.weight * pixels * ratio <= room);
        found.unwrap_or(steps.len().saturating_sub(1))
    };
    let mut place = fits(HOPE, room);
    // The worst of the steps that are known to fit, and the best of those known not to.
    let mut best: Option<(usize, Encoded<T>)> = None;
    let mut too_large = None;
    let mut smallest = usize::MAX;
    for (tried, margin) in MARGINS.into_iter().enumerate() {
        if tried >= TRIES && best.is_some() {
            break;
        }
        let Some(step) = steps.get(place) else { break };
        let Some((size, encoded)) = encode(step) else { break };
        let ratio = size as f64 / (step.weight * pixels).max(1.0);
        let next = fits(ratio, room * margin);
        if size <= budget {
            best = Some((place, encoded));
        } else {
            too_large = too_large.max(Some(place));
            smallest = smallest.min(size);
        }
        // Between what fits and what does not.
        let lowest = too_large.map_or(0, |place| place + 1);
        let next = next.max(lowest);
        match &best {
            Some((fitting, _)) if next >= *fitting => break,
            None if next >= steps.len() => break,
            _ => place = next,
        }
    }
    if best.is_none() && too_large.is_none_or(|place| place + 1 < steps.len()) {
        let last = steps.last().and_then(&mut encode);
        if let Some((size, encoded)) = last {
            smallest = smallest.min(size);
            best = (size <= budget).then_some((steps.len() - 1, encoded));
        }
    }
    match best {
        Some((place, encoded)) => Fit::Done(Encoded { is_best: place == 0, ..encoded }),
        None => Fit::TooLarge((room / smallest as f64).sqrt() * 0.9),
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, imageops};
    use proptest::prelude::*;

    use super::*;
    use crate::media::fixtures::{photo, psnr, scene};

    /// Pictures of several kinds: smooth, of shapes, noise, flat, in part clear, all clear.
    fn canvas(kind: u8, seed: u64, width: u32, height: u32) -> RgbaImage {
        let opaque = |picture| DynamicImage::from(picture).into_rgba8();
        let mut state = seed | 1;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33).to_le_bytes()
        };
        match kind {
            0 => opaque(photo(width, height)),
            1 => opaque(scene(seed, width, height)),
            2 => RgbaImage::from_fn(width, height, |_, _| {
                let [red, green, blue, ..] = noise();
                Rgba([red, green, blue, 255])
            }),
            3 => RgbaImage::from_pixel(width, height, Rgba([1, 2, 3, 255])),
            4 => RgbaImage::from_fn(width, height, |x, y| {
                let [red, green, blue, alpha, ..] = noise();
                Rgba([red, green, blue, if (x + y) % 9 < 3 || alpha > 200 { 0 } else { 255 }])
            }),
            _ => RgbaImage::new(width, height),
        }
    }

    fn opaque(canvas: &RgbaImage) -> RgbImage {
        DynamicImage::from(canvas.clone()).into_rgb8()
    }

    /// How much is sent for a picture, and of which size, by each of the ladders.
    fn lengths(canvas: &RgbaImage, largest: f64, budget: usize) -> [Option<(usize, (u32, u32))>; 3] {
        let base64 = |fit| match fit {
            Fit::Done(Encoded { payload, size, .. }) => Some((base64_length(Vec::len(&payload)), size)),
            Fit::TooLarge(share) => {
                assert!((0.0..1.0).contains(&share), "{share}");
                None
            }
        };
        let sixel = match sixel_within(canvas, budget) {
            Fit::Done(Encoded { payload, size, .. }) => Some((payload.len(), size)),
            Fit::TooLarge(share) => {
                assert!((0.0..1.0).contains(&share), "{share}");
                None
            }
        };
        let jpeg = jpeg_within(&opaque(canvas), largest, budget);
        [base64(png_within(canvas, largest, budget)), base64(jpeg), sixel]
    }

    #[test]
    fn ladders_go_down() {
        for steps in [&PNG[..], &JPEG, &SIXEL] {
            assert!(steps.is_sorted_by(|one, other| one.weight > other.weight));
            assert!(steps.is_sorted_by(|one, other| one.scale >= other.scale));
        }
    }

    #[test]
    fn much_room_gives_the_best() {
        let canvas = canvas(1, 7, 120, 90);
        let Fit::Done(best) = png_within(&canvas, 1.0, 1 << 20) else { panic!("fits") };
        assert!(best.is_best);
        assert_eq!(best.size, (120, 90));
        let shown = image::load_from_memory(&best.payload).expect("a PNG").into_rgb8();
        let quality = psnr(&shown, &opaque(&canvas));
        assert!(quality > 40.0, "{quality:.1} dB");
        let Fit::Done(half) = png_within(&canvas, 0.5, 1 << 20) else { panic!("fits") };
        assert_eq!((half.size, half.is_best), ((60, 45), true));
    }

    #[test]
    fn less_room_gives_less_but_something() {
        let canvas = canvas(2, 3, 160, 120);
        let mut before = usize::MAX;
        for budget in [60_000, 20_000, 8_000, 3_000, 1_500] {
            let Fit::Done(fit) = png_within(&canvas, 1.0, budget) else { panic!("fits {budget}") };
            assert!(base64_length(fit.payload.len()) <= budget, "{budget}");
            assert!(fit.payload.len() < before, "{budget}");
            before = fit.payload.len();
            image::load_from_memory(&fit.payload).expect("a PNG");
        }
    }

    #[test]
    fn what_is_too_large_says_how_much_smaller_it_has_to_be() {
        let picture = canvas(2, 5, 300, 240);
        let Fit::TooLarge(share) = sixel_within(&picture, 3_000) else { panic!("too large") };
        let size = scaled(picture.dimensions(), share);
        let small = imageops::crop_imm(&picture, 0, 0, size.0, size.1).to_image();
        assert!(matches!(sixel_within(&small, 3_000), Fit::Done(_)), "{size:?}");
    }

    #[test]
    fn a_photograph_needs_three_tries_at_most() {
        let table = [(0.9, 1), (1.0, 2), (0.7, 2), (1.3, 2), (2.0, 3), (0.4, 3), (5.0, 3), (0.1, 3)];
        for (harder, most) in table {
            let mut tries = 0;
            let fit = climb(&PNG, 100_000.0, 40_000, |step| {
                tries += 1;
                let encoded = Encoded { payload: step.scale, size: (1, 1), is_best: false };
                Some(((step.weight * 100_000.0 * harder) as usize, encoded))
            });
            assert!(matches!(fit, Fit::Done(_)) && tries <= most, "{harder}: {tries} tries");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn no_budget_is_exceeded(
            kind in 0_u8..6,
            seed: u64,
            width in 1_u32..90,
            height in 1_u32..90,
            largest in 0.1_f64..1.0,
            budget in 0_usize..20_000,
        ) {
            let canvas = canvas(kind, seed, width, height);
            let least = lengths(&canvas, largest, 0);
            prop_assert_eq!(least, [None; 3]);
            let found = lengths(&canvas, largest, budget);
            prop_assert_eq!(found, lengths(&canvas, largest, budget), "twice the same");
            for (length, (across, down)) in found.into_iter().flatten() {
                prop_assert!(length <= budget);
                prop_assert!((1..=width).contains(&across) && (1..=height).contains(&down));
            }
            // What the last step can do is done.
            let mut last = 0;
            let smallest = PNG.len() - 1;
            climb(&PNG[smallest..], pixels((width, height), largest), usize::MAX, |step| {
                let size = scaled((width, height), largest * step.scale);
                let small = resized(&canvas.clone().into(), size).into_rgba8();
                let painted = Colours::of(&small).palette(usize::from(step.fineness));
                last = indexed(&painted.paint(&small, Snap::Stretches(step.slack))).expect("encodes").len();
                Some((0, Encoded { payload: (), size, is_best: false }))
            });
            prop_assert!(found[0].is_some() || base64_length(last) > budget);
        }
    }
}
