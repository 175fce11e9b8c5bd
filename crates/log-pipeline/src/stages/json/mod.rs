//! The stage `json`, which extracts values from a JSON object with JMESPath.

mod document;
mod expression;

use std::sync::Arc;

use go_text::without_lone_surrogates;

use super::config::{Fields, Node, Reported, StageConfig, StageErrorKind};
use super::extracted::Lookup;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;
use super::value::ExtractedValue;
use document::{Members, document, members};
use expression::{Expression, Library};

/// The compiled stage.
#[derive(Debug)]
pub(crate) struct JsonStage {
    source: Option<Arc<str>>,
    /// The reason for which an entry that is not JSON is dropped, if it is dropped.
    drop_malformed: Option<Arc<str>>,
    extraction: Extraction,
}

/// The values to extract.
#[derive(Debug)]
enum Extraction {
    /// Members of the object itself, with the names of their values. Only these members are built.
    Members(Vec<Arc<str>>, Members),
    /// Any other expressions, which need the whole document.
    Expressions(Library, Vec<(Arc<str>, Expression)>),
}

impl JsonStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &["expressions", "source", "drop_malformed"];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.fields(Self::FIELDS)?;
        let extraction = extraction(fields);
        let source =
            fields.text_unless_empty("source", "expected the name of an extracted value, or no source");
        let drop_malformed = fields.flag("drop_malformed");
        Ok(Self {
            extraction: extraction?,
            source: source?,
            drop_malformed: drop_malformed?.then(|| "json_malformed".into()),
        })
    }

    /// Returns a stage that extracts these members of the line.
    pub(crate) fn of(names: &[(&str, &str)]) -> Self {
        let members = names.iter().map(|(_, member)| (*member).to_owned());
        Self {
            extraction: Extraction::Members(
                names.iter().map(|(name, _)| (*name).into()).collect(),
                Members::new(members),
            ),
            source: None,
            drop_malformed: None,
        }
    }
}

/// Reads and compiles `expressions`.
fn extraction(fields: &Fields<'_>) -> Result<Extraction, Reported> {
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
            Extraction::Members(names, Members::new(members.into_iter()))
        }
        None => Extraction::Expressions(Library::new(), compiled),
    })
}

impl Extraction {
    /// Returns the names with their values in the text, or `None` if the text is not a JSON object. A name whose
    /// expression fails is left out. The value of an expression that finds nothing is nil.
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
            None => self.extraction.values(&entry.line),
            Some(source) => match entry.extracted.get(source) {
                Lookup::Absent | Lookup::Nil => return Decision::Keep,
                Lookup::Text(text) => self.extraction.values(&text),
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
