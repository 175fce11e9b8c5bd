//! The setting `MAX_LINE_SIZE`: the longest line that is delivered whole.

use std::borrow::Cow;

/// A limit on the bytes of a line. Longer lines are cut after all stages. By default there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineLimit(usize);

impl Default for LineLimit {
    fn default() -> Self {
        Self(usize::MAX)
    }
}

impl LineLimit {
    /// The smallest limit: the bytes of the longest character, so that no line becomes empty.
    pub const SMALLEST: usize = 4;

    /// Returns a limit of this many bytes, which is raised to [`SMALLEST`](Self::SMALLEST). `0` is none.
    pub fn new(bytes: usize) -> Self {
        match bytes {
            0 => Self::default(),
            bytes => Self(bytes.max(Self::SMALLEST)),
        }
    }

    /// Returns whether the line is within the limit.
    #[inline]
    pub(crate) fn allows(self, line: &str) -> bool {
        line.len() <= self.0
    }

    /// Returns the line up to the last character that fits.
    pub(crate) fn cut(self, line: Cow<'_, str>) -> Cow<'_, str> {
        let end = line.floor_char_boundary(self.0);
        match line {
            Cow::Borrowed(line) => Cow::Borrowed(&line[..end]),
            Cow::Owned(mut line) => {
                line.truncate(end);
                Cow::Owned(line)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cut_line_is_the_longest_beginning_that_fits(line in "[aé€🙂]{0,20}", bytes in 0..40_usize) {
            let limit = LineLimit::new(bytes);
            let cut = limit.cut(Cow::Owned(line.clone()));
            prop_assert_eq!(&cut, &limit.cut(Cow::Borrowed(&line)));
            prop_assert!(line.starts_with(&*cut) && limit.allows(&cut));
            let next = line[cut.len()..].chars().next();
            prop_assert!(next.is_none_or(|next| cut.len() + next.len_utf8() > bytes.max(LineLimit::SMALLEST)));
            prop_assert_eq!(cut == line, limit.allows(&line));
            prop_assert!(bytes > 0 || cut == line);
            prop_assert_eq!(cut.is_empty(), line.is_empty());
        }
    }
}
