//! Here is a caption; what does it say? Objects, attributes, counts and relations, found by models
//! that were trained on captions with gold graphs.

mod attach;
mod class;
mod decode;
mod gold;
mod graph;
mod labels;
mod lexical;
mod pack;
mod parser;
mod pronouns;
mod relations;
mod table;
mod token;
mod train;
mod triggers;
mod words;
mod factual;

pub use factual::Extractor;
pub use pack::PackError;
pub use parser::Parser;
pub use train::{Gold, train};
