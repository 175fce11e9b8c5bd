//! Tables of the results of `time.ParseInLocation`, `Time.Format` and `time.ParseDuration` in Go 1.26.

use go_time::{DEFAULT, Duration, Layout, Location, Time, Zone};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct ParseRow {
    layout: String,
    value: String,
    location: Option<String>,
    seconds: Option<i64>,
    #[serde(default)]
    nanos: u32,
    /// The result as `time.Time.String` writes it, which shows the zone.
    #[serde(default)]
    text: String,
    #[serde(default)]
    error: bool,
}

#[derive(Deserialize)]
struct FormatRow {
    layout: String,
    seconds: i64,
    nanos: u32,
    location: String,
    text: String,
}

#[test]
fn durations_are_read_as_go_reads_them() {
    let rows: Vec<(String, Option<i64>)> =
        serde_json::from_str(include_str!("../data/durations.json")).unwrap();
    assert_eq!(rows.len(), 1500);
    for (text, nanos) in rows {
        let duration = Duration::parse(&text).ok().map(|Duration(nanos)| nanos);
        assert_eq!(duration, nanos, "{text}");
    }
}

#[test]
fn values_are_read_as_go_reads_them() {
    let rows: Vec<ParseRow> = serde_json::from_str(include_str!("../data/parse.json")).unwrap();
    assert!(rows.len() > 500);
    let wrong: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let location = row.location.as_deref().map(|name| Location::load(name).unwrap());
            let parsed = Layout::new(&row.layout).parse(&row.value, location.as_ref());
            let right = match &parsed {
                Err(_) => row.error,
                Ok(time) => {
                    Some(time.unix_seconds()) == row.seconds
                        && time.subsec_nanos() == row.nanos
                        && Layout::new(DEFAULT).format(time) == row.text
                }
            };
            let shown = parsed.map(|time| Layout::new(DEFAULT).format(&time));
            (!right).then(|| {
                format!(
                    "{:?} {:?} {:?}: {shown:?}, not {:?}",
                    row.layout, row.value, row.location, row.text
                )
            })
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

#[test]
fn times_are_written_as_go_writes_them() {
    let rows: Vec<FormatRow> = serde_json::from_str(include_str!("../data/format.json")).unwrap();
    assert!(rows.len() > 500);
    let wrong: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let zone = Zone::Location(Location::load(&row.location).unwrap());
            let text = Layout::new(&row.layout).format(&Time::new(row.seconds, row.nanos, zone));
            (text != row.text).then(|| format!("{:?}: {text:?}, not {:?}", row.layout, row.text))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

/// Returns a strategy for texts that look like layouts and times.
fn time_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "2006", "06", "Jan", "January", "Mon", "Monday", "MST", "002", "__2", "_2", "15", "03", "3",
            "04", "05", "5", "PM", "pm", "-07", "-0700", "-07:00", "Z07:00", "Z070000", ".000", ",999", " ",
            "-", ":", "/", "T", "Z", "+", "GMT", "CEST", "UTC", "29", "30", "366", "0", "2024", "1999", "12",
            "AM", "February", "é",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        "[0-9]{1,5}",
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_panics(layout in time_text(), value in time_text(), zone in 0usize..3) {
        let location = Location::load(["", "America/New_York", "Europe/London"][zone]).unwrap();
        let layout = Layout::new(&layout);
        if let Ok(time) = layout.parse(&value, Some(&location)) {
            prop_assert!(time.subsec_nanos() < 1_000_000_000);
            layout.format(&time);
        }
    }

    #[test]
    fn every_time_can_be_written(seconds in any::<i64>(), nanos in any::<u32>(), layout in time_text()) {
        let zone = Zone::Location(Location::load("Australia/Lord_Howe").unwrap());
        Layout::new(&layout).format(&Time::new(seconds, nanos, zone));
    }

    #[test]
    fn a_written_time_is_read_back(seconds in -62_000_000_000i64..253_000_000_000, nanos in 0u32..1_000_000_000) {
        let zone = Zone::Location(Location::load("Asia/Kolkata").unwrap());
        let time = Time::new(seconds, nanos, zone);
        let layout = Layout::new("2006-01-02T15:04:05.000000000Z07:00:00");
        let back = layout.parse(&layout.format(&time), None).unwrap();
        prop_assert_eq!(back.unix_nanos(), time.unix_nanos());
    }
}
