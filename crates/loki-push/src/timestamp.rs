//! The time of an entry.

/// A time in nanoseconds, from year 1 to year 9999, which is the range of a protobuf `Timestamp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

/// 0001-01-01T00:00:00Z.
const FIRST_SECOND: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;
const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// An error about a time before year 1 or after year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time {seconds} s since 1970 lies outside the years 1 to 9999")]
pub struct TimestampOutOfRange {
    /// The whole seconds since the epoch.
    pub seconds: i64,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self { seconds: 0, nanos: 0 };

    /// Creates a timestamp from the seconds since the epoch, which are negative before it, and the nanoseconds after
    /// that second. One billion nanoseconds or more are carried over to the seconds.
    ///
    /// # Errors
    /// Returns an error when the second lies outside the years 1 to 9999.
    pub fn new(seconds: i64, nanos: u32) -> Result<Self, TimestampOutOfRange> {
        let seconds = seconds.saturating_add(i64::from(nanos / NANOS_PER_SECOND));
        if !(FIRST_SECOND..=LAST_SECOND).contains(&seconds) {
            return Err(TimestampOutOfRange { seconds });
        }
        Ok(Self {
            seconds,
            nanos: nanos % NANOS_PER_SECOND,
        })
    }

    /// Creates a timestamp from the milliseconds since the epoch, the unit of CloudWatch Logs.
    ///
    /// # Errors
    /// Returns an error when the time lies outside the years 1 to 9999.
    pub fn from_unix_millis(millis: i64) -> Result<Self, TimestampOutOfRange> {
        // The remainder is 0..1000, so the cast cannot lose anything.
        Self::new(
            millis.div_euclid(1000),
            millis.rem_euclid(1000) as u32 * 1_000_000,
        )
    }

    /// Returns the time that many nanoseconds later, but at most the last nanosecond of year 9999.
    #[must_use]
    pub fn plus_nanos(self, nanos: u64) -> Self {
        let per_second = u64::from(NANOS_PER_SECOND);
        // Both remainders are below a second, so neither the cast nor the sum can overflow.
        let subsec = self.nanos + (nanos % per_second) as u32;
        i64::try_from(nanos / per_second)
            .ok()
            .and_then(|seconds| self.seconds.checked_add(seconds))
            .and_then(|seconds| Self::new(seconds, subsec).ok())
            .unwrap_or(Self {
                seconds: LAST_SECOND,
                nanos: NANOS_PER_SECOND - 1,
            })
    }

    /// Returns the whole seconds since the epoch, rounded down.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds after [`seconds`](Self::seconds), below 1,000,000,000.
    pub fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Returns the nanoseconds since the epoch. Those of year 1 do not fit into 64 bits.
    pub fn unix_nanos(self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SECOND) + i128::from(self.nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_before_the_epoch_round_down() {
        let time = Timestamp::from_unix_millis(-1500).unwrap();
        assert_eq!((time.seconds(), time.subsec_nanos()), (-2, 500_000_000));
        assert_eq!(time.unix_nanos(), -1_500_000_000);
    }

    #[test]
    fn nanoseconds_carry_over_and_stop_at_the_last_nanosecond() {
        let time = Timestamp::new(1, 999_999_999).unwrap();
        assert_eq!(time.plus_nanos(0), time);
        assert_eq!(time.plus_nanos(1), Timestamp::new(2, 0).unwrap());
        assert_eq!(time.plus_nanos(2_000_000_002), Timestamp::new(4, 1).unwrap());
        let last = Timestamp::new(LAST_SECOND, 999_999_999).unwrap();
        assert_eq!(last.plus_nanos(1), last);
        assert_eq!(
            time.plus_nanos(u64::MAX).unix_nanos(),
            time.unix_nanos() + i128::from(u64::MAX)
        );
    }

    #[test]
    fn years_1_to_9999_are_in_range() {
        assert!(Timestamp::new(FIRST_SECOND, 0).is_ok());
        assert!(Timestamp::new(LAST_SECOND, 999_999_999).is_ok());
        assert!(Timestamp::new(FIRST_SECOND - 1, 0).is_err());
        assert!(Timestamp::new(LAST_SECOND, 1_000_000_000).is_err());
        assert!(Timestamp::from_unix_millis(i64::MAX).is_err());
        assert!(Timestamp::from_unix_millis(i64::MIN).is_err());
    }
}
