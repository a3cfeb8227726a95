//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use super::config::{self, Config};
use crate::dataset::Settings;
use crate::export::{Format, Pictures, ShardSize};
use crate::graphics::Choice;
use crate::worker::PairChoice;

/// The variable that says how pictures are shown.
const GRAPHICS: &str = "CAPSCOPE_GRAPHICS";

/// What `--version` says: the version, the profile, the target and the compiler.
pub(super) const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("CAPSCOPE_COMMIT"),
    ", ",
    env!("CAPSCOPE_PROFILE"),
    ", ",
    env!("CAPSCOPE_TARGET"),
    ", ",
    env!("CAPSCOPE_RUSTC"),
    ")"
);

/// Explore an image-caption data set in the terminal.
///
/// Opens files, folders and globs as one data set, shows the first samples at once and indexes the
/// rest in the background. Nothing is ever written to the data.
#[derive(Debug, Parser)]
#[command(name = "capscope", version = VERSION, max_term_width = 100)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) explore: Explore,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Draw a data set of painted scenes on first use, and explore it
    Demo(Demo),
    /// Tell what was taken for what in a data set, why, and how to change it
    Inspect(Inspect),
    /// Build or refresh the index of a data set
    Index(Index),
    /// Print the samples that answer a query
    Search(Search),
    /// Print one sample with its picture
    Show(Show),
    /// Tell how much the captions of a data set say, in figures
    Stats(Stats),
    /// Tell which samples carry too little knowledge, and why
    Flags(Flags),
    /// Tell how much of what could be said a data set says
    Coverage(Coverage),
    /// Tell what two data sets, or two captions of each sample, know of each other
    Compare(Compare),
    /// Tell how scores of benchmarks go with coverage, density and task diversity of data mixtures
    Correlate(Correlate),
    /// Tell how far captions answer the questions about their pictures, and what the questions add
    Vqa(Vqa),
    /// Add descriptors, figures and flags to JSON Lines, from standard input to standard output
    Annotate(Annotate),
    /// Find the samples that are alike and yet differ, and name what differs
    Pairs(Pairs),
    /// Print what differs between two captions
    Diff(Diff),
    /// Give samples a tag, or take it from them
    Tag(Tag),
    /// Write a note on a sample
    Note(Note),
    /// List saved queries, print or save one
    Queries(Queries),
    /// List what was marked, take the last step back
    Marks(Marks),
    /// Write samples to files that other programs read
    Export(Export),
    /// Write a page about a data set for colleagues, or hold conditions against its figures
    Report(Report),
    /// Tell how many samples are wrong, by looking at a few of them
    Spot(Spot),
    /// Print what a caption says, as a tree
    Parse(Parse),
    /// Tell about the terminal, and about the indexes on disk
    Doctor(Doctor),
}

/// Whether a name that somebody gives to what is kept can stand in a list; `what` is the argument.
pub(super) fn check_name(what: &str, name: &str) -> anyhow::Result<()> {
    let is_name =
        !name.trim().is_empty() && name.chars().count() <= 80 && !name.chars().any(char::is_control);
    anyhow::ensure!(is_name, "{what}: up to 80 characters on one line");
    Ok(())
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Common {
    /// Folder for indexes [default: capscope in the user's cache folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) index_dir: Option<PathBuf>,
    /// Take a field for a role, as in `caption=blurb`; several with commas or repeated. Roles are
    /// listed by `capscope inspect`
    #[arg(long = "map", value_name = "ROLE=FIELD", global = true)]
    pub(super) map: Vec<String>,
    /// How pictures are shown [default: the variable CAPSCOPE_GRAPHICS, then `graphics` in
    /// capscope/config.toml in the user's folder of configurations, then auto]
    #[arg(long, value_name = "HOW", global = true, value_parser = PossibleValuesParser::new(Choice::ALL.map(Choice::name)).try_map(|name| name.parse::<Choice>()))]
    pub(super) graphics: Option<Choice>,
    /// Whether the command line itself says how; a pipe gets no picture by a setting.
    #[arg(skip)]
    pub(super) graphics_asked: bool,
    /// Wait so long for the terminal to say what it can show [default: `probe-timeout` in the same
    /// file, then 1000, over SSH 2500]
    #[arg(long, value_name = "MS", global = true, value_parser = clap::value_parser!(u64).range(..=600_000))]
    pub(super) probe_timeout: Option<u64>,
    /// Bytes that a picture may send to the terminal, in KB [default: `graphics-budget` in the same file, then
    /// 250 over SSH, else no limit]
    #[arg(long, value_name = "KB", global = true, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) graphics_budget: Option<u32>,
    /// Write to FILE how long each turn of the explorer's loop takes, as JSON Lines in microseconds: what to send
    /// along where keys feel slow
    #[arg(long, value_name = "FILE", global = true, hide_short_help = true)]
    pub(super) timings: Option<PathBuf>,
    /// Fetch pictures that are http(s) addresses
    #[arg(long, global = true)]
    pub(super) fetch_urls: bool,
}

impl Common {
    /// How the data is to be read.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        let mut settings = Settings::default();
        for given in &self.map {
            settings.map.extend(Settings::parse_map(given)?.map);
        }
        Ok(settings)
    }

    /// Fills in what the command line left open, from the environment and the user's file.
    pub(super) fn complete(&mut self) -> anyhow::Result<()> {
        self.graphics_asked = self.graphics.is_some();
        if self.graphics.is_none()
            && let Ok(name) = std::env::var(GRAPHICS)
            && !name.is_empty()
        {
            self.graphics = Some(config::parsed(GRAPHICS, &name)?);
        }
        if self.graphics.is_none() || self.probe_timeout.is_none() || self.graphics_budget.is_none() {
            let config = Config::of_user()?;
            self.graphics = match self.graphics {
                None => config.choice()?,
                given => given,
            };
            self.probe_timeout = self.probe_timeout.or(config.probe_timeout);
            self.graphics_budget = self.graphics_budget.or(config.graphics_budget);
        }
        Ok(())
    }

    /// How pictures are to be shown.
    pub(super) fn choice(&self) -> Choice {
        self.graphics.unwrap_or_default()
    }

    /// The most bytes of a picture.
    pub(super) fn graphics_budget(&self) -> Option<usize> {
        self.graphics_budget.map(|kilobytes| kilobytes as usize * 1000)
    }

    /// How long to wait for the terminal's answers.
    pub(super) fn probe_timeout(&self, is_ssh: bool) -> Duration {
        Duration::from_millis(self.probe_timeout.unwrap_or(if is_ssh { 2500 } else { 1000 }))
    }
}

#[derive(Debug, Args)]
pub(super) struct Explore {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Query to begin with
    #[arg(short, long, value_name = "QUERY")]
    pub(super) query: Option<String>,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub(super) no_mouse: bool,
    /// On leaving, print the samples that were marked with the space bar, else the one in view: to standard output,
    /// while the screen is drawn on the terminal. Ctrl-C prints nothing, and exits with 130
    #[arg(long, value_name = "WHAT", value_enum)]
    pub(super) print: Option<Print>,
}

/// What is printed of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Print {
    /// Their ids, one a line
    Ids,
    /// The paths of their pictures, one a line
    Paths,
    /// All of them, as JSON Lines
    Jsonl,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Folder to draw it in [default: capscope/demo in the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// Seed of the scenes
    #[arg(long, default_value_t = 7)]
    pub(super) seed: u64,
    /// Number of scenes
    #[arg(long, value_name = "N", default_value_t = 320, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) scenes: u32,
    /// Only draw it, and print its folder
    #[arg(long)]
    pub(super) no_open: bool,
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Read everything, and list the records that are left out with file, position and reason
    #[arg(long)]
    pub(super) skipped: bool,
    /// Read everything to count exactly, however large it is
    #[arg(long)]
    pub(super) full: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Samples to print
    #[arg(short = 'n', long = "samples", value_name = "N", default_value_t = 3)]
    pub(super) samples: usize,
}

#[derive(Debug, Args)]
pub(super) struct Index {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Build it anew
    #[arg(long)]
    pub(super) rebuild: bool,
    /// Stop when words can be searched; what captions say is found when somebody asks for it
    #[arg(long)]
    pub(super) words: bool,
    /// Then look at all pictures: missing, unreadable, tiny, animated, misnamed, the same twice.
    /// Pictures that are http(s) addresses are left alone
    #[arg(long)]
    pub(super) images: bool,
    /// No progress on standard error
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Search {
    /// File, folder or glob of a data set
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// The query, as in the explorer, in one argument; empty for all samples
    #[arg(value_name = "QUERY", allow_hyphen_values = true, default_value = "")]
    pub(super) query: String,
    /// Print whole samples as JSON Lines
    #[arg(long, conflicts_with_all = ["ids", "count"])]
    pub(super) jsonl: bool,
    /// Print ids, one a line
    #[arg(long, conflicts_with = "count")]
    pub(super) ids: bool,
    /// Print the number of hits
    #[arg(long)]
    pub(super) count: bool,
    /// At most so many hits [default: 20 on a terminal, else all]
    #[arg(short = 'n', long = "limit", value_name = "N", conflicts_with = "all")]
    pub(super) limit: Option<usize>,
    /// All hits
    #[arg(long)]
    pub(super) all: bool,
    /// Read the data itself instead of the index: slow, and in the data's order
    #[arg(long)]
    pub(super) scan: bool,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// File, folder or glob of a data set
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Id of the sample
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub(super) id: String,
    /// Print JSON, without the picture
    #[arg(long)]
    pub(super) json: bool,
    /// Columns for the picture [default: what fits]
    #[arg(long, value_name = "N")]
    pub(super) width: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct Measure {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Stats {
    #[command(flatten)]
    pub(super) measure: Measure,
    /// Instead, compare what captions say with the descriptors that the data set supplies
    #[arg(long)]
    pub(super) agreement: bool,
}

#[derive(Debug, Args)]
pub(super) struct Coverage {
    #[command(flatten)]
    pub(super) measure: Measure,
    /// Instead, tell which of the concepts of a list the data set has: names, one a line (other names for the
    /// same after commas), or a list in CSV, TSV, JSON or JSON Lines; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) targets: Option<PathBuf>,
    /// The field of the list that holds the names, where it is a table
    #[arg(long, value_name = "NAME", requires = "targets")]
    pub(super) target_field: Option<String>,
    /// Take a kind of a concept for it, where nothing else is found: a terrier for a dog
    #[arg(long, requires = "targets")]
    pub(super) kinds: bool,
    /// Concepts to name of each sort
    #[arg(long, value_name = "N", default_value_t = 20, requires = "targets")]
    pub(super) top: usize,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// File, folder or glob of a data set
    #[arg(value_name = "A")]
    pub(super) one: PathBuf,
    /// The other data set
    #[arg(value_name = "B", required_unless_present = "fields", conflicts_with = "fields")]
    pub(super) other: Option<PathBuf>,
    /// Instead of two data sets, two captions of each sample: fields, or roles such as original and caption
    #[arg(long, value_name = "A,B", value_delimiter = ',', num_args = 1)]
    pub(super) fields: Option<Vec<String>>,
    /// Only the first samples of each data set
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) limit: Option<u64>,
    /// Examples of each sort
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(super) top: usize,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Correlate {
    /// A table with a row for each mixture of data, in CSV, TSV, JSON Lines or JSON; `-` is standard input
    #[arg(value_name = "TABLE")]
    pub(super) table: PathBuf,
    /// Columns with scores of benchmarks, with commas or repeated [default: by their names]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(super) score: Vec<String>,
    /// The column with semantic coverage [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    pub(super) coverage: Option<String>,
    /// The column with knowledge density [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    pub(super) density: Option<String>,
    /// The column with task diversity [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    pub(super) diversity: Option<String>,
    /// A column with the paths of each mixture's data sets, with `;` between them: coverage, density and
    /// diversity are then measured, where no column is named for them
    #[arg(long, value_name = "COLUMN")]
    pub(super) data: Option<String>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(super) seed: u64,
    /// No plots
    #[arg(long)]
    pub(super) no_plot: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Only this flag, as in `thin`
    #[arg(long, value_name = "NAME")]
    pub(super) flag: Option<String>,
    /// A table of rules that replace the program's own, as `docs/measure.md` describes
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,
    /// Print JSON: for each flag its rule, how many samples have it, and the worst of them
    #[arg(long)]
    pub(super) json: bool,
    /// Print the flagged samples as JSON Lines, in the data's order
    #[arg(long, conflicts_with = "json")]
    pub(super) jsonl: bool,
    /// At most so many samples with --jsonl
    #[arg(short = 'n', long = "limit", value_name = "N", requires = "jsonl")]
    pub(super) limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct Vqa {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub(super) paths: Vec<PathBuf>,
    /// Instead, judge JSON Lines with `caption`, `question`, `answer` and maybe `choices`; each comes out
    /// with `verdict`, `span`, `bits`, `type`, `prefix`, `statement` and `triple`. `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "json", "generate", "enriched"])]
    pub(super) jsonl: Option<String>,
    /// Only samples that answer a query, as in the explorer
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Questions that add most, and untested facts, to print
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) top: usize,
    /// Instead of the report, print questions that the captions answer, as JSON Lines
    #[arg(long, conflicts_with = "json")]
    pub(super) generate: bool,
    /// Write captions with the statements of questions that they do not answer, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(super) enriched: Option<PathBuf>,
    /// Decides which other samples' captions are the baseline
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(super) seed: u64,
}

#[derive(Debug, Args)]
pub(super) struct Annotate {
    /// Threads to work with [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct Pairs {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Only among the samples of this query
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// Print only pairs that this finds, as in `change:color object:dog`
    #[arg(long, value_name = "SEARCH", allow_hyphen_values = true)]
    pub(super) find: Option<String>,
    /// Pairs that are looked for with each sample
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) per_sample: usize,
    /// Pairs of which one sample may be a half
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) uses: usize,
    /// Samples that are compared in full with each
    #[arg(long, value_name = "N", default_value_t = 95)]
    pub(super) candidates: usize,
    /// Samples whose pictures are looked at, beginning with the best pairs, so that no pair is the same picture
    /// twice; 0 for none. `capscope index --images` looks at all, once and for all
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(super) looks: usize,
    /// At most so many pairs [default: 20 on a terminal, else 100,000]
    #[arg(short = 'n', long = "limit", value_name = "N")]
    pub(super) limit: Option<usize>,
    /// Print pairs as JSON Lines
    #[arg(long)]
    pub(super) jsonl: bool,
    /// Instead, tell how well the scores do on this data set: two captions of one image against random pairs,
    /// and pairs that are found against those that comparing all with all would find
    #[arg(long, conflicts_with_all = ["find", "jsonl"])]
    pub(super) self_check: bool,
    /// No progress on standard error
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Tag {
    /// The tag: letters, digits, `-`, `_`, `.`, and `/` between levels
    #[arg(value_name = "TAG")]
    pub(super) tag: String,
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// The samples of this query
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, required_unless_present = "ids")]
    pub(super) query: Option<String>,
    /// The samples whose ids stand in a file, or `-` for standard input, one on a line
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub(super) ids: Option<PathBuf>,
    /// Take the tag from them
    #[arg(long)]
    pub(super) remove: bool,
}

#[derive(Debug, Args)]
pub(super) struct Note {
    /// A file, folder or glob of one data set
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// The sample's id
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub(super) id: String,
    /// The note; an empty one takes it away
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) text: String,
}

#[derive(Debug, Args)]
pub(super) struct Queries {
    /// A file, folder or glob of one data set
    #[arg(value_name = "PATH")]
    pub(super) path: PathBuf,
    /// Print the query of this name alone
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    pub(super) name: Option<String>,
    /// Save this query by that name; an empty one forgets it
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// Print as JSON
    #[arg(long, conflicts_with = "query")]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Marks {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Take back the last step that was made on the command line
    #[arg(long, conflicts_with = "redo")]
    pub(super) undo: bool,
    /// Do again what was taken back last
    #[arg(long)]
    pub(super) redo: bool,
    /// Print as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Only the samples of this query, in its order [default: all, in the order of the data]
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// The file or folder to make. Endings tell the form: .jsonl, .csv, .tsv (each also .gz or .zst), .parquet, .tar
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) to: PathBuf,
    /// The form [default: by the ending of --to]
    #[arg(long, value_name = "FORMAT", value_parser = named(Format::ALL.map(Format::name), |name| Format::ALL.into_iter().find(|format| format.name() == name)))]
    pub(super) format: Option<Format>,
    /// What becomes of pictures: their bytes go along, records tell where they are, or nothing is told of them
    /// [default: copy where the form can hold them, else reference]
    #[arg(long, value_name = "WHAT", value_parser = named(PICTURES.map(Pictures::name), |name| PICTURES.into_iter().find(|pictures| pictures.name() == name)))]
    pub(super) images: Option<Pictures>,
    /// Which captions: all, main, or those of a field
    #[arg(long, value_name = "all|main|FIELD", default_value = "all")]
    pub(super) captions: String,
    /// Instead of samples, pairs of samples that differ, with both pictures and what differs
    #[arg(long, value_name = "WHICH", value_parser = named(["accepted", "all"], |name| [PairChoice::Accepted, PairChoice::All].into_iter().find(|choice| choice.name() == name)))]
    pub(super) pairs: Option<PairChoice>,
    /// How large an archive gets before the next begins: bytes as in 500MB, samples as in 10000, or both with a comma
    #[arg(long, value_name = "SIZE", value_parser = ShardSize::parse)]
    pub(super) shard_size: Option<ShardSize>,
    /// Wait until the pictures are on the disk, too, and not only handed to the system as by a copy
    #[arg(long)]
    pub(super) sync: bool,
    /// Replace what an earlier export has made
    #[arg(long)]
    pub(super) force: bool,
    /// No progress on standard error
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Only samples that answer a query, as in the explorer; its coverage and density beside those of all others
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// Write the page to a file; `-` is standard output
    #[arg(short, long, value_name = "FILE", required_unless_present_any = ["json", "fail_if"])]
    pub(super) output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub(super) force: bool,
    /// Compare with another data set too
    #[arg(long, value_name = "B", conflicts_with = "fields")]
    pub(super) compare: Option<PathBuf>,
    /// Compare two captions of each sample too: fields, or roles such as original and caption
    #[arg(long, value_name = "A,B", value_delimiter = ',', num_args = 1)]
    pub(super) fields: Option<Vec<String>>,
    /// Print the figures as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// End with exit code 1 where this holds, as in `flagged>5%` or `density.median<12`; may be repeated. A name that
    /// is not known lists all
    #[arg(long, value_name = "CONDITION")]
    pub(super) fail_if: Vec<String>,
    /// No progress on standard error
    #[arg(short, long)]
    pub(super) quiet: bool,
}

const PICTURES: [Pictures; 3] = [Pictures::Copy, Pictures::Reference, Pictures::None];

/// One of several things by its name.
fn named<T: Clone + Send + Sync + 'static, const N: usize>(
    names: [&'static str; N],
    find: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(move |name| find(&name).ok_or("no such name"))
}

#[derive(Debug, Args)]
pub(super) struct Spot {
    /// Files, folders or globs of one data set
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Samples to draw [default: as many as --margin needs, else 200]. A larger number later on goes on with the same
    /// spot-check
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) n: Option<u64>,
    /// Decides who is drawn [default: 7]
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// What strata are made by, with commas: figures such as `density` in thirds or `words/4` in quarters, `meta.NAME`,
    /// `source`, `split`, and queries such as `has:pair` [default: density,source]
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(super) stratify: Option<String>,
    /// Only samples that answer a query, as in the explorer
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(super) query: Option<String>,
    /// Name of the spot-check, by which it is found on another day [default: spot]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Who judges; with --report and --export-verdicts, whose verdicts count [default: $USER; of reports, all]
    #[arg(long, value_name = "NAME")]
    pub(super) rater: Option<String>,
    /// Half the width of the interval that is aimed at, as in 0.03 for ±3 %
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) margin: Option<f64>,
    /// Why samples may be wrong, with commas: the digits 1 to 9
    #[arg(long, value_name = "LIST")]
    pub(super) reasons: Option<String>,
    /// Print error rates with their intervals, what a smaller interval needs, and how far raters agree
    #[arg(long, conflicts_with_all = ["ids", "export_verdicts", "list"])]
    pub(super) report: bool,
    /// With --report, print JSON
    #[arg(long, requires = "report")]
    pub(super) json: bool,
    /// List the spot-checks of the data set
    #[arg(long)]
    pub(super) list: bool,
    /// Only draw the samples
    #[arg(long)]
    pub(super) no_open: bool,
    /// Print the ids of the samples, in the order in which they are looked at
    #[arg(long)]
    pub(super) ids: bool,
    /// Take verdicts in from a file, or `-` for standard input: JSON Lines or CSV with `id`, `verdict`, and maybe
    /// `reason` and `rater`
    #[arg(long, value_name = "FILE")]
    pub(super) verdicts: Option<PathBuf>,
    /// Print verdicts as JSON Lines
    #[arg(long, conflicts_with_all = ["ids", "list"])]
    pub(super) export_verdicts: bool,
}

/// A share between 0 and 0.5.
fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|error| format!("{error}"))?;
    if (0.001..0.5).contains(&share) {
        Ok(share)
    } else {
        Err("a share from 0.001 to 0.5, as in 0.03".to_owned())
    }
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The first caption
    #[arg(value_name = "A", required_unless_present = "jsonl", allow_hyphen_values = true)]
    pub(super) first: Option<String>,
    /// The second caption
    #[arg(
        value_name = "B",
        requires = "first",
        required_unless_present = "jsonl",
        allow_hyphen_values = true
    )]
    pub(super) second: Option<String>,
    /// Read JSON Lines with `a` and `b` from a file, or `-` for standard input, and print each with `type`,
    /// `facet`, `change`, `coarse` and `contrast_bits`. How rare a fact is, is counted among all the lines
    #[arg(long, value_name = "FILE", conflicts_with_all = ["first", "second"])]
    pub(super) jsonl: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Parse {
    /// The caption; `-` reads one from each line of standard input
    #[arg(value_name = "CAPTION", allow_hyphen_values = true)]
    pub(super) text: String,
    /// Print JSON Lines with the facts as FACTUAL writes them: `( dog , is , brown )`
    #[arg(long, conflicts_with = "json")]
    pub(super) factual: bool,
    /// Print JSON, a line for each caption
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// A data set whose index to look at
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}
