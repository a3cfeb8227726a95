//! All workers of one opened data set.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;

use super::builder::{self, Shared};
use super::desk::Desk;
use super::exporter::Exporter;
use super::keeper::Keeper;
use super::mailbox::Mailbox;
use super::searcher::{self, Look, Search, Wish};
use super::{Effect, Opened, Reply};
use crate::graphics::{Mode, Painter, Painting, Sight, step_back};
use crate::index::Home;
use crate::media::{Limits, Loader, Picture, PictureKey, Plan};

/// How a worker answers; called from its thread.
pub(super) type Answer = Arc<dyn Fn(Reply) + Send + Sync>;

/// How pictures are to be made.
#[derive(Clone, Debug)]
pub struct CrewOptions {
    /// What a picture may cost.
    pub limits: Limits,
    /// The most bytes that a picture may send over the line; by default as few as a slow one needs, and no
    /// bound without one.
    pub budget: Option<usize>,
}

/// The workers. They stop when this is dropped.
pub struct Crew {
    home: Home,
    wishes: Arc<Mailbox<Wish>>,
    shared: Arc<Shared>,
    desk: Option<Desk>,
    keeper: Option<Keeper>,
    exporter: Option<Exporter>,
    pictures: Option<Loader<Painting>>,
    painter: Arc<RwLock<Option<Painter>>>,
    /// Pictures that were wished for before it was known how they are shown.
    early: Mutex<Vec<PictureKey>>,
    budget: Option<usize>,
    answer: Answer,
    searcher: Option<JoinHandle<()>>,
    builder: Option<JoinHandle<()>>,
}

impl Crew {
    /// Starts them all; the index is brought up to date at once.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        opened: Opened,
        options: CrewOptions,
        answer: impl Fn(Reply) + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let answer: Answer = Arc::new(answer);
        let wishes = Arc::new(Mailbox::new());
        let shared = Arc::new(Shared::default());
        let home = opened.home.clone();
        let desk = Desk::start(&opened, &answer)?;
        let keeper = Keeper::start(&opened, &answer)?;
        let CrewOptions { limits, budget } = options;
        let exporter = Exporter::start(&opened, limits.clone(), &answer)?;
        let searcher =
            searcher::spawn(opened.clone(), Arc::clone(&shared), Arc::clone(&wishes), Arc::clone(&answer))?;
        let builder = builder::spawn(opened, Arc::clone(&shared), Arc::clone(&answer))?;
        let told = Arc::clone(&answer);
        let painter = Arc::new(RwLock::new(None::<Painter>));
        let paints = Arc::clone(&painter);
        let pictures = Loader::new(
            Plan { limits, begin: step_back, ..Plan::default() },
            Arc::new(move |picture: &Picture, key: &PictureKey| {
                let painter = paints.read().ok().and_then(|painter| painter.clone());
                // Nothing is asked of the loader before there is one.
                painter.map_or_else(
                    || Painting::new(picture, key.cells, None, Mode::None),
                    |painter| painter.paint(picture, key),
                )
            }),
            move |key, outcome| told(Reply::Picture { key, outcome }),
        );
        Ok(Self {
            home,
            wishes,
            shared,
            desk: Some(desk),
            keeper: Some(keeper),
            exporter: Some(exporter),
            pictures: Some(pictures),
            painter,
            early: Mutex::new(Vec::new()),
            budget,
            answer,
            searcher: Some(searcher),
            builder: Some(builder),
        })
    }

    /// Has a wish fulfilled. Those that concern the terminal are left to who owns it.
    pub fn perform(&self, effect: Effect) {
        self.shared.note_wish();
        match effect {
            Effect::Search { generation, text, live, first, count } => self.wishes.alter(|wish| Wish {
                search: Some(Search { generation, text, live, first, count }),
                ..wish.unwrap_or_default()
            }),
            Effect::Complete { text, cursor } => {
                self.wishes.alter(|wish| Wish { complete: Some((text, cursor)), ..wish.unwrap_or_default() });
            }
            Effect::Flags { generation, text } => self
                .wishes
                .alter(|wish| Wish { flags: Some(Look { generation, text }), ..wish.unwrap_or_default() }),
            Effect::Coverage { generation, text } => self
                .wishes
                .alter(|wish| Wish { coverage: Some(Look { generation, text }), ..wish.unwrap_or_default() }),
            Effect::Questions { generation, text } => self.ask(|desk| desk.question(generation, text)),
            Effect::Pairs { generation, text } => self.ask(|desk| desk.mine(generation, text)),
            Effect::Nearest { generation, id } => self.ask(|desk| desk.nearest(generation, id)),
            Effect::PairDetail { generation, members } => self.ask(|desk| desk.detail(generation, members)),
            Effect::Mark(marking) => {
                if let Some(keeper) = &self.keeper {
                    keeper.keep(marking);
                }
            }
            Effect::Spot(wish) => self.ask(|desk| desk.spot(wish)),
            Effect::Export(wish) => {
                if let Some(exporter) = &self.exporter {
                    exporter.export(wish);
                }
            }
            Effect::StopExport => {
                if let Some(exporter) = &self.exporter {
                    exporter.stop();
                }
            }
            Effect::Pictures(keys) => self.want_pictures(keys),
            Effect::Refine(key) => {
                if let Some(pictures) = &self.pictures {
                    pictures.want_also(key);
                }
            }
            Effect::Remember(query) => {
                if let Err(error) = self.home.remember(&query) {
                    (self.answer)(Reply::Notice(format!("the query is not remembered: {error}")));
                }
            }
            Effect::Redraw | Effect::Suspend | Effect::Copy(_) | Effect::Quit | Effect::Cancel => {}
        }
    }

    fn ask(&self, ask: impl FnOnce(&Desk)) {
        if let Some(desk) = &self.desk {
            ask(desk);
        }
    }

    /// Says how pictures are shown from now on.
    pub fn show_by(&self, sight: Sight) {
        let painter = Painter::new(sight, self.budget);
        if let Some(pictures) = &self.pictures {
            pictures.change_detail(painter.pixels_per_cell());
        }
        if let Ok(mut current) = self.painter.write() {
            *current = Some(painter);
        }
        let early = self.early.lock().map(|mut early| std::mem::take(&mut *early)).unwrap_or_default();
        self.want_pictures(early);
    }

    fn want_pictures(&self, keys: Vec<PictureKey>) {
        let is_known = self.painter.read().is_ok_and(|painter| painter.is_some());
        match &self.pictures {
            Some(pictures) if is_known => pictures.want(keys),
            _ => {
                if let Ok(mut early) = self.early.lock() {
                    *early = keys;
                }
            }
        }
    }

    /// Pictures that failed are tried again when they are wanted next.
    pub fn retry_pictures(&self) {
        if let Some(pictures) = &self.pictures {
            pictures.retry();
        }
    }

    /// All pictures are read anew when they are wanted next.
    pub fn refresh_pictures(&self) {
        if let Some(pictures) = &self.pictures {
            pictures.refresh();
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.wishes.close();
        if let Some(builder) = &self.builder {
            builder.thread().unpark();
        }
        self.pictures = None;
        self.desk = None;
        self.keeper = None;
        self.exporter = None;
        // A worker that panicked has said so already; there is nothing left to tell.
        for thread in [self.searcher.take(), self.builder.take()].into_iter().flatten() {
            let _ = thread.join();
        }
    }
}
