//! The spot-check: key strings and what they lead to.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::MouseEventKind;

use super::fake::{Stand, hostile, pairs, samples};
use super::snapshots::keep;
use crate::index::Stage;
use crate::model::Sample;
use crate::spot::{Queued, REASONS, Ruling, Stratum, Verdict};
use crate::ui::Theme;
use crate::worker::{Effect, OpenSpot, Reply, SpotNews, SpotStand, SpotWish};
use crate::workspace::{NewRuling, SpotCheck};

/// Spot-checks in memory: every second sample is drawn, from two strata.
#[derive(Debug, Default)]
pub(super) struct FakeSpots {
    open: Option<OpenSpot>,
    /// What was said before each verdict.
    steps: Vec<Vec<Ruling>>,
    /// Whether nothing can be kept.
    pub(super) is_full: bool,
}

impl FakeSpots {
    pub(super) fn answer(&mut self, wish: &SpotWish, samples: &[Arc<Sample>]) -> Vec<Reply> {
        match wish {
            SpotWish::Open(_) => vec![self.stand()],
            SpotWish::Begin(query) => {
                self.begin(query, samples);
                vec![self.stand()]
            }
            SpotWish::Judge { ticket, .. } if self.is_full => {
                let problem = Some("the disk is full".to_owned());
                vec![Reply::Spot(SpotNews::Kept { ticket: *ticket, problem })]
            }
            SpotWish::Judge { rater, ruling, ticket, .. } => {
                self.judge(rater, ruling);
                vec![Reply::Spot(SpotNews::Kept { ticket: *ticket, problem: None })]
            }
            SpotWish::Reasons { reasons, .. } => {
                self.open.iter_mut().for_each(|open| open.check.reasons.clone_from(reasons));
                vec![self.stand()]
            }
            SpotWish::Undo => {
                if let (Some(open), Some(before)) = (&mut self.open, self.steps.pop()) {
                    open.rulings = before;
                }
                vec![self.stand()]
            }
            SpotWish::Redo => Vec::new(),
            SpotWish::Samples(ids) => {
                let one = |id: &String| {
                    let sample = samples.iter().find(|sample| sample.id == *id).cloned();
                    let sample = sample.ok_or_else(|| format!("{id} is not in the data set any more"));
                    Reply::Spot(SpotNews::Sample { id: id.clone(), sample })
                };
                ids.iter().map(one).collect()
            }
        }
    }

    pub(super) fn stand(&self) -> Reply {
        let checks = self.open.iter().map(|open| open.check.clone()).collect();
        Reply::Spot(SpotNews::Stand(Ok(Arc::new(SpotStand { checks, open: self.open.clone() }))))
    }

    fn begin(&mut self, query: &str, samples: &[Arc<Sample>]) {
        let drawn = samples.iter().step_by(2).enumerate();
        let queue: Vec<Queued> = drawn
            .map(|(place, sample)| Queued {
                print: sample.seq.0,
                id: sample.id.clone(),
                stratum: place as u32 % 2,
            })
            .collect();
        let strata = ["density <11.5 · source coco", "density ≥11.5 · source coco"];
        let check = SpotCheck {
            number: 1,
            name: "spot".into(),
            seed: 7,
            wanted: queue.len() as u64,
            query: query.to_owned(),
            stratify: "density,source".into(),
            reasons: REASONS.map(str::to_owned).to_vec(),
            strata: strata.map(|name| Stratum { name: name.into(), samples: 5_000 }).to_vec(),
            ..SpotCheck::default()
        };
        self.open = Some(OpenSpot { check, queue, rulings: Vec::new() });
    }

    pub(super) fn judge(&mut self, rater: &str, new: &NewRuling) {
        let Some(open) = &mut self.open else { return };
        self.steps.push(open.rulings.clone());
        let print = open.queue.iter().find(|one| one.id == new.id).map_or(0, |one| one.print);
        open.rulings.retain(|one| one.rater != rater || one.print != print);
        if let Some(verdict) = new.verdict {
            let (id, reason) = (new.id.clone(), new.reason.clone());
            open.rulings.push(Ruling {
                rater: rater.to_owned(),
                print,
                id,
                verdict,
                reason,
                time: print as i64,
            });
        }
    }
}

fn stand(size: (u16, u16)) -> Stand {
    let mut stand = Stand::painted(size, samples(24));
    stand.keys("gs<Enter>");
    stand.pass(Duration::from_secs(1));
    stand
}

fn judged(stand: &Stand) -> Vec<(String, Option<Verdict>, Option<String>)> {
    let one = |effect: &Effect| match effect {
        Effect::Spot(SpotWish::Judge { ruling, .. }) => {
            Some((ruling.id.clone(), ruling.verdict, ruling.reason.clone()))
        }
        _ => None,
    };
    stand.workers.seen.iter().filter_map(one).collect()
}

#[test]
fn a_spot_check_is_begun_on_the_query() {
    let mut stand = Stand::painted((120, 36), samples(24));
    stand.keys("/dog<Enter>gs");
    stand.shows("[Spot]");
    stand.shows("No spot-check of this data set so far.");
    // Nothing to judge yet.
    stand.keys("ax1bs");
    assert_eq!(judged(&stand), []);
    stand.keys("<Enter>");
    assert!(stand.workers.seen.contains(&Effect::Spot(SpotWish::Begin("dog".into()))));
    stand.shows("Spot-check spot");
    stand.shows("0 of 12 · ann");
    stand.shows("000000000000");
    stand.shows("density <11.5 · source coco");
    stand.shows("a right  x wrong  m unsure  s skip  b back  1 hallucination  2 attribute  3 count/relation");
    stand.shows("A dog on a sandy beach near the water.");
    stand.shows("What is on a sandy beach near the water?");
    stand.keys("<Esc>");
    stand.shows("━ Samples ━");
}

#[test]
fn one_key_is_a_verdict() {
    let mut stand = stand((120, 36));
    stand.keys("a1xm");
    let reason = Some("hallucination".to_owned());
    let id = |place: usize| format!("{:012}", place * 139);
    assert_eq!(
        judged(&stand),
        [
            (id(0), Some(Verdict::Right), None),
            (id(2), Some(Verdict::Wrong), reason),
            (id(4), Some(Verdict::Wrong), None),
            (id(6), Some(Verdict::Unsure), None),
        ]
    );
    stand.shows("4 of 12 · 75.0 %");
    // A digit without a reason says nothing.
    stand.keys("9");
    assert_eq!(judged(&stand).len(), 4);
    // Back, and otherwise: then on to where it was.
    stand.keys("bb");
    stand.shows("you said wrong");
    stand.keys("a");
    stand.shows("000000001112");
    // Of two strata one has no error, the other nothing else.
    stand.shows("4 of 12 · 50.0 %");
    stand.keys("r");
    assert_eq!(judged(&stand).len(), 6);
}

#[test]
fn what_is_put_off_comes_at_the_end() {
    let mut stand = stand((120, 36));
    stand.keys("saaaaaaaaaaa");
    stand.shows("11 of 12");
    stand.shows("000000000000");
    stand.keys("5");
    stand.shows("All 12 samples are judged.");
    stand.shows("Wrong: ");
    stand.keys("a1x");
    assert_eq!(judged(&stand).len(), 12);
    stand.keys("b");
    stand.shows("you said wrong: text/name");
}

#[test]
fn a_verdict_counts_once_it_is_on_the_disk() {
    let mut stand = stand((120, 36));
    stand.workers.holds = true;
    stand.keys("a");
    // The next sample is there at once, the count is not.
    stand.shows("0 of 12 · 0.0 %");
    stand.shows("1 not on the disk yet");
    stand.shows("000000000278");
    stand.let_go();
    stand.shows("1 of 12");
    stand.shows_not("not on the disk");
    stand.workers.spots.is_full = true;
    stand.keys("x");
    stand.shows("1 of 12");
    stand.shows("the verdict is not kept: the disk is full");
    stand.workers.spots.is_full = false;
    // It comes again.
    stand.keys("a");
    stand.shows("000000000278");
}

#[test]
fn a_verdict_is_taken_back() {
    let mut stand = stand((120, 36));
    stand.keys("a2");
    stand.shows("2 of 12");
    stand.keys("u");
    stand.shows("1 of 12");
    stand.shows("000000000278");
    stand.keys("u<C-r>");
    stand.shows("0 of 12");
    stand.shows("000000000000");
    assert!(stand.workers.seen.contains(&Effect::Spot(SpotWish::Redo)));
}

#[test]
fn others_are_not_heard_before_one_has_judged() {
    let mut stand = stand((120, 36));
    let wrong =
        |id: &str| NewRuling { id: id.into(), verdict: Some(Verdict::Wrong), reason: Some("vague".into()) };
    stand.workers.spots.judge("bob", &wrong("000000000000"));
    stand.workers.spots.judge("bob", &wrong("000000000278"));
    // Whoever comes back sees what was said meanwhile.
    stand.keys("<Esc>gs");
    stand.shows_not("bob");
    stand.keys("ax");
    stand.shows_not("bob");
    stand.keys("b");
    stand.shows("you said wrong · bob wrong: vague");
    stand.keys("<Tab>");
    stand.shows("ann, bob: 1 of 2 the same, κ 0.00");
    stand.shows("verdicts that an interval needs");
    stand.shows("density <11.5 · source coco");
    // Nobody judges what is not seen.
    stand.keys("a");
    assert_eq!(judged(&stand).len(), 2);
}

#[test]
fn reasons_are_edited() {
    let mut stand = stand((120, 36));
    stand.keys("e");
    stand.shows("reasons ❯ hallucination, attribute");
    stand.keys("<C-u>right<Enter>");
    stand.shows("`right` is no reason");
    stand.keys("<C-u>blurry, wrong color<Enter>");
    stand.shows("1 blurry  2 wrong color");
    stand.shows_not("hallucination");
    stand.keys("2");
    assert_eq!(judged(&stand)[0].2.as_deref(), Some("wrong color"));
    stand.keys("e<Esc>a");
    assert_eq!(judged(&stand).len(), 2);
}

#[test]
fn another_one_is_begun_from_the_list() {
    let mut stand = stand((160, 40));
    // There the figures stand beside the sample.
    stand.shows("verdicts that an interval needs");
    stand.keys("<Tab><Tab>");
    stand.shows("● spot  12 samples, seed 7, by density,source");
    stand.keys("j<Enter>");
    let begun = stand.workers.seen.iter().filter(|effect| matches!(effect, Effect::Spot(SpotWish::Begin(_))));
    assert_eq!(begun.count(), 2);
    stand.keys("<S-Tab><Enter>");
    assert!(stand.workers.seen.contains(&Effect::Spot(SpotWish::Open(Some("spot".into())))));
    stand.shows("0 of 12");
}

#[test]
fn pictures_of_the_next_samples_are_made_ready() {
    let mut stand = stand((120, 36));
    let names = |stand: &Stand| -> Vec<String> {
        let asked = stand.asked_pictures();
        asked.iter().flatten().map(|key| key.reference.label()).collect()
    };
    assert!(names(&stand).iter().any(|name| name.contains("000000000278")), "{:?}", names(&stand));
    assert!(!names(&stand).iter().any(|name| name.contains("000000001112")));
    stand.keys("aa");
    stand.pass(Duration::from_secs(1));
    assert!(names(&stand).iter().any(|name| name.contains("000000001112")));
    stand.keys("p");
    stand.shows_not("A dog on");
    stand.keys("p<Enter>");
    assert!(stand.searched().contains("id:000000000556"), "{}", stand.searched());
    stand.keys("q");
    stand.shows("[Spot]");
}

#[test]
fn a_sample_with_two_pictures_shows_both() {
    let mut stand = Stand::painted((120, 36), pairs(8));
    stand.keys("gs<Enter>");
    stand.pass(Duration::from_secs(1));
    stand.shows("1/2");
    stand.keys("]");
    stand.shows("2/2");
}

#[test]
fn what_cannot_be_told_is_said() {
    let mut stand = Stand::growing((100, 30), samples(24), 10, Theme::plain());
    stand.progress(Stage::Indexing, 10);
    stand.keys("gs");
    stand.reply(Reply::Spot(SpotNews::Stand(Err("known once all samples are indexed".into()))));
    stand.shows("known once all samples are indexed");
    stand.shows("Enter tries again");
    stand.keys("<Enter>");
    stand.shows("0 of 12");
    let id = "000000000000".to_owned();
    stand.reply(Reply::Spot(SpotNews::Sample { id, sample: Err("it is gone\u{1b}[31m".into()) }));
    stand.shows("it is gone␛[31m");
    // Once all is there it is asked for again.
    stand.progress(Stage::Ready, 24);
    stand.shows("A dog on a sandy beach");
}

#[test]
fn text_is_scrolled_by_keys_and_wheel() {
    let mut stand = stand((60, 18));
    stand.shows("A dog on a sandy");
    stand.mouse(MouseEventKind::ScrollDown, 5, 10);
    stand.keys("jj");
    stand.shows_not("caption · 3");
    stand.keys("gg");
    stand.shows("caption · 3");
}

#[test]
fn hostile_texts_do_no_harm() {
    for size in [(60, 18), (120, 40)] {
        let mut stand = Stand::new(size, hostile());
        stand.keys("gs<Enter>");
        for _ in 0..3 {
            assert!(!stand.screen().chars().any(|sign| sign.is_control() && sign != '\n'));
            stand.keys("a<Tab><Tab><Tab>");
        }
    }
    let mut stand = Stand::new((40, 10), samples(4));
    stand.keys("gs<Enter>aj<Tab>e");
}

#[test]
fn the_screen_at_three_sizes() {
    for size in [(60, 18), (100, 30), (200, 50)] {
        let mut stand = stand(size);
        stand.keys("a1a3");
        stand.pass(Duration::from_secs(1));
        keep("spot", size, &stand);
        stand.keys("<Tab>");
        keep("spot_figures", size, &stand);
    }
}
