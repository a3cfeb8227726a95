//! The file: reading it and changing it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::prints::{merged, print_of, without};
use super::schema::{FORMAT, Found, prepare};
use super::spots;
use super::step::{Kind, Way};
use super::{Logged, Prints, Step, Tag, TagName, WorkspaceError};

/// How long one waits for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(10);
/// Steps that can be taken back.
const STEPS: i64 = 1_000;
/// Bits of a print that say in which block it is.
const BLOCK_BITS: u32 = 12;

/// What somebody has made of a data set.
pub struct Workspace {
    pub(super) db: Connection,
    path: PathBuf,
    session: String,
    /// Raised with every change by this one.
    pub(super) own: u64,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Workspace").field("path", &self.path).finish_non_exhaustive()
    }
}

pub(super) type Outcome<T> = rusqlite::Result<T>;

impl Workspace {
    /// Opens the file, or makes it. Steps are those of this session: who takes one back takes back their own.
    ///
    /// # Errors
    /// Where it cannot be read, or a later version of the program has written it.
    pub fn open(path: &Path, session: &str) -> Result<Self, WorkspaceError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|cause| WorkspaceError::File { path: folder.to_owned(), cause })?;
        }
        let engine = |cause| WorkspaceError::Engine { path: path.to_owned(), cause };
        let mut db = Connection::open(path).map_err(engine)?;
        db.busy_timeout(PATIENCE).map_err(engine)?;
        match prepare(&mut db).map_err(engine)? {
            Found::Ready => Ok(Self { db, path: path.to_owned(), session: session.to_owned(), own: 0 }),
            Found::Later(found) => Err(WorkspaceError::Later { path: path.to_owned(), found, known: FORMAT }),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn engine(&self) -> impl FnOnce(rusqlite::Error) -> WorkspaceError + use<> {
        let path = self.path.clone();
        move |cause| WorkspaceError::Engine { path, cause }
    }

    /// Another number after every change, by whomever.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn version(&self) -> Result<(i64, u64), WorkspaceError> {
        let others = self.db.pragma_query_value(None, "data_version", |row| row.get(0));
        Ok((others.map_err(self.engine())?, self.own))
    }

    /// Another pair of numbers after every step and every taking back, by whomever; not after a setting was kept.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn state(&self) -> Result<(i64, i64), WorkspaceError> {
        let read = || -> Outcome<(i64, i64)> {
            let mut found = self
                .db
                .prepare_cached("SELECT COALESCE(MAX(id), 0), COALESCE(SUM(id * undone), 0) FROM step")?;
            found.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        };
        read().map_err(self.engine())
    }

    /// Gives samples a tag, or takes it from them. Only those that change are counted.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn tag(&mut self, name: &TagName, who: &Prints, on: bool) -> Result<Step, WorkspaceError> {
        let kind = if on { Kind::TagOn } else { Kind::TagOff };
        self.step(|change| {
            let changed = set_tag(change, name.as_str(), who.as_slice(), on)?;
            let what = format!("{} {}", if on { "tag" } else { "untag" }, name.as_str());
            let bytes = Prints::to_bytes(&changed);
            Ok(vec![Made { kind, key: name.as_str().to_owned(), before: None, after: Some(bytes), what }])
        })
    }

    /// Gives a sample a tag, or takes it where it has it.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn toggle(&mut self, name: &TagName, id: &str) -> Result<Step, WorkspaceError> {
        let who = [print_of(id)];
        self.step(|change| {
            let name = name.as_str();
            let gained = set_tag(change, name, &who, true)?;
            let (kind, on) = if gained.is_empty() { (Kind::TagOff, "untag") } else { (Kind::TagOn, "tag") };
            if gained.is_empty() {
                set_tag(change, name, &who, false)?;
            }
            let (key, after) = (name.to_owned(), Some(Prints::to_bytes(&who)));
            Ok(vec![Made { kind, key, before: None, after, what: format!("{on} {name}") }])
        })
    }

    /// Writes a note on a sample; an empty text takes it away.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_note(&mut self, id: &str, text: &str) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let before = note_of(change, id)?;
            set_note(change, id, text)?;
            Ok(vec![Made::of(Kind::Note, id, before, Some(text.to_owned()), format!("note on {id}"))])
        })
    }

    /// Keeps what was decided about two samples.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn decide(&mut self, first: &str, second: &str, decision: &str) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let before = decision_of(change, first, second)?;
            set_decision(change, first, second, decision)?;
            let key = serde_json::to_string(&[first, second]).unwrap_or_default();
            let what = format!("pair {first} {second} {decision}");
            Ok(vec![Made::of(Kind::Pair, &key, before, Some(decision.to_owned()), what)])
        })
    }

    /// Binds a digit to a tag; one that stood for another tag no longer does. Where it stands for this one already, it
    /// stands for none from now on.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn bind(&mut self, name: &TagName, digit: u8) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let name = name.as_str();
            let before = digit_of(change, name)?;
            let after = (before != Some(digit)).then_some(digit);
            let other = after.map(|digit| bound_to(change, digit)).transpose()?.flatten();
            set_digit(change, name, after)?;
            let what = match after {
                Some(_) => format!("digit {digit} for {name}"),
                None => format!("no digit for {name}"),
            };
            let text = |digit: u8| digit.to_string();
            // First the other tag lets go of the digit; taken back, it is the last to get it.
            let other =
                other.map(|other| Made::of(Kind::Digit, &other, Some(text(digit)), None, what.clone()));
            let own = Made::of(Kind::Digit, name, before.map(text), after.map(text), what);
            Ok(other.into_iter().chain([own]).collect())
        })
    }

    /// Saves a query by a name, in place of another of that name; an empty text takes it away.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save_query(&mut self, name: &str, text: &str) -> Result<Step, WorkspaceError> {
        self.step(|change| {
            let before = query_of(change, name)?;
            set_query(change, name, text)?;
            let what = format!("{} query {name}", if text.is_empty() { "forget" } else { "save" });
            Ok(vec![Made::of(Kind::Query, name, before, Some(text.to_owned()), what)])
        })
    }

    /// All saved queries with their names, in the order of these.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn queries(&self) -> Result<Vec<(String, String)>, WorkspaceError> {
        let read = || -> Outcome<Vec<(String, String)>> {
            let mut found = self.db.prepare_cached("SELECT name, text FROM saved_query ORDER BY name")?;
            found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        read().map_err(self.engine())
    }

    /// All tags, in order.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn tags(&self) -> Result<Vec<Tag>, WorkspaceError> {
        let read = || -> Outcome<Vec<Tag>> {
            let mut found = self.db.prepare_cached(
                "SELECT name, samples, digit FROM tag WHERE samples > 0 OR digit IS NOT NULL ORDER BY name",
            )?;
            let tag = |row: &rusqlite::Row<'_>| {
                Ok(Tag { name: row.get(0)?, samples: row.get::<_, i64>(1)? as u64, digit: row.get(2)? })
            };
            found.query_map([], tag)?.collect()
        };
        read().map_err(self.engine())
    }

    /// All tags with the samples of each, in order of their names.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn tagged(&self) -> Result<Vec<(String, Prints)>, WorkspaceError> {
        let read = || -> Outcome<Vec<(String, Prints)>> {
            let mut names =
                self.db.prepare_cached("SELECT id, name FROM tag WHERE samples > 0 ORDER BY name")?;
            let mut blocks =
                self.db.prepare_cached("SELECT prints FROM tagged WHERE tag = ?1 ORDER BY block")?;
            let (mut all, mut tags) = (Vec::new(), names.query([])?);
            while let Some(tag) = tags.next()? {
                let (id, name): (i64, String) = (tag.get(0)?, tag.get(1)?);
                let (mut prints, mut rows) = (Vec::new(), blocks.query([id])?);
                while let Some(row) = rows.next()? {
                    Prints::read(row.get_ref(0)?.as_blob()?, &mut prints);
                }
                all.push((name, Prints::from_parts(prints)));
            }
            Ok(all)
        };
        read().map_err(self.engine())
    }

    /// All notes, by the prints of their samples.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn notes(&self) -> Result<Vec<(u64, String)>, WorkspaceError> {
        let read = || -> Outcome<Vec<(u64, String)>> {
            let mut found = self.db.prepare_cached("SELECT print, text FROM note")?;
            found.query_map([], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)))?.collect()
        };
        read().map_err(self.engine())
    }

    /// What was decided about pairs: both ids, and the decision.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn decisions(&self) -> Result<Vec<(String, String, String)>, WorkspaceError> {
        let read = || -> Outcome<Vec<(String, String, String)>> {
            let mut found = self.db.prepare_cached("SELECT first, second, decision FROM pair")?;
            found.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
        };
        read().map_err(self.engine())
    }

    /// The steps of all sessions that are remembered, the first first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn log(&self) -> Result<Vec<Logged>, WorkspaceError> {
        let read = || -> Outcome<Vec<Logged>> {
            let mut found =
                self.db.prepare_cached("SELECT id, time, session, what, undone FROM step ORDER BY id")?;
            let step = |row: &rusqlite::Row<'_>| {
                let (id, time, session, what, is_undone) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
                Ok(Logged { id, time, session, what, is_undone })
            };
            found.query_map([], step)?.collect()
        };
        read().map_err(self.engine())
    }

    /// A value that was kept by a name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, WorkspaceError> {
        let found = self.db.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0));
        found.optional().map_err(self.engine())
    }

    /// Keeps a value by a name. That is no step, and not taken back.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), WorkspaceError> {
        let put = "INSERT INTO setting (name, value) VALUES (?1, ?2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.db.execute(put, [name, value]).map_err(self.engine())?;
        self.own += 1;
        Ok(())
    }

    /// Takes back the last step of this session; none where there is none.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn undo(&mut self) -> Result<Option<Step>, WorkspaceError> {
        self.again(
            "SELECT id, what FROM step WHERE session = ?1 AND undone = 0 ORDER BY id DESC LIMIT 1",
            Way::Back,
        )
    }

    /// Does again what was taken back last; none where there is none, or something else was done since.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn redo(&mut self) -> Result<Option<Step>, WorkspaceError> {
        self.again(
            "SELECT id, what FROM step WHERE session = ?1 AND undone = 1 ORDER BY id LIMIT 1",
            Way::Forth,
        )
    }

    /// Whether the file is sound, by `SQLite`'s own check.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn is_sound(&self) -> Result<bool, WorkspaceError> {
        let found = self.db.pragma_query_value(None, "integrity_check", |row| row.get::<_, String>(0));
        found.map(|found| found == "ok").map_err(self.engine())
    }

    /// Does something as one step, all of it or nothing.
    pub(super) fn step(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Outcome<Vec<Made>>,
    ) -> Result<Step, WorkspaceError> {
        let engine = self.engine();
        let session = self.session.clone();
        let done = (|| -> Outcome<Step> {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let made = work(&change)?;
            let changed = made.iter().map(Made::changed).sum();
            let what = made.first().map(|made| made.what.clone()).unwrap_or_default();
            let mut step = Step { id: 0, what, changed, left: 0 };
            if changed > 0 {
                step.id = write_down(&change, &session, &step.what, &made)?;
            }
            change.commit()?;
            Ok(step)
        })();
        self.own += 1;
        done.map_err(engine)
    }

    fn again(&mut self, which: &str, way: Way) -> Result<Option<Step>, WorkspaceError> {
        let engine = self.engine();
        let session = self.session.clone();
        let done = (|| -> Outcome<Option<Step>> {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let found =
                change.query_row(which, [&session], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let Some((id, what)) = found else { return Ok(None) };
            let mut step = Step { id, what, changed: 0, left: 0 };
            let mut all = read_changes(&change, id)?;
            if way == Way::Back {
                all.reverse();
            }
            for made in all {
                let (changed, left) = made.apply(&change, way)?;
                step.changed += changed;
                step.left += left;
            }
            change.execute("UPDATE step SET undone = ?2 WHERE id = ?1", params![id, way == Way::Back])?;
            change.commit()?;
            Ok(Some(step))
        })();
        self.own += 1;
        done.map_err(engine)
    }
}

/// Something that a step has changed.
pub(super) struct Made {
    kind: Kind,
    key: String,
    before: Option<Vec<u8>>,
    after: Option<Vec<u8>>,
    what: String,
}

impl Made {
    pub(super) fn of(
        kind: Kind,
        key: &str,
        before: Option<String>,
        after: Option<String>,
        what: String,
    ) -> Self {
        let bytes = |text: Option<String>| text.map(String::into_bytes);
        Self { kind, key: key.to_owned(), before: bytes(before), after: bytes(after), what }
    }

    fn changed(&self) -> u64 {
        match self.kind {
            Kind::TagOn | Kind::TagOff => self.after.as_ref().map_or(0, |bytes| bytes.len() as u64 / 8),
            // Nothing, and an empty text, are the same.
            _ => u64::from(
                self.before.as_deref().unwrap_or_default() != self.after.as_deref().unwrap_or_default(),
            ),
        }
    }

    /// Does it, or takes it back: how much was changed, and how much left since it is not as it was.
    fn apply(&self, db: &Transaction<'_>, way: Way) -> Outcome<(u64, u64)> {
        if let Kind::TagOn | Kind::TagOff = self.kind {
            let mut prints = Vec::new();
            Prints::read(self.after.as_deref().unwrap_or_default(), &mut prints);
            let on = (self.kind == Kind::TagOn) == (way == Way::Forth);
            let changed = set_tag(db, &self.key, &prints, on)?.len() as u64;
            return Ok((changed, prints.len() as u64 - changed));
        }
        let text =
            |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let (mut from, mut to) = (text(&self.before), text(&self.after));
        if way == Way::Back {
            std::mem::swap(&mut from, &mut to);
        }
        let is_as_it_was = |now: Option<String>| now.unwrap_or_default() == from.clone().unwrap_or_default();
        let to = to.unwrap_or_default();
        let ids: [String; 2] = serde_json::from_str(&self.key).unwrap_or_default();
        let [first, second] = &ids;
        let now = match self.kind {
            Kind::Note => note_of(db, &self.key)?,
            Kind::Pair => decision_of(db, first, second)?,
            Kind::Query => query_of(db, &self.key)?,
            Kind::Verdict => spots::verdict_of(db, &self.key)?,
            Kind::Reasons => spots::reasons_of(db, &self.key)?,
            _ => digit_of(db, &self.key)?.map(|digit| digit.to_string()),
        };
        if !is_as_it_was(now) {
            return Ok((0, 1));
        }
        match self.kind {
            Kind::Note => set_note(db, &self.key, &to)?,
            Kind::Pair => set_decision(db, first, second, &to)?,
            Kind::Query => set_query(db, &self.key, &to)?,
            Kind::Verdict => spots::set_verdict(db, &self.key, &to)?,
            Kind::Reasons => spots::set_reasons(db, &self.key, &to)?,
            _ => set_digit(db, &self.key, to.parse().ok())?,
        }
        Ok((1, 0))
    }
}

pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

fn block_of(print: u64) -> i64 {
    (print >> (u64::BITS - BLOCK_BITS)) as i64
}

/// Writes a step down. What this session had taken back cannot be done again from now on.
fn write_down(db: &Transaction<'_>, session: &str, what: &str, made: &[Made]) -> Outcome<i64> {
    db.execute(
        "DELETE FROM change WHERE step IN (SELECT id FROM step WHERE session = ?1 AND undone = 1)",
        [session],
    )?;
    db.execute("DELETE FROM step WHERE session = ?1 AND undone = 1", [session])?;
    db.prepare_cached("INSERT INTO step (session, time, what) VALUES (?1, ?2, ?3)")?.execute(params![
        session,
        now(),
        what
    ])?;
    let id = db.last_insert_rowid();
    let mut put = db.prepare_cached(
        "INSERT INTO change (step, place, kind, key, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (place, made) in made.iter().enumerate() {
        put.execute(params![id, place as i64, made.kind.name(), made.key, made.before, made.after])?;
    }
    if id > STEPS {
        db.prepare_cached("DELETE FROM change WHERE step <= ?1")?.execute([id - STEPS])?;
        db.prepare_cached("DELETE FROM step WHERE id <= ?1")?.execute([id - STEPS])?;
    }
    Ok(id)
}

fn read_changes(db: &Transaction<'_>, step: i64) -> Outcome<Vec<Made>> {
    let mut found =
        db.prepare_cached("SELECT kind, key, before, after FROM change WHERE step = ?1 ORDER BY place")?;
    let made = |row: &rusqlite::Row<'_>| -> Outcome<Option<Made>> {
        let Some(kind) = Kind::named(row.get_ref(0)?.as_str()?) else { return Ok(None) };
        Ok(Some(Made {
            kind,
            key: row.get(1)?,
            before: row.get(2)?,
            after: row.get(3)?,
            what: String::new(),
        }))
    };
    Ok(found.query_map([step], made)?.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Gives or takes a tag; tells who has changed.
fn set_tag(db: &Transaction<'_>, name: &str, who: &[u64], on: bool) -> Outcome<Vec<u64>> {
    db.prepare_cached("INSERT OR IGNORE INTO tag (name) VALUES (?1)")?.execute([name])?;
    let tag: i64 =
        db.prepare_cached("SELECT id FROM tag WHERE name = ?1")?.query_row([name], |row| row.get(0))?;
    let mut get = db.prepare_cached("SELECT prints FROM tagged WHERE tag = ?1 AND block = ?2")?;
    let mut put = db.prepare_cached(
        "INSERT INTO tagged (tag, block, prints) VALUES (?1, ?2, ?3) \
         ON CONFLICT (tag, block) DO UPDATE SET prints = excluded.prints",
    )?;
    let mut drop = db.prepare_cached("DELETE FROM tagged WHERE tag = ?1 AND block = ?2")?;
    let mut changed = Vec::new();
    let mut held = Vec::new();
    for part in who.chunk_by(|one, other| block_of(*one) == block_of(*other)) {
        let Some(block) = part.first().map(|print| block_of(*print)) else { continue };
        held.clear();
        let mut rows = get.query(params![tag, block])?;
        if let Some(row) = rows.next()? {
            Prints::read(row.get_ref(0)?.as_blob()?, &mut held);
        }
        std::mem::drop(rows);
        let others = without(part, &held);
        let mine = if on { others } else { without(part, &others) };
        if mine.is_empty() {
            continue;
        }
        let all = if on { merged(&held, &mine) } else { without(&held, &mine) };
        if all.is_empty() {
            drop.execute(params![tag, block])?;
        } else {
            put.execute(params![tag, block, Prints::to_bytes(&all)])?;
        }
        changed.extend(mine);
    }
    let more = if on { changed.len() as i64 } else { -(changed.len() as i64) };
    db.prepare_cached("UPDATE tag SET samples = samples + ?2 WHERE id = ?1")?.execute(params![tag, more])?;
    Ok(changed)
}

fn note_of(db: &Connection, id: &str) -> Outcome<Option<String>> {
    let mut found = db.prepare_cached("SELECT text FROM note WHERE print = ?1")?;
    found.query_row([print_of(id) as i64], |row| row.get(0)).optional()
}

fn set_note(db: &Connection, id: &str, text: &str) -> Outcome<()> {
    let print = print_of(id) as i64;
    if text.is_empty() {
        db.prepare_cached("DELETE FROM note WHERE print = ?1")?.execute([print])?;
    } else {
        db.prepare_cached(
            "INSERT INTO note (print, id, text, time) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (print) DO UPDATE SET text = excluded.text, time = excluded.time",
        )?
        .execute(params![print, id, text, now()])?;
    }
    Ok(())
}

fn decision_of(db: &Connection, first: &str, second: &str) -> Outcome<Option<String>> {
    let mut found = db.prepare_cached("SELECT decision FROM pair WHERE first = ?1 AND second = ?2")?;
    found.query_row([first, second], |row| row.get(0)).optional()
}

fn set_decision(db: &Connection, first: &str, second: &str, decision: &str) -> Outcome<()> {
    if decision.is_empty() {
        db.prepare_cached("DELETE FROM pair WHERE first = ?1 AND second = ?2")?.execute([first, second])?;
    } else {
        db.prepare_cached(
            "INSERT INTO pair (first, second, decision, time) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (first, second) DO UPDATE SET decision = excluded.decision, time = excluded.time",
        )?
        .execute(params![first, second, decision, now()])?;
    }
    Ok(())
}

fn digit_of(db: &Connection, name: &str) -> Outcome<Option<u8>> {
    let mut found = db.prepare_cached("SELECT digit FROM tag WHERE name = ?1")?;
    Ok(found.query_row([name], |row| row.get::<_, Option<u8>>(0)).optional()?.flatten())
}

/// The tag that a digit stands for.
fn bound_to(db: &Connection, digit: u8) -> Outcome<Option<String>> {
    let mut found = db.prepare_cached("SELECT name FROM tag WHERE digit = ?1")?;
    found.query_row([digit], |row| row.get(0)).optional()
}

fn query_of(db: &Connection, name: &str) -> Outcome<Option<String>> {
    let mut found = db.prepare_cached("SELECT text FROM saved_query WHERE name = ?1")?;
    found.query_row([name], |row| row.get(0)).optional()
}

fn set_query(db: &Connection, name: &str, text: &str) -> Outcome<()> {
    if text.is_empty() {
        db.prepare_cached("DELETE FROM saved_query WHERE name = ?1")?.execute([name])?;
    } else {
        db.prepare_cached("INSERT OR REPLACE INTO saved_query (name, text) VALUES (?1, ?2)")?
            .execute([name, text])?;
    }
    Ok(())
}

fn set_digit(db: &Connection, name: &str, digit: Option<u8>) -> Outcome<()> {
    db.prepare_cached("UPDATE tag SET digit = NULL WHERE digit = ?1")?.execute(params![digit])?;
    db.prepare_cached("INSERT OR IGNORE INTO tag (name) VALUES (?1)")?.execute([name])?;
    db.prepare_cached("UPDATE tag SET digit = ?2 WHERE name = ?1")?.execute(params![name, digit])?;
    Ok(())
}
