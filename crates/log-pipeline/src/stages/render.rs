//! Templates, as stages use them.

use go_template::{Context, Data};
use go_time::Time;
use loki_push::Timestamp;

use super::config::StageErrorKind;
use super::extracted::Extracted;

/// A template for values, whose "now" is the entry's own time.
#[derive(Debug)]
pub(crate) struct Template(go_template::Template);

/// What a template is given.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    data: Data,
    now: Time,
}

impl Values {
    /// All extracted values that have a text.
    pub(crate) fn new(extracted: &Extracted, timestamp: Timestamp) -> Self {
        let mut data = Data::new();
        extracted.each_text(|name, text| data.insert(name, text));
        Self {
            data,
            now: Time::utc(timestamp.seconds(), timestamp.subsec_nanos()),
        }
    }

    /// Gives a name a text, whatever it was before.
    pub(crate) fn set(&mut self, name: &str, text: &str) {
        self.data.insert(name, text);
    }
}

/// Why a text is no template.
#[derive(Debug)]
pub(crate) enum TemplateParseError {
    /// It would be none in Go either.
    Invalid(StageErrorKind),
    /// It calls a function that Go has and we leave out.
    Unsupported(StageErrorKind),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateParseError> {
        match go_template::Template::parse(text) {
            Ok(template) => Ok(Self(template)),
            Err(error) => {
                let problem = StageErrorKind::Template(error.to_string());
                Err(match error.message.contains("not supported: ") {
                    true => TemplateParseError::Unsupported(problem),
                    false => TemplateParseError::Invalid(problem),
                })
            }
        }
    }

    /// What the template makes of the values; none if it fails.
    pub(crate) fn render(&self, values: Values) -> Option<String> {
        let Values { data, now } = values;
        self.0.execute(data, &Context::new(&now)).ok()
    }
}
