//! The script of a receiver's responses.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::{Answer, Push};

/// A function that chooses the response, given a push and the number of requests before it.
pub(super) type Choose = Arc<dyn Fn(&Push, usize) -> Answer + Send + Sync>;

/// The responses to the next requests, and the choice of all later ones.
pub(super) struct Script {
    next: VecDeque<Answer>,
    always: Choose,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            next: VecDeque::new(),
            always: Arc::new(|_, _| Answer::status(204)),
        }
    }
}

impl Script {
    pub(super) fn queue(&mut self, answers: impl IntoIterator<Item = Answer>) {
        self.next.extend(answers);
    }

    /// Resets the script to 204 for every request.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn always(&mut self, choose: impl Fn(&Push, usize) -> Answer + Send + Sync + 'static) {
        self.always = Arc::new(choose);
    }

    /// Takes the next response, or returns the function that chooses it.
    pub(super) fn take(&mut self) -> Result<Answer, Choose> {
        self.next.pop_front().ok_or_else(|| Arc::clone(&self.always))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
