//! Values that stages extract from an entry.

use std::borrow::Cow;

/// A value that a stage extracted.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtractedValue {
    /// The name exists without a value: the value is a JSON null, or an expression found nothing.
    Nil,
    /// A text; objects and arrays are JSON text.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
}

impl ExtractedValue {
    /// Returns the value as text for labels, lines and templates; nil has none.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nil => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(number_text(*number))),
            Self::Bool(bool) => Some(Cow::Borrowed(if *bool { "true" } else { "false" })),
        }
    }
}

/// Returns the shortest decimal that identifies the number, without an exponent (Go's format `f`).
pub(crate) fn number_text(number: f64) -> String {
    number.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_never_have_an_exponent() {
        for (number, text) in [
            (7.0, "7"),
            (1.5, "1.5"),
            (1e-7, "0.0000001"),
            (1e21, "1000000000000000000000"),
            (-0.0, "-0"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
