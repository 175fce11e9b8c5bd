//! A part of a pattern that a repetition can follow.

use super::MAX_NESTING;
use super::repeat::Operator;
use crate::SyntaxErrorKind;

/// A part of the translated pattern.
pub(crate) struct Node {
    /// As the regex crate reads it: one item, or a repetition of one.
    pub(crate) text: String,
    /// The most copies of anything in it that its counted repetitions make.
    pub(crate) repeats: u64,
    height: usize,
    repeated: bool,
}

impl Node {
    pub(crate) fn leaf(text: String) -> Self {
        Self {
            text,
            repeats: 1,
            height: 1,
            repeated: false,
        }
    }

    /// The group with this text around `parts`.
    pub(crate) fn around(text: String, repeats: u64, height: usize) -> Result<Self, SyntaxErrorKind> {
        if height >= MAX_NESTING {
            return Err(SyntaxErrorKind::Nesting(MAX_NESTING));
        }
        Ok(Self {
            text,
            repeats: repeats.max(1),
            height: height + 1,
            repeated: false,
        })
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// The repetition of this node.
    pub(crate) fn repeat(self, operator: Operator, lazy: bool) -> Result<Self, SyntaxErrorKind> {
        // One repetition of another is only a group away: flags may stand between them.
        let text = if self.repeated {
            format!("(?:{})", self.text)
        } else {
            self.text
        };
        let text = operator.apply(&text, lazy);
        let repeats = operator.repeats(self.repeats);
        let node = Self::around(text, repeats, self.height)?;
        Ok(Self {
            repeated: true,
            repeats,
            ..node
        })
    }
}
