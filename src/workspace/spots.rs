//! Spot-checks: what was drawn, and what raters say of it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::prints::print_of;
use super::step::{Kind, Step};
use super::store::{Made, Outcome, now};
use super::{Workspace, WorkspaceError};
use crate::spot::{Queued, Ruling, Stratum, Verdict};

/// A spot-check, and how it was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpotCheck {
    /// Its number in the file; 0 for one that is not kept yet.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// What decides who is drawn.
    pub seed: u64,
    /// Samples that were to be drawn; there may be fewer.
    pub wanted: u64,
    /// The query whose samples are looked at; empty for all.
    pub query: String,
    /// What strata are made by, as it was given.
    pub stratify: String,
    /// Half the width of the interval that is aimed at, as a share.
    pub margin: Option<f64>,
    /// Why a sample may be wrong; each has a digit.
    pub reasons: Vec<String>,
    /// When it was begun, in seconds since 1970.
    pub created: i64,
    /// Its strata.
    pub strata: Vec<Stratum>,
}

/// A verdict that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRuling {
    /// The sample's id.
    pub id: String,
    /// What is said; none takes back what was.
    pub verdict: Option<Verdict>,
    /// What is wrong, where that is said.
    pub reason: Option<String>,
}

impl Workspace {
    /// All spot-checks, the newest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn spot_checks(&self) -> Result<Vec<SpotCheck>, WorkspaceError> {
        let read = || -> Outcome<Vec<SpotCheck>> {
            let mut found = self.db.prepare_cached(
                "SELECT id, name, seed, wanted, query, stratify, margin, reasons, created FROM spot ORDER BY id DESC",
            )?;
            let check = |row: &rusqlite::Row<'_>| {
                Ok(SpotCheck {
                    number: row.get(0)?,
                    name: row.get(1)?,
                    seed: row.get::<_, i64>(2)? as u64,
                    wanted: row.get::<_, i64>(3)? as u64,
                    query: row.get(4)?,
                    stratify: row.get(5)?,
                    margin: row.get(6)?,
                    reasons: serde_json::from_str(row.get_ref(7)?.as_str()?).unwrap_or_default(),
                    created: row.get(8)?,
                    strata: Vec::new(),
                })
            };
            let mut checks = found.query_map([], check)?.collect::<Outcome<Vec<_>>>()?;
            let mut strata =
                self.db.prepare_cached("SELECT name, samples FROM stratum WHERE spot = ?1 ORDER BY place")?;
            for check in &mut checks {
                let stratum = |row: &rusqlite::Row<'_>| {
                    Ok(Stratum { name: row.get(0)?, samples: row.get::<_, i64>(1)? as u64 })
                };
                check.strata = strata.query_map([check.number], stratum)?.collect::<Outcome<_>>()?;
            }
            Ok(checks)
        };
        read().map_err(self.engine())
    }

    /// Keeps a spot-check with what was drawn, in the order in which it is to be looked at; one of the same name is
    /// drawn anew, and verdicts on it stay. Tells its number. That is no step, and not taken back.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn begin_spot(&mut self, check: &SpotCheck, queue: &[Queued]) -> Result<i64, WorkspaceError> {
        let engine = self.engine();
        let kept = (|| -> Outcome<i64> {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let reasons = serde_json::to_string(&check.reasons).unwrap_or_default();
            change.execute(
                "INSERT INTO spot (name, seed, wanted, query, stratify, margin, reasons, created) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (name) DO UPDATE SET seed = excluded.seed, \
                 wanted = excluded.wanted, query = excluded.query, stratify = excluded.stratify, \
                 margin = excluded.margin, reasons = excluded.reasons",
                params![
                    check.name,
                    check.seed as i64,
                    check.wanted as i64,
                    check.query,
                    check.stratify,
                    check.margin,
                    reasons,
                    now()
                ],
            )?;
            let number: i64 =
                change.query_row("SELECT id FROM spot WHERE name = ?1", [&check.name], |row| row.get(0))?;
            change.execute("DELETE FROM stratum WHERE spot = ?1", [number])?;
            change.execute("DELETE FROM queued WHERE spot = ?1", [number])?;
            for (place, stratum) in check.strata.iter().enumerate() {
                change
                    .prepare_cached(
                        "INSERT INTO stratum (spot, place, name, samples) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![number, place as i64, stratum.name, stratum.samples as i64])?;
            }
            for (place, sample) in queue.iter().enumerate() {
                change
                    .prepare_cached(
                        "INSERT INTO queued (spot, place, print, id, stratum) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![number, place as i64, sample.print as i64, sample.id, sample.stratum])?;
            }
            change.commit()?;
            Ok(number)
        })();
        self.own += 1;
        kept.map_err(engine)
    }

    /// The samples of a spot-check, in the order in which they are looked at.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn queue(&self, spot: i64) -> Result<Vec<Queued>, WorkspaceError> {
        let read = || -> Outcome<Vec<Queued>> {
            let mut found = self
                .db
                .prepare_cached("SELECT print, id, stratum FROM queued WHERE spot = ?1 ORDER BY place")?;
            let queued = |row: &rusqlite::Row<'_>| {
                Ok(Queued { print: row.get::<_, i64>(0)? as u64, id: row.get(1)?, stratum: row.get(2)? })
            };
            found.query_map([spot], queued)?.collect()
        };
        read().map_err(self.engine())
    }

    /// The verdicts of a spot-check by all raters.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn rulings(&self, spot: i64) -> Result<Vec<Ruling>, WorkspaceError> {
        let read = || -> Outcome<Vec<Ruling>> {
            let mut found = self.db.prepare_cached(
                "SELECT rater, print, id, verdict, reason, time FROM verdict WHERE spot = ?1 ORDER BY rater, print",
            )?;
            // A verdict of a name that nobody knows is none.
            Ok(found.query_map([spot], ruling)?.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect())
        };
        read().map_err(self.engine())
    }

    /// Keeps verdicts of a rater, all of them as one step or none.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn judge(&mut self, spot: i64, rater: &str, all: &[NewRuling]) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let mut made = Vec::with_capacity(all.len());
            let what = match all {
                [NewRuling { id, verdict, .. }] => {
                    format!("{} {id}", verdict.map_or("no verdict on", Verdict::name))
                }
                _ => format!("{} verdicts of {rater}", all.len()),
            };
            for new in all {
                let key = serde_json::to_string(&(spot, rater, &new.id)).unwrap_or_default();
                let before = verdict_of(change, &key)?;
                let after = new.verdict.map(|verdict| written(verdict, new.reason.as_deref()));
                set_verdict(change, &key, after.as_deref().unwrap_or_default())?;
                made.push(Made::of(Kind::Verdict, &key, before, after, what.clone()));
            }
            Ok(made)
        })
    }

    /// Gives a spot-check other reasons. Verdicts keep those that they have.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set_reasons(&mut self, spot: i64, reasons: &[String]) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let (key, after) = (spot.to_string(), serde_json::to_string(reasons).unwrap_or_default());
            let before = reasons_of(change, &key)?;
            set_reasons(change, &key, &after)?;
            Ok(vec![Made::of(Kind::Reasons, &key, before, Some(after), "reasons of a spot-check".to_owned())])
        })
    }

    /// The verdicts of all spot-checks, each with the name of its spot-check.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn all_rulings(&self) -> Result<Vec<(String, Ruling)>, WorkspaceError> {
        let read = || -> Outcome<Vec<(String, Ruling)>> {
            let mut found = self.db.prepare_cached(
                "SELECT rater, print, verdict.id, verdict, reason, time, name FROM verdict \
                 JOIN spot ON spot.id = verdict.spot ORDER BY spot.id, rater, print",
            )?;
            let named = |row: &rusqlite::Row<'_>| Ok((row.get(6)?, ruling(row)?));
            let all = found.query_map([], named)?.collect::<Outcome<Vec<_>>>()?;
            Ok(all.into_iter().filter_map(|(name, ruling)| Some((name, ruling?))).collect())
        };
        read().map_err(self.engine())
    }
}

fn ruling(row: &rusqlite::Row<'_>) -> Outcome<Option<Ruling>> {
    let Some(verdict) = Verdict::named(row.get_ref(3)?.as_str()?) else { return Ok(None) };
    Ok(Some(Ruling {
        rater: row.get(0)?,
        print: row.get::<_, i64>(1)? as u64,
        id: row.get(2)?,
        verdict,
        reason: row.get(4)?,
        time: row.get(5)?,
    }))
}

/// A verdict with its reason, as steps keep it.
fn written(verdict: Verdict, reason: Option<&str>) -> String {
    serde_json::to_string(&(verdict.name(), reason)).unwrap_or_default()
}

fn read_key(key: &str) -> (i64, String, String) {
    serde_json::from_str(key).unwrap_or_default()
}

pub(super) fn verdict_of(db: &Connection, key: &str) -> Outcome<Option<String>> {
    let (spot, rater, id) = read_key(key);
    let mut found = db.prepare_cached(
        "SELECT verdict, reason FROM verdict WHERE spot = ?1 AND rater = ?2 AND print = ?3",
    )?;
    let told = |row: &rusqlite::Row<'_>| {
        let (verdict, reason): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        Ok(serde_json::to_string(&(verdict, reason)).unwrap_or_default())
    };
    found.query_row(params![spot, rater, print_of(&id) as i64], told).optional()
}

/// Puts a verdict as [`written`] has it; an empty text takes it away.
pub(super) fn set_verdict(db: &Connection, key: &str, text: &str) -> Outcome<()> {
    let (spot, rater, id) = read_key(key);
    let print = print_of(&id) as i64;
    let Ok((verdict, reason)) = serde_json::from_str::<(String, Option<String>)>(text) else {
        db.prepare_cached("DELETE FROM verdict WHERE spot = ?1 AND rater = ?2 AND print = ?3")?
            .execute(params![spot, rater, print])?;
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO verdict (spot, rater, print, id, verdict, reason, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (spot, rater, print) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, \
         time = excluded.time",
    )?
    .execute(params![spot, rater, print, id, verdict, reason, now()])?;
    Ok(())
}

pub(super) fn reasons_of(db: &Connection, key: &str) -> Outcome<Option<String>> {
    let mut found = db.prepare_cached("SELECT reasons FROM spot WHERE id = ?1")?;
    found.query_row([key.parse::<i64>().unwrap_or_default()], |row| row.get(0)).optional()
}

pub(super) fn set_reasons(db: &Connection, key: &str, text: &str) -> Outcome<()> {
    db.prepare_cached("UPDATE spot SET reasons = ?2 WHERE id = ?1")?
        .execute(params![key.parse::<i64>().unwrap_or_default(), text])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::schema::{FORMAT, TABLES};
    use crate::workspace::{Prints, TagName};

    fn open(folder: &std::path::Path, session: &str) -> Workspace {
        Workspace::open(&folder.join("w.sqlite"), session).unwrap()
    }

    fn begun(work: &mut Workspace, name: &str) -> SpotCheck {
        let check = SpotCheck {
            name: name.into(),
            seed: u64::MAX,
            wanted: 3,
            query: "dog".into(),
            stratify: "density".into(),
            margin: Some(0.03),
            reasons: vec!["vague".into(), "other".into()],
            strata: vec![Stratum { name: "all".into(), samples: 9 }],
            ..SpotCheck::default()
        };
        let queue: Vec<Queued> = ["x", "y", "z"]
            .iter()
            .map(|id| Queued { print: print_of(id), id: (*id).into(), stratum: 0 })
            .collect();
        let number = work.begin_spot(&check, &queue).unwrap();
        assert_eq!(work.queue(number).unwrap(), queue);
        SpotCheck { number, ..check }
    }

    fn wrong(id: &str, reason: &str) -> NewRuling {
        NewRuling { id: id.into(), verdict: Some(Verdict::Wrong), reason: Some(reason.into()) }
    }

    fn told(work: &Workspace, spot: i64) -> Vec<String> {
        let rulings = work.rulings(spot).unwrap().into_iter();
        rulings
            .map(|one| {
                format!("{} {} {} {}", one.rater, one.id, one.verdict.name(), one.reason.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn a_spot_check_is_kept_as_it_was_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let mut work = open(folder.path(), "a");
        let check = begun(&mut work, "one");
        let found = work.spot_checks().unwrap();
        assert!(found[0].created > 0);
        assert_eq!(found, [SpotCheck { created: found[0].created, ..check.clone() }]);
        begun(&mut work, "two");
        let names: Vec<String> = work.spot_checks().unwrap().into_iter().map(|check| check.name).collect();
        assert_eq!(names, ["two", "one"]);
        // Drawn anew: the number and the verdicts stay.
        work.judge(check.number, "ann", &[wrong("x", "vague")]).unwrap();
        assert_eq!(begun(&mut work, "one").number, check.number);
        assert_eq!(told(&work, check.number), ["ann x wrong vague"]);
        assert_eq!(
            work.all_rulings().unwrap().into_iter().map(|(name, one)| (name, one.id)).collect::<Vec<_>>(),
            [("one".into(), "x".into())]
        );
    }

    #[test]
    fn verdicts_and_reasons_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (open(folder.path(), "one"), open(folder.path(), "other"));
        let check = begun(&mut one, "spot");
        let number = check.number;
        one.judge(check.number, "ann", &[wrong("x", "vague")]).unwrap();
        other.judge(check.number, "bob", &[wrong("x", "other")]).unwrap();
        let right = NewRuling { id: "x".into(), verdict: Some(Verdict::Right), reason: None };
        let step = one.judge(check.number, "ann", &[right]).unwrap();
        assert_eq!((step.changed, step.what.as_str()), (1, "right x"));
        assert_eq!(told(&one, number), ["ann x right ", "bob x wrong other"]);
        one.undo().unwrap();
        assert_eq!(told(&other, number), ["ann x wrong vague", "bob x wrong other"]);
        one.undo().unwrap();
        assert_eq!(told(&one, number), ["bob x wrong other"]);
        // What bob has done is his.
        assert_eq!(one.undo().unwrap(), None);
        one.redo().unwrap();
        assert_eq!(told(&one, number), ["ann x wrong vague", "bob x wrong other"]);
        let none = NewRuling { id: "x".into(), verdict: None, reason: None };
        one.judge(check.number, "ann", &[none]).unwrap();
        assert_eq!(told(&one, number), ["bob x wrong other"]);
        // Many are one step.
        let step = one.judge(check.number, "ann", &[wrong("x", "a"), wrong("y", "b")]).unwrap();
        assert_eq!((step.changed, step.what.as_str()), (2, "2 verdicts of ann"));
        one.undo().unwrap();
        assert_eq!(told(&one, number).len(), 1);
        one.set_reasons(number, &["new".into()]).unwrap();
        assert_eq!(one.spot_checks().unwrap()[0].reasons, ["new"]);
        one.undo().unwrap();
        assert_eq!(one.spot_checks().unwrap()[0].reasons, ["vague", "other"]);
        assert!(one.is_sound().unwrap());
    }

    #[test]
    fn a_file_of_the_first_format_is_brought_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.sqlite");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(TABLES[0]).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute("INSERT INTO tag (id, name, samples) VALUES (1, 'good', 1)", []).unwrap();
        let print = print_of("x");
        old.execute(
            "INSERT INTO tagged (tag, block, prints) VALUES (1, ?1, ?2)",
            params![(print >> 52) as i64, print.to_le_bytes()],
        )
        .unwrap();
        old.execute(
            "INSERT INTO note (print, id, text, time) VALUES (?1, 'x', 'look again', 5)",
            [print as i64],
        )
        .unwrap();
        drop(old);
        let mut work = Workspace::open(&path, "a").unwrap();
        assert_eq!(work.tagged().unwrap(), [("good".to_owned(), Prints::one("x"))]);
        assert_eq!(work.notes().unwrap(), [(print, "look again".to_owned())]);
        let check = begun(&mut work, "spot");
        work.judge(check.number, "ann", &[wrong("x", "vague")]).unwrap();
        work.tag(&TagName::parse("good").unwrap(), &Prints::one("x"), false).unwrap();
        drop(work);
        // Once is enough, and a second process finds it done.
        let again = Workspace::open(&path, "b").unwrap();
        assert_eq!((again.tagged().unwrap(), told(&again, check.number).len()), (vec![], 1));
        assert_eq!(
            again.db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap(),
            FORMAT
        );
        assert!(again.is_sound().unwrap());
    }
}
