//! The thread that writes down what somebody makes of samples, one thing after the other, and notices what others
//! have made meanwhile.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::crew::Answer;
use super::mailbox::{Mailbox, Waited};
use super::marks::{Late, Marked};
use super::pair_store::{self, Decisions};
use super::{Opened, Reply};
use crate::index::{Index, Snapshot};
use crate::pairs::Decision;
use crate::query;
use crate::workspace::{Prints, Step, Tag, TagName, Workspace, WorkspaceError};

/// How often it is looked for what other processes have marked.
const LOOK: Duration = Duration::from_secs(2);
/// The setting that has the last session.
pub(super) const SESSION: &str = "session";

/// Something that somebody makes of samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marking {
    /// Gives a sample a tag, or takes it where it has it.
    Toggle {
        /// The tag.
        tag: TagName,
        /// The sample's id.
        id: String,
    },
    /// Gives all samples of a query a tag, or takes it from them.
    TagAll {
        /// The tag.
        tag: TagName,
        /// The query's text.
        query: String,
        /// Whether they get it.
        on: bool,
    },
    /// Has a digit stand for a tag, or no longer where it does.
    Bind {
        /// The tag.
        tag: TagName,
        /// 1 to 9.
        digit: u8,
    },
    /// Writes a note on a sample; an empty one takes it away.
    Note {
        /// The sample's id.
        id: String,
        /// The note.
        text: String,
    },
    /// Keeps what was decided about a pair; by the ids of its halves.
    Decide {
        /// Id of the first half.
        first: String,
        /// Id of the second half.
        second: String,
        /// What was decided.
        decision: Decision,
    },
    /// Saves a query by a name; an empty one is forgotten.
    SaveQuery {
        /// The name.
        name: String,
        /// The query's text.
        text: String,
    },
    /// Takes back the last of these that was done in this run of the program.
    Undo,
    /// Does again what was taken back last.
    Redo,
    /// Keeps where somebody is, for the next time; that is no step, and is not taken back.
    Session(String),
}

/// What is marked by now, apart from the samples themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarksReport {
    /// All tags, in the order of their names.
    pub tags: Vec<Tag>,
    /// Saved queries: names and texts.
    pub queries: Vec<(String, String)>,
    /// What was decided about pairs.
    pub decisions: Decisions,
    /// How many wishes to decide about a pair this has in it.
    pub decided: u64,
}

/// What came of a [`Marking`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was done; only where something has changed there is a step to take back.
    Kept(Step),
    /// All samples of a query got a tag, or lost it.
    All {
        /// The tag.
        tag: TagName,
        /// Samples of the query.
        samples: u64,
        /// Whether they got it.
        on: bool,
        /// How many have changed by that.
        step: Step,
    },
    /// The last step was taken back, if there was one.
    Undone(Option<Step>),
    /// The step that was taken back last was done again, if there was one.
    Redone(Option<Step>),
}

/// The thread.
pub(super) struct Keeper {
    wishes: Arc<Mailbox<Vec<Marking>>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn start(opened: &Opened, answer: &Answer) -> std::io::Result<Self> {
        let wishes: Arc<Mailbox<Vec<Marking>>> = Arc::new(Mailbox::new());
        let mut clerk = Clerk::new(opened, answer);
        let taken = Arc::clone(&wishes);
        let thread = std::thread::Builder::new().name("capscope-marks".into()).spawn(move || {
            clerk.look();
            loop {
                match taken.take_within(LOOK) {
                    Waited::Wish(markings) => markings.into_iter().for_each(|marking| clerk.keep(marking)),
                    Waited::Nothing => clerk.look(),
                    Waited::Closed => return,
                }
            }
        })?;
        Ok(Self { wishes, thread: Some(thread) })
    }

    pub(super) fn keep(&self, marking: Marking) {
        self.wishes.alter(|waiting| {
            let mut waiting = waiting.unwrap_or_default();
            waiting.push(marking);
            waiting
        });
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Whoever leaves right after a mark has made it.
        self.wishes.finish();
        if let Some(thread) = self.thread.take() {
            // A worker that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Does the thread's work.
struct Clerk {
    opened: Opened,
    answer: Answer,
    marks: Arc<Marked>,
    workspace: Late,
    decided: u64,
    has_told: bool,
    /// As of the last report.
    state: Option<(i64, i64)>,
    /// Why the workspace could not be looked at last; said once.
    trouble: Option<String>,
}

impl Clerk {
    fn new(opened: &Opened, answer: &Answer) -> Self {
        Self {
            opened: opened.clone(),
            answer: Arc::clone(answer),
            marks: Arc::new(Marked::of(opened)),
            workspace: Late::new(opened, ""),
            decided: 0,
            has_told: false,
            state: None,
            trouble: None,
        }
    }

    fn keep(&mut self, marking: Marking) {
        match self.done(&marking) {
            Ok(None) => {}
            Ok(done) => self.tell(done),
            Err(error) => {
                (self.answer)(Reply::Notice(format!("{} is not kept: {error}", name_of(&marking))));
                self.tell(None);
            }
        }
    }

    /// Does it; what came of it, where somebody has asked for it.
    fn done(&mut self, marking: &Marking) -> Result<Option<Done>, String> {
        let step = match marking {
            Marking::Toggle { tag, id } => self.ask(|workspace| workspace.toggle(tag, id))?,
            Marking::TagAll { tag, query, on } => {
                let who = self.prints_of(query)?;
                let step = self.ask(|workspace| workspace.tag(tag, &who, *on))?;
                let (tag, samples) = (tag.clone(), who.len() as u64);
                return Ok(Some(Done::All { tag, samples, on: *on, step }));
            }
            Marking::Bind { tag, digit } => self.ask(|workspace| workspace.bind(tag, *digit))?,
            Marking::Note { id, text } => self.ask(|workspace| workspace.write_note(id, text.trim()))?,
            Marking::Decide { first, second, decision } => {
                self.decided += 1;
                self.ask(|workspace| workspace.decide(first, second, decision.name()))?
            }
            Marking::SaveQuery { name, text } => self.ask(|workspace| workspace.save_query(name, text))?,
            Marking::Undo => return Ok(Some(Done::Undone(self.ask(Workspace::undo)?))),
            Marking::Redo => return Ok(Some(Done::Redone(self.ask(Workspace::redo)?))),
            Marking::Session(text) => {
                // Where that fails nobody loses anything.
                let _ = self.ask(|workspace| workspace.set(SESSION, text));
                return Ok(None);
            }
        };
        Ok(Some(Done::Kept(step)))
    }

    fn ask<T>(
        &mut self,
        work: impl FnOnce(&mut Workspace) -> Result<T, WorkspaceError>,
    ) -> Result<T, String> {
        self.workspace.ask(work).map_err(|error| error.to_string())
    }

    /// The samples of a query.
    fn prints_of(&self, text: &str) -> Result<Prints, String> {
        let query = query::parse(text).map_err(|error| error.to_string())?;
        let snapshot = settled_snapshot(&self.opened, &self.marks)?;
        let hits = snapshot.search(&query).map_err(|error| error.to_string())?;
        hits.prints().map_err(|error| error.to_string())
    }

    /// Tells what is marked where that is news: others have been at work.
    fn look(&mut self) {
        if let Err(error) = self.look_again() {
            let error = error.to_string();
            if self.trouble.as_ref() != Some(&error) {
                (self.answer)(Reply::Notice(format!("marks cannot be read: {error}")));
            }
            self.trouble = Some(error);
        }
    }

    fn look_again(&mut self) -> Result<(), WorkspaceError> {
        let Some(workspace) = self.workspace.look()? else {
            // That nothing is marked is news too, once: whatever comes later is a change.
            if !std::mem::replace(&mut self.has_told, true) {
                (self.answer)(Reply::Marked { report: Arc::default(), done: None });
            }
            return Ok(());
        };
        let state = workspace.state()?;
        if self.state != Some(state) {
            let report = self.report()?;
            self.state = Some(state);
            self.has_told = true;
            (self.answer)(Reply::Marked { report: Arc::new(report), done: None });
        }
        Ok(())
    }

    /// Tells what is marked, and what was done.
    fn tell(&mut self, done: Option<Done>) {
        let told = self.report().and_then(|report| {
            self.state = self.workspace.held.as_ref().map(Workspace::state).transpose()?;
            Ok(report)
        });
        match told {
            Ok(report) => (self.answer)(Reply::Marked { report: Arc::new(report), done }),
            Err(error) => (self.answer)(Reply::Notice(format!("marks cannot be read: {error}"))),
        }
    }

    fn report(&self) -> Result<MarksReport, WorkspaceError> {
        let Some(workspace) = &self.workspace.held else { return Ok(MarksReport::default()) };
        Ok(MarksReport {
            tags: workspace.tags()?,
            queries: workspace.queries()?,
            decisions: pair_store::decisions(workspace)?,
            decided: self.decided,
        })
    }
}

/// The index as it is now, with rules of flags and marks.
pub(super) fn snapshot(opened: &Opened, marks: &Arc<Marked>) -> Result<Snapshot, String> {
    let index = Index::open(&opened.home).map_err(|error| error.to_string())?;
    snapshot_of(index.ok_or_else(|| query::UNSETTLED.to_owned())?, opened, marks)
}

fn snapshot_of(index: Index, opened: &Opened, marks: &Arc<Marked>) -> Result<Snapshot, String> {
    let table = opened.flag_table().map_err(|error| format!("capscope.toml: {error}"))?;
    let marks = Arc::clone(marks);
    index.with_flags(table).with_marks(marks).snapshot().map_err(|error| error.to_string())
}

/// The same where all samples are in it: who acts on all hits of a query must not act on some.
pub(super) fn settled_snapshot(opened: &Opened, marks: &Arc<Marked>) -> Result<Snapshot, String> {
    let index = Index::open(&opened.home).map_err(|error| error.to_string())?;
    let index = index.filter(Index::is_complete);
    let index = index.ok_or_else(|| "all hits are known once all samples are indexed".to_owned())?;
    snapshot_of(index, opened, marks)
}

fn name_of(marking: &Marking) -> &'static str {
    match marking {
        Marking::Toggle { .. } | Marking::TagAll { .. } => "the tag",
        Marking::Bind { .. } => "the digit",
        Marking::Note { .. } => "the note",
        Marking::Decide { .. } => "the decision",
        Marking::SaveQuery { .. } => "the query",
        Marking::Undo => "what was taken back",
        Marking::Redo => "what was done again",
        Marking::Session(_) => "the session",
    }
}
