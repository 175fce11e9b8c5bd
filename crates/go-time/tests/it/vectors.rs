//! The rows of promtail's timestamp stage whose result depends on the layout alone.

use go_time::{Layout, Location, RFC3339, RFC3339_NANO};
use serde_json::Value as Json;

const VECTORS: &str = include_str!("../../../log-pipeline/tests/data/stage-vectors.json");

/// The names that the stage accepts besides layouts.
const NAMED: [(&str, &str); 10] = [
    ("ANSIC", go_time::ANSIC),
    ("UnixDate", go_time::UNIX_DATE),
    ("RubyDate", go_time::RUBY_DATE),
    ("RFC822", go_time::RFC822),
    ("RFC822Z", go_time::RFC822Z),
    ("RFC850", go_time::RFC850),
    ("RFC1123", go_time::RFC1123),
    ("RFC1123Z", go_time::RFC1123Z),
    ("RFC3339", RFC3339),
    ("RFC3339Nano", RFC3339_NANO),
];

/// Returns the layout, location and value of a row with a json stage that extracts `t` and a timestamp stage.
fn parts(row: &Json) -> Option<(String, Option<Location>, String)> {
    let [json, timestamp] = row["stages"].as_array()?.as_slice() else {
        return None;
    };
    let config = timestamp
        .get("timestamp")
        .filter(|_| json.get("json").is_some())?;
    let format = config["format"].as_str()?;
    let document: Json = serde_json::from_str(row["input"]["line"].as_str()?).ok()?;
    let value = document["t"].as_str()?.to_owned();
    if format.starts_with("Unix") && format != "UnixDate" || config.get("fallback_formats").is_some() {
        return None;
    }
    if let Some((_, layout)) = NAMED.iter().find(|(name, _)| *name == format) {
        return Some(((*layout).to_owned(), None, value));
    }
    let location = config["location"]
        .as_str()
        .map(|name| Location::load(name).unwrap());
    // For a layout without a year, the stage adds one.
    format
        .contains("06")
        .then(|| (format.to_owned(), location, value))
}

#[test]
fn rows_about_layouts_give_what_promtail_gives() {
    let rows: Vec<Json> = serde_json::from_str(VECTORS).unwrap();
    let rows = rows
        .iter()
        .filter(|row| row["name"].as_str().unwrap().starts_with("timestamp/"));
    let mut count = 0;
    for row in rows {
        let Some((layout, location, value)) = parts(row) else {
            continue;
        };
        count += 1;
        let text = match Layout::new(&layout).parse(&value, location.as_ref()) {
            Ok(time) => Layout::new(RFC3339_NANO)
                .format(&go_time::Time::utc(time.unix_seconds(), time.subsec_nanos())),
            // The stage keeps the time of the entry.
            Err(_) => row["input"]["ts"].as_str().unwrap().to_owned(),
        };
        assert_eq!(row["expect"]["ts"], text.as_str(), "{}", row["name"]);
    }
    assert!(count >= 45, "only {count} rows were looked at");
}
