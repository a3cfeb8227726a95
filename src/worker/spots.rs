//! Spot-checks of an opened data set: drawing them, what the screen is told of them, and the verdicts that are kept.

use std::sync::Arc;

use super::asked::sample_of;
use super::desk::Clerk;
use super::marks::find_workspace;
use super::{Opened, Reply, SpotNews, SpotWish};
use crate::index::{IndexError, Snapshot};
use crate::measure::Analyst;
use crate::model::Sample;
use crate::pairs::Member;
use crate::query;
use crate::spot::{Queued, REASONS, Ruling, Stratum, criteria};
use crate::workspace::{SpotCheck, Workspace, WorkspaceError};

/// Samples that are drawn where nobody says how many.
pub const SPOT_SIZE: u64 = 200;
/// The seed where nobody says one.
pub const SPOT_SEED: u64 = 7;
/// What strata are made by where nobody says it.
pub const SPOT_STRATA: &str = "density,source";
/// The name of the first spot-check.
pub const SPOT_NAME: &str = "spot";

/// What there is of spot-checks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpotStand {
    /// All of them, the newest first.
    pub checks: Vec<SpotCheck>,
    /// The one that is open.
    pub open: Option<OpenSpot>,
}

/// A spot-check with what was drawn and what was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenSpot {
    /// How it was drawn.
    pub check: SpotCheck,
    /// The samples, in the order in which they are looked at.
    pub queue: Vec<Queued>,
    /// What raters say of them.
    pub rulings: Vec<Ruling>,
}

/// Draws the samples of a spot-check, and fills in its strata. What is wrong with it, in one line.
///
/// # Errors
/// Where its query or its strata cannot be understood, or not all samples are indexed yet.
pub fn draw_spot(snapshot: &Snapshot, check: &mut SpotCheck) -> Result<Vec<Queued>, String> {
    let by = criteria(&check.stratify).map_err(|error| format!("strata: {error}"))?;
    let wanted = query::parse(&check.query).map_err(|error| format!("query: {error}"))?;
    if !snapshot.is_settled() {
        return Err(query::UNSETTLED.to_owned());
    }
    let hits = snapshot.search(&wanted).map_err(|error| match error {
        IndexError::Query { span, message } => {
            format!("query: column {}: {message}", query::column(&check.query, span.start))
        }
        other => other.to_string(),
    })?;
    let drawn = hits.draw(&by, check.wanted, check.seed).map_err(|error| match error {
        IndexError::Query { message, .. } => format!("strata: {message}"),
        other => other.to_string(),
    })?;
    check.strata = drawn.strata;
    Ok(drawn.queue)
}

/// A spot-check as it is begun where nobody says otherwise, under a name that none has yet.
fn usual_check(text: &str, known: &[SpotCheck]) -> SpotCheck {
    let is_free = |name: &String| known.iter().all(|check| check.name != *name);
    let names =
        std::iter::once(SPOT_NAME.to_owned()).chain((2..).map(|number| format!("{SPOT_NAME}-{number}")));
    SpotCheck {
        name: names.into_iter().find(is_free).unwrap_or_default(),
        seed: SPOT_SEED,
        wanted: SPOT_SIZE,
        query: text.to_owned(),
        stratify: SPOT_STRATA.to_owned(),
        reasons: REASONS.map(str::to_owned).to_vec(),
        strata: Vec::<Stratum>::new(),
        ..SpotCheck::default()
    }
}

fn opened_check(workspace: &Workspace, check: SpotCheck) -> Result<OpenSpot, WorkspaceError> {
    let (queue, rulings) = (workspace.queue(check.number)?, workspace.rulings(check.number)?);
    Ok(OpenSpot { check, queue, rulings })
}

/// What there is, with the spot-check of this name open, else the newest.
pub fn spot_stand(workspace: &Workspace, name: Option<&str>) -> Result<SpotStand, WorkspaceError> {
    let checks = workspace.spot_checks()?;
    let meant = checks.iter().find(|check| name == Some(&check.name)).or_else(|| checks.first());
    let open = meant.map(|check| opened_check(workspace, check.clone())).transpose()?;
    Ok(SpotStand { checks, open })
}

/// All spot-checks of a data set, the newest first, each with what was drawn and what was said.
///
/// # Errors
/// Why they cannot be told, in one line.
pub fn spot_checks(opened: &Opened) -> Result<Vec<OpenSpot>, String> {
    let read = || -> Result<Vec<OpenSpot>, WorkspaceError> {
        let Some(workspace) = find_workspace(opened, "spot-checks")? else { return Ok(Vec::new()) };
        workspace.spot_checks()?.into_iter().map(|check| opened_check(&workspace, check)).collect()
    };
    read().map_err(|error| error.to_string())
}

impl SpotWish {
    /// Whether somebody relies on it once it is said: it is done even on the way out.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Judge { .. } | Self::Reasons { .. } | Self::Undo | Self::Redo)
    }
}

impl Clerk {
    /// Does what is wished of spot-checks.
    pub(super) fn spot(&mut self, wish: SpotWish) {
        match wish {
            SpotWish::Open(name) => {
                self.spot = name.or_else(|| self.spot.take());
                self.tell_stand();
            }
            SpotWish::Begin(text) => match self.begin(&text) {
                Ok(name) => {
                    self.spot = Some(name);
                    self.tell_stand();
                }
                Err(problem) => self.say(SpotNews::Stand(Err(problem))),
            },
            SpotWish::Judge { spot, rater, ruling, ticket } => {
                let kept = self.workspace.ask(|workspace| {
                    workspace.judge(spot, &rater, std::slice::from_ref(&ruling))?;
                    workspace.version()
                });
                let (version, problem) = match kept {
                    Ok((version, _)) => (Some(version), None),
                    Err(error) => (None, Some(error.to_string())),
                };
                self.say(SpotNews::Kept { ticket, problem });
                // Another rater was at work meanwhile.
                if version.is_some() && version != self.spot_version {
                    self.tell_stand();
                }
            }
            SpotWish::Reasons { spot, reasons } => {
                let kept = self.workspace.ask(|workspace| workspace.set_reasons(spot, &reasons));
                self.after(kept.map(|_| None));
            }
            SpotWish::Undo => {
                let step = self.workspace.ask(Workspace::undo);
                let told = |what| format!("taken back: {what}");
                self.after(
                    step.map(|step| Some(step.map_or("nothing to take back".into(), |step| told(step.what)))),
                );
            }
            SpotWish::Redo => {
                let step = self.workspace.ask(Workspace::redo);
                let told = |what| format!("done again: {what}");
                self.after(
                    step.map(|step| Some(step.map_or("nothing to do again".into(), |step| told(step.what)))),
                );
            }
            SpotWish::Samples(ids) => {
                for id in ids {
                    let sample = self.sample_of_spot(&id).map(Arc::new);
                    self.say(SpotNews::Sample { id, sample });
                }
            }
        }
    }

    fn say(&self, news: SpotNews) {
        (self.answer)(Reply::Spot(news));
    }

    /// Tells what there is now, after something was changed.
    fn after(&mut self, done: Result<Option<String>, WorkspaceError>) {
        match done {
            Ok(told) => {
                if let Some(told) = told {
                    (self.answer)(Reply::Notice(told));
                }
                self.tell_stand();
            }
            Err(error) => (self.answer)(Reply::Notice(format!("that is not kept: {error}"))),
        }
    }

    fn tell_stand(&mut self) {
        let name = self.spot.clone();
        let told = self
            .workspace
            .ask(|workspace| Ok((spot_stand(workspace, name.as_deref())?, workspace.version()?.0)));
        let stand = told.map(|(stand, version)| {
            self.spot_version = Some(version);
            self.spot = stand.open.as_ref().map(|open| open.check.name.clone());
            Arc::new(stand)
        });
        self.say(SpotNews::Stand(stand.map_err(|error| error.to_string())));
    }

    /// Draws a spot-check as usual; its name.
    fn begin(&mut self, text: &str) -> Result<String, String> {
        let known =
            self.workspace.ask(|workspace| workspace.spot_checks()).map_err(|error| error.to_string())?;
        let mut check = usual_check(text, &known);
        let queue = draw_spot(&self.snapshot()?, &mut check)?;
        if queue.is_empty() {
            return Err("no sample answers the query".to_owned());
        }
        self.workspace
            .ask(|workspace| workspace.begin_spot(&check, &queue))
            .map_err(|error| error.to_string())?;
        Ok(check.name)
    }

    fn sample_of_spot(&mut self, id: &str) -> Result<Sample, String> {
        let snapshot = self.snapshot()?;
        let member = Member { id: id.to_owned(), ..Member::default() };
        sample_of(&snapshot, &member, self.analyst.get_or_insert_with(Analyst::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_free() {
        let first = usual_check("dog", &[]);
        let second = usual_check("dog", std::slice::from_ref(&first));
        assert_eq!((first.name.as_str(), second.name.as_str()), ("spot", "spot-2"));
        assert_eq!(usual_check("", &[first, second]).name, "spot-3");
    }
}
