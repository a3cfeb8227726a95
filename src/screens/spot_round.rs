//! One rater's way through a spot-check: which sample is next, what was said, what is on the disk by now.

use std::collections::HashMap;

use crate::spot::{Queued, Report, Ruling, Verdict, report};
use crate::worker::{Effect, OpenSpot, SpotWish};
use crate::workspace::NewRuling;

/// What this rater says of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) verdict: Verdict,
    pub(crate) reason: Option<String>,
}

/// A verdict that is not on the disk yet, and what was said before.
#[derive(Debug)]
struct Unkept {
    ticket: u64,
    print: u64,
    before: Option<Said>,
}

/// The way.
#[derive(Debug, Default)]
pub(crate) struct Round {
    rater: String,
    open: OpenSpot,
    mine: HashMap<u64, Said>,
    unkept: Vec<Unkept>,
    tickets: u64,
    /// Places that are looked at when all others are done, in order.
    put_off: Vec<usize>,
    /// Places that were looked at, the last one last.
    past: Vec<usize>,
    here: Option<usize>,
    report: Report,
}

impl Round {
    pub(crate) fn new(rater: &str) -> Self {
        Self { rater: rater.to_owned(), ..Self::default() }
    }

    pub(crate) fn open(&self) -> &OpenSpot {
        &self.open
    }

    pub(crate) fn report(&self) -> &Report {
        &self.report
    }

    pub(crate) fn rater(&self) -> &str {
        &self.rater
    }

    /// Takes in what there is by now: of another spot-check, or of this one after something was taken back or somebody
    /// else has judged.
    pub(crate) fn take(&mut self, open: OpenSpot) {
        let is_same = open.check.number == self.open.check.number && open.queue == self.open.queue;
        let own = open.rulings.iter().filter(|ruling| ruling.rater == self.rater);
        let said = |ruling: &Ruling| Said { verdict: ruling.verdict, reason: ruling.reason.clone() };
        let mut mine: HashMap<u64, Said> = own.map(|ruling| (ruling.print, said(ruling))).collect();
        if is_same {
            // What is on its way to the disk is newer.
            for unkept in &self.unkept {
                match self.mine.get(&unkept.print) {
                    Some(said) => mine.insert(unkept.print, said.clone()),
                    None => mine.remove(&unkept.print),
                };
            }
        } else {
            let rater = self.rater.clone();
            *self = Self { tickets: self.tickets, ..Self::new(&rater) };
            let places: HashMap<u64, usize> =
                open.queue.iter().enumerate().map(|(place, sample)| (sample.print, place)).collect();
            let own = open.rulings.iter().filter(|ruling| ruling.rater == rater);
            let mut past: Vec<(i64, usize)> =
                own.filter_map(|ruling| Some((ruling.time, *places.get(&ruling.print)?))).collect();
            past.sort_unstable();
            self.past = past.into_iter().map(|(_, place)| place).collect();
        }
        let is_changed = |sample: &Queued| mine.get(&sample.print) != self.mine.get(&sample.print);
        let changed = open.queue.iter().position(is_changed).filter(|_| is_same);
        (self.open, self.mine) = (open, mine);
        if let Some(place) = changed {
            // Something was taken back, or given again: that is what is looked at.
            self.past.retain(|past| *past != place);
            self.here = Some(place);
        } else if self.here.is_none() {
            let next = self.pending().next();
            self.here = next;
        }
        self.count();
    }

    fn count(&mut self) {
        let OpenSpot { check, queue, rulings } = &self.open;
        let mut all: Vec<Ruling> = rulings.iter().filter(|one| one.rater != self.rater).cloned().collect();
        let own = queue.iter().filter_map(|sample| Some((sample, self.mine.get(&sample.print)?)));
        all.extend(own.map(|(sample, said)| Ruling {
            rater: self.rater.clone(),
            print: sample.print,
            id: sample.id.clone(),
            verdict: said.verdict,
            reason: said.reason.clone(),
            time: 0,
        }));
        self.report = report(&check.strata, queue, &all, Some(&self.rater), check.margin);
    }

    /// Places without a verdict of this rater, in the order in which they are looked at.
    fn pending(&self) -> impl Iterator<Item = usize> + '_ {
        let is_open = |place: &usize| {
            self.open.queue.get(*place).is_some_and(|one| !self.mine.contains_key(&one.print))
        };
        let first = (0..self.open.queue.len()).filter(|place| !self.put_off.contains(place));
        first.chain(self.put_off.iter().copied()).filter(is_open)
    }

    /// The sample that is looked at; none where all are judged.
    pub(crate) fn here(&self) -> Option<&Queued> {
        self.open.queue.get(self.here?)
    }

    /// What its stratum is called.
    pub(crate) fn stratum(&self) -> &str {
        let stratum = self.here().and_then(|sample| self.open.check.strata.get(sample.stratum as usize));
        stratum.map_or("", |stratum| stratum.name.as_str())
    }

    /// What this rater has said of it.
    pub(crate) fn said(&self) -> Option<&Said> {
        self.mine.get(&self.here()?.print)
    }

    /// What others have said of it: told only once this rater has said something.
    pub(crate) fn others(&self) -> Vec<&Ruling> {
        let Some(here) = self.here().filter(|_| self.said().is_some()) else { return Vec::new() };
        let of_others = |one: &&Ruling| one.print == here.print && one.rater != self.rater;
        self.open.rulings.iter().filter(of_others).collect()
    }

    /// The samples that are looked at next, after the one that is.
    pub(crate) fn next(&self, many: usize) -> Vec<&Queued> {
        let others = self.pending().filter(|place| Some(*place) != self.here);
        others.take(many).filter_map(|place| self.open.queue.get(place)).collect()
    }

    /// Samples that this rater has judged, as far as that is on the disk.
    pub(crate) fn kept(&self) -> usize {
        let is_on_disk = |sample: &&Queued| {
            self.mine.contains_key(&sample.print) && self.unkept.iter().all(|one| one.print != sample.print)
        };
        self.open.queue.iter().filter(is_on_disk).count()
    }

    /// Verdicts that are on their way to the disk.
    pub(crate) fn unkept(&self) -> usize {
        self.unkept.len()
    }

    /// Says something of the sample that is looked at, and goes on to the next.
    pub(crate) fn judge(&mut self, verdict: Verdict, reason: Option<String>) -> Option<Effect> {
        let place = self.here?;
        let sample = self.open.queue.get(place)?.clone();
        self.tickets += 1;
        let before = self.mine.insert(sample.print, Said { verdict, reason: reason.clone() });
        self.unkept.push(Unkept { ticket: self.tickets, print: sample.print, before });
        self.put_off.retain(|put_off| *put_off != place);
        self.leave(place);
        self.count();
        Some(Effect::Spot(SpotWish::Judge {
            spot: self.open.check.number,
            rater: self.rater.clone(),
            ruling: NewRuling { id: sample.id, verdict: Some(verdict), reason },
            ticket: self.tickets,
        }))
    }

    fn leave(&mut self, place: usize) {
        self.past.retain(|past| *past != place);
        self.past.push(place);
        let next = self.pending().next();
        self.here = next;
    }

    /// A verdict is on the disk, or is not: then it is as if it had not been given.
    pub(crate) fn take_kept(&mut self, ticket: u64, problem: bool) {
        let Some(at) = self.unkept.iter().position(|one| one.ticket == ticket) else { return };
        let unkept = self.unkept.remove(at);
        if problem {
            // A later one of the same sample may still come.
            if self.unkept.iter().all(|one| one.print != unkept.print) {
                match unkept.before {
                    Some(said) => self.mine.insert(unkept.print, said),
                    None => self.mine.remove(&unkept.print),
                };
            }
            let next = self.pending().next();
            self.here = self.here.or(next);
            self.count();
        }
    }

    /// Goes on; a sample without a verdict comes again when all others are done.
    pub(crate) fn put_off(&mut self) {
        let Some(place) = self.here else { return };
        if self.said().is_none() {
            self.put_off.retain(|put_off| *put_off != place);
            self.put_off.push(place);
        }
        self.leave(place);
    }

    /// Back to the sample before.
    pub(crate) fn back(&mut self) -> bool {
        let Some(place) = self.past.pop() else { return false };
        self.here = Some(place);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spot::Stratum;
    use crate::workspace::SpotCheck;

    fn open(rulings: Vec<Ruling>) -> OpenSpot {
        let queue = (0..4).map(|print| Queued { print, id: format!("s{print}"), stratum: 0 }).collect();
        let strata = vec![Stratum { name: "all".into(), samples: 100 }];
        OpenSpot { check: SpotCheck { number: 3, strata, ..SpotCheck::default() }, queue, rulings }
    }

    fn ruling(rater: &str, print: u64, verdict: Verdict) -> Ruling {
        Ruling {
            rater: rater.into(),
            print,
            id: format!("s{print}"),
            verdict,
            reason: None,
            time: print as i64,
        }
    }

    fn here(round: &Round) -> &str {
        round.here().map_or("-", |sample| sample.id.as_str())
    }

    #[test]
    fn the_way_goes_on_back_and_comes_again() {
        let mut round = Round::new("ann");
        round.take(open(vec![ruling("ann", 1, Verdict::Right), ruling("bob", 0, Verdict::Wrong)]));
        assert_eq!((here(&round), round.kept(), round.others().len()), ("s0", 1, 0));
        round.put_off();
        assert_eq!(here(&round), "s2");
        assert_eq!(round.next(2).iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["s3", "s0"]);
        round.judge(Verdict::Wrong, Some("vague".into()));
        assert_eq!((here(&round), round.kept(), round.unkept()), ("s3", 1, 1));
        round.take_kept(1, false);
        assert_eq!((round.kept(), round.unkept(), round.report().all.wrong), (2, 0, 1));
        round.judge(Verdict::Right, None);
        assert_eq!(here(&round), "s0");
        // It could not be kept: it comes again.
        round.take_kept(2, true);
        assert_eq!((round.kept(), round.report().all.right), (2, 1));
        round.judge(Verdict::Unsure, None);
        assert_eq!(here(&round), "s3");
        round.judge(Verdict::Right, None);
        assert_eq!(here(&round), "-");
        assert_eq!(round.judge(Verdict::Right, None), None);
        assert!(round.back());
        assert_eq!(here(&round), "s3");
        assert!(round.back());
        assert_eq!((here(&round), round.others().len()), ("s0", 1));
        // On from one that has a verdict: it does not come again.
        round.put_off();
        assert_eq!(here(&round), "-");
        for before in ["s0", "s2", "s1"] {
            assert!(round.back());
            assert_eq!(here(&round), before);
        }
        assert!(!round.back());
    }

    #[test]
    fn what_was_taken_back_is_looked_at() {
        let mut round = Round::new("ann");
        round.take(open(vec![ruling("ann", 0, Verdict::Right), ruling("ann", 1, Verdict::Right)]));
        assert_eq!(here(&round), "s2");
        round.take(open(vec![ruling("ann", 0, Verdict::Right)]));
        assert_eq!(here(&round), "s1");
        round.judge(Verdict::Wrong, None);
        // Somebody else has judged meanwhile; what is on its way stays.
        round.take(open(vec![ruling("ann", 0, Verdict::Right), ruling("bob", 3, Verdict::Right)]));
        assert_eq!((here(&round), round.report().all.wrong, round.report().raters.len()), ("s2", 1, 2));
    }
}
