//! Which answer is next.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::{Answer, Push};

/// Chooses an answer for a push and the number of requests before it.
pub(super) type Choose = Arc<dyn Fn(&Push, usize) -> Answer + Send + Sync>;

/// Answers for the next requests, and what follows them.
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

    /// Forgets all that is left of it.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn always(&mut self, choose: impl Fn(&Push, usize) -> Answer + Send + Sync + 'static) {
        self.always = Arc::new(choose);
    }

    /// For the request that arrives now: its own answer, or who chooses it.
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
