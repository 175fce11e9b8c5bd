//! The typed value of a setting: the field that keeps it, its default, and how its text is read.

use std::fmt::Debug;
use std::time::Duration;

use super::duration::parse_duration;
use super::duration_text::duration_text;
use super::raw::Raw;
use super::value_issue::ValueIssue;

/// A value of any type, as the settings table keeps it.
pub(super) trait Value: Debug {
    /// Reads a text into the value's field.
    fn read(&self, raw: &mut Raw, text: &str) -> Result<(), ValueIssue>;

    /// Writes the default, if there is one, into the value's field.
    fn set_default(&self, raw: &mut Raw);

    /// Returns the text of the default, if there is one. Reading it gives the default.
    fn default_text(&self) -> Option<String>;
}

/// A value without a default: an empty field until the variable is set.
#[derive(Debug)]
pub(super) struct Optional(pub(super) fn(&mut Raw, &str) -> Result<(), ValueIssue>);

/// A value with a default of its own type.
#[derive(Debug)]
pub(super) struct Typed<T> {
    pub(super) default: T,
    pub(super) field: fn(&mut Raw) -> &mut T,
    pub(super) read: fn(&mut T, &str) -> Result<(), ValueIssue>,
    /// Returns the text from which `read` makes this value.
    pub(super) text: fn(&T) -> String,
}

/// A value that is one of a few words, in any case.
#[derive(Debug)]
pub(super) struct Words<T: 'static> {
    pub(super) default: T,
    pub(super) field: fn(&mut Raw) -> &mut T,
    pub(super) words: &'static [(&'static str, T)],
    /// Whether another word is a warning, with which the default is used, instead of an error.
    pub(super) is_lenient: bool,
}

/// Returns the value of a setting that is `true` or `false`.
pub(super) const fn flag(default: bool, field: fn(&mut Raw) -> &mut bool) -> Typed<bool> {
    Typed {
        default,
        field,
        read: boolean,
        text: ToString::to_string,
    }
}

/// Returns the value of a setting that is a duration in Go's format.
pub(super) const fn duration(default: Duration, field: fn(&mut Raw) -> &mut Duration) -> Typed<Duration> {
    Typed {
        default,
        field,
        read: |target, text| set(target, parse_duration(text)),
        text: |default| duration_text(*default),
    }
}

/// Writes a parsed value into its field. On an error the field stays as it is.
pub(super) fn set<V, E: ToString>(target: &mut V, value: Result<V, E>) -> Result<(), ValueIssue> {
    *target = value.map_err(ValueIssue::error)?;
    Ok(())
}

/// Parses a boolean as upstream does: `true` in any case is true, and anything else is false, here with a warning.
pub(super) fn boolean(target: &mut bool, text: &str) -> Result<(), ValueIssue> {
    *target = text.eq_ignore_ascii_case("true");
    if *target || text.eq_ignore_ascii_case("false") {
        return Ok(());
    }
    Err(ValueIssue::Warning(format!(
        "{text:?} is neither true nor false; false is used"
    )))
}

impl Value for Optional {
    fn read(&self, raw: &mut Raw, text: &str) -> Result<(), ValueIssue> {
        (self.0)(raw, text)
    }

    fn set_default(&self, _raw: &mut Raw) {}

    fn default_text(&self) -> Option<String> {
        None
    }
}

impl<T: Clone + Debug> Value for Typed<T> {
    fn read(&self, raw: &mut Raw, text: &str) -> Result<(), ValueIssue> {
        (self.read)((self.field)(raw), text)
    }

    fn set_default(&self, raw: &mut Raw) {
        *(self.field)(raw) = self.default.clone();
    }

    fn default_text(&self) -> Option<String> {
        Some((self.text)(&self.default))
    }
}

impl<T: Clone + Debug + PartialEq> Value for Words<T> {
    fn read(&self, raw: &mut Raw, text: &str) -> Result<(), ValueIssue> {
        let named = self
            .words
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(text));
        if let Some((_, value)) = named {
            *(self.field)(raw) = value.clone();
            return Ok(());
        }
        let unknown = format!("{text:?} is {}", self.none_of_them());
        match self.default_text().filter(|_| self.is_lenient) {
            Some(default) => Err(ValueIssue::Warning(format!("{unknown}; {default} is used"))),
            None => Err(ValueIssue::Error(unknown)),
        }
    }

    fn set_default(&self, raw: &mut Raw) {
        *(self.field)(raw) = self.default.clone();
    }

    fn default_text(&self) -> Option<String> {
        let named = self.words.iter().find(|(_, value)| *value == self.default);
        named.map(|(word, _)| (*word).to_owned())
    }
}

impl<T> Words<T> {
    /// Returns what a text is that is none of the words: `neither a nor b`, `not one of a, b and c`.
    fn none_of_them(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|(word, _)| *word).collect();
        match words.as_slice() {
            [one, other] => format!("neither {one} nor {other}"),
            [others @ .., last] => format!("not one of {} and {last}", others.join(", ")),
            [] => "not allowed".to_owned(),
        }
    }
}
