//! The extracted values of an entry, which its stages share.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use loki_push::LabelSet;

use super::value::ExtractedValue;

/// The extracted names and values of an entry. They start with the labels of the entry.
///
/// Later changes of the labels do not change the extracted values.
#[derive(Clone, Debug)]
pub(crate) struct Extracted {
    /// The labels before the first stage. Other entries share them.
    labels: Arc<LabelSet>,
    /// The values that stages set, which take precedence over the labels. `None` stands for a removed name.
    own: BTreeMap<Arc<str>, Option<ExtractedValue>>,
}

/// The result of looking up a name.
#[derive(Debug, PartialEq)]
pub(crate) enum Lookup<'a> {
    /// The name does not exist.
    Absent,
    /// The value is nil, which has no text.
    Nil,
    /// The text of the value.
    Text(Cow<'a, str>),
}

impl<'a> Lookup<'a> {
    /// Returns the text, if there is one.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Nil => None,
        }
    }
}

impl Extracted {
    /// Returns the values of an entry with those labels.
    pub(crate) fn new(labels: Arc<LabelSet>) -> Self {
        Self {
            labels,
            own: BTreeMap::new(),
        }
    }

    /// Returns whether these are the labels from before the first stage. Compares pointers, not contents.
    pub(crate) fn are_initial_labels(&self, labels: &Arc<LabelSet>) -> bool {
        Arc::ptr_eq(&self.labels, labels)
    }

    /// Looks up a name.
    pub(crate) fn get(&self, name: &str) -> Lookup<'_> {
        match self.own.get(name) {
            Some(Some(value)) => value.text().map_or(Lookup::Nil, Lookup::Text),
            Some(None) => Lookup::Absent,
            None => match self.labels.get(name) {
                Some(value) => Lookup::Text(Cow::Borrowed(value)),
                None => Lookup::Absent,
            },
        }
    }

    /// Sets the value of a name.
    pub(crate) fn set(&mut self, name: &Arc<str>, value: ExtractedValue) {
        match self.own.get_mut(name) {
            Some(slot) => *slot = Some(value),
            None => {
                self.own.insert(Arc::clone(name), Some(value));
            }
        }
    }

    /// Sets the value of a name to a text.
    pub(crate) fn set_text(&mut self, name: &Arc<str>, text: impl Into<String>) {
        self.set(name, ExtractedValue::Text(text.into()));
    }

    /// Removes a name.
    pub(crate) fn remove(&mut self, name: &Arc<str>) {
        if self.labels.get(name).is_some() {
            self.own.insert(Arc::clone(name), None);
        } else {
            self.own.remove(name);
        }
    }

    /// Copies the labels again, over values with the same names.
    pub(crate) fn copy_labels(&mut self, labels: &Arc<LabelSet>) {
        if self.are_initial_labels(labels) {
            if !self.own.is_empty() {
                self.own.retain(|name, _| labels.get(name).is_none());
            }
            return;
        }
        for label in labels.iter() {
            self.set_text(&label.name.as_str().into(), label.value.as_str());
        }
    }

    /// Calls `tell` with each name and text, in no particular order.
    pub(crate) fn each_text(&self, mut tell: impl FnMut(&str, &str)) {
        for label in self.labels.iter() {
            if !self.own.contains_key(label.name.as_str()) {
                tell(&label.name, &label.value);
            }
        }
        for (name, value) in &self.own {
            if let Some(text) = value.as_ref().and_then(ExtractedValue::text) {
                tell(name, &text);
            }
        }
    }

    /// Returns all names and values, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Cow<'_, ExtractedValue>)> {
        let labels = self.labels.iter();
        let labels = labels.filter(|label| !self.own.contains_key(label.name.as_str()));
        let labels = labels.map(|label| {
            let value = ExtractedValue::Text(label.value.clone());
            (label.name.as_str(), Cow::Owned(value))
        });
        let own = self.own.iter();
        let own = own.filter_map(|(name, value)| Some((&**name, Cow::Borrowed(value.as_ref()?))));
        let mut all: Vec<_> = labels.chain(own).collect();
        all.sort_by_key(|(name, _)| *name);
        all.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extracted() -> Extracted {
        Extracted::new(Arc::new(LabelSet::from_iter([("app", "web"), ("env", "p")])))
    }

    fn names(extracted: &Extracted) -> Vec<&str> {
        extracted.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn labels_are_there_until_they_are_covered_or_removed() {
        let mut extracted = extracted();
        extracted.set(&"app".into(), ExtractedValue::Nil);
        extracted.set_text(&"b".into(), "1");
        assert_eq!(extracted.get("app"), Lookup::Nil);
        assert_eq!(extracted.get("env").text().unwrap(), "p");
        extracted.remove(&"env".into());
        extracted.remove(&"b".into());
        assert_eq!(extracted.get("env"), Lookup::Absent);
        assert_eq!(names(&extracted), ["app"]);
    }

    #[test]
    fn copying_labels_again_undoes_their_names_only() {
        let mut extracted = extracted();
        let labels = Arc::clone(&extracted.labels);
        extracted.set_text(&"app".into(), "x");
        extracted.set_text(&"b".into(), "1");
        extracted.copy_labels(&labels);
        assert_eq!(extracted.get("app").text().unwrap(), "web");
        assert_eq!(names(&extracted), ["app", "b", "env"]);

        extracted.remove(&"env".into());
        extracted.copy_labels(&Arc::new(LabelSet::from_iter([("app", "y"), ("c", "2")])));
        assert_eq!(extracted.get("app").text().unwrap(), "y");
        assert_eq!(names(&extracted), ["app", "b", "c"]);
    }
}
