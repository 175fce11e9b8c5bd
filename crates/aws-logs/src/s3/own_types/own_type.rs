//! One of the user's own types.

use std::sync::Arc;

use go_regex::{Captures, Regex};
use loki_push::LabelSet;

use super::csv::{Csv, CsvScanner};
use super::member::Members;
use super::time::Timing;
use super::w3c::W3c;
use crate::s3::ObjectType;
use crate::s3::documents::DocumentScanner;
use crate::s3::format::{Format, Layout, RecordTimes, Splitter};
use crate::s3::object_type::DELIVERIES;
use crate::s3::records::{RecordScanner, Shape};

/// The group of the key whose text is the value of the label `__aws_<name>`.
const SRC: &str = "src";
/// The group of the key whose text is the value of the label `__aws_<name>_owner`.
const OWNER: &str = "owner";

/// A type of logs that the user describes: which keys it has, how its objects are read, and their labels.
#[derive(Debug)]
pub struct OwnType {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) key: Regex,
    pub(super) content: Content,
    pub(super) time: Option<Arc<Timing>>,
    /// Further labels: names, and templates of their values.
    pub(super) labels: Vec<(String, String)>,
}

/// The format of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Each line is an entry.
    Lines,
    /// JSON documents, one after the other.
    Json,
    /// JSON documents with an array of records, which has this name; without a name, each document is the array.
    JsonArray(Option<String>),
    /// CSV with a header.
    Csv,
    /// Lines of fields, whose columns a header names.
    W3c,
    /// Deliveries of CloudWatch Logs subscription filters, one after the other.
    CloudWatch,
}

impl Content {
    /// Returns the name of the format in the setting.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Json => "json",
            Self::JsonArray(_) => "json_array",
            Self::Csv => "csv",
            Self::W3c => "w3c",
            Self::CloudWatch => "cloudwatch",
        }
    }
}

impl OwnType {
    /// Returns the index of the type in the setting, counted from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the name of the type, the value of the label `__aws_log_type`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the regular expression that the keys of the type match.
    pub fn key(&self) -> &str {
        self.key.as_str()
    }

    /// Returns the named groups of a key that took part in the match, with their text.
    pub fn groups<'k>(&self, key: &'k str) -> Vec<(&str, &'k str)> {
        let captures = self.key.captures(key);
        let groups = captures.iter().flat_map(Captures::named);
        groups.filter_map(|(name, text)| Some((name, text?))).collect()
    }

    /// Returns the type of the object with this key, or `None` if the key does not match.
    pub(super) fn object(self: &Arc<Self>, key: &str) -> Option<ObjectType> {
        let captures = self.key.captures(key)?;
        let mut labels = LabelSet::default();
        for (label, template) in &self.labels {
            let mut value = String::new();
            captures.expand(template, &mut value);
            labels.set(label.as_str(), value);
        }
        if self.content == Content::CloudWatch {
            return Some(ObjectType::own(self, LabelSet::default(), labels));
        }
        let name = &self.name;
        let group = |name| captures.name(name).unwrap_or_default();
        labels.set("__aws_log_type", name.as_str());
        labels.set(format!("__aws_{name}"), group(SRC));
        labels.set(format!("__aws_{name}_owner"), group(OWNER));
        Some(ObjectType::own(self, labels, LabelSet::default()))
    }

    /// Returns whether the objects are JSON documents, one after another.
    pub(crate) fn is_of_json(&self) -> bool {
        self.content == Content::Json
    }

    /// Returns the format of an object that has not been read yet.
    pub(crate) fn format(&self) -> Format {
        let array = |array: &Option<String>| match array {
            Some(name) => RecordScanner::new(Shape::Array, name.clone().into()),
            None => RecordScanner::new(Shape::List, "".into()),
        };
        let time = self.time.clone();
        if self.content == Content::CloudWatch {
            return DELIVERIES.format();
        }
        let splitter = match &self.content {
            Content::Lines | Content::W3c | Content::CloudWatch => Splitter::Lines,
            Content::Json => Splitter::Documents(DocumentScanner::new()),
            Content::JsonArray(name) => Splitter::Records(array(name)),
            Content::Csv => Splitter::Csv(CsvScanner::default()),
        };
        let times = match (&self.content, time) {
            (Content::Csv, time) => layout(Csv::new(time)),
            (Content::W3c, time) => layout(W3c::new(time)),
            (_, Some(time)) => layout(Members(time)),
            (_, None) => RecordTimes::Untimed,
        };
        Format::of_lines(splitter, times)
    }
}

fn layout(layout: impl Layout + 'static) -> RecordTimes {
    RecordTimes::Layout(Box::new(layout))
}
