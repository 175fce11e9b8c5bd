//! The waits, compared with the bounds and totals that dskit's own code produces.

use std::time::Duration;

use dskit_backoff::Backoff;
use proptest::prelude::*;

const UPSTREAM: Backoff = Backoff {
    min: Duration::from_millis(100),
    max: Duration::from_secs(30),
    max_retries: 10,
};

fn lowest(backoff: Backoff) -> impl Iterator<Item = Duration> {
    backoff.waits(|_| 0)
}

fn highest(backoff: Backoff) -> impl Iterator<Item = Duration> {
    backoff.waits(|width| width - 1)
}

#[test]
fn ranges_double_until_the_upper_bound_reaches_max_and_then_stay() {
    let unlimited = Backoff {
        max_retries: 0,
        ..UPSTREAM
    };
    let lows: Vec<u128> = lowest(unlimited).take(12).map(|d| d.as_millis()).collect();
    let highs: Vec<u128> = highest(unlimited).take(12).map(|d| d.as_nanos() + 1).collect();
    assert_eq!(
        lows,
        [
            100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 25600, 25600, 25600
        ]
    );
    let expected_highs = [
        200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000, 30000, 30000,
    ];
    assert_eq!(highs, expected_highs.map(|ms: u128| ms * 1_000_000));
}

#[test]
fn ten_tries_have_nine_waits_of_51_1_to_81_seconds_together() {
    assert_eq!(lowest(UPSTREAM).count(), 9);
    let shortest: Duration = lowest(UPSTREAM).sum();
    let longest: Duration = highest(UPSTREAM).sum();
    assert_eq!(shortest, Duration::from_millis(51_100));
    assert!(longest < Duration::from_secs(81), "{longest:?}");
    assert!(longest > Duration::from_millis(80_999), "{longest:?}");
}

#[test]
fn the_mean_of_all_waits_together_is_66_seconds() {
    // The mean of a uniform draw is the middle of its range; the nine middles add up to 66.05 s.
    let middle: Duration = UPSTREAM.waits(|width| width / 2).sum();
    assert_eq!(middle.as_millis(), 66_050);
}

#[test]
fn one_try_has_no_wait_and_zero_has_no_end() {
    let once = Backoff {
        max_retries: 1,
        ..UPSTREAM
    };
    assert_eq!(lowest(once).count(), 0);
    let unlimited = Backoff {
        max_retries: 0,
        ..UPSTREAM
    };
    assert_eq!(lowest(unlimited).take(10_000).count(), 10_000);
}

#[test]
fn a_min_above_max_is_not_corrected() {
    let odd = Backoff {
        min: Duration::from_secs(9),
        max: Duration::from_secs(2),
        max_retries: 5,
    };
    let waits: Vec<u64> = odd
        .waits(|_| unreachable!("nothing is drawn from an empty range"))
        .map(|d| d.as_secs())
        .collect();
    assert_eq!(waits, [9, 9, 9, 9]);
}

proptest! {
    #[test]
    fn every_wait_lies_between_the_bounds(
        min in 0_u64..u64::MAX,
        max in 0_u64..u64::MAX,
        max_retries in 0_u32..40,
        draws in proptest::collection::vec(any::<u64>(), 40),
    ) {
        let backoff = Backoff { min: Duration::from_nanos(min), max: Duration::from_nanos(max), max_retries };
        let tries = if max_retries == 0 { 40 } else { max_retries as usize };
        let mut draws = draws.into_iter();
        let waits: Vec<Duration> = backoff
            .waits(|width| draws.next().unwrap_or(0) % width)
            .take(40)
            .collect();
        prop_assert_eq!(waits.len(), if max_retries == 0 { 40 } else { tries - 1 });
        for wait in waits {
            prop_assert!(wait >= backoff.min);
            prop_assert!(wait <= backoff.max.max(backoff.min));
        }
    }
}
