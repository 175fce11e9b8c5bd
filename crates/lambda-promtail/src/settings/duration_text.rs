//! The text of a duration.

use std::time::Duration;

/// The units of Go's durations with their nanoseconds, the largest first.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Returns a duration in Go's format, in the largest unit that needs no fraction: `90s`, `1500ms`.
pub(super) fn duration_text(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let whole = |(_, size): &&(&str, u128)| nanos > 0 && nanos.is_multiple_of(*size);
    match UNITS.iter().find(whole) {
        Some((unit, size)) => format!("{}{unit}", nanos / size),
        None => "0s".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::duration::parse_duration;
    use super::*;

    #[test]
    fn the_largest_whole_unit_is_used() {
        for (nanos, text) in [
            (0, "0s"),
            (100_000_000, "100ms"),
            (5_000_000_000, "5s"),
            (90_000_000_000, "90s"),
            (1_500_000_000, "1500ms"),
            (7_200_000_000_000, "2h"),
            (1_001, "1001ns"),
        ] {
            assert_eq!(duration_text(Duration::from_nanos(nanos)), text);
        }
    }

    proptest! {
        #[test]
        fn the_text_is_read_back(nanos in 0..i64::MAX as u64) {
            let duration = Duration::from_nanos(nanos);
            prop_assert_eq!(parse_duration(&duration_text(duration)), Ok(duration));
        }
    }
}
