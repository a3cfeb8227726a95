//! The tables.

use rusqlite::{Connection, TransactionBehavior};

/// Raised with every change of the tables; older ones are brought up to it.
pub(super) const FORMAT: i64 = 2;
/// Says that a file is ours: `cscp`.
const APPLICATION: i64 = 0x6373_6370;

/// ```text
/// tag      a tag, how many samples have it, the digit that stands for it
/// tagged   for each tag the prints of its samples in blocks of the same first twelve bits
/// note     what somebody has written about a sample
/// pair     what was decided about two samples
/// setting  one value by a name: the last session, thresholds
/// saved_query  a query that somebody has given a name
/// step     what was done, by which session, and whether it was taken back
/// change   for each step what it has changed: what was there before, what after
/// ```
const TABLES: [&str; FORMAT as usize] = [
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
        let held = change.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
        for tables in TABLES.iter().skip(held.max(0) as usize) {
            change.execute_batch(tables)?;
        }
        if held < FORMAT {
            change.pragma_update(None, "application_id", APPLICATION)?;
            change.pragma_update(None, "user_version", FORMAT)?;
        }
        change.commit()?;
    }
    let found = format(db)?;
    Ok(if found > FORMAT { Found::Later(found) } else { Found::Ready })
}
