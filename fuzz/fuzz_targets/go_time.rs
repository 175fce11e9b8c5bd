//! Any layout parses and formats any value without a panic, and a complete layout parses what it formatted.
#![no_main]

use arbitrary::Arbitrary;
use go_time::{Duration, Layout, Location, Time, Zone};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    seconds: i64,
    nanos: u32,
    offset: i32,
    zone: u8,
    layout: &'a str,
    value: &'a str,
}

const ZONES: [&str; 6] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Local",
];

/// The layouts that contain all parts of a time, and whether they contain nanoseconds.
const COMPLETE: [(&str, bool); 7] = [
    (go_time::RFC3339, false),
    (go_time::RFC3339_NANO, true),
    (go_time::RUBY_DATE, false),
    (go_time::RFC1123Z, false),
    ("02/Jan/2006:15:04:05.000000000 -07:00:00", true),
    ("2006 002 3:04:05PM Z0700", false),
    ("2006__2 15:4:5,999999999 -07:00", true),
];

fuzz_target!(|input: Input<'_>| {
    let layout = Layout::new(input.layout);
    let location = Location::load(ZONES[usize::from(input.zone) % ZONES.len()]).unwrap_or(Location::UTC);
    let at = Time::new(input.seconds, input.nanos, Zone::Location(location.clone()));
    for time in [Ok(at), layout.parse(input.value, Some(&location))] {
        match time {
            Ok(time) => {
                let _ = (layout.format(&time), time.year(), time.month(), layout.has_year());
                let _ = time
                    .clone()
                    .add_date(input.seconds, i64::from(input.offset), 1)
                    .year();
                let _ = time.plus_nanos(input.seconds);
            }
            Err(error) => {
                let _ = error.to_string();
            }
        }
    }
    let _ = Duration::parse(input.value).map(|duration| duration.to_string());
    let _ = Location::load(input.value);

    // Years 1 to 9998, with offsets in whole minutes, which Go can format.
    let seconds = -62_135_596_800 + 86_400 + input.seconds.rem_euclid(315_500_000_000);
    let fixed = Zone::Fixed {
        abbreviation: String::new(),
        offset: input.offset % (24 * 60) * 60,
    };
    for zone in [Zone::Location(Location::UTC), fixed] {
        for (layout, with_nanos) in COMPLETE {
            let time = Time::new(seconds, if with_nanos { input.nanos } else { 0 }, zone.clone());
            let layout = Layout::new(layout);
            let text = layout.format(&time);
            match layout.parse(&text, None) {
                Ok(read) => assert_eq!(read.unix_nanos(), time.unix_nanos(), "{text}"),
                Err(error) => panic!("{error}"),
            }
        }
    }
});
