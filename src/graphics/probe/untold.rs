//! Where terminals cannot be asked: the probe is done at once, without an answer.

use std::io;
use std::time::Duration;

use super::Answers;
use crate::graphics::Environment;

/// What the probe tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// Bytes that are no replies.
    Input(Vec<u8>),
    /// The answers. Nothing is read any more.
    Done(Box<Answers>),
}

/// A terminal that is being asked.
#[derive(Debug)]
pub struct Probe;

impl Probe {
    /// Asks nothing.
    ///
    /// # Errors
    /// Never.
    pub fn start(
        _timeout: Duration,
        _environment: &Environment,
        mut told: impl FnMut(Probed) + Send + 'static,
    ) -> io::Result<Self> {
        told(Probed::Done(Box::default()));
        Ok(Self)
    }
}

/// Asks nothing.
///
/// # Errors
/// Never.
pub fn probe_now(_timeout: Duration, _environment: &Environment) -> io::Result<Answers> {
    Ok(Answers::default())
}
