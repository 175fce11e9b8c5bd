//! Sprig's `semver` and `semverCompare`, which follow `github.com/Masterminds/semver` 3.3.0. It accepts versions that
//! the standard refuses, such as `v1.2`, and has its own syntax of constraints.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

use crate::env::fail;
use crate::funcs::{Function, Param, function};
use crate::value::Value;

use Param::Text;

pub(crate) const FUNCTIONS: &[Function] = &[
    function("semver", &[Text], None, |_, args| {
        match Version::parse(args.text(0)) {
            Some(version) => Ok(Value::Version(Rc::new(version))),
            None => fail("Invalid Semantic Version"),
        }
    }),
    function("semverCompare", &[Text, Text], None, |env, args| {
        env.spend_bytes(args.text(0).len() + args.text(1).len())?;
        let Some(alternatives) = parse_constraints(args.text(0)) else {
            return fail(format!("improper constraint: {}", args.text(0)));
        };
        let Some(version) = Version::parse(args.text(1)) else {
            return fail("Invalid Semantic Version");
        };
        let all =
            |constraints: &Vec<Constraint>| constraints.iter().all(|constraint| constraint.allows(&version));
        Ok(Value::Bool(alternatives.iter().any(all)))
    }),
];

/// A semantic version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    original: String,
    numbers: [u64; 3],
    prerelease: String,
    metadata: String,
}

impl Version {
    /// Parses a version.
    fn parse(text: &str) -> Option<Self> {
        let (numbers, parts) = Partial::parse(text)?.whole()?;
        Some(Self {
            original: text.to_owned(),
            numbers,
            prerelease: parts.0,
            metadata: parts.1,
        })
    }

    /// Returns a field or method of the version.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        let number = |index: usize| {
            Some(Value::Int64(
                i64::try_from(self.numbers[index]).unwrap_or(i64::MAX),
            ))
        };
        match name {
            "Major" => number(0),
            "Minor" => number(1),
            "Patch" => number(2),
            "Prerelease" => Some(Value::text(self.prerelease.as_str())),
            "Metadata" => Some(Value::text(self.metadata.as_str())),
            "Original" => Some(Value::text(self.original.as_str())),
            "String" => Some(Value::text(self.to_string())),
            _ => None,
        }
    }

    /// Compares the version with another one.
    fn compare(&self, numbers: [u64; 3], prerelease: &str) -> Ordering {
        self.numbers
            .cmp(&numbers)
            .then_with(|| compare_prereleases(&self.prerelease, prerelease))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// Compares two prereleases. A version without one comes last; numbers come before words.
fn compare_prereleases(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let mut others = right.split('.');
    for part in left.split('.') {
        let Some(other) = others.next() else {
            return Ordering::Greater;
        };
        let order = match (part.parse::<u64>(), other.parse::<u64>()) {
            (Ok(part), Ok(other)) => part.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => part.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    if others.next().is_some() {
        Ordering::Less
    } else {
        Ordering::Equal
    }
}

/// A version whose last numbers may be missing or `x`.
#[derive(Debug)]
struct Partial {
    /// The numbers; `None` stands for `x`, `X` and `*`.
    numbers: Vec<Option<u64>>,
    prerelease: String,
    metadata: String,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = match text.split_once('+') {
            Some((text, metadata)) => (text, identifiers(metadata)?),
            None => (text, ""),
        };
        let (text, prerelease) = match text.split_once('-') {
            Some((text, prerelease)) => (text, identifiers(prerelease)?),
            None => (text, ""),
        };
        let padded =
            |part: &str| part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit());
        if prerelease.split('.').any(padded) {
            return None;
        }
        let number = |part: &str| match part {
            "x" | "X" | "*" => Some(None),
            part if part.bytes().all(|b| b.is_ascii_digit()) => part.parse().ok().map(Some),
            _ => None,
        };
        let numbers: Vec<Option<u64>> = text.split('.').map(number).collect::<Option<_>>()?;
        (numbers.len() <= 3).then(|| Self {
            numbers,
            prerelease: prerelease.to_owned(),
            metadata: metadata.to_owned(),
        })
    }

    /// Returns the numbers, prerelease and metadata of a whole version, in which missing numbers are 0.
    fn whole(self) -> Option<([u64; 3], (String, String))> {
        let mut numbers = [0; 3];
        for (slot, number) in numbers.iter_mut().zip(self.numbers) {
            *slot = number?;
        }
        Some((numbers, (self.prerelease, self.metadata)))
    }
}

/// Returns the text if it consists of identifiers separated by dots.
fn identifiers(text: &str) -> Option<&str> {
    let valid = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.split('.').all(valid).then_some(text)
}

/// The operator of a constraint.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    /// `~1.2`: the minor version must be the same.
    Tilde,
    /// `^1.2`: the first number that is not 0 must be the same.
    Caret,
}

/// The operators. Where one is the prefix of another, the longer one comes first.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("", Operator::Equal),
];

/// A constraint on a version.
#[derive(Debug)]
struct Constraint {
    operator: Operator,
    numbers: [u64; 3],
    prerelease: String,
    /// The number of numbers that are given.
    known: usize,
}

impl Constraint {
    fn parse(operator: Operator, text: &str) -> Option<Self> {
        let partial = Partial::parse(text)?;
        let known = partial
            .numbers
            .iter()
            .take_while(|number| number.is_some())
            .count();
        let mut numbers = [0; 3];
        for (slot, number) in numbers.iter_mut().zip(partial.numbers.iter().take(known)) {
            *slot = number.unwrap_or(0);
        }
        Some(Self {
            operator,
            numbers,
            prerelease: partial.prerelease,
            known,
        })
    }

    /// Returns whether the version satisfies the constraint.
    fn allows(&self, version: &Version) -> bool {
        // A prerelease satisfies only constraints that name one.
        if !version.prerelease.is_empty() && self.prerelease.is_empty() && self.operator != Operator::NotEqual
        {
            return false;
        }
        let order = version.compare(self.numbers, &self.prerelease);
        let same_known = version.numbers[..self.known] == self.numbers[..self.known];
        let complete = self.known == 3;
        match self.operator {
            Operator::Equal if complete => order == Ordering::Equal,
            Operator::Equal => same_known,
            Operator::NotEqual if complete => {
                !(version.prerelease.is_empty() != self.prerelease.is_empty() && self.prerelease.is_empty())
                    && order != Ordering::Equal
                    || (!version.prerelease.is_empty() && self.prerelease.is_empty())
            }
            Operator::NotEqual => !same_known,
            Operator::Greater if complete => order == Ordering::Greater,
            Operator::Greater => version.numbers[..self.known] > self.numbers[..self.known],
            Operator::Less => order == Ordering::Less,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::LessOrEqual if complete => order != Ordering::Greater,
            Operator::LessOrEqual => version.numbers[..self.known] <= self.numbers[..self.known],
            Operator::Tilde => {
                let fixed = if self.known == 3 { 2 } else { self.known };
                order != Ordering::Less && version.numbers[..fixed] == self.numbers[..fixed]
            }
            Operator::Caret => {
                let first = self.numbers.iter().position(|&number| number != 0);
                let fixed = first.map_or(self.known, |first| first + 1).min(self.known);
                order != Ordering::Less && version.numbers[..fixed] == self.numbers[..fixed]
            }
        }
    }
}

/// Parses alternatives such as `>=1.2, <2 || 3.x`, of which all constraints of one must be satisfied.
fn parse_constraints(text: &str) -> Option<Vec<Vec<Constraint>>> {
    text.split("||").map(parse_all).collect()
}

/// Parses the constraints of one alternative.
fn parse_all(text: &str) -> Option<Vec<Constraint>> {
    let ranges = text.replace(" - ", "\u{0}");
    let mut constraints = Vec::new();
    for part in ranges.split(',') {
        let mut rest = part.trim();
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let (name, operator) = OPERATORS.into_iter().find(|(name, _)| rest.starts_with(name))?;
            rest = rest[name.len()..].trim_start();
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '\0')
                .unwrap_or(rest.len());
            let (version, after) = rest.split_at(end);
            if let Some(after) = after.strip_prefix('\0') {
                // `1.2 - 3` is a range that includes both ends.
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                constraints.push(Constraint::parse(Operator::GreaterOrEqual, version)?);
                constraints.push(Constraint::parse(Operator::LessOrEqual, &after[..end])?);
                rest = after[end..].trim_start();
            } else {
                constraints.push(Constraint::parse(operator, version)?);
                rest = after.trim_start();
            }
        }
    }
    Some(constraints)
}
