//! Templates of stages.

use go_template::{Context, Data, TemplateErrorKind};
use go_time::Time;
use loki_push::Timestamp;

use super::config::StageErrorKind;
use super::extracted::Extracted;

/// A template whose present time is the time of the entry.
#[derive(Debug)]
pub(crate) struct Template(go_template::Template);

/// The data of a template.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    data: Data,
    now: Time,
}

impl Values {
    /// Returns the texts of all extracted values.
    pub(crate) fn new(extracted: &Extracted, timestamp: Timestamp) -> Self {
        let mut data = Data::new();
        extracted.each_text(|name, text| data.insert(name, text));
        Self {
            data,
            now: Time::utc(timestamp.seconds(), timestamp.subsec_nanos()),
        }
    }

    /// Sets the text of a name.
    pub(crate) fn set(&mut self, name: &str, text: &str) {
        self.data.insert(name, text);
    }
}

/// The reason why a text is not a valid template.
#[derive(Debug)]
pub(crate) enum TemplateParseError {
    /// Go refuses the template, too.
    Invalid(StageErrorKind),
    /// The template calls a function of Go or sprig that is not supported.
    Unsupported(StageErrorKind),
}

impl Template {
    /// Parses a template.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateParseError> {
        match go_template::Template::parse(text) {
            Ok(template) => Ok(Self(template)),
            Err(error) => {
                let problem = StageErrorKind::Template(error.to_string());
                Err(match error.kind {
                    TemplateErrorKind::Unsupported => TemplateParseError::Unsupported(problem),
                    TemplateErrorKind::Syntax => TemplateParseError::Invalid(problem),
                })
            }
        }
    }

    /// Executes the template, and returns `None` if it fails.
    pub(crate) fn render(&self, values: Values) -> Option<String> {
        let Values { data, now } = values;
        self.0.execute(data, &Context::new(&now)).ok()
    }
}
