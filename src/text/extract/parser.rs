//! The trained parser: all its tables, and how they are packed.

use std::sync::OnceLock;

use super::labels::ClassEdges;
use super::lexical::Lexical;
use super::pack::{PackError, Reader, put_number, put_text};
use super::relations::{Kinds, Rewrites};
use super::table::{Feature, Labels, ManyRanks, Ranks, Table, pack_features, read_features};

static ASSET: &[u8] = include_bytes!("../../../assets/parser/parser.bin");

/// First bytes of the asset. It is not compressed: to inflate it would take a third of the time in which a
/// caption given on the command line is read.
const MAGIC: &[u8] = b"capscope parser 3\n";

/// Tables that read a caption.
#[derive(Debug, Default)]
pub struct Parser {
    pub(super) lexical: Lexical,
    pub(super) rewrites: Rewrites,
    pub(super) labels: Labels,
    /// A part of [`Self::labels`], worked out beforehand.
    pub(super) class_edges: ClassEdges,
    pub(super) attach: Ranks,
    pub(super) gate: Ranks,
    /// Least score of a pair of objects that is looked at more closely.
    pub(super) gate_floor: i32,
    pub(super) relations: ManyRanks,
    /// Kinds of relations that are looked for in prose.
    pub(super) prose_kinds: Kinds,
    /// Features of whole graphs.
    pub(super) judge: ManyRanks,
}

/// Features with their weights, in ascending order of keys.
pub(super) type Features = Vec<Feature>;

/// What a parser is packed from.
#[derive(Debug, Default)]
pub(super) struct Trained {
    pub lexical: Lexical,
    /// Triggers, whether reversed, predicate.
    pub rewrites: Vec<(String, bool, String)>,
    pub labels: Features,
    pub attach: Features,
    pub gate: Features,
    pub gate_floor: i32,
    pub relations: Features,
    pub prose_kinds: Kinds,
    pub judge: Features,
}

impl Trained {
    /// The bytes that [`Parser::unpack`] reads.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        self.lexical.pack(&mut bytes);
        put_number(self.rewrites.len() as u64, &mut bytes);
        for (from, reversed, to) in &self.rewrites {
            put_text(from, &mut bytes);
            bytes.push(u8::from(*reversed));
            put_text(to, &mut bytes);
        }
        pack_features(&self.labels, Labels::WIDTH, &mut bytes);
        put_number((self.gate_floor + (1 << 20)) as u64, &mut bytes);
        for kinds in self.prose_kinds.0 {
            bytes.extend(kinds.to_le_bytes());
        }
        for ranks in [&self.attach, &self.gate, &self.relations, &self.judge] {
            pack_features(ranks, 1, &mut bytes);
        }
        bytes
    }
}

impl Parser {
    /// The parser of this program, unpacked on first use (a few milliseconds).
    ///
    /// # Panics
    /// Never: a test unpacks the asset.
    pub fn english() -> &'static Self {
        static PARSER: OnceLock<Parser> = OnceLock::new();
        PARSER.get_or_init(|| {
            Self::unpack(ASSET).expect("the asset is a part of the program, and a test unpacks it")
        })
    }

    /// Kinds of relations that are looked for.
    pub(super) fn kinds(&self, prose: bool) -> Kinds {
        if prose { self.prose_kinds } else { Kinds::ALL }
    }

    /// Reads a packed parser.
    pub fn unpack(asset: &[u8]) -> Result<Self, PackError> {
        let mut reader = Reader::new(asset.strip_prefix(MAGIC).ok_or(PackError::Damaged)?);
        let lexical = Lexical::read(&mut reader)?;
        let mut rewrites = Rewrites::default();
        for _ in 0..reader.number()? {
            let from = reader.text()?;
            let reversed = reader.bytes(1)? == [1];
            rewrites.add(from, reversed, reader.text()?);
        }
        let labels = read_features(&mut reader)?;
        let class_edges = ClassEdges::of(&labels);
        let gate_floor = reader.number()? as i32 - (1 << 20);
        let mut prose_kinds = Kinds::NONE;
        for kinds in &mut prose_kinds.0 {
            let bytes = reader.bytes(8)?;
            *kinds = u64::from_le_bytes(bytes.try_into().map_err(|_cut| PackError::Damaged)?);
        }
        let attach = read_features(&mut reader)?;
        let gate = read_features(&mut reader)?;
        let relations = read_features(&mut reader)?;
        let judge = read_features(&mut reader)?;
        if !reader.is_at_end() {
            return Err(PackError::Damaged);
        }
        Ok(Self {
            lexical,
            rewrites,
            labels,
            class_edges,
            attach,
            gate,
            gate_floor,
            relations,
            prose_kinds,
            judge,
        })
    }
}
