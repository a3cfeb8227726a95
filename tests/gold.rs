//! The demo data set is drawn from facts, and its captions are written from them: what is read in the
//! captions must be the facts.

use capscope::dataset::{self, Settings};
use capscope::demo;
use capscope::measure::{Agreement, Analyst, KeyKind};
use std::time::{Duration, Instant};

#[test]
fn captions_of_the_demo_say_what_its_scene_graphs_say() {
    let folder = tempfile::tempdir().unwrap();
    let plan = demo::Plan { scenes: 120, ..demo::Plan::default() };
    demo::write(folder.path(), &plan, &mut |_, _| {}).unwrap();
    let set = dataset::open(&[folder.path().to_path_buf()], &Settings::default()).unwrap();
    let mut analyst = Analyst::new();
    let mut agreement = Agreement::default();
    for mut sample in set.head(plan.scenes, Instant::now() + Duration::from_mins(1)) {
        analyst.analyse(&mut sample);
        agreement.add(&sample);
    }
    assert_eq!(agreement.samples(), plan.scenes as u64);
    for (kind, precision, recall) in [
        (KeyKind::Object, 0.95, 0.9),
        (KeyKind::Attribute, 0.9, 0.85),
        (KeyKind::Count, 0.9, 0.8),
        (KeyKind::Relation, 0.7, 0.75),
        (KeyKind::Scene, 0.8, 0.9),
    ] {
        let agreed = agreement.of(kind);
        println!("{}: {agreed:?}, {:?}, {:?}", kind.name(), agreed.precision(), agreed.recall());
        assert!(
            agreed.precision().unwrap_or_default() >= precision
                && agreed.recall().unwrap_or_default() >= recall,
            "{}: {agreed:?}, precision {:?}, recall {:?}",
            kind.name(),
            agreed.precision(),
            agreed.recall()
        );
    }
}
