//! Here is a caption; what does it say? Objects, attributes, counts, relations and the rest of the
//! nine facets, found by models that were trained on captions with gold graphs, and by lists.
//!
//! From below: `token` finds tokens and sentences, `words` knows all of each word; `labels`
//! marks objects and attributes, `attach` and `relations` say whose they are and how objects
//! stand to each other; `decode` brings these together as drafts, `graph` chooses one graph of
//! many; `story` joins the sentences of a text, `describe` makes descriptors of it. `train`
//! learns all the weights.

mod attach;
mod class;
mod decode;
mod describe;
mod extractor;
mod gold;
mod graph;
mod labels;
mod language;
mod lexical;
mod lists;
mod memo;
mod pack;
mod parser;
mod pronouns;
mod relations;
mod scan;
mod scope;
mod story;
mod table;
#[cfg(test)]
mod tests;
mod token;
mod train;
mod triggers;
mod words;

pub use extractor::{Extractor, Reading};
pub use language::Language;
pub use pack::PackError;
pub use parser::Parser;
pub use train::{Gold, train};
