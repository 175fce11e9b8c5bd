//! `json`: values of a JSON object, by JMESPath.

mod document;
mod expression;

use std::sync::Arc;

use super::config::{Fields, Node, Reported, StageConfig, StageErrorKind};
use super::extracted::Lookup;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;
use super::surrogates::without_lone_surrogates;
use super::value::ExtractedValue;
use document::{Members, document, members};
use expression::{Expression, Library};

#[derive(Debug)]
pub(crate) struct JsonStage {
    source: Option<Arc<str>>,
    /// The reason for which an entry that is no JSON is dropped, if it is.
    drop_malformed: Option<Arc<str>>,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    /// Members of the object itself: only their values are built.
    Members(Vec<Arc<str>>, Members),
    /// Anything else needs the whole document.
    Expressions(Library, Vec<(Arc<str>, Expression)>),
}

impl JsonStage {
    /// The fields of its configuration.
    pub(crate) const FIELDS: &[&str] = &["expressions", "source", "drop_malformed"];

    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let wanted = wanted(fields);
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        let drop_malformed = fields.flag("drop_malformed");
        Ok(Self {
            wanted: wanted?,
            source: source?,
            drop_malformed: drop_malformed?.then(|| "json_malformed".into()),
        })
    }

    /// One that takes these members of the line.
    pub(crate) fn of(names: &[(&str, &str)]) -> Self {
        let members = names.iter().map(|(_, member)| (*member).to_owned());
        Self {
            wanted: Wanted::Members(
                names.iter().map(|(name, _)| (*name).into()).collect(),
                Members::new(members),
            ),
            source: None,
            drop_malformed: None,
        }
    }
}

fn wanted(fields: &Fields<'_>) -> Result<Wanted, Reported> {
    let needed = "expected an object of names and JMESPath expressions";
    let Some(node) = fields.node("expressions") else {
        return Err(fields.report("expressions", StageErrorKind::Missing(needed)));
    };
    if matches!(node, Node::Map(entries) if entries.is_empty()) {
        return Err(fields.report("expressions", StageErrorKind::Empty(needed)));
    }
    let expressions = Fields::of(node, fields.place_of("expressions"), fields.errors())?;
    let mut compiled = Vec::new();
    let mut problem = None;
    for (name, expression) in expressions.names()? {
        match Expression::new(&expression) {
            Ok(expression) => compiled.push((name, expression)),
            Err(reason) => {
                let expression = expression.to_string();
                problem = Some(expressions.report(&name, StageErrorKind::JmesPath { expression, reason }));
            }
        }
    }
    if let Some(reported) = problem {
        return Err(reported);
    }
    let members: Option<Vec<String>> = compiled
        .iter()
        .map(|(_, expression)| expression.member().map(str::to_owned))
        .collect();
    Ok(match members {
        Some(members) => {
            let names = compiled.into_iter().map(|(name, _)| name).collect();
            Wanted::Members(names, Members::new(members.into_iter()))
        }
        None => Wanted::Expressions(Library::new(), compiled),
    })
}

impl Wanted {
    /// What the text has of each name, or none if it is no JSON object. A name whose expression fails is left
    /// out; one whose expression finds nothing is nil.
    fn values(&self, text: &str) -> Option<Vec<(&Arc<str>, ExtractedValue)>> {
        let text = without_lone_surrogates(text);
        match self {
            Self::Members(names, wanted) => {
                let found = members(&text, wanted)?;
                Some(names.iter().zip(found).collect())
            }
            Self::Expressions(library, expressions) => {
                let document = document(&text)?;
                let found = expressions.iter();
                let found = found
                    .filter_map(|(name, expression)| Some((name, expression.search(&document, library)?)));
                Some(found.collect())
            }
        }
    }
}

impl StatelessStage for JsonStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        let values = match &self.source {
            None => self.wanted.values(&entry.line),
            Some(source) => match entry.extracted.get(source) {
                Lookup::Absent | Lookup::Nil => return Decision::Keep,
                Lookup::Text(text) => self.wanted.values(&text),
            },
        };
        match (values, &self.drop_malformed) {
            (Some(values), _) => {
                for (name, value) in values {
                    entry.extracted.set(name, value);
                }
                Decision::Keep
            }
            (None, Some(reason)) => Decision::Drop(Arc::clone(reason)),
            (None, None) => Decision::Keep,
        }
    }
}
