//! The tables.

use rusqlite::{Connection, TransactionBehavior};

/// Raised with every change of the tables; older ones are brought up to it.
pub(super) const FORMAT: i64 = TABLES.len() as i64;
/// Says that a file is ours: `cscp`.
const APPLICATION: i64 = 0x6373_6370;

/// ```text
/// tag      a tag, how many samples have it, the digit that stands for it
/// tagged   for each tag the prints of its samples in blocks of the same first twelve bits
/// note     what somebody has written about a sample
/// pair     what was decided about two samples
/// setting  one value by a name: the last session, thresholds
/// step     what was done, by which session, and whether it was taken back
/// change   for each step what it has changed: what was there before, what after
/// saved_query  a query that somebody has given a name
/// spot     a spot-check: how it was drawn, and the reasons that have digits
/// stratum  its strata, with the samples of each
/// queued   the samples that were drawn, in the order in which they are looked at
/// verdict  what a rater says of one of them
/// ```
///
/// One text for each format, which makes it of the one before.
pub(super) const TABLES: [&str; 2] = [
    "
    CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, samples INTEGER NOT NULL DEFAULT 0,
                      digit INTEGER UNIQUE);
    CREATE TABLE tagged (tag INTEGER NOT NULL, block INTEGER NOT NULL, prints BLOB NOT NULL,
                         PRIMARY KEY (tag, block)) WITHOUT ROWID;
    CREATE TABLE note (print INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, time INTEGER NOT NULL);
    CREATE TABLE pair (first TEXT NOT NULL, second TEXT NOT NULL, decision TEXT NOT NULL, time INTEGER NOT NULL,
                       PRIMARY KEY (first, second)) WITHOUT ROWID;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE step (id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, time INTEGER NOT NULL,
                       what TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE change (step INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
                         before BLOB, after BLOB, PRIMARY KEY (step, place));
",
    "
    CREATE TABLE saved_query (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE spot (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, seed INTEGER NOT NULL,
                       wanted INTEGER NOT NULL, query TEXT NOT NULL, stratify TEXT NOT NULL, margin REAL,
                       reasons TEXT NOT NULL, created INTEGER NOT NULL);
    CREATE TABLE stratum (spot INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, samples INTEGER NOT NULL,
                          PRIMARY KEY (spot, place)) WITHOUT ROWID;
    CREATE TABLE queued (spot INTEGER NOT NULL, place INTEGER NOT NULL, print INTEGER NOT NULL, id TEXT NOT NULL,
                         stratum INTEGER NOT NULL, PRIMARY KEY (spot, place)) WITHOUT ROWID;
    CREATE TABLE verdict (spot INTEGER NOT NULL, rater TEXT NOT NULL, print INTEGER NOT NULL, id TEXT NOT NULL,
                          verdict TEXT NOT NULL, reason TEXT, time INTEGER NOT NULL,
                          PRIMARY KEY (spot, rater, print)) WITHOUT ROWID;
",
];

/// What was found in a file.
pub(super) enum Found {
    /// It is ready.
    Ready,
    /// A later version has written it.
    Later(i64),
}

/// Makes a file ready: how it is written, and its tables.
pub(super) fn prepare(db: &mut Connection) -> rusqlite::Result<Found> {
    // Home folders of clusters are on the network, where a write-ahead log's shared memory does not work; a journal
    // that is cut to nothing at the end of each change does.
    db.pragma_update(None, "journal_mode", "TRUNCATE")?;
    // What is acknowledged is on the disk, also when the power fails.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    let format = |db: &Connection| db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    if format(db)? < FORMAT {
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been first.
        let known = change.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
        for tables in TABLES.iter().skip(usize::try_from(known).unwrap_or(TABLES.len())) {
            change.execute_batch(tables)?;
        }
        if known < FORMAT {
            change.pragma_update(None, "application_id", APPLICATION)?;
            change.pragma_update(None, "user_version", FORMAT)?;
        }
        change.commit()?;
    }
    let found = format(db)?;
    Ok(if found > FORMAT { Found::Later(found) } else { Found::Ready })
}
