//! The stage `timestamp`, which sets the time of the entry from an extracted value.

use std::sync::Arc;

use go_time::{Layout, Location};
use loki_push::{LabelSet, Timestamp};

use super::bounded_map::BoundedMap;
use super::config::{Fields, Reported, StageConfig, StageErrorKind};
use super::pipeline_entry::PipelineEntry;
use super::time_format::TimeFormat;

/// The number of label sets whose last times are kept.
const FUDGED_STREAMS: usize = 10_000;

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct TimestampStage {
    source: Arc<str>,
    /// The formats, which are tried in their order.
    formats: Vec<TimeFormat>,
    on_failure: OnFailure,
}

/// The action for a value that no format can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnFailure {
    /// The entry gets the time of the last entry with the same labels, plus a nanosecond.
    Fudge,
    /// The entry keeps its time.
    Skip,
}

/// The last time of each label set in one event or object.
#[derive(Debug)]
pub(crate) struct LastTimes(BoundedMap<Arc<LabelSet>, Timestamp>);

impl Default for LastTimes {
    fn default() -> Self {
        Self(BoundedMap::new(FUDGED_STREAMS))
    }
}

impl TimestampStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &[
        "source",
        "format",
        "fallback_formats",
        "location",
        "action_on_failure",
    ];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let source = fields.required_text("source", "expected the name of an extracted value");
        let format = fields.required_text("format", "expected a format's name or a Go reference layout");
        let fallbacks = fields.texts("fallback_formats");
        let location = location(fields);
        let on_failure = on_failure(fields);
        let (format, fallbacks, location) = (format?, fallbacks?, location?);
        let formats = std::iter::once(&*format).chain(fallbacks.iter().map(String::as_str));
        Ok(Self {
            formats: formats
                .map(|format| TimeFormat::new(format, location.as_ref()))
                .collect(),
            source: source?,
            on_failure: on_failure?,
        })
    }

    /// Returns a stage that reads RFC 3339 times with nanoseconds.
    pub(crate) fn rfc3339_nano(source: &str) -> Self {
        Self {
            source: source.into(),
            formats: vec![TimeFormat::Layout(Layout::new(go_time::RFC3339_NANO), None)],
            on_failure: OnFailure::Fudge,
        }
    }

    /// Sets the time of the entry.
    pub(crate) fn apply(&self, entry: &mut PipelineEntry<'_>, last: &mut LastTimes) {
        let found = entry.extracted.get(&self.source).text().and_then(|text| {
            let mut formats = self.formats.iter();
            formats.find_map(|format| format.parse(&text, entry.timestamp))
        });
        match (found, self.on_failure) {
            (Some(found), OnFailure::Skip) => entry.timestamp = found,
            (Some(found), OnFailure::Fudge) => {
                entry.timestamp = found;
                match last.0.get_mut(&entry.labels) {
                    Some(time) => *time = found,
                    None => last.0.insert(Arc::clone(&entry.labels), found),
                }
            }
            (None, OnFailure::Fudge) => {
                if let Some(time) = last.0.get_mut(&entry.labels) {
                    *time = time.plus_nanos(1);
                    entry.timestamp = *time;
                }
            }
            (None, OnFailure::Skip) => {}
        }
    }
}

/// Reads `location`.
fn location(fields: &Fields<'_>) -> Result<Option<Location>, Reported> {
    let Some(name) = fields.text("location")? else {
        return Ok(None);
    };
    match Location::load(&name) {
        Ok(location) => Ok(Some(location)),
        Err(_) => Err(fields.report(
            "location",
            StageErrorKind::Value {
                value: name,
                allowed: "expected a time zone's name such as Europe/Berlin, UTC or Local",
            },
        )),
    }
}

/// Reads `action_on_failure`.
fn on_failure(fields: &Fields<'_>) -> Result<OnFailure, Reported> {
    match fields.text("action_on_failure")?.as_deref() {
        None | Some("fudge") => Ok(OnFailure::Fudge),
        Some("skip") => Ok(OnFailure::Skip),
        Some(other) => Err(fields.report(
            "action_on_failure",
            StageErrorKind::Value {
                value: other.to_owned(),
                allowed: "expected fudge or skip",
            },
        )),
    }
}
