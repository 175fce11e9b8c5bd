//! The stage `drop`, which drops entries.

use std::sync::Arc;

use go_regex::Regex;

use super::clock::Clock;
use super::config::{Fields, Node, Reported, StageConfig, StageErrorKind, parse_size};
use super::extracted::Lookup;
use super::pipeline_entry::{Decision, PipelineEntry};
use super::stage::StatelessStage;

/// The compiled stage. It drops entries that meet all conditions of its configuration.
#[derive(Debug)]
pub(crate) struct DropStage {
    sources: Vec<Arc<str>>,
    separator: String,
    test: Option<Test>,
    older_than: Option<i64>,
    longer_than: Option<u64>,
    clock: Clock,
    reason: Arc<str>,
}

/// A condition on a text.
#[derive(Debug)]
enum Test {
    Equals(String),
    Matches(Regex),
}

impl DropStage {
    /// The keys of the configuration.
    pub(crate) const FIELDS: &[&str] = &[
        "source",
        "value",
        "separator",
        "expression",
        "older_than",
        "longer_than",
        "drop_counter_reason",
    ];

    /// Builds the stage from its configuration.
    pub(crate) fn new(config: &StageConfig<'_>) -> Result<Self, Reported> {
        let fields = &config.weak_fields(Self::FIELDS)?;
        let sources = sources(fields);
        let (value, expression) = (fields.text("value"), fields.pattern("expression"));
        let separator = fields.text("separator");
        let older_than = fields.duration("older_than");
        let longer_than = longer_than(fields);
        let reason = fields.text("drop_counter_reason");
        let (sources, value, expression) = (sources?, value?, expression?);
        let (older_than, longer_than) = (older_than?, longer_than?);
        let given =
            !sources.is_empty() || expression.is_some() || older_than.is_some() || longer_than.is_some();
        let problem = if !given {
            Some("expected one of source, expression, older_than and longer_than")
        } else if value.is_some() && expression.is_some() {
            Some("value and expression exclude each other")
        } else if value.is_some() && sources.is_empty() {
            Some("value needs source")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(fields.report_stage(StageErrorKind::Combination(problem)));
        }
        Ok(Self {
            sources,
            separator: separator?.unwrap_or_else(|| ";".to_owned()),
            test: value.map(Test::Equals).or(expression.map(Test::Matches)),
            older_than,
            longer_than,
            clock: config.clock.clone(),
            reason: drop_reason(reason?, "drop_stage"),
        })
    }

    /// Returns whether the entry is older than `older_than`, or true without it.
    fn is_older(&self, entry: &PipelineEntry<'_>) -> bool {
        self.older_than.is_none_or(|age| {
            let age_now = self.clock.now().unix_nanos() - entry.timestamp.unix_nanos();
            age_now > i128::from(age)
        })
    }

    /// Returns whether the line is longer than `longer_than`, or true without it.
    fn is_longer(&self, entry: &PipelineEntry<'_>) -> bool {
        self.longer_than
            .is_none_or(|bytes| entry.line.len() as u64 > bytes)
    }

    /// Returns whether the sources, or the line, meet the condition.
    fn passes_test(&self, entry: &PipelineEntry<'_>) -> bool {
        let Some(test) = &self.test else {
            // A name whose value is nil exists, too.
            let mut sources = self.sources.iter();
            return sources.all(|source| entry.extracted.get(source) != Lookup::Absent);
        };
        if self.sources.is_empty() {
            return test.holds(&entry.line);
        }
        let mut joined = Vec::with_capacity(self.sources.len());
        for source in &self.sources {
            match entry.extracted.get(source) {
                Lookup::Absent => {}
                Lookup::Nil => return false,
                Lookup::Text(text) => joined.push(text),
            }
        }
        test.holds(&joined.join(&self.separator))
    }
}

impl Test {
    /// Returns whether the text meets the condition.
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Equals(value) => text == value,
            Self::Matches(expression) => expression.is_match(text),
        }
    }
}

impl StatelessStage for DropStage {
    fn apply(&self, entry: &mut PipelineEntry<'_>) -> Decision {
        if self.is_longer(entry) && self.is_older(entry) && self.passes_test(entry) {
            Decision::Drop(Arc::clone(&self.reason))
        } else {
            Decision::Keep
        }
    }

    fn depends_on_clock(&self) -> bool {
        self.older_than.is_some()
    }
}

/// Returns the reason under which dropped entries are counted.
pub(crate) fn drop_reason(given: Option<String>, default: &str) -> Arc<str> {
    given
        .filter(|reason| !reason.is_empty())
        .map_or_else(|| default.into(), Arc::from)
}

/// Reads `source`, which may be a string or a list.
fn sources(fields: &Fields<'_>) -> Result<Vec<Arc<str>>, Reported> {
    let text = |node: &Node| match node {
        Node::Text(text) => Some(text.as_str().into()),
        _ => None,
    };
    let sources = match fields.node("source") {
        None => Some(Vec::new()),
        Some(Node::List(list)) => list.iter().map(text).collect(),
        Some(node) => text(node).map(|source| vec![source]),
    };
    match sources {
        Some(sources) => Ok(sources),
        None => Err(fields.report(
            "source",
            StageErrorKind::Combination("expected a string or a list of strings"),
        )),
    }
}

/// Reads `longer_than`, in bytes.
fn longer_than(fields: &Fields<'_>) -> Result<Option<u64>, Reported> {
    let Some(text) = fields.text("longer_than")? else {
        return Ok(None);
    };
    match parse_size(&text) {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(fields.report(
            "longer_than",
            StageErrorKind::Value {
                value: text,
                allowed: "expected a whole number of b, kb, mb, gb, tb, pb or eb, such as 8kb",
            },
        )),
    }
}
