//! The streams of a dry run, and a warning if there are many.

use std::collections::{BTreeMap, BTreeSet};

use loki_push::LabelSet;

/// The number of streams of one event or object above which a dry run warns. Grafana's advice is to keep labels to
/// few values ("Cardinality", <https://grafana.com/docs/loki/latest/get-started/labels/cardinality/>).
const MANY: usize = 100;

/// The distinct streams of a dry run.
#[derive(Debug, Default)]
pub(crate) struct StreamCount {
    streams: BTreeSet<String>,
    /// The values of each label.
    values: BTreeMap<String, BTreeSet<String>>,
}

impl StreamCount {
    /// Counts a stream, unless it was counted before. `name` is its text with the tenant, `labels` are its labels.
    pub(crate) fn add(&mut self, name: &str, labels: &LabelSet) {
        if self.streams.contains(name) {
            return;
        }
        self.streams.insert(name.to_owned());
        for label in labels.iter() {
            let values = self.values.entry(label.name.clone()).or_default();
            values.insert(label.value.clone());
        }
    }

    /// Returns the number of streams as text, such as `3 streams`.
    pub(crate) fn text(&self) -> String {
        match self.streams.len() {
            1 => "1 stream".to_owned(),
            count => format!("{count} streams"),
        }
    }

    /// Returns a warning that names the label with the most values, if there are many streams.
    pub(crate) fn warning(&self) -> Option<String> {
        if self.streams.len() <= MANY {
            return None;
        }
        let (label, values) = self.values.iter().max_by_key(|(_, values)| values.len())?;
        Some(format!(
            "warning: {} from one input are many, and Loki becomes slower and more expensive with each: drop labels that \
             have many values with RELABEL_CONFIGS, first {label} ({} values)",
            self.text(),
            values.len()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(streams: usize) -> StreamCount {
        let mut count = StreamCount::default();
        for stream in 0..streams {
            let labels = LabelSet::from_iter([("job", "aws".to_owned()), ("file", format!("{stream}"))]);
            for _ in 0..2 {
                count.add(&labels.to_string(), &labels);
            }
        }
        count
    }

    #[test]
    fn a_stream_is_counted_once() {
        assert_eq!(count(0).text(), "0 streams");
        assert_eq!(count(1).text(), "1 stream");
        assert_eq!(count(100).text(), "100 streams");
    }

    #[test]
    fn more_than_100_streams_are_worth_a_warning_that_names_the_label() {
        assert_eq!(count(100).warning(), None);
        let warning = count(101).warning().unwrap_or_default();
        assert!(
            warning.starts_with("warning: 101 streams") && warning.ends_with("first file (101 values)"),
            "{warning}"
        );
    }
}
