//! What mixtures of data are like, in figures that compare from one to another.
//!
//! ```text
//! coverage    different objects expected in as many samples as the smallest mixture has: Σ 1 − C(N−df, n) / C(N, n)
//! density     median bits of a sample, in all mixtures together
//! diversity   effective number of tasks, exp(−Σ p ln p) over captions and the types of questions
//! ```
//!
//! The first two are of content, the third is of format. A larger mixture has no more coverage for its size.

use serde::Serialize;

use super::compare::Gathered;
use super::coverage::Table;
use super::key::Level;
use super::rarefy::expected_richness;
use super::spread::Spread;
use super::vocabulary::{Vocabulary, bits_among};

/// What a mixture is like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MixtureFigures {
    /// Its samples.
    pub samples: u64,
    /// Different objects expected in as many samples as the smallest mixture has.
    pub coverage: f64,
    /// Median bits of a sample in all mixtures together; none where no caption is read.
    pub density: Option<f64>,
    /// Effective number of tasks; none without captions and questions.
    pub diversity: Option<f64>,
}

/// The figures of mixtures, in their order.
pub fn mixtures(gathered: Vec<Gathered>) -> Vec<MixtureFigures> {
    let samples = gathered.iter().map(|mixture| mixture.form().samples()).filter(|samples| *samples > 0);
    let least = samples.min().unwrap_or_default();
    let (keys, parts): (Vec<_>, Vec<_>) = gathered
        .into_iter()
        .map(|mixture| {
            let (form, facts, keys) = mixture.into_parts();
            (keys, (form, facts))
        })
        .unzip();
    let all: Vec<&Vocabulary> = parts.iter().map(|(_, facts)| facts).collect();
    let figures = keys.into_iter().zip(&parts).map(|(keys, (form, facts))| {
        let objects = facts.level(Level::Object);
        let table = Table::new(facts.samples(), objects.kept().map(|(key, count)| (key.to_owned(), count)));
        MixtureFigures {
            samples: form.samples(),
            coverage: expected_richness(&table, least) / objects.looked_at(),
            density: Spread::of(keys.iter().map(|keys| bits_among(keys, &all)).collect()).median(),
            diversity: form.diversity(),
        }
    });
    figures.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Analyst;
    use crate::model::{Caption, CaptionRole, Question, Sample};

    fn gathered(texts: &[&str], questions: &[&str]) -> Gathered {
        let (mut gathered, mut analyst) = (Gathered::default(), Analyst::new());
        for (at, text) in texts.iter().enumerate() {
            let caption = Caption { text: (*text).into(), field: "caption".into(), role: CaptionRole::Main };
            let question = |text: &&str| Question { question: (*text).into(), ..Question::default() };
            let mut sample = Sample {
                captions: vec![caption],
                questions: questions.iter().map(question).collect(),
                ..Sample::default()
            };
            let analysis = analyst.analyse(&mut sample);
            gathered.add(at as u64, &sample, &analysis);
        }
        gathered
    }

    #[test]
    fn content_and_format_are_apart() {
        let plain = ["A dog.", "A dog runs.", "A dog sleeps.", "A dog."];
        let rich = ["A brown dog with a red collar beside two kites.", "A tall man rides a horse at a lake."];
        let found = mixtures(vec![
            gathered(&plain, &[]),
            gathered(&rich, &[]),
            gathered(&plain, &["Is it?", "What is it?"]),
            Gathered::default(),
        ]);
        let [plain, rich, asked, none] = [found[0], found[1], found[2], found[3]];
        assert_eq!((none.samples, none.density, none.diversity), (0, None, None));
        assert!((plain.coverage - 1.0).abs() < 1e-9 && rich.coverage > 4.0);
        assert!(rich.density > plain.density && asked.density == plain.density);
        assert_eq!(plain.diversity, Some(1.0));
        assert!(asked.diversity.is_some_and(|tasks| (tasks - 3.0).abs() < 1e-9));
        assert_eq!(mixtures(Vec::new()), []);
    }
}
