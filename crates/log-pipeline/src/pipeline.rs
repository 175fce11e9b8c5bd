//! The order of things: source labels, extra labels, dropped labels; then each entry.

use std::sync::Arc;

use loki_push::{Entry, LabelSet};

use crate::{ExtraLabels, LabelNames};

/// What is done to every entry, put together once at start.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    extra_labels: ExtraLabels,
    drop_labels: LabelNames,
}

/// Why an entry goes no further. The configuration asked for it, or there is nothing to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// No label is left, and a stream needs one.
    NoLabels,
    /// The line is empty.
    EmptyLine,
}

impl DropReason {
    /// The reason's name in logs and summaries.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoLabels => "no_labels",
            Self::EmptyLine => "empty_line",
        }
    }
}

impl Pipeline {
    /// A pipeline that adds and drops these labels.
    pub fn new(extra_labels: ExtraLabels, drop_labels: LabelNames) -> Self {
        Self {
            extra_labels,
            drop_labels,
        }
    }

    /// The labels of a stream whose source gave it `source`.
    ///
    /// Extra labels override the source's; dropping comes after, so it reaches extra labels too.
    pub fn stream_labels(&self, mut source: LabelSet) -> Arc<LabelSet> {
        for (name, value) in self.extra_labels.iter() {
            source.set(name, value);
        }
        for name in self.drop_labels.iter() {
            source.remove(name);
        }
        Arc::new(source)
    }

    /// What becomes of an entry whose labels are [`stream_labels`](Self::stream_labels).
    ///
    /// # Errors
    /// When it goes no further.
    pub fn process<'a>(&self, entry: Entry<'a>) -> Result<Entry<'a>, DropReason> {
        if entry.labels.is_empty() {
            Err(DropReason::NoLabels)
        } else if entry.line.is_empty() {
            Err(DropReason::EmptyLine)
        } else {
            Ok(entry)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use loki_push::Timestamp;

    use super::*;

    fn pipeline(extra: &str, drop: &str) -> Pipeline {
        Pipeline::new(
            ExtraLabels::parse(extra, false).unwrap(),
            LabelNames::parse(drop).unwrap(),
        )
    }

    fn labels(pipeline: &Pipeline) -> String {
        pipeline
            .stream_labels(LabelSet::from_iter([("a", "1"), ("b", "2")]))
            .to_string()
    }

    #[test]
    fn extra_labels_override_and_dropping_comes_last() {
        assert_eq!(labels(&Pipeline::default()), r#"{a="1", b="2"}"#);
        assert_eq!(labels(&pipeline("b,3,c,4", "")), r#"{a="1", b="3", c="4"}"#);
        assert_eq!(labels(&pipeline("c,4", "a,c,unknown")), r#"{b="2"}"#);
        assert_eq!(labels(&pipeline("", "a,b")), "{}");
    }

    #[test]
    fn an_entry_with_nothing_to_say_or_nowhere_to_go_is_dropped() {
        let entry = |labels: &[(&str, &str)], line: &'static str| Entry {
            labels: Arc::new(labels.iter().copied().collect()),
            timestamp: Timestamp::EPOCH,
            line: Cow::Borrowed(line),
            metadata: Vec::new(),
        };
        let process = |entry| Pipeline::default().process(entry).map(|entry| entry.line);
        assert_eq!(process(entry(&[("a", "1")], "x")), Ok(Cow::Borrowed("x")));
        assert_eq!(process(entry(&[("a", "1")], " ")), Ok(Cow::Borrowed(" ")));
        assert_eq!(process(entry(&[("a", "1")], "")), Err(DropReason::EmptyLine));
        assert_eq!(process(entry(&[], "x")), Err(DropReason::NoLabels));
    }
}
