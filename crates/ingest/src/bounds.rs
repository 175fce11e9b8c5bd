//! Bounds on the data from outside that is held in memory at once.

use aws_logs::cloudwatch;

/// The bounds, in bytes, on the data that is held in memory at once.
///
/// The writer of a log decides how long a line is, and 1 MB of gzip may inflate to a gigabyte. An item that is too
/// large fails with an error that says so. Without these bounds it would exhaust the memory and end the process, and
/// the rest of the batch would fail with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most bytes of one line or record of an S3 object, and of the lines that a stage holds back to join them.
    pub line: usize,
    /// The most bytes that a CloudWatch or Kinesis payload may inflate to.
    pub payload: usize,
    /// The most bytes of the pages of a Parquet row group that are read at the same time.
    pub pages: usize,
}

const MIB: usize = 1 << 20;

impl Bounds {
    /// The smallest bound for a line, in bytes, however little memory the function has.
    const LEAST_LINE: usize = 8 * MIB;
    /// The bound for a line where the function's memory is not known, in bytes.
    const LINE: usize = 256 * MIB;
    /// The smallest bound for pages: row groups up to this size can always be read.
    const LEAST_PAGES: usize = 64 * MIB;
    /// The bound for pages where the function's memory is not known.
    const PAGES: usize = 512 * MIB;

    /// Returns the bounds for a function with this much memory, in MB.
    ///
    /// Up to five copies of a line are in memory: as read, as decoded, in its batch, in the batch's body, and
    /// compressed. Two copies of a payload are in memory, as JSON and as text, before its lines are in their batch.
    pub fn of_memory(mb: Option<usize>) -> Self {
        let Some(memory) = mb.and_then(|mb| mb.checked_mul(MIB)) else {
            return Self::default();
        };
        Self {
            line: (memory / 16).max(Self::LEAST_LINE),
            payload: (memory / 8).clamp(2 * Self::LEAST_LINE, cloudwatch::MAX_INFLATED),
            pages: (memory / 2).max(Self::LEAST_PAGES),
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            line: Self::LINE,
            payload: cloudwatch::MAX_INFLATED,
            pages: Self::PAGES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_follow_the_functions_memory() {
        for (mb, line, payload, pages) in [
            (Some(0), 8, 16, 64),
            (Some(128), 8, 16, 64),
            (Some(256), 16, 32, 128),
            (Some(512), 32, 64, 256),
            (Some(10_240), 640, 64, 5120),
            (None, 256, 64, 512),
        ] {
            let bounds = Bounds::of_memory(mb);
            assert_eq!(
                (bounds.line / MIB, bounds.payload / MIB, bounds.pages / MIB),
                (line, payload, pages),
                "{mb:?}"
            );
        }
    }
}
