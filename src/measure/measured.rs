//! A sample with what was found in it.

use crate::model::Sample;

use super::analyse::{Analysis, Analyst};

impl Analyst {
    /// Reads a sample, puts what its captions say behind its descriptors, and sets its figures. Done
    /// again it changes nothing.
    pub fn measure(&mut self, sample: &mut Sample) -> Analysis {
        let analysis = self.analyse(sample);
        sample.figures = analysis.columns().values().to_vec();
        analysis
    }
}
