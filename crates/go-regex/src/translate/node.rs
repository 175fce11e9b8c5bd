//! The parts of a pattern that a repetition can follow.

use super::MAX_NESTING;
use super::repeat::Operator;
use crate::SyntaxErrorKind;

/// A part of the translated pattern.
pub(crate) struct Node {
    /// The translated text: one item, or a repetition of one.
    pub(crate) text: String,
    /// The largest number of copies of an item that the counted repetitions in it make.
    pub(crate) repeats: u64,
    height: usize,
    repeated: bool,
}

impl Node {
    /// Returns a node without inner nodes.
    pub(crate) fn leaf(text: String) -> Self {
        Self {
            text,
            repeats: 1,
            height: 1,
            repeated: false,
        }
    }

    /// Returns the node that encloses nodes of that height.
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

    /// Returns the number of levels in the node.
    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// Returns the repetition of this node.
    pub(crate) fn repeat(self, operator: Operator, lazy: bool) -> Result<Self, SyntaxErrorKind> {
        // The regex crate refuses a repetition of a repetition, which is possible here when flags stand between the
        // two.
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
