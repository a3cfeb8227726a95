//! The terminal asked, as the options have it.

use std::io;

use super::arguments::Common;
use crate::graphics::{self, Answers, Environment, Sight};

/// What can be seen, for commands that print and end. A terminal that cannot be asked is as good
/// as one that does not answer.
pub(super) fn of(common: &Common, environment: &Environment) -> Sight {
    let answers = ask(common, environment).and_then(Result::ok);
    graphics::decide(common.choice(), environment, answers.as_ref())
}

/// The answers of the terminal, where it is worth asking.
pub(super) fn ask(common: &Common, environment: &Environment) -> Option<io::Result<Answers>> {
    graphics::is_worth_asking(common.choice(), environment)
        .then(|| graphics::probe_now(common.probe_timeout(environment.ssh), environment))
}
