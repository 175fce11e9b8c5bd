//! The errors of patterns.

/// An error for a pattern that Go's syntax does not allow or that is too large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("regular expression {pattern:?}: {kind}")]
pub struct SyntaxError {
    /// The pattern as it was given.
    pub pattern: String,
    /// The reason.
    pub kind: SyntaxErrorKind,
}

/// The reason why a pattern was refused. A text in it is the faulty part of the pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxErrorKind {
    /// A look-ahead or look-behind: `(?=a)`, `(?!a)`, `(?<=a)`, `(?<!a)`.
    #[error("look-around {0:?} is not supported (RE2 syntax)")]
    LookAround(String),
    /// A back-reference: `\1`.
    #[error("back-reference {0:?} is not supported (RE2 syntax)")]
    BackReference(String),
    /// A group with an unknown character after `(?`.
    #[error("unknown group {0:?}; expected (?:, (?P<name>, (?<name> or flags among i, m, s and U")]
    Group(String),
    /// A group name with a character that is not allowed: `(?P<a-b>x)`.
    #[error("invalid group name {0:?}; expected (?P<name> of letters, digits and _")]
    GroupName(String),
    /// An unknown escape sequence: `\y`, `\C`.
    #[error("unknown escape sequence {0:?}")]
    Escape(String),
    /// A backslash at the end of the pattern.
    #[error("the pattern ends in a backslash")]
    TrailingBackslash,
    /// A reversed range or an unknown class: `[z-a]`, `[[:nope:]]`, `\p{Nope}`.
    #[error("invalid range or unknown class {0:?}")]
    ClassRange(String),
    /// A class without its closing bracket: `[a`.
    #[error("{0:?} has no closing ]")]
    MissingBracket(String),
    /// A group without its closing parenthesis: `(a`.
    #[error("a group has no closing )")]
    MissingParenthesis,
    /// A closing parenthesis without a group: `a)`.
    #[error("unexpected ) without a group")]
    UnexpectedParenthesis,
    /// A repetition without anything to repeat: `*a`.
    #[error("{0:?} has nothing to repeat")]
    NothingToRepeat(String),
    /// A repetition of a repetition: `a**`.
    #[error("{0:?} repeats a repetition; expected a group around the inner one")]
    NestedRepetition(String),
    /// A repeat count that is too large or reversed: `a{1001}`, `a{2,1}`, `(a{100}){100}`.
    #[error(
        "repeat count {0:?}; expected at most 1000 (nested counts are multiplied), and the smaller count first"
    )]
    RepeatCount(String),
    /// A pattern whose groups are nested too deeply; the number is the limit.
    #[error("groups and repetitions are nested more than {0} levels deep")]
    Nesting(usize),
    /// A compiled pattern that is too large; the number is the limit in bytes.
    #[error("the compiled pattern is larger than {0} bytes")]
    TooLarge(usize),
    /// An error of the regex crate for the translated pattern.
    #[error("{0}")]
    Refused(String),
}
