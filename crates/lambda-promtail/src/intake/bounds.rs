//! How much of what a sender sends is held in memory at once.

use aws_logs::cloudwatch;

/// The bounds, in bytes, of the data that is held in memory at once.
///
/// Whoever writes into a log chooses how long a line is, and 1 MB of gzip may hold a gigabyte. What is too large fails
/// its item by name; without these bounds it would end the process, and with it the rest of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The longest line or record of an S3 object, and the lines that a stage holds back to join them.
    pub line: usize,
    /// What a CloudWatch or Kinesis payload may inflate to.
    pub payload: usize,
}

const MIB: usize = 1 << 20;

impl Bounds {
    /// The shortest line of an S3 object that may be refused for its length.
    const LEAST_LINE: usize = 8 * MIB;
    /// The longest line where the function's memory is not known.
    const LINE: usize = 256 * MIB;

    /// Returns the bounds for a function with so many MB of memory.
    ///
    /// A line is in memory up to five times: as it is read, decoded, in its batch, in the batch's body, and compressed.
    /// A payload is there twice, as JSON and as text, before its lines are in their batch.
    pub fn of_memory(mb: Option<usize>) -> Self {
        let Some(memory) = mb.and_then(|mb| mb.checked_mul(MIB)) else {
            return Self::default();
        };
        Self {
            line: (memory / 16).max(Self::LEAST_LINE),
            payload: (memory / 8).clamp(2 * Self::LEAST_LINE, cloudwatch::MAX_INFLATED),
        }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            line: Self::LINE,
            payload: cloudwatch::MAX_INFLATED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_follow_the_functions_memory() {
        for (mb, line, payload) in [
            (Some(0), 8, 16),
            (Some(128), 8, 16),
            (Some(256), 16, 32),
            (Some(512), 32, 64),
            (Some(10_240), 640, 64),
            (None, 256, 64),
        ] {
            let bounds = Bounds::of_memory(mb);
            assert_eq!(
                (bounds.line / MIB, bounds.payload / MIB),
                (line, payload),
                "{mb:?}"
            );
        }
    }
}
