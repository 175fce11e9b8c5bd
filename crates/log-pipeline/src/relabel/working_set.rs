//! The labels of a stream while rules are applied to it.

use loki_push::{Label, LabelSet};

/// A label set with the list of labels that rules wrote, in the order in which each was first written.
///
/// The order is that of Prometheus: a rule for all labels visits the written ones last. If two labels get the same
/// name, the last one wins.
#[derive(Debug)]
pub(crate) struct WorkingSet {
    labels: LabelSet,
    written: Vec<String>,
}

impl WorkingSet {
    /// Returns the working set for the labels of a stream.
    pub(crate) fn new(labels: LabelSet) -> Self {
        Self {
            labels,
            written: Vec::new(),
        }
    }

    /// Returns the current labels.
    pub(crate) fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Returns the labels after the last rule.
    pub(crate) fn into_labels(self) -> LabelSet {
        self.labels
    }

    /// Returns the value of the label, or an empty text if it does not exist.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.labels.get(name).unwrap_or_default()
    }

    /// Sets the label. An empty value removes it.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        if value.is_empty() {
            return self.remove(name);
        }
        self.labels.set(name, value);
        if !self.is_written(name) {
            self.written.push(name.to_owned());
        }
    }

    /// Removes the label.
    pub(crate) fn remove(&mut self, name: &str) {
        self.labels.remove(name);
        self.written.retain(|written| written != name);
    }

    /// Removes the labels for whose names `keeps` returns false.
    pub(crate) fn retain_names(&mut self, keeps: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self
            .labels
            .iter()
            .filter(|label| !keeps(&label.name))
            .map(|label| label.name.clone())
            .collect();
        gone.iter().for_each(|name| self.remove(name));
    }

    /// Returns the current labels in the order in which a rule for all labels visits them.
    pub(crate) fn snapshot(&self) -> Vec<Label> {
        let given = self.labels.iter().filter(|label| !self.is_written(&label.name));
        let written = self.written.iter().map(|name| Label {
            name: name.clone(),
            value: self.get(name).to_owned(),
        });
        given.cloned().chain(written).collect()
    }

    /// Returns whether a rule wrote the label.
    fn is_written(&self, name: &str) -> bool {
        self.written.iter().any(|written| written == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(labels: &WorkingSet) -> String {
        let labels: Vec<String> = labels.snapshot().into_iter().map(|label| label.name).collect();
        labels.join(" ")
    }

    #[test]
    fn written_labels_come_last_in_the_order_of_writing() {
        let mut labels = WorkingSet::new(LabelSet::from_iter([("b", "1"), ("c", "1"), ("d", "1")]));
        assert_eq!(names(&labels), "b c d");
        labels.set("c", "2".to_owned());
        labels.set("a", "2".to_owned());
        labels.set("c", "3".to_owned());
        assert_eq!(names(&labels), "b d c a");
        assert_eq!(labels.get("c"), "3");
    }

    #[test]
    fn a_label_that_is_removed_is_nowhere() {
        let mut labels = WorkingSet::new(LabelSet::from_iter([("a", "1"), ("b", "1")]));
        for name in ["b", "c", "d"] {
            labels.set(name, "2".to_owned());
        }
        labels.set("b", String::new());
        labels.remove("d");
        assert_eq!(names(&labels), "a c");
        labels.retain_names(|name| name != "c");
        assert_eq!(names(&labels), "a");
        labels.set("b", "3".to_owned());
        assert_eq!(names(&labels), "a b");
    }
}
