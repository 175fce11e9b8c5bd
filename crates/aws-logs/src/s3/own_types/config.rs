//! Reading the types from JSON.

use std::sync::Arc;

use go_regex::Regex;
use json_config::{Node, Place, Reported, UnknownField, looks_like_yaml};
use loki_push::is_label_name;

use super::error::{Errors, OwnTypeErrorKind, OwnTypeErrors};
use super::own_type::{Content, OwnType};
use super::time::{self, Timing};
use super::time_format::TimeFormat;

/// The members of a type.
const MEMBERS: &[&str] = &["name", "key", "format", "records", "time", "labels"];
/// The members of `time`.
const TIME_MEMBERS: &[&str] = &["field", "regex", "format"];
/// The formats.
const FORMATS: [&str; 6] = ["lines", "json", "json_array", "csv", "w3c", "cloudwatch"];

const A_NAME: &str = "a name such as s3_app";
const A_KEY: &str = "a regular expression of keys, such as ^apps/";
const A_FORMAT: &str = "one of lines, json, json_array, csv, w3c, cloudwatch";
const A_TIME_FORMAT: &str = "RFC3339, unix, unix_ms, unix_us, unix_ns or a layout of Go";

/// Parses the types.
pub(super) fn parse(json: &str) -> Result<Vec<OwnType>, OwnTypeErrors> {
    if json.is_empty() {
        return Ok(Vec::new());
    }
    let errors = Errors::default();
    let types = list(json, &errors);
    errors.into_result()?;
    Ok(types)
}

/// Returns the types without errors.
fn list(json: &str, errors: &Errors) -> Vec<OwnType> {
    let top = Place::default();
    let problem = match Node::parse(json) {
        Ok(Node::List(entries)) => {
            let entries = entries.iter().enumerate();
            return entries
                .filter_map(|(index, entry)| own_type(index, entry, errors).ok())
                .collect();
        }
        Ok(Node::Null) => return Vec::new(),
        Ok(other) => OwnTypeErrorKind::Type {
            found: other.kind(),
            expected: "a list of types: [{\"name\": \"s3_app\", ...}, ...]",
        },
        Err(_) if looks_like_yaml(json) => OwnTypeErrorKind::Yaml,
        Err(error) => OwnTypeErrorKind::Json(error.to_string()),
    };
    errors.report(&top, problem);
    Vec::new()
}

/// Reads one type, and reports all errors in it.
fn own_type(index: usize, entry: &Node, errors: &Errors) -> Result<OwnType, Reported> {
    let mut place = Place::default().index(index);
    if let Node::Map(members) = entry
        && let Some((_, Node::Text(name))) = members.iter().find(|(member, _)| member == "name")
        && !name.is_empty()
    {
        place = place.named(name);
    }
    let object = Object::new(entry, place, errors)?;
    object.only(MEMBERS);
    let name = object.name();
    let key = object.regex("key", A_KEY);
    let content = object.content();
    let time = object.time(content.as_ref().ok());
    let labels = object.labels(name.as_deref().unwrap_or_default(), key.as_ref().ok());
    Ok(OwnType {
        index,
        name: name?,
        key: key?,
        content: content?,
        time: time?.map(Arc::new),
        labels: labels?,
    })
}

/// A JSON object of the setting.
struct Object<'c> {
    place: Place,
    members: &'c [(String, Node)],
    errors: &'c Errors,
}

impl<'c> Object<'c> {
    fn new(node: &'c Node, place: Place, errors: &'c Errors) -> Result<Self, Reported> {
        match node {
            Node::Map(members) => Ok(Self {
                place,
                members,
                errors,
            }),
            other => {
                let (found, expected) = (other.kind(), "an object");
                Err(errors.report(&place, OwnTypeErrorKind::Type { found, expected }))
            }
        }
    }

    fn report(&self, member: &str, problem: OwnTypeErrorKind) -> Reported {
        self.errors.report(&self.place.key(member), problem)
    }

    /// Reports each member that is not one of `known`.
    fn only(&self, known: &'static [&'static str]) {
        for (name, _) in self.members {
            if !known.contains(&name.as_str()) {
                self.report(name, UnknownField::new(name, known).into());
            }
        }
    }

    /// Returns the value of a member, unless it is missing or `null`.
    fn node(&self, member: &str) -> Option<&'c Node> {
        let (_, node) = self.members.iter().find(|(name, _)| name == member)?;
        (*node != Node::Null).then_some(node)
    }

    /// Returns the text of a member, which must not be empty.
    fn text(&self, member: &str, expected: &'static str) -> Result<Option<&'c str>, Reported> {
        match self.node(member) {
            None => Ok(None),
            Some(Node::Text(text)) if text.is_empty() => {
                Err(self.report(member, OwnTypeErrorKind::Empty(expected)))
            }
            Some(Node::Text(text)) => Ok(Some(text)),
            Some(other) => {
                let found = other.kind();
                Err(self.report(member, OwnTypeErrorKind::Type { found, expected }))
            }
        }
    }

    /// Returns the text of a member that is required.
    fn required(&self, member: &str, expected: &'static str) -> Result<&'c str, Reported> {
        let text = self.text(member, expected)?;
        text.ok_or_else(|| self.report(member, OwnTypeErrorKind::Missing(expected)))
    }

    fn name(&self) -> Result<String, Reported> {
        let name = self.required("name", A_NAME)?;
        if !is_label_name(&format!("__aws_{name}")) {
            return Err(self.report("name", OwnTypeErrorKind::Name(name.to_owned())));
        }
        Ok(name.to_owned())
    }

    fn regex(&self, member: &str, expected: &'static str) -> Result<Regex, Reported> {
        let regex = self.required(member, expected)?;
        Regex::new(regex).map_err(|error| self.report(member, error.into()))
    }

    /// Reads `format` and `records`.
    fn content(&self) -> Result<Content, Reported> {
        let records = self.text("records", "the name of the array of records");
        let content = match self.required("format", A_FORMAT)? {
            "lines" => Content::Lines,
            "json" => Content::Json,
            "json_array" => return Ok(Content::JsonArray(records?.map(str::to_owned))),
            "csv" => Content::Csv,
            "w3c" => Content::W3c,
            "cloudwatch" => Content::CloudWatch,
            other => {
                let (format, expected) = (other.to_owned(), FORMATS.join(", "));
                return Err(self.report("format", OwnTypeErrorKind::Format { format, expected }));
            }
        };
        match records? {
            None => Ok(content),
            Some(_) => {
                let (format, advice) = (content.name(), "json_array does");
                Err(self.report("records", OwnTypeErrorKind::NotTaken { format, advice }))
            }
        }
    }

    /// Reads `time`.
    fn time(&self, content: Option<&Content>) -> Result<Option<Timing>, Reported> {
        let Some(node) = self.node("time") else {
            return Ok(None);
        };
        if content == Some(&Content::CloudWatch) {
            let (format, advice) = ("cloudwatch", "each log event has a time");
            return Err(self.report("time", OwnTypeErrorKind::NotTaken { format, advice }));
        }
        let time = Object::new(node, self.place.key("time"), self.errors)?;
        time.only(TIME_MEMBERS);
        let (place, format) = (time.time_place(content), time.time_format());
        Ok(Some(Timing {
            place: place?,
            format: format?,
        }))
    }

    /// Reads `field` and `regex` of a time.
    fn time_place(&self, content: Option<&Content>) -> Result<time::Place, Reported> {
        let found = match (self.node("field"), self.node("regex")) {
            (None, None) => "neither field nor regex",
            (Some(_), Some(_)) => "both field and regex",
            (Some(_), None) if content == Some(&Content::Lines) => {
                let (format, advice) = ("lines", "its lines have no fields; expected regex");
                return Err(self.report("field", OwnTypeErrorKind::NotTaken { format, advice }));
            }
            (Some(_), None) => {
                let field = self.required("field", "the name of a member or column")?;
                return Ok(time::Place::Field(field.to_owned()));
            }
            (None, Some(_)) => {
                let regex = self.regex("regex", "a regular expression with one group, around the time")?;
                // The first is the whole match.
                let groups = regex.group_names().len() - 1;
                return match groups {
                    1 => Ok(time::Place::Group(regex)),
                    groups => {
                        let regex = regex.as_str().to_owned();
                        Err(self.report("regex", OwnTypeErrorKind::Groups { regex, groups }))
                    }
                };
            }
        };
        Err(self.errors.report(&self.place, OwnTypeErrorKind::Place { found }))
    }

    /// Reads `format` of a time.
    fn time_format(&self) -> Result<TimeFormat, Reported> {
        let format = self.required("format", A_TIME_FORMAT)?;
        TimeFormat::new(format)
            .ok_or_else(|| self.report("format", OwnTypeErrorKind::TimeFormat(format.to_owned())))
    }

    /// Reads `labels`, in which references must be to groups of the key.
    fn labels(&self, name: &str, key: Option<&Regex>) -> Result<Vec<(String, String)>, Reported> {
        let Some(node) = self.node("labels") else {
            return Ok(Vec::new());
        };
        let object = Object::new(node, self.place.key("labels"), self.errors)?;
        let labels = object.members.iter();
        let labels: Vec<_> = labels
            .map(|(label, value)| object.label(label, value, name, key))
            .collect();
        labels.into_iter().collect()
    }

    /// Reads one label.
    fn label(
        &self,
        label: &str,
        value: &Node,
        name: &str,
        key: Option<&Regex>,
    ) -> Result<(String, String), Reported> {
        let own_labels = [
            ("__aws_log_type".to_owned(), "name"),
            (format!("__aws_{name}"), "the group src"),
            (format!("__aws_{name}_owner"), "the group owner"),
        ];
        let own = own_labels.iter().find(|(own, _)| own == label);
        let named = match own {
            _ if !is_label_name(label) => Err(OwnTypeErrorKind::LabelName(label.to_owned())),
            Some((_, source)) => Err(OwnTypeErrorKind::OwnLabel(source)),
            None => Ok(()),
        };
        let named = named.map_err(|problem| self.report(label, problem));
        let Node::Text(template) = value else {
            let (found, expected) = (
                value.kind(),
                "a string, in which ${name} stands for a group of the key",
            );
            return Err(self.report(label, OwnTypeErrorKind::Type { found, expected }));
        };
        let unknown = go_regex::references(template).find_map(|reference| match (reference, key) {
            (None, _) => Some(OwnTypeErrorKind::Template(template.clone())),
            (Some(group), Some(key)) if !key.has_group(group) => {
                let (group, groups) = (group.to_owned(), groups(key));
                Some(OwnTypeErrorKind::NoGroup { group, groups })
            }
            _ => None,
        });
        if let Some(problem) = unknown {
            return Err(self.report(label, problem));
        }
        named?;
        Ok((label.to_owned(), template.clone()))
    }
}

/// Returns a text with the named groups of a key.
fn groups(key: &Regex) -> String {
    let names: Vec<&str> = key.group_names().flatten().collect();
    match names.as_slice() {
        [] => "it has no group with a name, such as (?P<app>[^/]+)".to_owned(),
        names => format!("its groups are {}", names.join(", ")),
    }
}
