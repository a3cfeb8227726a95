//! The main states at three sizes.

use std::time::Duration;

use super::fake::{Stand, boxed, hostile, pairs, samples};
use crate::index::Stage;
use crate::model::{ImageRef, Sample};
use crate::ui::Theme;
use crate::worker::Reply;

const SIZES: [(u16, u16); 3] = [(60, 18), (100, 30), (200, 60)];

/// Compares the screen after these steps at every size with the kept one.
fn compare(name: &str, all: &dyn Fn() -> Vec<Sample>, steps: &dyn Fn(&mut Stand)) {
    for size in SIZES {
        let mut stand = Stand::new(size, all());
        stand.pass(Duration::from_secs(1));
        steps(&mut stand);
        keep(name, size, &stand);
    }
}

pub(super) fn keep(name: &str, size: (u16, u16), stand: &Stand) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), stand.screen()));
}

fn many() -> Vec<Sample> {
    samples(200)
}

#[test]
fn browsing() {
    compare("browsing", &many, &|stand| {
        stand.keys("/zebra<Enter>jj");
    });
}

#[test]
fn query_error() {
    compare("query_error", &many, &|stand| {
        stand.keys("/dog<Enter>/ (red");
    });
}

#[test]
fn completion() {
    compare("completion", &many, &|stand| {
        stand.keys("/surf<Tab><Tab>");
    });
}

#[test]
fn no_hits() {
    compare("no_hits", &many, &|stand| {
        stand.keys("/surfbord<Enter>");
    });
}

#[test]
fn help() {
    compare("help", &many, &|stand| {
        stand.keys("?");
    });
}

#[test]
fn palette() {
    compare("palette", &many, &|stand| {
        stand.keys(":pic<Down>");
    });
}

#[test]
fn messages() {
    compare("messages", &many, &|stand| {
        stand.reply(Reply::Notice(
            "captions_val2017.json:17: expected a text in `caption`, found a number".into(),
        ));
        stand.reply(Reply::Notice("3 records were left out; `capscope inspect --skipped` lists them".into()));
        stand.keys("M");
    });
}

#[test]
fn full_view() {
    compare("full_view", &many, &|stand| {
        stand.keys("/zebra<Enter><Enter>n");
    });
}

#[test]
fn tree_focus() {
    compare("tree_focus", &many, &|stand| {
        stand.keys("<Tab><Tab>jj12");
    });
}

#[test]
fn hostile_captions() {
    compare("hostile", &hostile, &|stand| {
        stand.keys("3j");
    });
}

#[test]
fn other_scripts() {
    compare("scripts", &hostile, &|_| {});
}

#[test]
fn missing_picture() {
    let without = || {
        let mut all = samples(20);
        if let Some(image) = all.first_mut().and_then(|sample| sample.images.first_mut()) {
            let reason = "no file of this name beside the data".into();
            image.reference = ImageRef::Missing { name: "images/0001.jpg".into(), reason };
        }
        all
    };
    compare("missing_picture", &without, &|_| {});
    compare("broken_picture", &many, &|stand| stand.fail_pictures("not a picture: the JPEG ends too early"));
}

#[test]
fn indexing() {
    for size in SIZES {
        let mut stand = Stand::growing(size, samples(200), 64, Theme::plain());
        stand.progress(Stage::Indexing, 64);
        stand.pass(Duration::from_secs(1));
        keep("indexing", size, &stand);
    }
}

#[test]
fn loading() {
    for size in SIZES {
        let mut stand = Stand::growing(size, Vec::new(), 0, Theme::plain());
        stand.progress(Stage::Looking, 0);
        keep("loading", size, &stand);
    }
}

#[test]
fn no_pictures_beside_the_data() {
    let named = || {
        let lose = |mut sample: Sample| {
            for image in &mut sample.images {
                let reason = "no such picture beside the data".into();
                image.reference = ImageRef::Missing { name: sample.id.clone(), reason };
            }
            sample
        };
        samples(20).into_iter().map(lose).collect()
    };
    compare("no_pictures", &named, &|_| {});
}

/// The same with the figures of every sample, in the sizes that plots are made for.
fn compare_measured(name: &str, keys: &str) {
    for size in [(80, 24), (100, 30), (160, 45)] {
        let mut stand = Stand::measured(size, many());
        stand.pass(Duration::from_secs(1));
        stand.keys(keys);
        keep(name, size, &stand);
    }
}

#[test]
fn measured_samples() {
    compare_measured("measured", "<Tab><Tab><Tab>");
}

#[test]
fn linked_words() {
    compare_measured("linked", "<Tab>ll");
}

#[test]
fn flags() {
    compare_measured("flags", "gfj");
    compare_measured("flags_moved", "gfjlll");
}

#[test]
fn coverage() {
    compare_measured("coverage_overview", "/dog<Enter>gc");
    compare_measured("coverage_density", "/dog<Enter>gc]");
    compare_measured("coverage_facets", "/dog<Enter>gc]]j");
    compare_measured("coverage_concepts", "/dog<Enter>gc3]jl");
    compare_measured("coverage_ranks", "/dog<Enter>gc4]");
    compare_measured("coverage_curve", "/dog<Enter>gc5]l");
    compare_measured("coverage_matrix", "/dog<Enter>gc6]jl");
    compare_measured("coverage_facts", "/dog<Enter>gc7]j");
    compare_measured("coverage_all", "gc");
}

#[test]
fn text_only() {
    let bare = || {
        let strip = |mut sample: Sample| {
            sample.images.clear();
            sample.descriptors.clear();
            sample.questions.clear();
            sample
        };
        samples(20).into_iter().map(strip).collect()
    };
    compare("text_only", &bare, &|_| {});
}

/// The same with pictures that are painted.
fn compare_painted(name: &str, all: &dyn Fn() -> Vec<Sample>, keys: &str) {
    for size in SIZES {
        let mut stand = Stand::painted(size, all());
        for part in keys.split(' ') {
            stand.keys(part);
            stand.pass(Duration::from_secs(1));
        }
        keep(name, size, &stand);
    }
}

#[test]
fn gallery() {
    compare_painted("gallery", &many, "/dog<Enter> i l");
    compare_painted("gallery_small", &many, "i -- jj");
    for size in SIZES {
        let mut stand = Stand::measured(size, hostile());
        stand.keys("i");
        keep("gallery_hostile", size, &stand);
    }
}

#[test]
fn view_of_a_picture() {
    compare_painted("view", &many, "v");
    compare_painted("view_near", &many, "v ++ ll");
}

#[test]
fn boxes() {
    compare_painted("boxes", &|| boxed(20), "<Tab><Tab> j");
    compare_painted("boxes_view", &|| boxed(20), "b v");
}

#[test]
fn pair() {
    compare_painted("pair", &|| pairs(20), "]");
    compare_painted("pair_view", &|| pairs(20), "v 2 +");
}

#[test]
fn pairs_of_samples() {
    for size in [(80, 24), (100, 30), (160, 45)] {
        let mut stand = Stand::painted(size, samples(60));
        stand.keys("gpj");
        stand.pass(Duration::from_secs(1));
        keep("pairs", size, &stand);
    }
}

#[test]
fn questions_of_samples() {
    for size in [(80, 24), (100, 30), (160, 45)] {
        let mut stand = Stand::new(size, samples(60));
        stand.keys("gq<Tab>j");
        keep("questions", size, &stand);
    }
}
